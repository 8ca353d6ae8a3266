package chatcore

// throttle keeps calls back after a 429: all of one group of operations, which the service counts together, in one thread.
// Since refused calls count, too, they are let go one at a time: the next when the one before has got through.
type throttle struct {
	key     string
	until   Instant
	probe   *Call // the one that was let go, until its attempt is over
	waiting []*Call
}

// throttle begins a hold, or makes it longer, because of a call that was refused. If that goes on it is the next to go.
func (c *Client) throttle(refused *Call, now, until Instant, goesOn bool) {
	until = min(until, now+maxRetryAfterMs) // whatever the service asks for: others may know better by then
	h := c.throttleOf(refused)
	if h == nil {
		h = &throttle{key: refused.throttleKey()}
		c.throttles = append(c.throttles, h)
	}
	h.until = max(h.until, until)
	if h.probe == refused {
		h.probe = nil
	}
	h.waiting = without(h.waiting, refused)
	for _, call := range append([]*Call(nil), h.waiting...) {
		call.waitIfThrottled(now) // until then, or not at all if that is too long
	}
	if goesOn {
		h.waiting = append([]*Call{refused}, h.waiting...)
	}
}

func (c *Client) throttleOf(call *Call) *throttle {
	if len(c.throttles) == 0 { // as nearly always
		return nil
	}
	key := call.throttleKey()
	for _, h := range c.throttles {
		if h.key == key {
			return h
		}
	}
	return nil
}

// throttleKey names what the service counts the exchange with.
func (c *Call) throttleKey() string {
	if c.pendingOperation.throttledPerUser {
		return c.pendingOperation.throttleGroup
	}
	return c.pendingOperation.throttleGroup + " " + c.ids[0]
}

// waitIfThrottled tells whether the call has to wait because of a hold, and has it wait.
func (c *Call) waitIfThrottled(now Instant) bool {
	h := c.client.throttleOf(c)
	switch {
	case h == nil || h.probe == c:
		return false
	case h.probe == nil && now >= h.until && (len(h.waiting) == 0 || h.waiting[0] == c):
		h.waiting = without(h.waiting, c)
		h.probe = c
		return false
	case c.totalDeadline != 0 && h.until >= c.totalDeadline:
		e := newError(c.op.name, TooManyRequests, "not sent: the service has refused another call of this kind, and the wait is longer than this one may take", nil)
		e.RetryAfterMs = int(h.until - now)
		c.fail(e)
		return true
	}
	if !contains(h.waiting, c) {
		h.waiting = append(h.waiting, c)
	}
	c.waitForThrottle(now, h.until)
	return true
}

// waitForThrottle has the call wait until a hold may let it go, or in the hold's own time where that is over.
func (c *Call) waitForThrottle(now, until Instant) {
	if until <= now {
		if until = c.totalDeadline; until == 0 {
			until = c.attemptDeadline(now)
		}
	}
	c.wait(until)
	c.throttled = true
}

// releaseWaiting begins what does not have to wait any longer: of every hold the next call, once the one before has got through, and
// writes whose turn has come.
func (c *Client) releaseWaiting(now Instant) {
	kept := c.throttles[:0]
	for _, h := range c.throttles {
		for h.isProbeFinished() && now >= h.until && len(h.waiting) > 0 {
			h.waiting[0].authorize(now)
		}
		if !h.isProbeFinished() || now < h.until {
			kept = append(kept, h)
		}
	}
	c.throttles = kept
	c.startQueuedWrites(now)
}

// isInFlight tells whether an exchange is, or the wait for its token.
func (c *Call) isInFlight() bool {
	return c.step.Kind == Send || c.step.Kind == NeedToken || c.step.Kind == Wait && c.tokenDeadline != 0
}

// isProbeFinished tells whether the attempt of the call that was let go is over.
func (h *throttle) isProbeFinished() bool {
	if h.probe != nil && !h.probe.isInFlight() {
		h.probe = nil
	}
	return h.probe == nil
}

// contains tells whether an item is in a list.
func contains[T comparable](items []T, item T) bool {
	for _, other := range items {
		if other == item {
			return true
		}
	}
	return false
}

// without takes an item out of a list.
func without[T comparable](items []T, item T) []T {
	kept := items[:0]
	for _, other := range items {
		if other != item {
			kept = append(kept, other)
		}
	}
	return kept
}
