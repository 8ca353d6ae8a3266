package chatcore

import "strconv"

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

	client  *Client
	id      int
	op      *operation
	at      ids
	options CallOptions
	request Request    // of the exchange at hand
	asking  *operation // that the exchange is of
	safe    bool       // to be sent again
	plan    plan       // of a call that takes more than one exchange, else nil
	removes string     // raw id of the participant that it removes
	invalid *Error     // the arguments' fault, reported by Start

	step          Step
	before, after *Call // in the client's list
	observed      bool
	reported      bool // the last exchange, which is still to be told what it led to
	queued        bool // in client.changed

	totalDeadline   Instant // of the call with all its attempts and waits; 0 for none
	tokenDeadline   Instant // of the wait for a token, 0 while there is none
	askedAt         Instant // when that began
	held            bool    // it waits because of a hold
	inLine          bool    // it waits for earlier writes to its target
	onlineBy        Instant // it waits for the network, until then at most; 0: it does not
	unsent          bool    // nothing of the last attempt was sent
	offlineFailures int     // attempts that failed while the browser was offline, since it was online
	attempts        int
	retries         int
	delay           int // drawn for the pause after the last attempt; 0: not yet
	sentAt          Instant
	token           string  // of the last attempt
	refreshed       bool    // a fresh token was asked for after a 401
	unknown         bool    // an earlier attempt may have done its work
	lastUnknown     *Error  // error of the last attempt whose outcome is unknown
	unknownAt       Instant // when that ended
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
	defer c.client.letGo(now)
	if c.op != watchMessages { // which has no end of its own
		c.totalDeadline = now + Instant(c.options.TotalTimeoutMs)
	}
	switch {
	case c.client.closed:
		c.end(NewClosed(c.op.name))
	case c.invalid != nil:
		c.end(c.invalid)
	case c.plan != nil:
		c.plan.begin(now)
	case c.op.target != 0:
		c.takeTurn(now)
	default:
		c.authorize(now)
	}
}

// Response answers a Send step: the request was answered.
func (c *Call) Response(now Instant, number int, resp Response) {
	if !c.sending(number) {
		return
	}
	c.client.network.answered()
	isLongPage := resp.Err == ErrTooLong && c.asking.argument == "options" && resp.Status == c.asking.success
	if resp.Err != nil && !isLongPage && c.asking.sentID(resp) == "" {
		c.NetworkFailed(now, number, resp.Err)
		return
	}
	defer c.client.letGo(now)
	resp.token = c.token
	asked := *c.asking
	asked.name = c.op.name // errors name the method that was called
	result, err := asked.read(resp)
	if !c.sending(number) {
		return // the driver's Header function has ended the call
	}
	if resp.Status == 401 {
		c.client.tokens.refuse(c.token)
	}
	c.attempted(now, resp, err)
	switch {
	case err != nil:
		e := err.(*Error)
		if e.Code == Unauthorized {
			if expiry := claimsOf(c.token).expiry; expiry > 0 {
				e.Hint = "This token expires, or has expired, at " + string(unixTime(expiry)) + " by its own account. " + e.Hint
			}
		}
		c.failed(now, e)
	case c.plan != nil:
		c.plan.succeeded(now, result)
	default:
		c.done(result)
	}
}

// NetworkFailed answers a Send step: the request was not answered, or not to the end.
func (c *Call) NetworkFailed(now Instant, number int, cause error) {
	if !c.sending(number) {
		return
	}
	defer c.client.letGo(now)
	c.fail(now, NetworkError, "no answer from "+c.client.endpoint.origin+": "+redact(cause.Error(), c.token), cause)
}

// NotSent answers a Send step as NetworkFailed does, where it is certain that nothing of the request was sent.
func (c *Call) NotSent(now Instant, number int, cause error) {
	if c.sending(number) {
		c.unsent = true
		c.NetworkFailed(now, number, cause)
	}
}

// Elapsed tells that the step's deadline may have come. Too early is harmless. If it comes late, as after the computer was
// asleep, an answer that has arrived meanwhile still counts: the step stays, with a later Deadline, and Elapsed is due again.
func (c *Call) Elapsed(now Instant) {
	if c.step.Kind == 0 || c.ended() || now < c.step.Deadline {
		return
	}
	defer c.client.letGo(now)
	c.client.tokens.expireFlight(now)
	if c.extendDeadline(now) {
		return
	}
	switch {
	case c.step.Kind == Send:
		c.fail(now, Timeout, "no answer from "+c.client.endpoint.origin+c.withinLimit(c.sentAt), nil)
	case c.tokenDeadline != 0 && now >= c.tokenDeadline && c.client.tokens.value != "":
		c.sendUnrefreshed(now)
	case c.tokenDeadline != 0 && now >= c.tokenDeadline:
		c.fail(now, Timeout, "no token from the token callback"+c.withinLimit(c.askedAt), nil)
	case c.totalDeadline != 0 && now >= c.totalDeadline:
		c.failed(now, c.outOfTime())
	default:
		c.goOn(now)
	}
}

// goOn ends a wait.
func (c *Call) goOn(now Instant) {
	switch {
	case c.inLine:
		c.takeTurn(now)
	case c.plan != nil && c.tokenDeadline == 0 && !c.held && c.onlineBy == 0:
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
	defer c.client.letGo(now)
	c.leaveInDoubt(now)
	c.attempted(now, Response{}, reason)
	c.move(Step{Kind: Failed, Err: reason})
}

func (c *Call) ended() bool { return c.step.Kind == Done || c.step.Kind == Failed }

func (c *Call) sending(number int) bool { return c.step.Kind == Send && c.step.Number == number }

// send sends the request, unless the call has no time left, as where the driver's timer was late.
func (c *Call) send(now Instant) {
	if c.totalDeadline != 0 && now >= c.totalDeadline {
		c.unsent = true
		c.failed(now, c.outOfTime())
		return
	}
	if d, ok := c.plan.(*delivery); ok && d.mustLook && c.asking == c.op {
		d.look(now)
		return
	}
	c.attempts++
	c.sentAt, c.token, c.tokenDeadline, c.delay, c.held, c.unsent = now, c.client.tokens.value, 0, 0, false, false
	c.client.tokens.leaveFlight(c)
	req := c.request
	header := append(make([]HeaderField, 0, 1+len(req.Header)), HeaderField{"Authorization", "Bearer " + c.token})
	req.Header = append(header, req.Header...)
	c.move(Step{Kind: Send, Deadline: c.limit(now), Request: req})
}

// wait has nothing happen until then.
func (c *Call) wait(until Instant) {
	c.tokenDeadline, c.held, c.inLine, c.onlineBy = 0, false, false, 0
	c.client.tokens.leaveFlight(c)
	c.move(Step{Kind: Wait, Deadline: until})
}

// isPausing tells whether the call waits, and neither for a token nor for another call.
func (c *Call) isPausing() bool {
	return c.step.Kind == Wait && c.tokenDeadline == 0 && !c.held && !c.inLine
}

// limit returns when whatever begins now must have ended.
func (c *Call) limit(now Instant) Instant {
	return c.withinTotal(now + Instant(c.options.TimeoutMs))
}

// withinLimit names the limit of what began at an instant, for a message. How long the program was suspended does not matter.
func (c *Call) withinLimit(began Instant) string {
	return " within " + strconv.Itoa(int(c.limit(began)-began)) + " ms"
}

// withinTotal returns an instant, or the end of the call's time if that is earlier.
func (c *Call) withinTotal(i Instant) Instant {
	if c.totalDeadline != 0 {
		i = min(i, c.totalDeadline)
	}
	return i
}

// move takes the call to its next step.
func (c *Call) move(step Step) {
	step.Number = c.step.Number + 1
	if step.Kind == Failed && c.unknownAt != 0 {
		step.LockUntil = c.unknownAt + Instant(*c.options.SettleMs)
	}
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
