package chatcore

import "sync"

// SendMemory is what the clients of one program, such as a page, know together about sending messages exactly once. They must
// share a clock. It is safe for concurrent use.
type SendMemory struct {
	mu            sync.Mutex
	notes         []sendNote // the oldest first
	lastUnknownAt Instant    // when the last send ended whose outcome is unknown
	resumedAt     Instant    // when the program went on after it was frozen
}

// sendNote is about an idempotency token that this program made, or about a message that was sent with one.
type sendNote struct {
	key    string  // the token; of a message see delivery.key
	id     string  // of the message
	madeAt Instant // when this program made the token; 0: it did not
	madeMs int     // the time of day then, in milliseconds since 1970
	isUsed bool    // the token was sent, or was about to be
}

// maxNotes bounds the memory. What is forgotten costs a longer look-up, no more.
const maxNotes = 2000

// NewSendMemory returns an empty memory.
func NewSendMemory() *SendMemory { return new(SendMemory) }

// Made notes that this program has made an idempotency token, at a time of its clock and of the day, in milliseconds since
// 1970. No other program can have sent it before.
func (m *SendMemory) Made(token string, now Instant, unixMs int) {
	m.put(sendNote{key: token, madeAt: now, madeMs: unixMs})
}

// Resumed notes that the program goes on after it was frozen, as [Client.Resumed] does for a client: since then another
// program may have sent the tokens that this one made.
func (m *SendMemory) Resumed(now Instant) { m.updateTimes(0, now) }

// put adds a note, in place of the one with the same key, or of the oldest if there are too many.
func (m *SendMemory) put(n sendNote) {
	m.mu.Lock()
	defer m.mu.Unlock()
	notes, i := m.notes, 0
	for i < len(notes) && notes[i].key != n.key {
		i++
	}
	if len(notes) == maxNotes {
		i %= maxNotes
	}
	if i < len(notes) {
		notes = append(notes[:i], notes[i+1:]...)
	}
	m.notes = append(notes, n)
}

// noteFor returns the note with a key, an empty one if there is none.
func (m *SendMemory) noteFor(key string) (n sendNote) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range m.notes {
		if m.notes[i].key == key {
			n = m.notes[i]
		}
	}
	return n
}

// updateTimes notes two moments, and returns the latest of each so far: when a send ended whose outcome is unknown, and when the
// program went on. 0 is never.
func (m *SendMemory) updateTimes(lost, resumed Instant) (Instant, Instant) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.lastUnknownAt, m.resumedAt = max(m.lastUnknownAt, lost), max(m.resumedAt, resumed)
	return m.lastUnknownAt, m.resumedAt
}
