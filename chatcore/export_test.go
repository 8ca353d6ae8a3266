package chatcore

// Decode reads JSON into a request or a list's options, as the method of that name does.
func Decode(method, text string, request any) error {
	for _, m := range Methods {
		switch {
		case m.Name != method:
		case m.List:
			own := methodOptions{op: m.op, request: request.(model)}
			return own.decode(text)
		case text != "" || !m.Optional:
			return m.op.decode(m.Argument, text, request.(model))
		}
	}
	return nil
}

// WaitingCalls returns the calls in a client's throttles and token request. problem says what is inconsistent in the client's
// lists.
func WaitingCalls(c *Client) (kept []*Call, problem string) {
	seen := map[*Call]bool{}
	keep := func(calls []*Call, where string) {
		for _, call := range calls {
			if seen[call] {
				problem = "a call occurs twice, last in " + where
			}
			if call.ended() {
				problem = "a call that has ended is in " + where
			}
			seen[call] = true
			kept = append(kept, call)
		}
	}
	keys := map[string]bool{}
	for _, h := range c.throttles {
		keep(h.waiting, "a throttle")
		if keys[h.key] {
			problem = "two throttles with key " + h.key
		}
		keys[h.key] = true
		if h.probe != nil && !h.probe.isInFlight() {
			problem = "a probe that is not in flight"
		}
		if h.probe == nil && h.until == 0 {
			problem = "a throttle without an end"
		}
	}
	if flight := c.tokens.flight; flight != nil {
		if len(flight.waiting) == 0 {
			problem = "a token request that no call waits for"
		}
		keep(flight.waiting, "the token request")
	}
	n := 0
	for call := c.first; call != nil; call = call.after {
		if n++; call.ended() {
			problem = "a call that has ended is in the list"
		}
		if call.after == nil && call != c.last {
			problem = "client.last is not the list's end"
		}
	}
	if n == 0 && (c.last != nil || len(kept) > 0) {
		problem = "calls that are not in the list"
	}
	return kept, problem
}

// ThrottleCount returns how many throttles a client has.
func ThrottleCount(c *Client) int { return len(c.throttles) }
