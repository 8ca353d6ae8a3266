package chatcore

// throttle delays calls after a 429. It applies to the operations that share one limit of the service, in one thread or for one user.
// The service counts refused requests too. When the time is over, the throttle therefore releases one call, the probe, and the
// others one after another, each once the attempt of the one before has ended.
type throttle struct {
	key     string
	until   Instant
	probe   *Call // the released call, until its attempt ends
	waiting []*Call
}

// throttle starts or extends a throttle after a 429. If the refused call is retried, it becomes the next to be released, except a watch.
func (c *Client) throttle(refused *Call, now, until Instant, goesOn bool) {
	until = min(until, now+maxRetryAfterMs) // a longer Retry-After ends the refused call, but should not silence the others
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
		call.waitIfThrottled(now) // extends its wait, or fails it if that is too long
	}
	if goesOn && !refused.op.live { // schedulePolls starts those of watches
		h.waiting = append([]*Call{refused}, h.waiting...)
	}
}

func (c *Client) throttleOf(call *Call) *throttle {
	if len(c.throttles) == 0 { // nearly always
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

// throttleKey names the limit that the service counts the pending request against.
func (c *Call) throttleKey() string {
	if c.pendingOperation.throttledPerUser {
		return c.pendingOperation.throttleGroup
	}
	return c.pendingOperation.throttleGroup + " " + c.ids[0]
}

// waitIfThrottled tells whether a throttle applies to the call. If so, it makes the call wait, or fails it.
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
		e := newError(c.op.name, TooManyRequests, "not sent: the service throttles calls of this kind for longer than this one may take", nil)
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

// waitForThrottle makes the call wait until the throttle's time is over. If it is over already, a probe is in flight, and the call
// waits until releaseWaiting releases it.
func (c *Call) waitForThrottle(now, until Instant) {
	if until <= now {
		if until = c.totalDeadline; until == 0 {
			until = c.attemptDeadline(now)
		}
	}
	c.wait(until)
	c.throttled = true
}

// releaseWaiting starts the next call of every throttle whose probe has finished, and the writes and polls whose turn has come.
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
	c.schedulePolls(now, nil)
}

// isInFlight tells whether the call has sent its request, or waits for the token that it needs to send it.
func (c *Call) isInFlight() bool {
	return c.step.Kind == Send || c.step.Kind == NeedToken || c.step.Kind == Wait && c.tokenDeadline != 0
}

// isProbeFinished tells whether the next call may be released.
func (h *throttle) isProbeFinished() bool {
	if h.probe != nil && !h.probe.isInFlight() {
		h.probe = nil
	}
	return h.probe == nil
}

func contains[T comparable](items []T, item T) bool {
	for _, other := range items {
		if other == item {
			return true
		}
	}
	return false
}

// without removes an item from a list, in place.
func without[T comparable](items []T, item T) []T {
	kept := items[:0]
	for _, other := range items {
		if other != item {
			kept = append(kept, other)
		}
	}
	return kept
}
