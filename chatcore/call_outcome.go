package chatcore

import "strconv"

func (c *Call) outOfTime() *Error {
	if c.onlineBy != 0 && c.attempts == 0 {
		e := newError(c.op.name, NetworkError, "the browser was offline for "+strconv.Itoa(c.options.TotalTimeoutMs)+" ms; nothing was sent", nil)
		e.Hint = "Call again when the device has a connection."
		return e
	}
	message := "not done within " + strconv.Itoa(c.options.TotalTimeoutMs) + " ms"
	switch {
	case c.inLine:
		message += ": earlier writes to the same target took so long; nothing was sent"
	case c.attempts == 0 && !c.unknown:
		message += "; nothing was sent"
	default:
		message += ", after " + strconv.Itoa(c.attempts) + " attempts"
	}
	return newError(c.op.name, Timeout, message, nil)
}

// fail tells of an attempt without an answer, or of a token that is not to be had.
func (c *Call) fail(now Instant, code Code, message string, cause error) {
	e := newError(c.op.name, code, message, cause)
	if code == NetworkError && c.client.endpoint.isLocal() {
		e.Hint += localHint
	}
	c.attempted(now, Response{}, e)
	c.failed(now, e)
}

// failed ends the call, unless it is to go on.
func (c *Call) failed(now Instant, e *Error) {
	e.redact(c.token)
	if c.isDone(e) {
		c.done(nil)
		return
	}
	if c.confirm(now, e) {
		return
	}
	if c.wasOffline(e) {
		c.offlineFailures++
	} else {
		c.offlineFailures = 0
	}
	if c.step.Kind == Send && c.asking == c.op && c.inDoubt(e) {
		c.unknown, c.lastUnknown, c.unknownAt = true, e, now
		if c.op.delivers || e.Status == 0 || e.Status == 502 || e.Status == 504 { // a gateway that gives up may have passed it on
			c.mayBeStored(now)
		}
	}
	pause := c.pause(e)
	goesOn := false
	if c.plan != nil {
		goesOn = c.plan.failed(now, e)
	} else {
		goesOn = c.again(now, e)
	}
	if e.Code == TooManyRequests {
		until := now + pause
		if goesOn {
			until = c.step.Deadline
		}
		c.client.holdBack(c, now, until, goesOn)
	}
	if !goesOn {
		c.end(e)
	}
}

// done ends the call in success.
func (c *Call) done(result Result) {
	c.client.remember(c, result)
	c.move(Step{Kind: Done, Result: result})
}

// end ends the call with an error, which becomes DeliveryUnknown where a message may have been sent.
func (c *Call) end(e *Error) {
	if d, ok := c.plan.(*confirmation); ok && e.Code != Closed {
		e = d.refusal
	}
	if c.lastUnknown != nil && !c.op.delivers && c.op.method != "GET" && !c.inDoubt(e) {
		e.Message += "; an earlier attempt may have succeeded (" + c.lastUnknown.Message + ")"
		if e.Cause == nil {
			e.Cause = c.lastUnknown
		}
	}
	e.Attempts = c.attempts
	if c.op.delivers && (c.unknown || c.step.Kind == Send && c.inDoubt(e)) {
		if e.Code != DeliveryUnknown {
			e = NewDeliveryUnknown(e, "")
		}
		if d, ok := c.plan.(*delivery); ok {
			e.nameToken(d.token)
		}
	}
	if d, ok := c.plan.(*delivery); ok && e.Code == Closed && c.step.Kind == Send {
		e.IdempotencyToken = d.token // it may have been sent
	}
	if d, ok := c.plan.(*delivery); ok && e.IdempotencyToken != "" && !d.own {
		c.client.options.Memory.note(d.known) // a later call may bring it
	}
	c.move(Step{Kind: Failed, Err: e})
}

// inDoubt tells whether the attempt under way, which failed with e, may have done its work. A status below 400 that is not the
// operation's success comes from something between the client and the service. A sent message whose id cannot be read is in
// doubt, too: nobody could find it again.
func (c *Call) inDoubt(e *Error) bool {
	return !c.unsent && (e.outcomeUnknown() || e.Code == HTTPError && e.Status < 400 || c.op.delivers && e.Code == ParseError)
}

// outcomeUnknown tells whether the service may have done what the request asked for: it did not answer, or with a
// status that says nothing about it. Any other 4xx is a refusal.
func (e *Error) outcomeUnknown() bool {
	return e.Code == NetworkError || e.Code == Timeout || e.Status == 408 || e.Status >= 500
}
