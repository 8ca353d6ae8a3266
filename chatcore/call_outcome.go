package chatcore

import "strconv"

func (c *Call) totalTimeoutError() *Error {
	if c.networkDeadline != 0 && c.attempts == 0 {
		e := newError(c.op.name, NetworkError, "offline for "+strconv.Itoa(c.options.TotalTimeoutMs)+" ms; nothing was sent", nil)
		e.Reason, e.Hint = 0, "Call again when the device is online."
		return e
	}
	message := "not done within " + strconv.Itoa(c.options.TotalTimeoutMs) + " ms"
	switch {
	case c.awaitsTurn:
		message += ": earlier writes to the same target took too long; nothing was sent"
	case c.attempts == 0 && !c.mayHaveSucceeded:
		message += "; nothing was sent"
	default:
		message += ", after " + strconv.Itoa(c.attempts) + " attempts"
	}
	return newError(c.op.name, Timeout, message, nil)
}

// failAttempt handles an attempt that got no response, or no token.
func (c *Call) failAttempt(now Instant, code Code, message string, cause error) {
	e := newError(c.op.name, code, message, cause)
	switch {
	case code == NetworkError && c.client.endpoint.isLocal():
		e.Reason = NoLocalAnswer
	case code == TokenError && cause != nil:
		e.Reason, e.Hint = TokenCallbackFailed, ""
	case code == Timeout && c.step.Kind != Send:
		e.Reason = TokenCallbackTimeout
	}
	c.reportAttempt(now, Response{}, e)
	c.handleFailure(now, e)
}

// handleFailure retries after a failure, or fails the call.
func (c *Call) handleFailure(now Instant, e *Error) {
	e.redact(tokenText(c.token))
	c.lastFailure, c.hasRequestEnded = e, true
	if c.provesSuccess(e) {
		c.succeed(nil)
		return
	}
	if c.startConfirmation(now, e) {
		return
	}
	if c.failedOffline(e) {
		c.offlineFailures++
	} else {
		c.offlineFailures = 0
	}
	if c.step.Kind == Send && c.pendingOperation == c.op && c.attemptMayHaveSucceeded(e) {
		c.mayHaveSucceeded, c.lastUnknown, c.lastUnknownAt = true, e, now
		c.wakeWatches()
		if c.op.mayDuplicate || e.Status == 0 || e.Status == 502 || e.Status == 504 { // a gateway that times out may have passed the request on
			c.noteSettlingWrite(now)
		}
	}
	pause := c.retryDelay(e)
	goesOn := false
	if c.flow != nil {
		goesOn = c.flow.failed(now, e)
	} else {
		goesOn = c.retry(now, e)
	}
	if e.Code == TooManyRequests {
		until := now + pause
		if goesOn {
			until = c.step.Deadline
		}
		c.client.throttle(c, now, until, goesOn)
	}
	if !goesOn {
		c.fail(e)
	}
}

// succeed ends the call with a result.
func (c *Call) succeed(result Result) {
	c.client.rememberSent(c, result)
	c.wakeWatches()
	c.move(Step{Kind: Done, Result: result})
}

// fail ends the call with an error. If a message may have been sent, the error becomes DeliveryUnknown.
func (c *Call) fail(e *Error) {
	if v, ok := c.flow.(*confirmation); ok && e.Code != Closed {
		e = v.refusal
	}
	if c.lastUnknown != nil && !c.op.mayDuplicate && c.op.httpMethod != "GET" && !c.attemptMayHaveSucceeded(e) {
		e.Message += "; an earlier attempt may have succeeded (" + c.lastUnknown.Message + ")"
		if e.Cause == nil {
			e.Cause = c.lastUnknown
		}
	}
	e.Attempts = c.attempts
	if c.op.mayDuplicate && (c.mayHaveSucceeded || c.step.Kind == Send && c.attemptMayHaveSucceeded(e)) {
		if e.Code != DeliveryUnknown {
			e = NewDeliveryUnknown(e, "")
		}
		if s, ok := c.flow.(*sendOnce); ok {
			e.setIdempotencyToken(s.token)
		}
	}
	if s, ok := c.flow.(*sendOnce); ok && e.Code == Closed && c.step.Kind == Send {
		e.IdempotencyToken = s.token // the message may have been sent
	}
	if s, ok := c.flow.(*sendOnce); ok && e.IdempotencyToken != "" && !s.hasCallerToken {
		c.client.options.Memory.put(s.note) // the caller may send again with this token
	}
	c.move(Step{Kind: Failed, Err: e})
}

// attemptMayHaveSucceeded tells whether the current attempt, which failed with e, may have succeeded at the service. A status below 400
// that is not the operation's own comes from an intermediary. A sent message whose id cannot be read counts as unknown, too.
func (c *Call) attemptMayHaveSucceeded(e *Error) bool {
	return !c.nothingSent && (e.leavesOutcomeUnknown() || e.Code == HTTPError && e.Status < 400 || c.op.mayDuplicate && e.Code == ParseError)
}

// leavesOutcomeUnknown tells whether the service may have carried out the request: there was no response, or a 408 or 5xx. Any other 4xx
// is a refusal.
func (e *Error) leavesOutcomeUnknown() bool {
	return e.Code == NetworkError || e.Code == Timeout || e.Status == 408 || e.Status >= 500
}
