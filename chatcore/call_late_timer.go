package chatcore

const (
	// lateTimerMs is how late a timer fires at least if the program was suspended: a laptop was closed, a tab was frozen, or a
	// task took long. The timers of a busy page are late by less, and so its time-outs do not take graceMs longer.
	lateTimerMs = 250
	// graceMs is how long an answer that arrived while the program was suspended may take to reach the call. The program gets
	// it only after it has gone on, and often after the timer.
	graceMs = 1000
)

// extendDeadline moves the deadline of a step that waits for an answer by graceMs if its timer was late: once for each attempt,
// each wait for a token, and each question to the token callback. It returns false if the step's time is over.
//
// An answer counts after totalTimeoutMs, too, if it arrived while the program was suspended. A token does not: nothing is sent
// after totalTimeoutMs.
func (c *Call) extendDeadline(now Instant) bool {
	isLate := now-c.step.Deadline >= lateTimerMs
	flight := c.client.tokens.flight
	switch {
	case c.step.Kind == Send:
		if isLate && c.step.Deadline == c.attemptDeadline(c.sentAt) {
			c.step.Deadline = now + graceMs
		}
	case c.tokenDeadline != 0 && flight != nil && contains(flight.waiting, c):
		if isLate && c.tokenDeadline <= now && c.tokenDeadline == c.attemptDeadline(c.tokenAskedAt) {
			c.tokenDeadline = c.capToTotal(now + graceMs)
		}
		c.step.Deadline = min(c.tokenDeadline, flight.deadline)
	}
	return now < c.step.Deadline
}

// expireFlight ends a flight that has taken too long. The calls that still have time begin another.
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
