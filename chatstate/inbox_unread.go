package chatstate

// unread is what an inbox knows of the messages that may be unread in a thread. Ids and versions are milliseconds since 1970.
//
// The service lists messages by their last change. When all versions from V on have been read, all messages with ids from V on are known,
// see timeline.
type unread struct {
	read    int64 // id of the newest message that was read: the own receipt or MarkRead, whichever is newer
	isRead  bool  // a look has succeeded
	isDeep  bool  // a look has read as far as the number of unread messages needs
	low     int64 // messages with ids from here on are known
	version int64 // the highest that was read

	known []knownMessage // text and html messages of others that are newer than read, by id
}

type knownMessage struct {
	id, version int64
	isUnread    bool // it is not deleted
}

const (
	maxKnown      = 1000
	maxLookUnread = 100 // a look stops when it has found so many
)

// note takes a text or html message of another user.
func (u *unread) note(id, version int64, isUnread bool) {
	if id <= u.read {
		return
	}
	i := len(u.known)
	for i > 0 && u.known[i-1].id > id {
		i--
	}
	m := knownMessage{id, version, isUnread}
	if i > 0 && u.known[i-1].id == id {
		if version > u.known[i-1].version {
			u.known[i-1] = m
		}
		return
	}
	u.known = append(u.known, m)
	copy(u.known[i+1:], u.known[i:])
	u.known[i] = m
	if len(u.known) > maxKnown {
		u.known = append(u.known[:0:0], u.known[maxKnown/2:]...)
		u.low = max(u.low, u.known[0].id)
	}
}

// raise moves the mark to a newer message. It tells whether it was one.
func (u *unread) raise(id int64) bool {
	if id <= u.read {
		return false
	}
	u.read = id
	n := 0
	for n < len(u.known) && u.known[n].id <= id {
		n++
	}
	u.known = u.known[n:]
	return true
}

// countFrom counts the unread messages with ids from low on. Of those before it, later changes may be missing.
func (u *unread) countFrom(low int64) (n int) {
	for i := range u.known {
		if m := &u.known[i]; m.isUnread && m.id >= low {
			n++
		}
	}
	return n
}

// lowAfter returns from which id on all messages are known after a look. isConnected tells that the look has read all changes since the
// one before.
func (u *unread) lowAfter(l *look) (low int64, isConnected bool) {
	if isConnected = u.isRead && l.low <= max(0, u.version-overlapMs); isConnected {
		return min(u.low, l.low), true
	}
	return l.low, false
}

// take takes up what a look has read. isComplete tells that it has read as far as it needs.
func (u *unread) take(l *look, isComplete bool) {
	u.low, _ = u.lowAfter(l)
	u.version, u.isRead, u.isDeep = max(u.version, l.high), true, isComplete
}
