package chatcore

import "strconv"

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
	call   *Call
	token  string
	own    bool    // the caller's: it may have been sent before
	sent   bool    // by this call
	send   Request // with the token in it
	leader *Call   // that sends the same already: its end is this one's, too

	tokenMs   int     // when the token was made, in milliseconds since 1970; 0 where it does not say
	begun     Instant // when the first attempt began, by either clock
	begunMs   int
	settled   Instant // a look-up that begins before proves nothing by what it does not find
	lookNext  bool    // the wait under way is for a look-up
	lookBegan Instant
	failures  int  // in a row, of a look-up
	pages     int  // of the look-up so far
	newest    int  // version of the thread, or the time of the access token: the service's clock is no less
	highest   int  // version of the messages so far
	again     bool // the look-up goes through what has changed since another, which passed all up to a version
	passed    int
	covered   bool // the look-up has come as far back as the message can be
	unsure    bool // something in between may have been the message
}

// newDelivery puts the token into a message.
func newDelivery(call *Call, o CallOptions, request *SendChatMessageRequest) (plan, model, error) {
	d := &delivery{call: call, token: o.IdempotencyToken, own: o.IdempotencyToken != ""}
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
	call.metadata = copied.Metadata
	return d, &copied, nil
}

func (d *delivery) begin(now Instant) {
	c := d.call
	d.send = c.request
	if d.leader = c.client.sending(c, d.token); d.leader != nil {
		c.client.followers = append(c.client.followers, c)
		c.unknown = true // as the other's outcome is
		c.wait(c.totalDeadline)
		return
	}
	if !d.own {
		d.dispatch(now)
		return
	}
	if id := c.client.sentWith(c.at[0], d.token); id != "" {
		c.done(&SendChatMessageResult{ID: id}) // which may not be visible yet
		return
	}
	c.unknown = true // until a look-up has found nothing
	d.settled = c.client.settledAt(*c.options.SettleMs)
	d.look(now)
}

// sending returns the call that sends a message with a token to the same thread already, or nil.
func (c *Client) sending(call *Call, token string) *Call {
	for other := c.first; other != nil; other = other.after {
		if d, ok := other.plan.(*delivery); ok && other != call && other.step.Kind != 0 && d.leader == nil && d.token == token && other.at == call.at {
			return other
		}
	}
	return nil
}

// settledAt returns from when on a look-up proves that a token was not sent before. An attempt of an earlier page ended
// before this client was made, and one of this client at the time of unsettled; either may still be on its way into the
// service. The time of day has no say in it, since it may be set.
func (c *Client) settledAt(settleMs int) Instant {
	return max(c.options.Made, *c.options.Unsettled) + Instant(settleMs)
}

// leaveInDoubt notes, of a call that is ended from outside, that what it has sent may still be stored.
func (c *Call) leaveInDoubt(now Instant) {
	if c.step.Kind == Send && c.asking == c.op || c.op.delivers && c.unknown {
		c.mayBeStored(now)
	}
}

// dispatch sends the message.
func (d *delivery) dispatch(now Instant) {
	c := d.call
	if !d.sent {
		d.sent, d.begun, d.begunMs = true, now, c.client.unixMs()
	}
	c.asking, c.request, c.refreshed = sendMessage, d.send, false
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
	if d.pages++; !d.covered && page.NextLink != "" && d.pages < lookUpPages && isOnOrigin(page.NextLink, c.client.endpoint.origin) {
		c.request.URL = page.NextLink
		c.authorize(now)
		return
	}
	d.conclude(now)
}

// failed takes up a failure: one of an attempt to send calls for a look-up where its outcome is not known.
func (d *delivery) failed(now Instant, e *Error) bool {
	c := d.call
	if c.asking == listMessages {
		if e.Code == Unauthorized {
			return c.again(now, e)
		}
		until := now + c.pause(e)
		if !e.mayPass() && e.Code != TooManyRequests || d.failures >= c.options.Retry.MaxRetries || until >= c.totalDeadline {
			return false
		}
		d.failures++
		c.wait(until)
		return true
	}
	if !c.inDoubt(e) {
		return c.again(now, e)
	}
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

// adopt ends a call as the one that sent the same message has ended, unless that was aborted or its client closed.
func (d *delivery) adopt(now Instant) {
	c, step := d.call, d.leader.step
	switch e := step.Err.(type) {
	case nil:
		c.done(step.Result)
	case *Error:
		copied := *e
		c.unknown = false // beyond what the other's code says
		c.end(&copied)
	default:
		d.begin(now)
	}
}
