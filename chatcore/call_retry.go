package chatcore

// RetryOptions say how often a failed request is retried, and after what delay. The delay is random, from 0 to BaseDelayMs, which
// doubles with each retry up to MaxDelayMs. A Retry-After of the service replaces it.
type RetryOptions struct {
	MaxRetries  int // attempts after the first
	BaseDelayMs int
	MaxDelayMs  int
}

var defaultRetry = RetryOptions{MaxRetries: 3, BaseDelayMs: 800, MaxDelayMs: 30_000}

func (o *RetryOptions) fields(to []field) []field {
	return appendFields(to, []field{
		{name: "maxRetries", value: &o.MaxRetries},
		{name: "baseDelayMs", value: &o.BaseDelayMs},
		{name: "maxDelayMs", value: &o.MaxDelayMs},
	}...)
}

// setBool reads false as no retries.
func (o *RetryOptions) setBool(b bool) (problem string) {
	if b {
		return "must be false or an object, not true"
	}
	*o = RetryOptions{}
	return ""
}

// retryOption reads RetryOptions. Members that are missing get their defaults.
type retryOption struct {
	optionalOf[RetryOptions, *RetryOptions]
}

func (o retryOption) access(which entry) (model, nesting, int) {
	m, kind, count := o.optionalOf.access(which)
	if which == adding {
		**o.value = defaultRetry
	}
	return m, kind, count
}

// retry repeats the attempt that failed with e, if that is safe and there is time left. After the first 401 it does so at once with
// a fresh token, otherwise after a delay.
func (c *Call) retry(now Instant, e *Error) bool {
	if e.Code == Unauthorized && !c.tokenRefreshed && !c.client.tokens.fixed {
		c.tokenRefreshed = true
		c.authorize(now)
		return true
	}
	if e.Code != TooManyRequests && (!e.isTransient() || c.step.Kind != Send || !c.retrySafe && !c.nothingSent) {
		return false
	}
	until := now + c.retryDelay(e)
	if c.pendingOperation.neverRetried || c.retries >= c.options.Retry.MaxRetries || until >= c.totalDeadline {
		return false
	}
	if !c.failedOffline(e) {
		c.retries++
	}
	c.wait(until)
	return true
}

// retryDelay returns how long to wait after a failure.
func (c *Call) retryDelay(e *Error) Instant {
	if e.RetryAfterMs > 0 {
		return Instant(e.RetryAfterMs)
	}
	if c.backoffMs == 0 {
		c.backoffMs = 1 + c.client.random(min(Instant(c.options.Retry.BaseDelayMs)<<min(c.retries+c.offlineFailures, 20), Instant(c.options.Retry.MaxDelayMs)))
	}
	return c.backoffMs
}

// random returns a random number from 0 to most.
func (c *Client) random(most Instant) Instant {
	if c.options.Random == nil {
		return most
	}
	return Instant(uint64(c.options.Random()) * uint64(most+1) >> 32)
}

// isTransient tells whether another attempt may succeed.
func (e *Error) isTransient() bool {
	switch e.Status {
	case 0:
		return e.Code == NetworkError || e.Code == Timeout
	case 408, 500, 502, 503, 504:
		return true
	}
	return false
}

// provesSuccess tells whether the failure of this attempt shows that an earlier attempt, whose outcome was unknown, succeeded.
func (c *Call) provesSuccess(e *Error) bool {
	return c.mayHaveSucceeded && c.pendingOperation == c.op && c.op.notFoundIsDone && e.Status == 404
}
