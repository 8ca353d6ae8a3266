//go:build !js

package chatcore_test

// plantedBugs are what TestHistories must find: each a text of a file, and what stands there instead.
var plantedBugs = []struct{ name, file, good, bad string }{
	{
		"a message without a token is sent again after a 502", "retry.go",
		"|| !c.safe) {", "|| !c.safe && e.Status != 502) {",
	}, {
		"a message without a token is sent again after a network failure", "retry.go",
		"|| !c.safe) {", "|| !c.safe && e.Code != NetworkError) {",
	}, {
		"a new repeatability request id for each attempt", "call.go",
		"	req := c.request\n", `	req := c.request
	if n := len(req.Header); n > 0 && req.Header[n-1].Name == "repeatability-request-id" {
		req.Header = []HeaderField{req.Header[0], {"repeatability-request-id", c.client.options.NewUUID()}}
	}
`,
	}, {
		"a look-up goes back by when messages were made, not changed", "look_up.go",
		"version := number(message.Version)", "version := number(message.ID)",
	}, {
		"a look-up needs not wait until all is settled", "look_up.go",
		"case d.lookBegan < d.settled:", "case false:",
	}, {
		"the settling time begins with the attempt", "delivery.go",
		"d.settled = now + Instant(*c.options.SettleMs)", "d.settled = c.sentAt + Instant(*c.options.SettleMs)",
	}, {
		"an abort leaves nothing to settle", "delivery.go",
		"if c.op.delivers && (c.unknown || c.step.Kind == Send) {", "if false {",
	}, {
		"what was left unsent by the page before needs no settling", "delivery.go",
		"return max(c.options.Made, *c.options.Unsettled) +", "return *c.options.Unsettled +",
	}, {
		"429 leaves a message in doubt", "outcome.go",
		"c.step.Kind == Send && c.inDoubt(e))", "c.step.Kind == Send && (c.inDoubt(e) || e.Status == 429))",
	}, {
		"5xx is a refusal", "outcome.go",
		"e.Status == 408 || e.Status >= 500", "e.Status == 408",
	}, {
		"408 is a refusal", "outcome.go",
		"e.Status == 408 || e.Status >= 500", "e.Status >= 500",
	}, {
		"a time-out is a refusal", "outcome.go",
		"e.Code == NetworkError || e.Code == Timeout ||", "e.Code == NetworkError ||",
	}, {
		"a network failure in place of the doubt", "outcome.go",
		"if e.Code != DeliveryUnknown {", "if e.Code != DeliveryUnknown && e.Code != NetworkError {",
	}, {
		"an unreadable 201 leaves no doubt", "outcome.go",
		"looksUp && e.Code == ParseError", "looksUp && false",
	}, {
		"a token of the caller's is not looked up first", "delivery.go",
		"	if !d.own {\n		d.dispatch(now)", "	if true {\n		d.dispatch(now)",
	}, {
		"what was sent is looked up, and may not be visible yet", "delivery.go",
		`if id := c.client.sentWith(c.at[0], d.token); id != "" {`, `if id := ""; id != "" {`,
	}, {
		"a token of the caller's leaves no doubt before its look-up", "delivery.go",
		"c.unknown = true // until a look-up has found nothing", "",
	}, {
		"too many pages of a look-up prove that a message is absent", "look_up.go",
		"case !d.covered:", "case !d.covered && d.pages < lookUpPages:",
	}, {
		"the end of what the service shows is the end of the thread", "look_up.go",
		"case !d.covered:", "case !d.covered && d.pages >= lookUpPages:",
	}, {
		"changed messages without metadata are taken for others", "look_up.go",
		"case d.unsure:", "case false:",
	}, {
		"403 and 404 in a look-up prove that a message is absent", "delivery.go",
		"	if c.asking == lookUp {\n", `	if c.asking == lookUp && (e.Status == 403 || e.Status == 404) {
		d.covered = true
		d.conclude(now)
		return true
	}
	if c.asking == lookUp {
`,
	}, {
		"two calls with one token do not know of each other", "delivery.go",
		"d.leader = c.client.sending(c, d.token)", `d.leader = c.client.sending(c, "")`,
	}, {
		"a call that waits for another with its token is in no doubt", "delivery.go",
		"c.unknown = true // as the other's outcome is", "",
	}, {
		"only the monotonic clock says how far back to look", "look_up.go",
		"max(int(now-d.begun), nowMs-d.begunMs)", "int(now-d.begun)",
	}, {
		"clocks agree", "delivery.go",
		"lookUpMarginMs = 60_000", "lookUpMarginMs = 0",
	}, {
		"an edited message does not keep its token", "client.go",
		"m = c.carryToken(call, request)", "m = request",
	}, {
		"a thread that is gone was not deleted", "retry.go",
		"	case deleteThread:\n		return e.Status == 404 || e.Status == 403", "	case deleteThread:\n		return e.Status == 403",
	}, {
		"a participant who is not there was not removed", "retry.go",
		"	case removeParticipant:\n		return e.Status == 404 ||", "	case removeParticipant:\n		return",
	}, {
		"a typing notification is sent again", "operation.go",
		"once: true, ", "",
	}, {
		"an answer to an earlier step counts", "call.go",
		"return c.step.Kind == Send && c.step.Number == number", "return c.step.Kind == Send",
	}, {
		"a call that nobody answers goes on waiting", "call.go",
		"case c.totalDeadline != 0 && now >= c.totalDeadline:", "case false:",
	},
}
