package chatcore

import "sync"

// SendMemory is what the clients of one program, such as a page, know about messages that are sent exactly once. The clients must use
// the same clock. A SendMemory is safe for concurrent use.
type SendMemory struct {
	mu            sync.Mutex
	notes         []sendNote // oldest first
	lastUnknownAt Instant    // end of the last send whose outcome is unknown
	resumedAt     Instant    // when the program last resumed after it was frozen
}

// sendNote is a note about an idempotency token that this program made, or about a message that was sent with a token.
type sendNote struct {
	key    string  // the token, or sendOnce.memoryKey for a message
	id     string  // of the message, or ""
	madeAt Instant // when this program made the token; 0: another program did
	madeMs int64   // the same in milliseconds since 1970
	isUsed bool    // the token was sent, or was about to be
}

// maxNotes bounds the memory. A note that is dropped costs a longer lookup, nothing else.
const maxNotes = 2000

// NewSendMemory returns an empty memory.
func NewSendMemory() *SendMemory { return new(SendMemory) }

// Made notes that this program has made an idempotency token: no other program can have sent it. now and unixMs, in milliseconds since
// 1970, are the time of creation by both clocks.
func (m *SendMemory) Made(token string, now Instant, unixMs int64) {
	m.put(sendNote{key: token, madeAt: now, madeMs: unixMs})
}

// Resumed notes that the program has resumed after it was frozen, as [Client.Resumed] does for a client. In the meantime, another program
// may have sent messages with tokens that this one made.
func (m *SendMemory) Resumed(now Instant) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.resumedAt = max(m.resumedAt, now)
}

// put adds a note. It replaces the note with the same key, or the oldest one if there are too many.
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

// noteFor returns the note with a key, or an empty one.
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

// times returns when the last send ended whose outcome is unknown, and when the program last resumed. 0 means never.
func (m *SendMemory) times() (lastUnknownAt, resumedAt Instant) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.lastUnknownAt, m.resumedAt
}

// noteUnknown notes the end of a send whose outcome is unknown.
func (m *SendMemory) noteUnknown(instant Instant) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.lastUnknownAt = max(m.lastUnknownAt, instant)
}
