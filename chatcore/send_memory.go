package chatcore

import "sync"

// SendMemory is what the clients of one program, such as a page, know together about sending messages exactly once. They must
// share a clock. It is safe for concurrent use.
type SendMemory struct {
	mu      sync.Mutex
	tokens  []knownToken // the oldest first
	sent    []sentToken  // likewise
	lost    Instant      // when the last send ended whose outcome is unknown
	resumed Instant      // when the program went on after it had been frozen
}

// knownToken is an idempotency token that this program made.
type knownToken struct {
	token  string
	madeAt Instant // 0: another program made it
	madeMs int     // the time of day then, in milliseconds since 1970
	isUsed bool    // it was sent, or was about to be
}

// sentToken is a token of which it is known that its message was sent.
type sentToken struct {
	key, id string
}

// mostTokens bounds how many tokens are remembered. A forgotten one costs a longer look-up, no more.
const mostTokens = 1000

// NewSendMemory returns an empty memory.
func NewSendMemory() *SendMemory { return &SendMemory{} }

// Made notes that this program has made an idempotency token, at a time of its clock and of the day, in milliseconds since
// 1970. No other program can have sent it before.
func (m *SendMemory) Made(token string, now Instant, unixMs int) {
	m.give(knownToken{token: token, madeAt: now, madeMs: unixMs})
}

// give notes a token that the caller is given, and may bring back.
func (m *SendMemory) give(token knownToken) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.tokens = append(lastOf(m.tokens), token)
}

// lastOf leaves room for one more.
func lastOf[T any](items []T) []T {
	if len(items) < mostTokens {
		return items
	}
	return append(items[:0], items[1:]...)
}

// known returns what is known of a token.
func (m *SendMemory) known(token string) knownToken {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range m.tokens {
		if m.tokens[i].token == token {
			return m.tokens[i]
		}
	}
	return knownToken{}
}

// use notes that a token is about to be sent.
func (m *SendMemory) use(token string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range m.tokens {
		if m.tokens[i].token == token {
			m.tokens[i].isUsed = true
		}
	}
}

// remember notes the message that was sent with a token.
func (m *SendMemory) remember(key, id string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sent = append(lastOf(m.sent), sentToken{key, id})
}

// sentWith returns the id of the message that was sent with a token, or "".
func (m *SendMemory) sentWith(key string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range m.sent {
		if m.sent[i].key == key {
			return m.sent[i].id
		}
	}
	return ""
}

// lose notes when a send ended whose outcome is unknown.
func (m *SendMemory) lose(now Instant) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.lost = max(m.lost, now)
}

// resume notes that the program goes on.
func (m *SendMemory) resume(now Instant) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.resumed = max(m.resumed, now)
}

// moments returns when the last send of unknown outcome ended, and when the program last went on; 0 for never.
func (m *SendMemory) moments() (lost, resumed Instant) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.lost, m.resumed
}
