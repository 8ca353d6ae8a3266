package chatcore

import (
	"acschat/chatcore/internal/ascii"
	"acschat/chatcore/internal/claims"
	"acschat/chatcore/internal/json"
)

// The service does not deduplicate messages. A message that must be sent exactly once therefore carries an idempotency token in its
// metadata. Before the client sends such a message again, it looks for the token in the newest messages of the thread. This is a
// lookup.

// tokenMetadataKey is the metadata name of a message's idempotency token.
const tokenMetadataKey = "acschat.idempotencyToken"

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

	tokenMs          int64   // creation time of the token, in milliseconds since 1970; 0: unknown
	settledAt        Instant // a lookup that starts earlier does not prove that the message is absent
	mustLookUp       bool    // another program may have sent the message since the last lookup
	trail            Trail   // of the lookup
	lookupDue        bool    // a lookup follows the current wait
	lookupStart      Instant
	lookupFailures   int  // consecutive ones
	usesRetry        bool // the last attempt to send counts as a retry
	pageCount        int  // of the lookup so far
	pageSize         int
	newestVersion    int64 // the highest time that the service's clock has shown: a version, or the access token's time of issue
	highestVersion   int64 // version of the messages in this lookup
	isSecondPass     bool  // this lookup covers what has changed during the one before, down to firstPassHighest
	firstPassHighest int64
	reachedEnd       bool // the lookup has gone back as far as the message can be
	foundAmbiguous   bool // a message without its token, edited or deleted, may be the one
}

// prepareSendMessage makes a call send its message exactly once, if the options ask for that. It returns the message with its token.
func prepareSendMessage(call *Call, _ requestRules, m model) (model, error) {
	o, request := call.options, m.(*SendChatMessageRequest)
	if !o.Idempotent && o.IdempotencyToken == "" {
		return m, nil
	}
	d := &sendOnce{call: call, token: o.IdempotencyToken, hasCallerToken: o.IdempotencyToken != "", pageSize: lookupPageSize}
	if !d.hasCallerToken {
		if call.client.options.NewIdempotencyToken == nil {
			return nil, call.op.invalid("options.idempotencyToken", "must be a string: this client cannot make tokens")
		}
		d.token = call.client.options.NewIdempotencyToken()
	}
	if !isIdempotencyToken(d.token) {
		return nil, call.op.invalid("options.idempotencyToken", "must be "+tokenForm)
	}
	if _, taken := request.Metadata[tokenMetadataKey]; taken {
		return nil, call.op.invalid("metadata."+tokenMetadataKey, "is reserved for the client: pass the token in the options")
	}
	d.tokenMs = timeOfUUID(d.token)
	call.flow = d
	withToken := *request
	withToken.Metadata = request.Metadata.with(tokenMetadataKey, d.token)
	return &withToken, nil
}

func (d *sendOnce) begin(now Instant) {
	c := d.call
	d.request = c.request
	if !d.hasCallerToken {
		d.note = sendNote{key: d.token, madeAt: now, madeMs: c.client.unixMs(), isUsed: true}
		d.dispatch(now)
		return
	}
	c.mayHaveSucceeded = true // until a lookup has found nothing
	c.move(Step{Kind: NeedLock, Lock: "acschat:" + withoutPort(c.client.endpoint.origin) + c.ids[0] + d.token, Deadline: c.totalDeadline})
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
func (d *sendOnce) locked(now Instant, waited bool) {
	c := d.call
	if d.adoptSent() {
		return
	}
	memory := c.client.options.Memory
	d.note = memory.noteFor(d.token)
	from, resumed := memory.updateTimes(0, 0)
	from = max(from, resumed)
	isNew := !d.note.isUsed && d.note.madeAt > resumed
	switch {
	case waited:
		from, _ = memory.updateTimes(now, 0) // this program's next call with the token must know, too
	case isNew && d.tokenAge(now) <= freshTokenMs:
		c.mayHaveSucceeded = false
		d.dispatch(now)
		return
	case isNew:
		from = 0
	case d.note.madeAt == 0:
		from = max(from, c.client.options.Made)
	}
	if from > 0 {
		d.settledAt = from + Instant(*c.options.SettleMs)
	}
	d.lookUp(now)
}

// tokenAge returns the age in milliseconds of a token that this program made, by two clocks: the time of day may have been changed, and
// a monotonic clock may stand still while the computer sleeps.
func (d *sendOnce) tokenAge(now Instant) int64 {
	return max(int64(now-d.note.madeAt), d.call.client.unixMs()-d.note.madeMs)
}

// memoryKey identifies the message among those of all clients of the program.
func (d *sendOnce) memoryKey() string {
	c := d.call
	return withoutPort(c.client.endpoint.origin) + " " + claims.Of(tokenText(firstOf(c.client.tokens.value, c.token))).User + " " + c.ids[0] + " " + d.token
}

// adoptSent ends the call with the id of its message if another call has sent it. A lookup might not find that message yet.
func (d *sendOnce) adoptSent() bool {
	c := d.call
	id := c.client.options.Memory.noteFor(d.memoryKey()).id
	if id == "" || c.client.tokens.value == nil && c.token == nil { // without an access token the user is unknown
		return false
	}
	c.succeed(&SendChatMessageResult{ID: id})
	return true
}

// rememberSent tells later calls that the message was sent.
func (d *sendOnce) rememberSent(id string) {
	if d.hasCallerToken {
		d.call.client.options.Memory.put(sendNote{key: d.memoryKey(), id: id})
	}
}

// Resumed tells the client that the program has resumed after it was frozen, such as a page that returns from the back/forward cache.
// In the meantime, another program may have sent the messages that this one was about to send.
func (c *Client) Resumed(now Instant) {
	defer c.releaseWaiting(now)
	c.options.Memory.Resumed(now)
	for call := c.first; call != nil; call = call.after {
		if d, ok := call.flow.(*sendOnce); ok && d.hasCallerToken && call.step.Kind != 0 {
			call.mayHaveSucceeded, d.mustLookUp = true, true
			d.settledAt = max(d.settledAt, now+Instant(*call.options.SettleMs))
		}
	}
}

// noteAbandonedSend notes, for a call that is aborted or closed, that the service may still store its request.
func (c *Call) noteAbandonedSend(now Instant) {
	if c.step.Kind == Send && c.pendingOperation == c.op {
		c.lastUnknownAt = now
		c.noteSettlingWrite(now)
	}
}

func (d *sendOnce) dispatch(now Instant) {
	c := d.call
	if d.note.madeAt != 0 && !d.note.isUsed {
		d.note.isUsed = true
		c.client.options.Memory.put(d.note)
	}
	d.hasSent, c.pendingOperation, c.request, c.tokenRefreshed = true, sendMessage, d.request, false
	c.authorize(now)
}

func (d *sendOnce) succeeded(now Instant, result Result) {
	page, ok := result.(*ChatMessagesCollection)
	if !ok {
		d.call.succeed(result)
		return
	}
	d.lookupFailures = 0
	if id := d.findOnPage(now, page.Value); id != "" {
		d.call.succeed(&SendChatMessageResult{ID: id})
		return
	}
	c := d.call
	if d.pageCount++; !d.reachedEnd && page.NextLink != "" && d.pageCount*d.pageSize < maxLookupPages*lookupPageSize {
		if c.followNextLink(now, &d.trail, page.NextLink) {
			c.authorize(now)
		}
		return
	}
	d.finishLookup(now)
}

// failed handles a failed lookup or a failed attempt to send. If the outcome of an attempt is unknown, a lookup follows.
func (d *sendOnce) failed(now Instant, e *Error) bool {
	c := d.call
	if c.pendingOperation == listMessages {
		if e.isLongPage() && d.pageSize > 1 {
			d.pageSize /= 2
			d.isSecondPass = false
			d.lookUp(now)
			return true
		}
		if e.Code == Unauthorized {
			return c.retry(now, e)
		}
		until := now + c.retryDelay(e)
		if !e.isTransient() && e.Code != TooManyRequests || d.lookupFailures >= c.options.Retry.MaxRetries || until >= c.totalDeadline {
			return false
		}
		if !c.failedOffline(e) {
			d.lookupFailures++
		}
		c.wait(until)
		return true
	}
	if !c.isOutcomeUnknown(e) {
		return c.retry(now, e)
	}
	d.usesRetry = !c.failedOffline(e)
	d.settledAt = now + Instant(*c.options.SettleMs)
	until := now + c.retryDelay(e)
	if c.step.Kind != Send || until >= c.totalDeadline {
		return false
	}
	d.lookupDue = true
	c.wait(until)
	return true
}

func (d *sendOnce) elapsed(now Instant) {
	if d.lookupDue {
		d.lookUp(now)
	} else {
		d.call.authorize(now)
	}
}

// TokenOf returns the idempotency token in the body of a sendMessage request, or "".
func TokenOf(body string) string {
	var message SendChatMessageRequest
	readModel(json.NewReader(body), &message)
	return message.Metadata[tokenMetadataKey]
}
