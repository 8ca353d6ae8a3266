package chatcore

const (
	// A timer that fires at least lateTimerMs late means that the program was suspended: the laptop was closed, the tab was frozen,
	// or a task took long. The timers of a busy page are late by less, so that its timeouts do not take graceMs longer.
	lateTimerMs = 250
	// graceMs is how long the call then waits for a response that arrived while the program was suspended. The browser delivers it
	// only after the program has resumed, and often after the timer.
	graceMs = 1000
)

// extendDeadline postpones the step's deadline by graceMs if its timer fired late: once for each attempt, each wait for a token and
// each flight. It returns false if the step's time is over.
//
// A response also counts after TotalTimeoutMs if the timer fired late. A token does not: nothing is sent after TotalTimeoutMs.
func (c *Call) extendDeadline(now Instant) bool {
	isLate := now-c.step.Deadline >= lateTimerMs
	flight := c.client.tokens.flight
	switch {
	case c.step.Kind == Send:
		if isLate && !c.wasExtended(c.step.Deadline, c.sentAt) {
			c.step.Deadline = now + graceMs
		}
	case c.tokenDeadline != 0 && flight != nil && contains(flight.waiting, c):
		if isLate && c.tokenDeadline <= now && !c.wasExtended(c.tokenDeadline, c.tokenAskedAt) {
			c.tokenDeadline = c.capToTotal(now + graceMs)
		}
		c.step.Deadline = min(c.tokenDeadline, flight.deadline)
	}
	return now < c.step.Deadline
}

// wasExtended tells whether the deadline of what began at an instant was postponed.
func (c *Call) wasExtended(deadline, began Instant) bool { return deadline != c.attemptDeadline(began) }

// expireFlight ends a flight whose time is over. Calls that have time left start another.
func (t *tokens) expireFlight(now Instant) {
	flight := t.flight
	switch {
	case flight == nil || now < flight.deadline:
	case now-flight.deadline >= lateTimerMs && !flight.isExtended:
		flight.isExtended, flight.deadline = true, now+graceMs
	default:
		t.flight = nil
	}
}
