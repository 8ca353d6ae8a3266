package chatcore

import "strconv"

// StepKind is what a call needs next.
type StepKind int

const (
	NeedToken StepKind = iota + 1 // ask the token callback, then Client.Token or Client.TokenFailed
	Send                          // exchange the request, then Call.Response or Call.NetworkFailed
	Wait                          // nothing but time: another call's step concerns this one
	Done                          // the call has a result
	Failed                        // the call has an error
)

// Step is what a call needs next. A step ends the one before it: whatever the driver still does for that it must stop.
type Step struct {
	Kind     StepKind
	Number   int     // quoted by the answer; the answer to an earlier step is dropped
	Deadline Instant // when Call.Elapsed is due; 0 in an end

	Flight       int  // NeedToken: the number that the answer quotes
	ForceRefresh bool // NeedToken: the service refused the last token

	Request Request // Send: with its Authorization header

	Result Result // Done
	Err    error  // Failed: an [*Error], or the reason given to Abort, unchanged
}

// Call is one operation under way: a state machine that never waits. It begins with Start, and ends in a step of kind
// Done or Failed.
type Call struct {
	client  *Client
	id      int
	op      *operation
	options CallOptions
	request Request    // of the exchange at hand
	asking  *operation // that the exchange is of
	plan    plan       // of a call that takes more than one exchange, else nil
	invalid *Error     // the arguments' fault, reported by Start

	step          Step
	before, after *Call // in the client's list
	observed      bool
	reported      bool    // the last exchange, which is still to be told what it led to
	queued        bool    // in client.changed
	totalDeadline Instant // of the call with all its attempts and waits
	tokenDeadline Instant // of the wait for a token, 0 while there is none
	askedAt       Instant // when that began
	attempts      int
	sentAt        Instant
	token         string // of the last attempt
}

// plan is how a call goes on that takes more than one exchange.
type plan interface {
	begin(now Instant)
	succeeded(now Instant, result Result)       // an exchange
	failed(now Instant, e *Error) (goesOn bool) // an exchange, or the wait for a token
	elapsed(now Instant)                        // a wait
}

// ID returns the number of the call, counted from 1 in its client.
func (c *Call) ID() int { return c.id }

// Step returns what the call needs at present.
func (c *Call) Step() *Step { return &c.step }

// Observe has the call's exchanges reported, see [Client.NextExchange].
func (c *Call) Observe() { c.observed = true }

// Start begins the call, once.
func (c *Call) Start(now Instant) {
	if c.step.Kind != 0 {
		return
	}
	c.totalDeadline = now + Instant(c.options.TotalTimeoutMs)
	switch {
	case c.client.closed:
		c.failWith(now, NewClosed(c.op.name))
	case c.invalid != nil:
		c.end(c.invalid)
	case c.plan != nil:
		c.plan.begin(now)
	default:
		c.authorize(now)
	}
}

// Response answers a Send step: the request was answered.
func (c *Call) Response(now Instant, number int, resp Response) {
	if !c.sending(number) {
		return
	}
	if resp.Status != c.asking.success || c.observed {
		resp.Body = redact(resp.Body, c.token)
	}
	result, err := c.asking.read(resp)
	if !c.sending(number) {
		return // the driver's Header function has ended the call
	}
	if resp.Status == 401 {
		c.client.tokens.refuse(c.token)
	}
	c.attempted(now, resp, err)
	if err != nil {
		e := err.(*Error)
		if e.Code == Unauthorized {
			if expiry := expiryOf(c.token); expiry != "" {
				e.Hint = "This token expires, or has expired, at " + string(expiry) + " by its own account. " + e.Hint
			}
		}
		c.failed(now, e)
		return
	}
	if c.plan != nil {
		c.plan.succeeded(now, result)
		return
	}
	c.move(Step{Kind: Done, Result: result})
}

// NetworkFailed answers a Send step: the request was not answered, or not to the end.
func (c *Call) NetworkFailed(now Instant, number int, cause error) {
	if !c.sending(number) {
		return
	}
	c.fail(now, NetworkError, "no answer from "+c.client.endpoint.origin+": "+redact(cause.Error(), c.token), cause)
}

// Elapsed tells that the step's deadline may have come. Too early is harmless.
func (c *Call) Elapsed(now Instant) {
	if c.step.Kind == 0 || c.ended() || now < c.step.Deadline {
		return
	}
	c.client.tokens.expireFlight(now)
	switch {
	case c.step.Kind == Send:
		c.fail(now, Timeout, "no answer from "+c.client.endpoint.origin+" within "+strconv.Itoa(int(now-c.sentAt))+" ms", nil)
	case c.tokenDeadline != 0 && now >= c.tokenDeadline:
		c.fail(now, Timeout, "no token from the token callback within "+strconv.Itoa(int(now-c.askedAt))+" ms", nil)
	case c.tokenDeadline == 0:
		c.plan.elapsed(now)
	default:
		c.authorize(now)
	}
}

// Abort ends the call, in whatever state it is, with the reason, which must not be nil, as its error, unchanged. One that
// was not started yet does not start.
func (c *Call) Abort(now Instant, reason error) {
	if c.ended() {
		return
	}
	c.attempted(now, Response{}, reason)
	c.move(Step{Kind: Failed, Err: reason})
}

func (c *Call) ended() bool { return c.step.Kind == Done || c.step.Kind == Failed }

func (c *Call) sending(number int) bool { return c.step.Kind == Send && c.step.Number == number }

func (c *Call) send(now Instant) {
	c.attempts++
	c.sentAt, c.token, c.tokenDeadline = now, c.client.tokens.value, 0
	req := c.request
	req.Header = append([]HeaderField{{"Authorization", "Bearer " + c.token}}, req.Header...)
	c.move(Step{Kind: Send, Deadline: c.limit(now), Request: req})
}

// wait has nothing happen until then.
func (c *Call) wait(until Instant) {
	c.tokenDeadline = 0
	c.move(Step{Kind: Wait, Deadline: until})
}

// limit returns when whatever begins now must have ended. A watch as a whole has no end.
func (c *Call) limit(now Instant) Instant {
	if c.op == watchMessages {
		return now + Instant(c.options.TimeoutMs)
	}
	return min(now+Instant(c.options.TimeoutMs), c.totalDeadline)
}

// fail tells of an attempt without an answer, or of a token that is not to be had.
func (c *Call) fail(now Instant, code Code, message string, cause error) {
	e := newError(c.op.name, code, message, cause)
	c.attempted(now, Response{}, e)
	c.failed(now, e)
}

// failed ends the call, unless its plan is to go on.
func (c *Call) failed(now Instant, e *Error) {
	if c.plan == nil || !c.plan.failed(now, e) {
		c.end(e)
	}
}

// failWith ends the call, and the attempt under way if there is one, without an answer.
func (c *Call) failWith(now Instant, err *Error) {
	c.attempted(now, Response{}, err)
	c.end(err)
}

// end ends the call with an error, which becomes DeliveryUnknown where the request may have done its work.
func (c *Call) end(e *Error) {
	e.Attempts = c.attempts
	if c.op.delivers && c.step.Kind == Send && e.outcomeUnknown() {
		unknown := newError(c.op.name, DeliveryUnknown, "the message may or may not have been delivered ("+e.Message+")", e)
		unknown.Status, unknown.ServiceCode, unknown.RetryAfterMs, unknown.Attempts = e.Status, e.ServiceCode, e.RetryAfterMs, e.Attempts
		e = unknown
	}
	c.move(Step{Kind: Failed, Err: e})
}

// outcomeUnknown tells whether the service may have done what the request asked for: it did not answer, or with a
// status that says nothing about it. Any other 4xx is a refusal.
func (e *Error) outcomeUnknown() bool {
	return e.Code == NetworkError || e.Code == Timeout || e.Status == 408 || e.Status >= 500
}

// move takes the call to its next step.
func (c *Call) move(step Step) {
	step.Number = c.step.Number + 1
	c.step = step
	c.setNext(step.Kind)
	if c.ended() {
		c.client.removeCall(c)
	}
	if !c.queued {
		c.queued = true
		c.client.changed = append(c.client.changed, c)
	}
}
