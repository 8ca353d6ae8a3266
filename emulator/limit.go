package emulator

import "time"

// limit is one of the service's documented rate limits: a number of calls in a sliding window. Operations with the same
// *limit share it.
type limit struct {
	calls  int
	window time.Duration
	scope  func(*call) string // calls with the same result are counted together
}

func perUser(c *call) string         { return c.user }
func perThread(c *call) string       { return c.parameters["chatThreadId"] }
func perUserInThread(c *call) string { return c.user + " " + perThread(c) }
func perResource(*call) string       { return "" }

// All documented limits have a window of ten seconds or of a minute.
func perTenSeconds(calls int, scope func(*call) string) *limit {
	return &limit{calls, 10 * time.Second, scope}
}
func perMinute(calls int, scope func(*call) string) *limit { return &limit{calls, time.Minute, scope} }

// These limits are documented on the service's page Service limits. Options.RateLimits enforces them.
var (
	createLimits          = []*limit{perTenSeconds(10, perUser), perMinute(3000, perResource)}
	readThreadLimits      = []*limit{perTenSeconds(50, perUser)} // getThread and listThreads together
	updateThreadLimits    = []*limit{perTenSeconds(5, perThread)}
	deleteThreadLimits    = []*limit{perTenSeconds(10, perUser)}
	participantLimits     = []*limit{perTenSeconds(10, perThread), perMinute(30, perThread)} // added and removed
	listParticipantLimits = []*limit{perTenSeconds(10, perUserInThread), perTenSeconds(250, perThread)}
	messageLimits         = []*limit{perTenSeconds(10, perThread), perMinute(30, perThread)} // sent, edited and deleted
	getMessageLimits      = []*limit{perTenSeconds(50, perUserInThread), perTenSeconds(250, perThread)}
	listMessageLimits     = []*limit{perTenSeconds(50, perUserInThread), perMinute(200, perUserInThread), perTenSeconds(250, perThread), perMinute(400, perThread)}
	receiptLimits         = []*limit{perTenSeconds(10, perUserInThread), perMinute(30, perUserInThread)}
	listReceiptLimits     = []*limit{perTenSeconds(5, perUserInThread), perTenSeconds(100, perThread)}
	typingLimits          = []*limit{perTenSeconds(5, perUserInThread), perMinute(15, perUserInThread), perTenSeconds(10, perThread), perMinute(30, perThread)}
)

// rateCounter is the key of the calls that a limit counts together, such as those of one user.
type rateCounter struct {
	limit *limit
	scope string
}

// checkLimits counts a call, and returns a 429 if it exceeds a limit. Refused calls count, too: a client that does not wait
// stays refused.
func (em *Emulator) checkLimits(c *call, limits []*limit) *communicationError {
	if !em.rateLimits {
		return nil
	}
	now := em.clock.now()
	em.admissionMu.Lock()
	defer em.admissionMu.Unlock()
	var wait time.Duration
	for _, l := range limits {
		wait = max(wait, em.countCall(rateCounter{l, l.scope(c)}, now))
	}
	if wait == 0 {
		return nil
	}
	return tooManyRequests(int((wait + time.Second - 1) / time.Second))
}

// countCall counts a call. It returns 0 if the call is within the limit, and otherwise how long callers must wait until the
// limit allows a call again.
//
// It stores the times of the latest calls, as many as the limit allows. A new call exceeds the limit if that many are stored
// and the oldest of them is still in the window. em.admissionMu is held.
func (em *Emulator) countCall(counter rateCounter, now time.Time) time.Duration {
	recent := append(em.recentCalls[counter], now)
	excess := len(recent) - counter.limit.calls
	exceeded := excess > 0 && now.Sub(recent[0]) < counter.limit.window
	if excess > 0 {
		recent = recent[excess:]
	}
	em.recentCalls[counter] = recent
	if !exceeded {
		return 0
	}
	return counter.limit.window - now.Sub(recent[0])
}
