package chatcore

import "acschat/chatcore/internal/json"

// Metadata is a set of names and values that the service stores with a thread, a message or a participant.
type Metadata map[string]string

// size returns the number of bytes of all names and values.
func (m Metadata) size() int {
	n := 0
	for name, value := range m {
		n += len(name) + len(value)
	}
	return n
}

// with returns a copy with one more value, unless m has one of that name.
func (m Metadata) with(name, value string) Metadata {
	copied := Metadata{name: value}
	for name, value := range m {
		copied[name] = value
	}
	return copied
}

// write writes the names in alphabetical order, so that equal requests have equal bodies.
func (m Metadata) write(w *json.Writer) {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	w.Begin('{')
	for _, i := range sortedIndexes(len(names), func(i, j int) bool { return names[i] < names[j] }) {
		w.Name(names[i])
		w.String(m[names[i]])
	}
	w.End('}')
}
