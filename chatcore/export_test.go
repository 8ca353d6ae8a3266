package chatcore

// Decode reads the JSON form of a request, or of a list's options, as the method of that name reads it.
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

// Kept returns the calls that a client keeps anywhere but in its list, and checks that each is there once at most.
func WaitingCalls(c *Client) (kept []*Call, problem string) {
	seen := map[*Call]bool{}
	keep := func(calls []*Call, where string) {
		for _, call := range calls {
			if seen[call] {
				problem = "twice, in " + where
			}
			if call.ended() {
				problem = "ended, but in " + where
			}
			seen[call] = true
			kept = append(kept, call)
		}
	}
	keys := map[string]bool{}
	for _, h := range c.throttles {
		keep(h.waiting, "a hold")
		if keys[h.key] {
			problem = "two holds of " + h.key
		}
		keys[h.key] = true
		if h.probe != nil && !h.probe.isInFlight() {
			problem = "let go, but not under way"
		}
		if h.probe == nil && h.until == 0 {
			problem = "a hold without an end"
		}
	}
	if flight := c.tokens.flight; flight != nil {
		if len(flight.waiting) == 0 {
			problem = "a flight that nobody waits for"
		}
		keep(flight.waiting, "a flight")
	}
	n := 0
	for call := c.first; call != nil; call = call.after {
		if n++; call.ended() {
			problem = "ended, but in the list"
		}
		if call.after == nil && call != c.last {
			problem = "the list's end is lost"
		}
	}
	if n == 0 && (c.last != nil || len(kept) > 0) {
		problem = "kept, but not in the list"
	}
	return kept, problem
}

// Holds returns how many holds there are.
func ThrottleCount(c *Client) int { return len(c.throttles) }
