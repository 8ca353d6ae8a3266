package chatcore

import (
	"strconv"

	"acschat/chatcore/internal/claims"
)

// StepKind is what a call needs next.
type StepKind int

const (
	NeedToken StepKind = iota + 1 // ask the token callback, then Client.Token or Client.TokenFailed
	NeedLock                      // get the lock, then Call.Locked; it is the call's until its end, or Step.LockUntil
	Send                          // exchange the request, then Call.Response or Call.NetworkFailed
	Wait                          // nothing but time: another call's step concerns this one
	Done                          // the call has a result
	Failed                        // the call has an error
)

// Step is what a call needs next. A step ends the one before it: whatever the driver still does for that it must stop.
type Step struct {
	Kind     StepKind
	Number   int     // quoted by the answer; the answer to an earlier step is dropped
	Deadline Instant // when Call.Elapsed is due, which may move it; 0 in an end

	Flight       int  // NeedToken: the number that the answer quotes
	ForceRefresh bool // NeedToken: the service refused the last token

	Lock      string  // NeedLock: its name
	LockUntil Instant // Failed: what was sent may be stored until then; a lock that other programs know is given back then

	Request Request // Send: with its Authorization header

	Result Result // Done
	Err    error  // Failed: an [*Error], or the reason given to Abort, unchanged
}

// Call is one operation under way: a state machine that never waits. It begins with Start, and ends in a step of kind
// Done or Failed.
type Call struct {
	Driver any // what the driver keeps for the call; not used here

	client           *Client
	id               int
	op               *operation
	ids              pathIDs
	options          CallOptions
	request          Request    // of the exchange at hand
	pendingOperation *operation // that the exchange is of
	retrySafe        bool       // to be sent again
	flow             flow       // of a call that takes more than one exchange, else nil
	repeatabilityID  string     // createThread: its repeatability request id
	removedID        string     // raw id of the participant that it removes
	argumentError    *Error     // the arguments' fault, reported by Start

	step          Step
	before, after *Call // in the client's list
	observed      bool
	reportPending bool // the last exchange, which is still to be told what it led to
	queued        bool // in client.changed

	totalDeadline    Instant // of the call with all its attempts and waits; 0 for none
	tokenDeadline    Instant // of the wait for a token, 0 while there is none
	tokenAskedAt     Instant // when that began
	throttled        bool    // it waits because of a hold
	awaitsTurn       bool    // it waits for earlier writes to its target
	networkDeadline  Instant // it waits for the network, until then at most; 0: it does not
	nothingSent      bool    // nothing of the last attempt was sent
	offlineFailures  int     // attempts that failed while the browser was offline, since it was online
	attempts         int
	retries          int
	backoffMs        int // drawn for the pause after the last attempt; 0: not yet
	sentAt           Instant
	token            string  // of the last attempt
	tokenRefreshed   bool    // a fresh token was asked for after a 401
	mayHaveSucceeded bool    // an earlier attempt may have done its work
	lastUnknown      *Error  // error of the last attempt whose outcome is unknown
	lastUnknownAt    Instant // when that ended
}

// flow is how a call goes on that takes more than one exchange.
type flow interface {
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
	defer c.client.releaseWaiting(now)
	if !c.op.live {
		c.totalDeadline = now + Instant(c.options.TotalTimeoutMs)
	}
	switch {
	case c.client.closed:
		c.fail(NewClosed(c.op.name))
	case c.argumentError != nil:
		c.fail(c.argumentError)
	case c.flow != nil:
		c.flow.begin(now)
	case c.op.writeTarget != 0:
		c.takeTurn(now)
	default:
		c.authorize(now)
	}
}

// Response answers a Send step: the request was answered.
func (c *Call) Response(now Instant, number int, resp Response) {
	if !c.isSending(number) {
		return
	}
	c.client.network.noteAnswer()
	isLongPage := resp.Err == ErrTooLong && c.pendingOperation.isList() && resp.Status == c.pendingOperation.success
	if resp.Err != nil && !isLongPage && c.pendingOperation.sentID(resp) == "" {
		c.NetworkFailed(now, number, resp.Err)
		return
	}
	defer c.client.releaseWaiting(now)
	resp.token = c.token
	asked := *c.pendingOperation
	asked.name = c.op.name // errors name the method that was called
	result, err := asked.parseResult(resp)
	if !c.isSending(number) {
		return // the driver's Header function has ended the call
	}
	if resp.Status == 401 {
		c.client.tokens.forgetRefused(c.token)
	}
	c.reportAttempt(now, resp, err)
	switch {
	case err != nil:
		e := err.(*Error)
		if e.Code == Unauthorized {
			if expiry := claims.Of(c.token).Expiry; expiry > 0 {
				e.Hint = "This token expires, or has expired, at " + string(unixTime(expiry)) + " by its own account. " + e.Hint
			}
		}
		c.handleFailure(now, e)
	case c.flow != nil:
		c.flow.succeeded(now, result)
	default:
		c.succeed(result)
	}
}

// NetworkFailed answers a Send step: the request was not answered, or not to the end.
func (c *Call) NetworkFailed(now Instant, number int, cause error) {
	if !c.isSending(number) {
		return
	}
	defer c.client.releaseWaiting(now)
	c.failAttempt(now, NetworkError, "no answer from "+c.client.endpoint.origin+": "+redact(cause.Error(), c.token), cause)
}

// NotSent answers a Send step as NetworkFailed does, where it is certain that nothing of the request was sent.
func (c *Call) NotSent(now Instant, number int, cause error) {
	if c.isSending(number) {
		c.nothingSent = true
		c.NetworkFailed(now, number, cause)
	}
}

// Elapsed tells that the step's deadline may have come. Too early is harmless. If it comes late, as after the computer was
// asleep, an answer that has arrived meanwhile still counts: the step stays, with a later Deadline, and Elapsed is due again.
func (c *Call) Elapsed(now Instant) {
	if c.step.Kind == 0 || c.ended() || now < c.step.Deadline {
		return
	}
	defer c.client.releaseWaiting(now)
	c.client.tokens.expireFlight(now)
	if c.extendDeadline(now) {
		return
	}
	switch {
	case c.step.Kind == Send:
		c.failAttempt(now, Timeout, "no answer from "+c.client.endpoint.origin+c.limitText(c.sentAt), nil)
	case c.tokenDeadline != 0 && now >= c.tokenDeadline && c.client.tokens.value != "":
		c.sendWithCurrentToken(now)
	case c.tokenDeadline != 0 && now >= c.tokenDeadline:
		c.failAttempt(now, Timeout, "no token from the token callback"+c.limitText(c.tokenAskedAt), nil)
	case c.totalDeadline != 0 && now >= c.totalDeadline:
		c.handleFailure(now, c.totalTimeoutError())
	default:
		c.resume(now)
	}
}

// resume ends a wait.
func (c *Call) resume(now Instant) {
	switch {
	case c.awaitsTurn:
		c.takeTurn(now)
	case c.flow != nil && c.tokenDeadline == 0 && !c.throttled && c.networkDeadline == 0:
		c.flow.elapsed(now)
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
	defer c.client.releaseWaiting(now)
	c.noteAbandonedSend(now)
	c.reportAttempt(now, Response{}, reason)
	c.move(Step{Kind: Failed, Err: reason})
}

func (c *Call) ended() bool { return c.step.Kind == Done || c.step.Kind == Failed }

func (c *Call) isSending(number int) bool { return c.step.Kind == Send && c.step.Number == number }

// send sends the request, unless the call has no time left, as where the driver's timer was late.
func (c *Call) send(now Instant) {
	if c.totalDeadline != 0 && now >= c.totalDeadline {
		c.nothingSent = true
		c.handleFailure(now, c.totalTimeoutError())
		return
	}
	if d, ok := c.flow.(*sendOnce); ok && d.mustLookUp && c.pendingOperation == c.op {
		d.lookUp(now)
		return
	}
	c.attempts++
	c.sentAt, c.token, c.tokenDeadline, c.backoffMs, c.throttled, c.nothingSent = now, c.client.tokens.value, 0, 0, false, false
	c.client.tokens.leaveFlight(c)
	req := c.request
	header := append(make([]HeaderField, 0, 1+len(req.Header)), HeaderField{"Authorization", "Bearer " + c.token})
	req.Header = append(header, req.Header...)
	c.move(Step{Kind: Send, Deadline: c.attemptDeadline(now), Request: req})
}

// wait has nothing happen until then.
func (c *Call) wait(until Instant) {
	c.tokenDeadline, c.throttled, c.awaitsTurn, c.networkDeadline = 0, false, false, 0
	c.client.tokens.leaveFlight(c)
	c.move(Step{Kind: Wait, Deadline: until})
}

// isPausing tells whether the call waits, and neither for a token nor for another call.
func (c *Call) isPausing() bool {
	return c.step.Kind == Wait && c.tokenDeadline == 0 && !c.throttled && !c.awaitsTurn
}

// attemptDeadline returns when whatever begins now must have ended.
func (c *Call) attemptDeadline(now Instant) Instant {
	return c.capToTotal(now + Instant(c.options.TimeoutMs))
}

// limitText names the limit of what began at an instant, for a message. How long the program was suspended does not matter.
func (c *Call) limitText(began Instant) string {
	return " within " + strconv.Itoa(int(c.attemptDeadline(began)-began)) + " ms"
}

// capToTotal returns an instant, or the end of the call's time if that is earlier.
func (c *Call) capToTotal(i Instant) Instant {
	if c.totalDeadline != 0 {
		i = min(i, c.totalDeadline)
	}
	return i
}

// move takes the call to its next step.
func (c *Call) move(step Step) {
	step.Number = c.step.Number + 1
	if step.Kind == Failed && c.lastUnknownAt != 0 {
		step.LockUntil = c.lastUnknownAt + Instant(*c.options.SettleMs)
	}
	c.step = step
	c.completeReport(step.Kind)
	if c.ended() {
		c.client.removeCall(c)
	}
	if !c.queued {
		c.queued = true
		c.client.changedCalls = append(c.client.changedCalls, c)
	}
}
