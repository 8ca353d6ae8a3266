package emulator

import "time"

// limit is one of the service's documented rate limits: so many calls in a window of time that slides. Operations that
// have the same *limit share it.
type limit struct {
	calls  int
	window time.Duration
	scope  func(*call) string // whose calls are counted together
}

func ofUser(c *call) string         { return c.user }
func ofThread(c *call) string       { return c.parameters["chatThreadId"] }
func ofUserInThread(c *call) string { return c.user + " " + ofThread(c) }
func ofResource(*call) string       { return "" }

// inTenSeconds and inAMinute are the windows that the service has.
func inTenSeconds(calls int, scope func(*call) string) *limit {
	return &limit{calls, 10 * time.Second, scope}
}
func inAMinute(calls int, scope func(*call) string) *limit { return &limit{calls, time.Minute, scope} }

// The limits are those of the page Service limits, in force with Options.RateLimits.
var (
	createLimits          = []*limit{inTenSeconds(10, ofUser), inAMinute(3000, ofResource)}
	readThreadLimits      = []*limit{inTenSeconds(50, ofUser)} // getThread and listThreads together
	updateThreadLimits    = []*limit{inTenSeconds(5, ofThread)}
	deleteThreadLimits    = []*limit{inTenSeconds(10, ofUser)}
	participantLimits     = []*limit{inTenSeconds(10, ofThread), inAMinute(30, ofThread)} // added and removed
	listParticipantLimits = []*limit{inTenSeconds(10, ofUserInThread), inTenSeconds(250, ofThread)}
	messageLimits         = []*limit{inTenSeconds(10, ofThread), inAMinute(30, ofThread)} // sent, edited and deleted
	getMessageLimits      = []*limit{inTenSeconds(50, ofUserInThread), inTenSeconds(250, ofThread)}
	listMessageLimits     = []*limit{inTenSeconds(50, ofUserInThread), inAMinute(200, ofUserInThread), inTenSeconds(250, ofThread), inAMinute(400, ofThread)}
	receiptLimits         = []*limit{inTenSeconds(10, ofUserInThread), inAMinute(30, ofUserInThread)}
	listReceiptLimits     = []*limit{inTenSeconds(5, ofUserInThread), inTenSeconds(100, ofThread)}
	typingLimits          = []*limit{inTenSeconds(5, ofUserInThread), inAMinute(15, ofUserInThread), inTenSeconds(10, ofThread), inAMinute(30, ofThread)}
)

// counter is what a limit counts: the calls of one user, one thread, one resource.
type counter struct {
	limit *limit
	scope string
}

// checkLimits counts a call and refuses it if a limit is exceeded. A refused call counts like any other: a client that
// does not wait stays refused.
func (em *Emulator) checkLimits(c *call, limits []*limit) *communicationError {
	if !em.rateLimits {
		return nil
	}
	now := em.clock.now()
	em.gate.Lock()
	defer em.gate.Unlock()
	var wait time.Duration
	for _, l := range limits {
		wait = max(wait, em.count(counter{l, l.scope(c)}, now))
	}
	if wait == 0 {
		return nil
	}
	return tooManyRequests(int((wait + time.Second - 1) / time.Second))
}

// count adds a call and gives how long its limit is exceeded for, if nobody calls again; 0 if it is not. No more than
// the latest calls are kept, as many as the limit allows: the call is one too many if the earliest of those before it is
// still in the window. em.gate is held.
func (em *Emulator) count(of counter, now time.Time) time.Duration {
	recent := append(em.recent[of], now)
	excess := len(recent) - of.limit.calls
	exceeded := excess > 0 && now.Sub(recent[0]) < of.limit.window
	if excess > 0 {
		recent = recent[excess:]
	}
	em.recent[of] = recent
	if !exceeded {
		return 0
	}
	return of.limit.window - now.Sub(recent[0])
}
