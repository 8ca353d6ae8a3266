package chatcore

import "strconv"

// Exchange reports one attempt of a call: the request and its response. It does not contain the token.
type Exchange struct {
	Operation    string
	CallID       int
	Attempt      int // from 1
	Request      Request
	Status       int // 0 without a response
	ResponseBody string
	DurationMs   int
	Outcome      string // "success", "aborted", or an error code
	Next         string // what the call does then: "done", "failed", "send", "token" or "wait"
}

// reportAttempt reports the current attempt, if there is one. A nil err means success.
func (c *Call) reportAttempt(now Instant, resp Response, err error) {
	if !c.observed || c.step.Kind != Send {
		return
	}
	token := tokenText(c.token)
	e := Exchange{
		Operation: c.op.name, CallID: c.id, Attempt: c.attempts, Request: c.request,
		Status: resp.Status, ResponseBody: redact(resp.Body, token), DurationMs: int(now - c.sentAt),
	}
	e.Request.URL, e.Request.Body = redact(c.request.URL, token), redact(c.request.Body, token)
	e.Request.Header = append([]HeaderField{{"Authorization", "Bearer [redacted]"}}, c.request.Header...)
	switch err := err.(type) {
	case nil:
		e.Outcome = "success"
	case *Error:
		e.Outcome = string(err.Code)
	default:
		e.Outcome = "aborted"
	}
	c.client.unreadExchanges = append(c.client.unreadExchanges, e)
	c.reportPending = true
}

// completeReport sets the Next of the last report.
func (c *Call) completeReport(kind StepKind) {
	if c.reportPending {
		c.reportPending = false
		c.client.unreadExchanges[len(c.client.unreadExchanges)-1].Next = nextNames[kind]
	}
}

var nextNames = [...]string{NeedToken: "token", Send: "send", Wait: "wait", Done: "done", Failed: "failed"}

// JSON returns the exchange as pages get it.
func (e Exchange) JSON() string { return encode(&e) }

func (e *Exchange) fields(to []field) []field {
	callID := strconv.Itoa(e.CallID)
	return appendFields(to, []field{
		{name: "operation", value: &e.Operation},
		{name: "callId", value: &callID},
		{name: "attempt", value: &e.Attempt},
		{name: "method", value: &e.Request.Method},
		{name: "url", value: &e.Request.URL},
		{name: "requestHeaders", value: e.Request.Header},
		{name: "requestBody", value: &e.Request.Body},
		{name: "status", value: &e.Status},
		{name: "responseBody", value: &e.ResponseBody},
		{name: "durationMs", value: &e.DurationMs, rule: alwaysWritten},
		{name: "outcome", value: &e.Outcome},
		{name: "next", value: &e.Next},
	}...)
}
