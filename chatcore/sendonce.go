package chatcore

import (
	"strconv"

	"acschat/chatcore/internal/json"
)

// The service has nothing that would make sending a message twice harmless. So a message that is to be sent exactly once
// carries a token in its metadata, by which it can be found again: a look-up goes through the newest messages of the
// thread before the message is sent again.

// tokenName is the name in a message's metadata under which its idempotency token is.
const tokenName = "acschat.idempotencyToken"

const (
	lookUpPages    = 10 // of
	lookUpPageSize = 100
	lookUpMarginMs = 60_000 // for clocks that do not agree
	leastToken     = 16
	mostToken      = 256
)

// checkIdempotencyToken returns what is wrong with a token for sendMessage, as a phrase that continues a sentence, or "".
func checkIdempotencyToken(token string) string {
	if len(token) < leastToken || len(token) > mostToken || !isHeaderValue(token) {
		return "must be true, or a text of " + strconv.Itoa(leastToken) + " to " + strconv.Itoa(mostToken) + " printable ASCII characters, by choice what newIdempotencyToken gives"
	}
	return ""
}

// delivery is the plan of a call that sends a message exactly once.
type delivery struct {
	call  *Call
	token string
	own   bool     // the caller's: it may have been sent before
	known sendNote // what this program knows of it
	sent  bool     // by this call
	send  Request  // with the token in it

	tokenMs   int     // when the token was made, in milliseconds since 1970; 0 where it does not say
	settled   Instant // a look-up that begins before proves nothing by what it does not find
	mustLook  bool    // another program may have sent the message since the last look-up
	trail     Trail   // of the look-up
	lookNext  bool    // the wait under way is for a look-up
	lookBegan Instant
	failures  int  // in a row, of a look-up
	spent     bool // the last attempt counts as a retry
	pages     int  // of the look-up so far
	pageSize  int
	newest    int  // version of the thread, or the time of the access token: the service's clock is no less
	highest   int  // version of the messages so far
	again     bool // the look-up goes through what has changed since another, which passed all up to a version
	passed    int
	covered   bool // the look-up has come as far back as the message can be
	unsure    bool // something in between may have been the message
}

// newDelivery puts the token into a message.
func newDelivery(call *Call, o CallOptions, request *SendChatMessageRequest) (plan, model, error) {
	d := &delivery{call: call, token: o.IdempotencyToken, own: o.IdempotencyToken != "", pageSize: lookUpPageSize}
	if !d.own {
		if call.client.options.NewIdempotencyToken == nil {
			return nil, nil, call.op.invalid("options.idempotencyToken", "must be a text here")
		}
		d.token = call.client.options.NewIdempotencyToken()
	}
	if problem := checkIdempotencyToken(d.token); problem != "" {
		return nil, nil, call.op.invalid("options.idempotencyToken", problem)
	}
	if _, taken := request.Metadata[tokenName]; taken {
		return nil, nil, call.op.invalid("metadata."+tokenName, "is the client's own: give the token as an option")
	}
	d.tokenMs = timeOfUUID(d.token)
	copied := *request
	copied.Metadata = Metadata{tokenName: d.token}
	for name, value := range request.Metadata {
		copied.Metadata[name] = value
	}
	return d, &copied, nil
}

func (d *delivery) begin(now Instant) {
	c := d.call
	d.send = c.request
	if !d.own {
		d.known = sendNote{key: d.token, madeAt: now, madeMs: c.client.unixMs(), isUsed: true}
		d.dispatch(now)
		return
	}
	c.unknown = true // until a look-up has found nothing
	c.move(Step{Kind: NeedLock, Lock: "acschat:" + withoutPort(c.client.endpoint.origin) + c.at[0] + d.token, Deadline: c.totalDeadline})
}

// Locked answers a NeedLock step: the call has the lock. waited tells that it was not free at once.
func (c *Call) Locked(now Instant, number int, waited bool) {
	if c.step.Kind != NeedLock || c.step.Number != number {
		return
	}
	defer c.client.letGo(now)
	c.plan.(*delivery).locked(now, waited)
}

// freshMs is for how long a token that this program made needs no look-up: it has hardly been stored by then, let alone sent
// by another program.
const freshMs = 1000

// locked goes on when no other call can send the message. The settling time counts from when another program may last have
// had a request under way.
func (d *delivery) locked(now Instant, waited bool) {
	c := d.call
	if d.adopt() {
		return
	}
	memory := c.client.options.Memory
	d.known = memory.about(d.token)
	from, resumed := memory.moments(0, 0)
	from = max(from, resumed)
	isNew := !d.known.isUsed && d.known.madeAt > resumed
	switch {
	case waited:
		from, _ = memory.moments(now, 0) // also for this program's next call with the token
	case isNew && d.age(now) <= freshMs:
		c.unknown = false
		d.dispatch(now)
		return
	case isNew:
		from = 0
	case d.known.madeAt == 0:
		from = max(from, c.client.options.Made)
	}
	if from > 0 {
		d.settled = from + Instant(*c.options.SettleMs)
	}
	d.look(now)
}

// age returns for how many milliseconds a token of this program has existed. The time of day may have been set, and the other
// clock may stand still while a computer sleeps.
func (d *delivery) age(now Instant) int {
	return max(int(now-d.known.madeAt), d.call.client.unixMs()-d.known.madeMs)
}

// key names the token among those of all clients of the program.
func (d *delivery) key() string {
	c := d.call
	return withoutPort(c.client.endpoint.origin) + " " + claimsOf(firstOf(c.client.tokens.value, c.token)).user + " " + c.at[0] + " " + d.token
}

// adopt ends the call if another has sent its message, which may not be visible yet.
func (d *delivery) adopt() bool {
	c := d.call
	id := c.client.options.Memory.about(d.key()).id
	if id == "" || c.client.tokens.value == "" && c.token == "" { // without an access token it is not known whose the client is
		return false
	}
	c.done(&SendChatMessageResult{ID: id})
	return true
}

// remember notes for other calls that the message was sent.
func (d *delivery) remember(id string) {
	if d.own {
		d.call.client.options.Memory.note(sendNote{key: d.key(), id: id})
	}
}

// Resumed tells that the program goes on after it was frozen, as a page does that comes back from the back/forward cache. In
// the meantime another program may have sent what it was about to send.
func (c *Client) Resumed(now Instant) {
	defer c.letGo(now)
	c.options.Memory.Resumed(now)
	for call := c.first; call != nil; call = call.after {
		if d, ok := call.plan.(*delivery); ok && d.own && call.step.Kind != 0 {
			call.unknown, d.mustLook = true, true
			d.settled = max(d.settled, now+Instant(*call.options.SettleMs))
		}
	}
}

// leaveInDoubt notes, of a call that is ended from outside, that what its attempt has sent may still be stored.
func (c *Call) leaveInDoubt(now Instant) {
	if c.step.Kind == Send && c.asking == c.op {
		c.unknownAt = now
		c.mayBeStored(now)
	}
}

// dispatch sends the message.
func (d *delivery) dispatch(now Instant) {
	c := d.call
	if d.known.madeAt != 0 && !d.known.isUsed {
		d.known.isUsed = true
		c.client.options.Memory.note(d.known)
	}
	d.sent, c.asking, c.request, c.refreshed = true, sendMessage, d.send, false
	c.authorize(now)
}

func (d *delivery) succeeded(now Instant, result Result) {
	page, ok := result.(*ChatMessagesCollection)
	if !ok {
		d.call.done(result)
		return
	}
	d.failures = 0
	if id := d.find(now, page.Value); id != "" {
		d.call.done(&SendChatMessageResult{ID: id})
		return
	}
	c := d.call
	if d.pages++; !d.covered && page.NextLink != "" && d.pages*d.pageSize < lookUpPages*lookUpPageSize {
		if c.follow(now, &d.trail, page.NextLink) {
			c.authorize(now)
		}
		return
	}
	d.conclude(now)
}

// failed takes up a failure: one of an attempt to send calls for a look-up where its outcome is not known.
func (d *delivery) failed(now Instant, e *Error) bool {
	c := d.call
	if c.asking == listMessages {
		if e.isLongPage() && d.pageSize > 1 {
			d.pageSize /= 2
			d.again = false
			d.look(now)
			return true
		}
		if e.Code == Unauthorized {
			return c.again(now, e)
		}
		until := now + c.pause(e)
		if !e.mayPass() && e.Code != TooManyRequests || d.failures >= c.options.Retry.MaxRetries || until >= c.totalDeadline {
			return false
		}
		if !c.wasOffline(e) {
			d.failures++
		}
		c.wait(until)
		return true
	}
	if !c.inDoubt(e) {
		return c.again(now, e)
	}
	d.spent = !c.wasOffline(e)
	d.settled = now + Instant(*c.options.SettleMs)
	until := now + c.pause(e)
	if c.step.Kind != Send || until >= c.totalDeadline {
		return false
	}
	d.lookNext = true
	c.wait(until)
	return true
}

func (d *delivery) elapsed(now Instant) {
	if d.lookNext {
		d.look(now)
	} else {
		d.call.authorize(now)
	}
}

// TokenOf returns the idempotency token in the body of a message, "" where there is none.
func TokenOf(body string) string {
	var message SendChatMessageRequest
	readModel(json.NewReader(body), &message)
	return message.Metadata[tokenName]
}
