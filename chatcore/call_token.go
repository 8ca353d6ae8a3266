package chatcore

import (
	"acschat/chatcore/internal/ascii"
	"acschat/chatcore/internal/claims"
)

// tokens is the access token state shared by a client's calls.
type tokens struct {
	fixed       bool    // there is no token callback
	value       *string // empty until the callback has returned one
	user        string  // raw id of the user of the last token; empty if it does not say
	refused     bool    // the service answered 401 to the last one: the next must be fresh
	refreshAtMs int64   // when to refresh the token, in milliseconds since 1970; 0: not before a 401
	flight      *tokenFlight
	flightCount int
}

// tokenFlight is one invocation of the token callback. All calls that need a token meanwhile share it. It belongs to none of them:
// if the call that started it is aborted, the others still get the token. It ends early when no call waits any more.
type tokenFlight struct {
	number   int
	deadline Instant // the callback is invoked again after that
	waiting  []*Call

	isExtended bool // the deadline was moved
}

// authorize sends the call's request, or makes the call wait for a throttle, the network or a token.
func (c *Call) authorize(now Instant) {
	if c.waitIfThrottled(now) || c.waitIfOffline(now) {
		return
	}
	t := &c.client.tokens
	isOutOfTime := c.totalDeadline != 0 && now >= c.totalDeadline // send reports that; no token is needed for it
	if isOutOfTime || t.value != nil && (t.refreshAtMs == 0 || c.client.unixMs() < t.refreshAtMs) {
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
	c.move(Step{Kind: NeedToken, Deadline: deadline, Flight: t.flightCount, ForceRefresh: t.refused || t.value != nil})
}

// Token answers a NeedToken step: the token callback has returned a token.
func (c *Client) Token(now Instant, flight int, token string) {
	if problem := checkToken(token); problem != "" {
		c.InvalidToken(now, flight, problem)
		return
	}
	defer c.releaseWaiting(now)
	if waiting := c.endFlight(flight); waiting != nil {
		c.tokens.value, c.tokens.refused, c.tokens.refreshAtMs = &token, false, c.refreshMs(token)
		c.tokens.user = claims.Of(token).User
		for _, call := range waiting {
			call.send(now)
		}
	}
}

// InvalidToken answers a NeedToken step: the callback of that flight returned something that is not a token. The problem is the
// end of a sentence that starts with "the access token".
func (c *Client) InvalidToken(now Instant, flight int, problem string) {
	c.failFlight(now, flight, "the access token "+problem, nil)
}

// TokenFailed answers a NeedToken step: the token callback has failed.
func (c *Client) TokenFailed(now Instant, flight int, cause error) {
	c.failFlight(now, flight, "could not get an access token: "+cause.Error(), cause)
}

// failFlight ends a flight without a token. Its calls go on with the current token, or fail if there is none.
func (c *Client) failFlight(now Instant, flight int, message string, cause error) {
	defer c.releaseWaiting(now)
	for _, call := range c.endFlight(flight) {
		if c.tokens.value == nil {
			call.failAttempt(now, TokenError, message, cause)
		} else {
			call.sendWithCurrentToken(now)
		}
	}
}

// sendWithCurrentToken sends the request although the token is due to be refreshed.
func (c *Call) sendWithCurrentToken(now Instant) {
	c.client.tokens.refreshAtMs = c.client.unixMs() + refreshRetryMs
	c.send(now)
}

const (
	refreshAheadMs = 120_000 // a token is refreshed this long before it expires, or in the last quarter of its life if that is later
	refreshRetryMs = 10_000
)

// refreshMs returns when to refresh a token, in milliseconds since 1970, or 0. A token without a readable expiry, or one that seems
// to have expired by the local clock, is used until the service refuses it.
func (c *Client) refreshMs(token string) int64 {
	expiryMs, nowMs := claims.Of(token).Expiry*1000, c.unixMs()
	if nowMs == 0 || expiryMs <= nowMs {
		return 0
	}
	return expiryMs - min(refreshAheadMs, (expiryMs-nowMs)/4)
}

// TokenFlight returns the number of the current flight, or 0. When a driver's flight is not the current one any more, it may tell
// the token callback that the token is no longer needed.
func (c *Client) TokenFlight() int {
	if c.tokens.flight == nil {
		return 0
	}
	return c.tokens.flight.number
}

// endFlight ends a flight and returns the calls that wait for it. For a flight that is over it returns nil.
func (c *Client) endFlight(number int) (waiting []*Call) {
	if flight := c.tokens.flight; flight != nil && flight.number == number {
		c.tokens.flight = nil
		waiting = flight.waiting
	}
	return waiting
}

// leaveFlight removes a call from the flight, and ends the flight if it was the last.
func (t *tokens) leaveFlight(ended *Call) {
	if t.flight == nil {
		return
	}
	if t.flight.waiting = without(t.flight.waiting, ended); len(t.flight.waiting) == 0 {
		t.flight = nil
	}
}

// forgetRefused discards a token that the service answered with 401, unless there is a newer one.
func (t *tokens) forgetRefused(token string) {
	if !t.fixed && tokenText(t.value) == token {
		t.value, t.refused = nil, true
	}
}

// redact removes a token from a text for an error or a report. Results are not redacted: whoever may read a message may read a token
// that it quotes.
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

// redact removes a token from an error. The response may have spelled it with JSON escapes, so that redacting its text is not enough.
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

// checkToken returns what is wrong with an access token, as the end of a sentence, or "". The alphabet is that of RFC 6750, with
// "=" only at the end.
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
