package chatcore

import (
	"acschat/chatcore/internal/ascii"
	"acschat/chatcore/internal/claims"
	"acschat/chatcore/internal/json"
)

// The service does not deduplicate messages. A message that must be sent exactly once therefore carries an idempotency token in its
// metadata. Before the client sends such a message again, it looks for the token in the newest messages of the thread. This is a
// lookup.

// IdempotencyTokenName is the name in the metadata of a message under which the client stores the idempotency token.
const IdempotencyTokenName = "acschat.idempotencyToken"

const (
	maxLookupPages = 10
	lookupPageSize = 100
	lookupMarginMs = 60_000 // for clocks that differ
	minTokenLength = 16
	maxTokenLength = 256
)

// tokenForm is what isIdempotencyToken accepts.
const tokenForm = "a string of 16 to 256 printable ASCII characters"

// isIdempotencyToken tells whether sendMessage takes a text for an idempotency token.
func isIdempotencyToken(token string) bool {
	return len(token) >= minTokenLength && len(token) <= maxTokenLength && ascii.IsVisible(token)
}

// sendOnce is the flow of a call that sends a message exactly once.
type sendOnce struct {
	call           *Call
	token          string
	hasCallerToken bool     // the caller has chosen the token, and may have used it before
	note           sendNote // what this program knows about the token
	hasSent        bool     // this call has sent the message, or was about to
	request        Request  // with the message, which contains the token

	tokenMs        int64   // creation time of the token, in milliseconds since 1970; 0: unknown
	settledAt      Instant // a lookup that starts earlier does not prove that the message is absent
	mustLookUp     bool    // another program may have sent the message since the last lookup
	lookup         lookup  // the last one
	lookupDue      bool    // a lookup follows the current wait
	lookupFailures int     // consecutive ones
	lookupPageSize int
	usesRetry      bool // the last attempt to send counts as a retry
}

// prepareSendMessage makes a call send its message exactly once, if the options ask for that. It returns the message with its token.
func prepareSendMessage(call *Call, _ requestRules, m model) (model, error) {
	o, request := call.options, m.(*SendChatMessageRequest)
	if !o.Idempotent && o.IdempotencyToken == "" {
		return m, nil
	}
	s := &sendOnce{call: call, token: o.IdempotencyToken, hasCallerToken: o.IdempotencyToken != "", lookupPageSize: lookupPageSize}
	if !s.hasCallerToken {
		if call.client.options.NewIdempotencyToken == nil {
			return nil, call.op.invalid("options.idempotencyToken", "must be a string: this client cannot make tokens")
		}
		s.token = call.client.options.NewIdempotencyToken()
	}
	if !isIdempotencyToken(s.token) {
		return nil, call.op.invalid("options.idempotencyToken", "must be "+tokenForm)
	}
	if _, taken := request.Metadata[IdempotencyTokenName]; taken {
		return nil, call.op.invalid("metadata."+IdempotencyTokenName, "is reserved for the client: pass the token in the options")
	}
	s.tokenMs = timeOfUUID(s.token)
	call.flow = s
	withToken := *request
	withToken.Metadata = request.Metadata.with(IdempotencyTokenName, s.token)
	return &withToken, nil
}

func (s *sendOnce) begin(now Instant) {
	c := s.call
	s.request = c.request
	if !s.hasCallerToken {
		s.note = sendNote{key: s.token, madeAt: now, madeMs: c.client.unixMs(), isUsed: true}
		s.dispatch(now)
		return
	}
	c.mayHaveSucceeded = true // until a lookup has found nothing
	c.move(Step{Kind: NeedLock, Lock: "acschat:" + withoutPort(c.client.endpoint.origin) + c.ids[0] + s.token, Deadline: c.totalDeadline})
}

// Locked answers a NeedLock step: the call has the lock. waited tells whether another call or program held it first.
func (c *Call) Locked(now Instant, number int, waited bool) {
	if c.step.Kind != NeedLock || c.step.Number != number {
		return
	}
	defer c.client.releaseWaiting(now)
	c.flow.(*sendOnce).locked(now, waited)
}

// A token that this program made up to freshTokenMs ago needs no lookup. In so short a time it can hardly have been stored, and then
// sent by another program.
const freshTokenMs = 1000

// locked continues when no other call can send the message. The settle time counts from the last moment at which another program may
// have had a request in flight.
func (s *sendOnce) locked(now Instant, waited bool) {
	c := s.call
	if s.adoptSent() {
		return
	}
	memory := c.client.options.Memory
	s.note = memory.noteFor(s.token)
	unknownAt, resumedAt := memory.times()
	from := max(unknownAt, resumedAt)
	isNew := !s.note.isUsed && s.note.madeAt > resumedAt
	switch {
	case waited:
		from = now
		memory.noteUnknown(now) // this program's next call with the token must know, too
	case isNew && s.tokenAge(now) <= freshTokenMs:
		c.mayHaveSucceeded = false
		s.dispatch(now)
		return
	case isNew:
		from = 0
	case s.note.madeAt == 0:
		from = max(from, c.client.options.Made)
	}
	if from > 0 {
		s.settledAt = from + Instant(*c.options.SettleMs)
	}
	s.startLookup(now)
}

// tokenAge returns the age in milliseconds of a token that this program made, by two clocks: the time of day may have been changed, and
// a monotonic clock may stand still while the computer sleeps.
func (s *sendOnce) tokenAge(now Instant) int64 {
	return max(int64(now-s.note.madeAt), s.call.client.unixMs()-s.note.madeMs)
}

// memoryKey identifies the message among those of all clients of the program.
func (s *sendOnce) memoryKey() string {
	c := s.call
	return withoutPort(c.client.endpoint.origin) + " " + claims.Of(tokenText(firstOf(c.client.tokens.value, c.token))).User + " " + c.ids[0] + " " + s.token
}

// adoptSent ends the call with the id of its message if another call has sent it. A lookup might not find that message yet.
func (s *sendOnce) adoptSent() bool {
	c := s.call
	id := c.client.options.Memory.noteFor(s.memoryKey()).id
	if id == "" || c.client.tokens.value == nil && c.token == nil { // without an access token the user is unknown
		return false
	}
	c.succeed(&SendChatMessageResult{ID: id})
	return true
}

// rememberSent tells later calls that the message was sent.
func (s *sendOnce) rememberSent(id string) {
	if s.hasCallerToken {
		s.call.client.options.Memory.put(sendNote{key: s.memoryKey(), id: id})
	}
}

// Resumed tells the client that the program has resumed after it was frozen, such as a page that returns from the back/forward cache.
// In the meantime, another program may have sent the messages that this one was about to send.
func (c *Client) Resumed(now Instant) {
	defer c.releaseWaiting(now)
	c.options.Memory.Resumed(now)
	for call := c.first; call != nil; call = call.after {
		if s, ok := call.flow.(*sendOnce); ok && s.hasCallerToken && call.step.Kind != 0 {
			call.mayHaveSucceeded, s.mustLookUp = true, true
			s.settledAt = max(s.settledAt, now+Instant(*call.options.SettleMs))
		}
	}
}

// NoteOtherSender tells the client that another program may have had a request with an idempotency token in flight until now, such as a
// tab that was closed while it was sending. The next call with that token looks it up, and believes only a lookup that begins SettleMs
// from now or later.
func (c *Client) NoteOtherSender(now Instant, token string) {
	memory := c.options.Memory
	memory.noteUnknown(now)
	note := memory.noteFor(token)
	note.key, note.isUsed = token, true
	memory.put(note)
}

// noteAbandonedSend notes, for a call that is aborted or closed, that the service may still store its request.
func (c *Call) noteAbandonedSend(now Instant) {
	if c.step.Kind == Send && c.pendingOperation == c.op {
		c.lastUnknownAt = now
		c.noteSettlingWrite(now)
		c.wakeWatches()
	}
}

func (s *sendOnce) dispatch(now Instant) {
	c := s.call
	if s.note.madeAt != 0 && !s.note.isUsed {
		s.note.isUsed = true
		c.client.options.Memory.put(s.note)
	}
	s.hasSent, c.pendingOperation, c.request, c.tokenRefreshed = true, sendMessage, s.request, false
	c.authorize(now)
}

func (s *sendOnce) succeeded(now Instant, result Result) {
	page, ok := result.(*ChatMessagesCollection)
	if !ok {
		s.call.succeed(result)
		return
	}
	s.lookupFailures = 0
	if id := s.findOnPage(now, page.Value); id != "" {
		s.call.succeed(&SendChatMessageResult{ID: id})
		return
	}
	c := s.call
	if s.lookup.pageCount++; !s.lookup.reachedEnd && page.NextLink != "" && s.lookup.pageCount*s.lookupPageSize < maxLookupPages*lookupPageSize {
		if c.followNextLink(now, &s.lookup.trail, page.NextLink) {
			c.authorize(now)
		}
		return
	}
	s.finishLookup(now)
}

// failed handles a failed lookup or a failed attempt to send. If the outcome of an attempt is unknown, a lookup follows.
func (s *sendOnce) failed(now Instant, e *Error) bool {
	c := s.call
	if c.pendingOperation == listMessages {
		if e.isLongPage() && s.lookupPageSize > 1 {
			s.lookupPageSize /= 2
			s.startLookup(now)
			return true
		}
		if e.Code == Unauthorized {
			return c.retry(now, e)
		}
		until := now + c.retryDelay(e)
		if !e.isTransient() && e.Code != TooManyRequests || s.lookupFailures >= c.options.Retry.MaxRetries || until >= c.totalDeadline {
			return false
		}
		if !c.failedOffline(e) {
			s.lookupFailures++
		}
		c.wait(until)
		return true
	}
	if !c.attemptMayHaveSucceeded(e) {
		return c.retry(now, e)
	}
	s.usesRetry = !c.failedOffline(e)
	s.settledAt = now + Instant(*c.options.SettleMs)
	until := now + c.retryDelay(e)
	if c.step.Kind != Send || until >= c.totalDeadline {
		return false
	}
	s.lookupDue = true
	c.wait(until)
	return true
}

func (s *sendOnce) elapsed(now Instant) {
	if s.lookupDue {
		s.startLookup(now)
	} else {
		s.call.authorize(now)
	}
}

// TokenOf returns the idempotency token in the body of a sendMessage request, or "".
func TokenOf(body string) string {
	var message SendChatMessageRequest
	readModel(json.NewReader(body), &message)
	return message.Metadata[IdempotencyTokenName]
}
