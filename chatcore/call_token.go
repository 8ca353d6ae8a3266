package chatcore

import (
	"acschat/chatcore/internal/ascii"
	"acschat/chatcore/internal/claims"
)

// tokens is what the calls of one client share of its access token.
type tokens struct {
	fixed       bool   // given as a string: there is no other to be had
	value       string // empty until a callback has given one
	refused     bool   // the service refused the last one: the next must be fresh
	refreshAtMs int    // when a callback is asked ahead of the token's expiry, in milliseconds since 1970; 0: never
	flight      *tokenFlight
	flightCount int
}

// tokenFlight is one question to the token callback, shared by every call that came to need a token meanwhile. It
// belongs to no call: aborting the one that began it leaves the others unharmed. It is over when nobody waits for it.
type tokenFlight struct {
	number   int
	deadline Instant // a callback that has not answered then is asked anew
	waiting  []*Call

	isExtended bool // the deadline was moved
}

// authorize sends the call's request, or has the call wait for a token.
func (c *Call) authorize(now Instant) {
	if c.waitIfThrottled(now) || c.waitIfOffline(now) {
		return
	}
	t := &c.client.tokens
	isOutOfTime := c.totalDeadline != 0 && now >= c.totalDeadline // which send reports: a token is of no use
	if isOutOfTime || t.value != "" && (t.refreshAtMs == 0 || c.client.unixMs() < t.refreshAtMs) {
		c.send(now)
		return
	}
	if c.tokenDeadline == 0 {
		c.tokenDeadline, c.tokenAskedAt = c.attemptDeadline(now), now
	}
	deadline := c.tokenDeadline
	if t.flight != nil {
		t.flight.waiting = append(t.flight.waiting, c)
		c.move(Step{Kind: Wait, Deadline: min(deadline, t.flight.deadline)})
		return
	}
	t.flightCount++
	t.flight = &tokenFlight{number: t.flightCount, deadline: deadline, waiting: []*Call{c}}
	c.move(Step{Kind: NeedToken, Deadline: deadline, Flight: t.flightCount, ForceRefresh: t.refused || t.value != ""})
}

// Token answers a NeedToken step: the callback of that flight gave a token.
func (c *Client) Token(now Instant, flight int, token string) {
	if problem := checkToken(token); problem != "" {
		c.failFlight(now, flight, "the token callback's token "+problem, nil)
		return
	}
	defer c.releaseWaiting(now)
	if waiting := c.endFlight(flight); waiting != nil {
		c.tokens.value, c.tokens.refused, c.tokens.refreshAtMs = token, false, c.refreshMs(token)
		for _, call := range waiting {
			call.send(now)
		}
	}
}

// TokenFailed answers a NeedToken step: the callback of that flight gave no token.
func (c *Client) TokenFailed(now Instant, flight int, cause error) {
	c.failFlight(now, flight, "the token callback failed: "+cause.Error(), cause)
}

// failFlight fails the calls that wait for a flight, unless there is a token that will do for a while.
func (c *Client) failFlight(now Instant, flight int, message string, cause error) {
	defer c.releaseWaiting(now)
	for _, call := range c.endFlight(flight) {
		if c.tokens.value == "" {
			call.failAttempt(now, TokenError, message, cause)
		} else {
			call.sendWithCurrentToken(now)
		}
	}
}

// sendWithCurrentToken sends the request with the token at hand, as a fresh one is not to be had now.
func (c *Call) sendWithCurrentToken(now Instant) {
	c.client.tokens.refreshAtMs = c.client.unixMs() + refreshRetryMs
	c.send(now)
}

const (
	refreshAheadMs = 120_000 // of its expiry a token is refreshed, if it lives long enough
	refreshRetryMs = 10_000
)

// refreshMs returns when to ask for the token after this one: in the last quarter of its life at the earliest. A token
// that does not tell its expiry, or is beyond it, is used until the service refuses it.
func (c *Client) refreshMs(token string) int {
	expiryMs, nowMs := claims.Of(token).Expiry*1000, c.unixMs()
	if nowMs == 0 || expiryMs <= nowMs {
		return 0
	}
	return expiryMs - min(refreshAheadMs, (expiryMs-nowMs)/4)
}

// TokenFlight returns the number of the flight under way, or 0: then, or when it is another, the driver may tell the
// callback that its answer is no longer wanted.
func (c *Client) TokenFlight() int {
	if c.tokens.flight == nil {
		return 0
	}
	return c.tokens.flight.number
}

// endFlight ends a flight and returns the calls that wait for it. For an answer to an earlier flight there are none.
func (c *Client) endFlight(number int) (waiting []*Call) {
	if flight := c.tokens.flight; flight != nil && flight.number == number {
		c.tokens.flight = nil
		waiting = flight.waiting
	}
	return waiting
}

// leaveFlight takes a call that has ended out of the flight that it may wait for.
func (t *tokens) leaveFlight(ended *Call) {
	if t.flight == nil {
		return
	}
	if t.flight.waiting = without(t.flight.waiting, ended); len(t.flight.waiting) == 0 {
		t.flight = nil
	}
}

// forgetRefused forgets a token that the service answered with 401, unless another call has brought a newer one already.
func (t *tokens) forgetRefused(token string) {
	if !t.fixed && t.value == token {
		t.value, t.refused = "", true
	}
}

// redact takes a token out of a text for an error or a report. Results are left as they are: who reads a message that quotes
// a token may see that.
func redact(text, token string) string {
	if token == "" {
		return text
	}
	var out []byte
	start, last := 0, len(token)-1
	for i := 0; i+last < len(text); {
		if text[i] != token[0] || text[i+last] != token[last] || text[i:i+len(token)] != token {
			i++
			continue
		}
		out = append(append(out, text[start:i]...), "[redacted]"...)
		i += len(token)
		start = i
	}
	if start == 0 {
		return text
	}
	return string(append(out, text[start:]...))
}

// redact takes a token out of the words of an error, where an answer may have had it in another spelling of JSON's.
func (e *Error) redact(token string) {
	e.Message, e.ServiceCode, e.Target = redact(e.Message, token), redact(e.ServiceCode, token), redact(e.Target, token)
	for i := range e.Details {
		e.Details[i].redact(token)
	}
	if e.InnerError != nil {
		e.InnerError.redact(token)
	}
}

func (e *CommunicationError) redact(token string) {
	e.Code, e.Message, e.Target = redact(e.Code, token), redact(e.Message, token), redact(e.Target, token)
	for i := range e.Details {
		e.Details[i].redact(token)
	}
	if e.InnerError != nil {
		e.InnerError.redact(token)
	}
}

// checkToken returns what is wrong with an access token, as a phrase that continues a sentence, or "". The alphabet is that
// of RFC 6750, with "=" at the end only.
func checkToken(token string) string {
	_, _, isJSON := ascii.Cut(token, '"')
	for n := len(token); n > 1 && token[n-1] == '='; n-- {
		token = token[:n-1]
	}
	switch {
	case token == "":
		return "is empty"
	case ascii.HasPrefix(token, "Bearer "):
		return `must not start with "Bearer "`
	case isJSON:
		return "is the text of a JSON answer, not the token in it"
	case !ascii.ConsistsOf(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/"):
		return "contains white space or other characters that no token has"
	}
	return ""
}
