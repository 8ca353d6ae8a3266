package chatcore

import (
	"strconv"

	"acschat/chatcore/internal/ascii"
	"acschat/chatcore/internal/claims"
	"acschat/chatcore/internal/json"
)

// The service has nothing that would make sending a message twice harmless. So a message that is to be sent exactly once
// carries a token in its metadata, by which it can be found again: a look-up goes through the newest messages of the
// thread before the message is sent again.

// tokenMetadataKey is the name in a message's metadata under which its idempotency token is.
const tokenMetadataKey = "acschat.idempotencyToken"

const (
	maxLookupPages = 10 // of
	lookupPageSize = 100
	lookupMarginMs = 60_000 // for clocks that do not agree
	minTokenLength = 16
	maxTokenLength = 256
)

// checkIdempotencyToken returns what is wrong with a token for sendMessage, as a phrase that continues a sentence, or "".
func checkIdempotencyToken(token string) string {
	if len(token) < minTokenLength || len(token) > maxTokenLength || !ascii.IsVisible(token) {
		return "must be true, or a text of " + strconv.Itoa(minTokenLength) + " to " + strconv.Itoa(maxTokenLength) + " printable ASCII characters, by choice what newIdempotencyToken gives"
	}
	return ""
}

// sendOnce is the plan of a call that sends a message exactly once.
type sendOnce struct {
	call           *Call
	token          string
	hasCallerToken bool     // the caller's: it may have been sent before
	note           sendNote // what this program knows of it
	hasSent        bool     // by this call
	request        Request  // with the token in it

	tokenMs          int     // when the token was made, in milliseconds since 1970; 0 where it does not say
	settledAt        Instant // a look-up that begins before proves nothing by what it does not find
	mustLookUp       bool    // another program may have sent the message since the last look-up
	trail            Trail   // of the look-up
	lookupDue        bool    // the wait under way is for a look-up
	lookupStart      Instant
	lookupFailures   int  // in a row, of a look-up
	usesRetry        bool // the last attempt counts as a retry
	pageCount        int  // of the look-up so far
	pageSize         int
	newestVersion    int  // version of the thread, or the time of the access token: the service's clock is no less
	highestVersion   int  // version of the messages so far
	isSecondPass     bool // the look-up goes through what has changed since another, which passed all up to a version
	firstPassHighest int
	reachedEnd       bool // the look-up has come as far back as the message can be
	foundAmbiguous   bool // something in between may have been the message
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
			return nil, call.op.invalid("options.idempotencyToken", "must be a text here")
		}
		d.token = call.client.options.NewIdempotencyToken()
	}
	if problem := checkIdempotencyToken(d.token); problem != "" {
		return nil, call.op.invalid("options.idempotencyToken", problem)
	}
	if _, taken := request.Metadata[tokenMetadataKey]; taken {
		return nil, call.op.invalid("metadata."+tokenMetadataKey, "is the client's own: give the token as an option")
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
	c.mayHaveSucceeded = true // until a look-up has found nothing
	c.move(Step{Kind: NeedLock, Lock: "acschat:" + withoutPort(c.client.endpoint.origin) + c.ids[0] + d.token, Deadline: c.totalDeadline})
}

// Locked answers a NeedLock step: the call has the lock. waited tells that it was not free at once.
func (c *Call) Locked(now Instant, number int, waited bool) {
	if c.step.Kind != NeedLock || c.step.Number != number {
		return
	}
	defer c.client.releaseWaiting(now)
	c.flow.(*sendOnce).locked(now, waited)
}

// freshTokenMs is for how long a token that this program made needs no look-up: it has hardly been stored by then, let alone sent
// by another program.
const freshTokenMs = 1000

// locked goes on when no other call can send the message. The settling time counts from when another program may last have
// had a request under way.
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
		from, _ = memory.updateTimes(now, 0) // also for this program's next call with the token
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

// tokenAge returns for how many milliseconds a token of this program has existed. The time of day may have been set, and the other
// clock may stand still while a computer sleeps.
func (d *sendOnce) tokenAge(now Instant) int {
	return max(int(now-d.note.madeAt), d.call.client.unixMs()-d.note.madeMs)
}

// memoryKey names the token among those of all clients of the program.
func (d *sendOnce) memoryKey() string {
	c := d.call
	return withoutPort(c.client.endpoint.origin) + " " + claims.Of(firstOf(c.client.tokens.value, c.token)).User + " " + c.ids[0] + " " + d.token
}

// adoptSent ends the call if another has sent its message, which may not be visible yet.
func (d *sendOnce) adoptSent() bool {
	c := d.call
	id := c.client.options.Memory.noteFor(d.memoryKey()).id
	if id == "" || c.client.tokens.value == "" && c.token == "" { // without an access token it is not known whose the client is
		return false
	}
	c.succeed(&SendChatMessageResult{ID: id})
	return true
}

// rememberSent notes for other calls that the message was sent.
func (d *sendOnce) rememberSent(id string) {
	if d.hasCallerToken {
		d.call.client.options.Memory.put(sendNote{key: d.memoryKey(), id: id})
	}
}

// Resumed tells that the program goes on after it was frozen, as a page does that comes back from the back/forward cache. In
// the meantime another program may have sent what it was about to send.
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

// noteAbandonedSend notes, of a call that is ended from outside, that what its attempt has sent may still be stored.
func (c *Call) noteAbandonedSend(now Instant) {
	if c.step.Kind == Send && c.pendingOperation == c.op {
		c.lastUnknownAt = now
		c.noteSettlingWrite(now)
	}
}

// dispatch sends the message.
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

// failed takes up a failure: one of an attempt to send calls for a look-up where its outcome is not known.
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

// TokenOf returns the idempotency token in the body of a message, "" where there is none.
func TokenOf(body string) string {
	var message SendChatMessageRequest
	readModel(json.NewReader(body), &message)
	return message.Metadata[tokenMetadataKey]
}
