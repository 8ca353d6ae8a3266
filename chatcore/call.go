package chatcore

import (
	"strconv"

	"acschat/chatcore/internal/claims"
)

// StepKind is what a call needs next.
type StepKind int

const (
	NeedToken StepKind = iota + 1 // ask the token callback, then Client.Token, Client.InvalidToken or Client.TokenFailed
	NeedLock                      // acquire the lock, then Call.Locked; release it when the call has ended, see Step.LockUntil
	Send                          // send the request, then Call.Response, Call.NetworkFailed or Call.NotSent
	Wait                          // wait for the Deadline, then Call.Elapsed; other calls may end the wait earlier
	Done                          // the call has a result
	Failed                        // the call has an error
)

// Step is what a call needs next. It replaces the step before it: the driver stops what it still does for that one.
type Step struct {
	Kind     StepKind
	Number   int     // goes into the answer to the step; answers to earlier steps are ignored
	Deadline Instant // when to call Call.Elapsed, which may postpone it; 0 once the call has ended

	Flight       int  // NeedToken: goes into Client.Token or Client.TokenFailed
	ForceRefresh bool // NeedToken: the service refused the last token

	Lock      string  // NeedLock: its name
	LockUntil Instant // Failed: the message may be stored until then. Keep a lock that other programs see until then

	Request Request // Send: includes the Authorization header

	Result Result // Done
	Err    error  // Failed: an [*Error], or the reason passed to Abort, unchanged
}

// Call is one use of a client method: a state machine that never blocks. It starts with Start and ends with a step of kind Done or
// Failed.
type Call struct {
	Driver any // for the driver's own use

	client           *Client
	id               int
	op               *operation
	ids              pathIDs
	options          CallOptions
	request          Request    // the current or next one
	pendingOperation *operation // the operation of request, which differs from op in some flows
	retrySafe        bool       // repeating the request does no harm
	flow             flow       // nil for a call that sends one request, apart from retries
	repeatabilityID  string     // createThread: the repeatability request id
	removedID        string     // removeParticipant: the raw id
	argumentError    *Error     // reported by Start

	step          Step  // without the Authorization header, which Step adds
	before, after *Call // in the client's list of calls
	observed      bool
	reportPending bool // the Next of the last report is not known yet
	queued        bool // the call is in client.changedCalls

	totalDeadline    Instant // end of the whole call; 0 for a watch
	tokenDeadline    Instant // end of the wait for a token; 0: the call does not wait for one
	tokenAskedAt     Instant // start of the wait for a token
	throttled        bool    // the call waits for a throttle
	awaitsTurn       bool    // the call waits for earlier writes to its target
	networkDeadline  Instant // end of the wait for the network; 0: the call does not wait for it
	nothingSent      bool    // the last attempt failed before anything was sent
	offlineFailures  int     // attempts that failed since the browser went offline
	attempts         int
	retries          int
	backoffMs        Instant // random delay after the last attempt; 0: not drawn yet
	sentAt           Instant
	token            *string // of the last attempt
	tokenRefreshed   bool    // a 401 has led to a fresh token
	mayHaveSucceeded bool    // the outcome of an earlier attempt is unknown
	lastFailure      *Error  // of the last request that has ended
	hasRequestEnded  bool
	lastUnknown      *Error  // error of the last attempt whose outcome is unknown
	lastUnknownAt    Instant // end of that attempt
}

// flow directs a call that sends several requests: sendOnce, watch or confirmation.
type flow interface {
	begin(now Instant)
	succeeded(now Instant, result Result)       // a request succeeded
	failed(now Instant, e *Error) (goesOn bool) // a request failed, or the wait for a token
	elapsed(now Instant)                        // a wait is over
}

// ID returns the number of the call. A client counts its calls from 1.
func (c *Call) ID() int { return c.id }

// Step returns what the call needs now.
func (c *Call) Step() *Step {
	if c.step.Kind != Send {
		return &c.step
	}
	step := c.step
	header := append(make([]HeaderField, 0, 1+len(step.Request.Header)), HeaderField{"Authorization", "Bearer " + tokenText(c.token)})
	step.Request.Header = append(header, step.Request.Header...)
	return &step
}

// Observe makes the call report its exchanges, see [Client.NextExchange].
func (c *Call) Observe() { c.observed = true }

// MayHaveSucceeded tells whether a request of the call may take effect at the service: while it is in flight, and after an attempt whose
// outcome is unknown. It does not speak of earlier calls with the same idempotency token.
func (c *Call) MayHaveSucceeded() bool {
	if d, ok := c.flow.(*sendOnce); ok && !d.hasSent {
		return false
	}
	return c.mayHaveSucceeded || c.step.Kind == Send && c.pendingOperation == c.op
}

// LastRequest tells how the call's last request has ended: failure is nil if it succeeded. ended is false before the first one has. A
// watch goes on after most failures, so this tells whether it reaches the service.
func (c *Call) LastRequest() (failure *Error, ended bool) { return c.lastFailure, c.hasRequestEnded }

// Start starts the call. Further calls of Start do nothing.
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

// Response answers a Send step: a response has arrived.
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
	resp.token = tokenText(c.token)
	asked := *c.pendingOperation
	asked.name = c.op.name // errors name the method that was called
	result, err := asked.parseResult(resp)
	if !c.isSending(number) {
		return // resp.Header is the driver's function, and has ended the call
	}
	if resp.Status == 401 {
		c.client.tokens.forgetRefused(resp.token)
	}
	c.reportAttempt(now, resp, err)
	switch {
	case err != nil:
		e := err.(*Error)
		if e.Code == Unauthorized {
			if c.client.tokens.fixed {
				e.Reason = FixedTokenRefused
			}
			if expiry := claims.Of(resp.token).Expiry; expiry > 0 {
				e.Hint += " Its expiry time is " + string(unixTime(expiry)) + "."
			}
		}
		c.handleFailure(now, e)
	case c.flow != nil:
		c.lastFailure, c.hasRequestEnded = nil, true
		c.flow.succeeded(now, result)
	default:
		c.lastFailure, c.hasRequestEnded = nil, true
		c.succeed(result)
	}
}

// NetworkFailed answers a Send step: no response has arrived, or not all of it.
func (c *Call) NetworkFailed(now Instant, number int, cause error) {
	if !c.isSending(number) {
		return
	}
	defer c.client.releaseWaiting(now)
	c.failAttempt(now, NetworkError, "no answer from "+c.client.endpoint.origin+": "+redact(cause.Error(), tokenText(c.token)), cause)
}

// NotSent answers a Send step: the request failed before any of it was sent. If that is not certain, use NetworkFailed.
func (c *Call) NotSent(now Instant, number int, cause error) {
	if c.isSending(number) {
		c.nothingSent = true
		c.NetworkFailed(now, number, cause)
	}
}

// Elapsed tells the call that the step's Deadline may have passed. Calling it too early is harmless. If it is late, because the
// computer was asleep, the step may get a later Deadline, so that a response that arrived in the meantime still counts.
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
	case c.tokenDeadline != 0 && now >= c.tokenDeadline && c.client.tokens.value != nil:
		c.sendWithCurrentToken(now)
	case c.tokenDeadline != 0 && now >= c.tokenDeadline:
		c.failAttempt(now, Timeout, "no token"+c.limitText(c.tokenAskedAt), nil)
	case c.totalDeadline != 0 && now >= c.totalDeadline:
		c.handleFailure(now, c.totalTimeoutError())
	default:
		c.resume(now)
	}
}

// resume continues after a wait.
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

// Abort ends the call with reason as its error, unchanged. The reason must not be nil. A call that was not started never starts.
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

// prepareRequest prepares another request than that of the call's own operation. Its parameters are always valid.
func (c *Call) prepareRequest(op *operation, m model) {
	c.pendingOperation = op
	c.request, _ = op.build(c.client.endpoint, requestRules{apiVersion: c.options.APIVersion}, c.ids, "", m)
}

// send sends the request, unless the call's time is over, which happens if the driver's timer was late.
func (c *Call) send(now Instant) {
	if c.totalDeadline != 0 && now >= c.totalDeadline {
		c.nothingSent = true
		c.handleFailure(now, c.totalTimeoutError())
		return
	}
	if c.options.UserID != "" && c.options.UserID != c.client.tokens.user {
		c.nothingSent = true
		c.handleFailure(now, newError(c.op.name, TokenError, "not sent: the access token belongs to another user", nil))
		return
	}
	if s, ok := c.flow.(*sendOnce); ok && s.mustLookUp && c.pendingOperation == c.op {
		s.startLookup(now)
		return
	}
	c.attempts++
	c.sentAt, c.token, c.tokenDeadline, c.backoffMs, c.throttled, c.nothingSent = now, c.client.tokens.value, 0, 0, false, false
	c.client.tokens.leaveFlight(c)
	if c.pendingOperation.throttleGroup == listMessages.throttleGroup {
		if p := c.client.pollerOf(c.ids[0]); p != nil {
			p.spend(now)
		}
	}
	c.move(Step{Kind: Send, Deadline: c.attemptDeadline(now), Request: c.request})
}

// wait makes the call wait for an instant, and for nothing else.
func (c *Call) wait(until Instant) {
	c.tokenDeadline, c.throttled, c.awaitsTurn, c.networkDeadline = 0, false, false, 0
	c.client.tokens.leaveFlight(c)
	c.move(Step{Kind: Wait, Deadline: until})
}

// isPausing tells whether the call waits for time to pass, not for a token or another call.
func (c *Call) isPausing() bool {
	return c.step.Kind == Wait && c.tokenDeadline == 0 && !c.throttled && !c.awaitsTurn
}

// attemptDeadline returns the deadline of an attempt, or of a wait for a token, that begins now.
func (c *Call) attemptDeadline(now Instant) Instant {
	return c.capToTotal(now + Instant(c.options.TimeoutMs))
}

// limitText states the limit of what began at an instant, for a message. It does not state how long the wait was: the program may
// have been suspended for hours.
func (c *Call) limitText(began Instant) string {
	return " within " + strconv.Itoa(int(c.attemptDeadline(began)-began)) + " ms"
}

// capToTotal returns the earlier of an instant and the call's total deadline.
func (c *Call) capToTotal(i Instant) Instant {
	if c.totalDeadline != 0 {
		i = min(i, c.totalDeadline)
	}
	return i
}

// move puts the call into its next step.
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
