package chatstate

import "acschat/chatcore"

// direction is where a load widens the window.
type direction int

const (
	newest direction = iota // a window that ends with the newest message replaces the present one
	older
	newer
)

// load is one request of the page for messages. It may take several pages of the service.
type load struct {
	direction direction
	isReload  bool // newest: although the window ends with the newest message that is known
	done      []func(err error)
	link      string // of the next page; "" for the first
	retried   bool   // it has started again after a link that the service refused
	highest   string // version that was read
	lowest    string // version that was read
	shown     int    // older: sent messages in the window when it began

	// newest and newer: the messages that were read, at most those of the last pages.
	read  []chatcore.ChatMessage
	isTop bool // read begins with the newest message
	above int  // newer: how many bookmarks above the window it began
}

// see records the messages and versions of a page. After the last page, lowest is "0".
func (l *load) see(page *chatcore.ChatMessagesCollection) {
	for _, m := range page.Value {
		if l.highest == "" || chatcore.CompareIDs(m.Version, l.highest) > 0 {
			l.highest = m.Version
		}
		if l.lowest == "" || chatcore.CompareIDs(m.Version, l.lowest) < 0 {
			l.lowest = m.Version
		}
	}
	if l.direction != older {
		l.read = append(l.read, page.Value...)
		if excess := len(l.read) - maxRead; excess > 0 {
			l.read, l.isTop = append(l.read[:0:0], l.read[excess:]...), false
		}
	}
	l.link = page.NextLink
	if l.link == "" {
		l.lowest = "0"
	}
}

// maxRead bounds the messages that a load keeps on its way down to the window.
const maxRead = 1000

// countFrom counts the messages with ids from low on.
func (l *load) countFrom(low string) (n int) {
	for i := range l.read {
		if chatcore.CompareIDs(l.read[i].ID, low) >= 0 {
			n++
		}
	}
	return n
}

// newHigh returns the id up to which the window is complete with what was read, "" for the newest message.
func (l *load) newHigh(high string) string {
	if l.isTop {
		return ""
	}
	for i := range l.read {
		if m := &l.read[i]; !isChanged(m) && chatcore.CompareIDs(m.ID, high) > 0 {
			high = m.ID
		}
	}
	return high
}
