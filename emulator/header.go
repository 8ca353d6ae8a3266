package emulator

// Header holds the header fields of a request or a response. Its keys are names in the form "Content-Type", as in package
// net/http. The methods take names in any case.
type Header map[string][]string

// Get returns the first value of a field, or "".
func (h Header) Get(name string) string {
	if values := h.Values(name); len(values) > 0 {
		return values[0]
	}
	return ""
}

// Values returns all values of a field.
func (h Header) Values(name string) []string { return h[canonicalName(name)] }

// Set replaces the values of a field.
func (h Header) Set(name, value string) { h[canonicalName(name)] = []string{value} }

// Add adds a value to a field.
func (h Header) Add(name, value string) {
	name = canonicalName(name)
	h[name] = append(h[name], value)
}

// Del removes a field.
func (h Header) Del(name string) { delete(h, canonicalName(name)) }

// canonicalName makes the first letter of each word upper-case and the others lower-case.
func canonicalName(name string) string {
	canonical := []byte(name)
	isFirst := true
	for i, c := range canonical {
		if isFirst && 'a' <= c && c <= 'z' || !isFirst && 'A' <= c && c <= 'Z' {
			canonical[i] ^= 'a' - 'A'
		}
		isFirst = c == '-'
	}
	return string(canonical)
}
