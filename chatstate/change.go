package chatstate

import "acschat/chatcore"

// ChangeKind is what happened to an item of the list of messages.
type ChangeKind int

// The values of ChangeKind.
const (
	Insert ChangeKind = iota + 1
	Replace
	Remove
)

// Change is one change of the list of messages. Changes apply in their order: an index counts after the changes before it.
type Change struct {
	Kind    ChangeKind
	Index   int
	Message *Message // nil for Remove
}

// list is the messages of a conversation: the sent ones by id, then the pending ones in the order of sending. It records its changes.
type list struct {
	items   []*Message
	sent    int // how many of the items are sent
	changes []Change
}

func (l *list) insert(i int, m *Message) {
	l.items = append(l.items, nil)
	copy(l.items[i+1:], l.items[i:])
	l.items[i] = m
	l.changes = append(l.changes, Change{Insert, i, m})
}

func (l *list) replace(i int, m *Message) {
	l.items[i] = m
	l.changes = append(l.changes, Change{Replace, i, m})
}

func (l *list) remove(i int) {
	copy(l.items[i:], l.items[i+1:])
	l.items[len(l.items)-1] = nil
	l.items = l.items[:len(l.items)-1]
	l.changes = append(l.changes, Change{Remove, i, nil})
}

// search returns the index of the sent message with an id, or where it belongs.
func (l *list) search(id string) (index int, found bool) {
	from, to := 0, l.sent
	for from < to {
		middle := (from + to) / 2
		if chatcore.CompareIDs(l.items[middle].ID, id) < 0 {
			from = middle + 1
		} else {
			to = middle
		}
	}
	return from, from < l.sent && chatcore.CompareIDs(l.items[from].ID, id) == 0
}

// pending returns the index of the pending message with a key, or -1.
func (l *list) pending(key string) int {
	for i := l.sent; i < len(l.items); i++ {
		if l.items[i].Key == key {
			return i
		}
	}
	return -1
}
