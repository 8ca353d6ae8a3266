//go:build !js

package chatcore_test

// plantedBugs are what TestHistories must find: each a text of a file, and what stands there instead.
var plantedBugs = []struct{ name, file, good, bad string }{
	{
		"rare: a message without a token is sent again after a 502", "call_retry.go",
		"|| !c.retrySafe && !c.nothingSent) {", "|| !c.retrySafe && !c.nothingSent && e.Status != 502) {",
	}, {
		"a message without a token is sent again after a network failure", "call_retry.go",
		"|| !c.retrySafe && !c.nothingSent) {", "|| !c.retrySafe && !c.nothingSent && e.Code != NetworkError) {",
	}, {
		"a new repeatability request id for each attempt", "call.go",
		"	req := c.request\n", `	req := c.request
	if n := len(req.Header); n > 0 && req.Header[n-1].Name == "repeatability-request-id" {
		req.Header = []HeaderField{req.Header[0], {"repeatability-request-id", c.client.options.NewUUID()}}
	}
`,
	}, {
		"a look-up goes back by when messages were made, not changed", "sendonce_lookup.go",
		"version := parseNumber(message.Version)", "version := parseNumber(message.ID)",
	}, {
		"a look-up needs not wait until all is settled", "sendonce_lookup.go",
		"case d.lookupStart < d.settledAt:", "case false:",
	}, {
		"the settling time begins with the attempt", "sendonce.go",
		"d.settledAt = now + Instant(*c.options.SettleMs)", "d.settledAt = c.sentAt + Instant(*c.options.SettleMs)",
	}, {
		"rare: an abort leaves nothing to settle", "sendonce.go",
		"if c.step.Kind == Send && c.pendingOperation == c.op {", "if c.step.Kind == Send && c.op.writeTarget != 0 {",
	}, {
		"what was left unsent by the page before needs no settling", "sendonce.go",
		"		from = max(from, c.client.options.Made)\n", "",
	}, {
		"429 leaves a message in doubt", "call_outcome.go",
		"c.step.Kind == Send && c.isOutcomeUnknown(e))", "c.step.Kind == Send && (c.isOutcomeUnknown(e) || e.Status == 429))",
	}, {
		"5xx is a refusal", "call_outcome.go",
		"e.Status == 408 || e.Status >= 500", "e.Status == 408",
	}, {
		"408 is a refusal", "call_outcome.go",
		"e.Status == 408 || e.Status >= 500", "e.Status >= 500",
	}, {
		"a time-out is a refusal", "call_outcome.go",
		"e.Code == NetworkError || e.Code == Timeout ||", "e.Code == NetworkError ||",
	}, {
		"a network failure in place of the doubt", "call_outcome.go",
		"if e.Code != DeliveryUnknown {", "if e.Code != DeliveryUnknown && e.Code != NetworkError {",
	}, {
		"an unreadable 201 leaves no doubt", "call_outcome.go",
		"|| c.op.mayDuplicate && e.Code == ParseError", "",
	}, {
		"a token of the caller's is not looked up first", "sendonce.go",
		"	d.lookUp(now)\n}\n\n// tokenAge returns", "	d.dispatch(now)\n}\n\n// tokenAge returns",
	}, {
		"what was sent is looked up, and may not be visible yet", "sendonce.go",
		"	if id == \"\" || c.client", "	if true || c.client",
	}, {
		"a token of the caller's leaves no doubt before its look-up", "sendonce.go",
		"c.mayHaveSucceeded = true // until a lookup has found nothing", "",
	}, {
		"rare: too many pages of a look-up prove that a message is absent", "sendonce_lookup.go",
		"case !d.reachedEnd:", "case !d.reachedEnd && d.pageCount < maxLookupPages:",
	}, {
		"the end of what the service shows is the end of the thread", "sendonce_lookup.go",
		"case !d.reachedEnd:", "case !d.reachedEnd && d.pageCount >= maxLookupPages:",
	}, {
		"changed messages without metadata are taken for others", "sendonce_lookup.go",
		"case d.foundAmbiguous:", "case false:",
	}, {
		"403 and 404 in a look-up prove that a message is absent", "sendonce.go",
		"	if c.pendingOperation == listMessages {\n", `	if c.pendingOperation == listMessages && (e.Status == 403 || e.Status == 404) {
		d.reachedEnd = true
		d.finishLookup(now)
		return true
	}
	if c.pendingOperation == listMessages {
`,
	}, {
		"only the monotonic clock says how far back to look", "sendonce.go",
		"max(int(now-d.note.madeAt), d.call.client.unixMs()-d.note.madeMs)", "int(now-d.note.madeAt)",
	}, {
		"clocks agree", "sendonce.go",
		"lookupMarginMs = 60_000", "lookupMarginMs = 0",
	}, {
		"an edited message does not keep its token", "sendonce_sent.go",
		`if sent.token == "" {`, "if true {",
	}, {
		"a thread that is gone was not deleted", "operation.go",
		"notFoundIsDone: true, confirm: confirmDeleteThread,", "confirm: confirmDeleteThread,",
	}, {
		"a participant who is not there was not removed", "operation.go",
		"notFoundIsDone: true, confirm: confirmRemoveParticipant,", "confirm: confirmRemoveParticipant,",
	}, {
		"a typing notification is sent again", "operation.go",
		"		neverRetried:  true,\n", "",
	}, {
		"an answer to an earlier step counts", "call.go",
		"return c.step.Kind == Send && c.step.Number == number", "return c.step.Kind == Send",
	}, {
		"a call that nobody answers goes on waiting", "call.go",
		"case c.totalDeadline != 0 && now >= c.totalDeadline:", "case false:",
	}, {
		"a timer that is late wins against an answer that is there", "call_late_timer.go",
		"		if isLate && c.step.Deadline == c.attemptDeadline(c.sentAt) {", "		if false {",
	}, {
		"a refusal after an unknown attempt is taken for success", "call_confirm.go",
		"	c.flow, c.retries = v, 0\n	c.authorize(now)\n	return true", "	c.succeed(nil)\n	return true",
	}, {
		"a thread that can be read counts as deleted", "call_confirm.go",
		`v.conclude(result.DeletedOn != "")`, "v.conclude(true)",
	}, {
		"a thread with deletedOn was not deleted", "call_confirm.go",
		`v.conclude(result.DeletedOn != "")`, "v.conclude(false)",
	}, {
		"a thread that cannot be found was not deleted by a refused call", "call_confirm.go",
		"case c.pendingOperation == getThread && e.Status == 404:", "case false:",
	}, {
		"who is not on the first page of participants has left", "call_confirm.go",
		"} else if !v.followNextPage(now, result.NextLink) {\n			v.handleAbsence(now, result.NextLink == \"\")", "} else {\n			v.conclude(true)",
	}, {
		"messages do not tell who has left", "call_confirm.go",
		"case c.pendingOperation == listParticipants && e.Status == 403:", "case false:",
	}, {
		"a failed reading confirms what was refused", "call_confirm.go",
		"	return c.retry(now, e)", "	c.succeed(nil)\n	return true",
	}, {
		"a refusal does not tell of an earlier attempt", "call_outcome.go",
		"if c.lastUnknown != nil && !c.op.mayDuplicate &&", "if false &&",
	}, {
		"a refusal has no cause", "call_outcome.go",
		"			e.Cause = c.lastUnknown\n", "",
	}, {
		"writes to one target do not wait for one another", "call_write_order.go",
		"other.step.Kind != 0 && !(isFollower", "false && !(isFollower",
	}, {
		"a write begins before what was sent is settled", "call_write_order.go",
		"		if s.target == c.op.writeTarget && s.ids == c.ids {", "		if false {",
	}, {
		"an aborted write leaves nothing to settle", "sendonce.go",
		"if c.step.Kind == Send && c.pendingOperation == c.op {", "if c.step.Kind == Send && c.op.mayDuplicate {",
	}, {
		"a write that failed with 5xx leaves nothing to settle", "client.go",
		"		call.noteSettlingWrite(call.lastUnknownAt)\n", "",
	}, {
		"an attempt without an answer leaves nothing to settle once another has succeeded", "call_outcome.go",
		"e.Status == 0 || e.Status == 502 || e.Status == 504 {", "e.Status == 502 || e.Status == 504 {",
	}, {
		"what a gateway passed on leaves nothing to settle once another attempt has succeeded", "call_outcome.go",
		"e.Status == 0 || e.Status == 502 || e.Status == 504 {", "e.Status == 0 {",
	}, {
		"adding and removing participants are not ordered", "operation.go",
		"confirmRemoveParticipant,\n		writeTarget:   participantsTarget", "confirmRemoveParticipant,\n		writeTarget:   receiptTarget",
	}, {
		"updating and deleting a thread are not ordered", "operation.go",
		"confirmDeleteThread,\n		writeTarget:   threadTarget", "confirmDeleteThread,\n		writeTarget:   receiptTarget",
	}, {
		"read receipts are not ordered", "operation.go",
		"		writeTarget:   receiptTarget,\n", "",
	}, {
		"updating and deleting a message are not ordered", "operation.go",
		"notFoundIsDone: true,\n		writeTarget:    messageTarget", "notFoundIsDone: true,\n		writeTarget:    receiptTarget",
	}, {
		"a write that ran out of time in line does not say that nothing was sent", "call_outcome.go",
		`": earlier writes to the same target took so long; nothing was sent"`, `": earlier writes took so long"`,
	}, {
		"a page that comes back has nothing to settle", "sendonce.go",
		"	c.options.Memory.Resumed(now)\n	for call", "	for call",
	}, {
		"a call that was frozen goes on as if it had not been", "sendonce.go",
		"call.mayHaveSucceeded, d.mustLookUp = true, true\n			d.settledAt = max(d.settledAt, now+Instant(*call.options.SettleMs))", "",
	}, {
		"a token from before a page was frozen is new", "sendonce.go",
		"d.note.madeAt > resumed", "d.note.madeAt > 0",
	}, {
		"calls with one token take no lock", "sendonce.go",
		"	c.move(Step{Kind: NeedLock, Lock: \"acschat:\" + withoutPort(c.client.endpoint.origin) + c.ids[0] + d.token, Deadline: c.totalDeadline})", "	d.locked(now, false)",
	}, {
		"rare: a lock is given back at once after a call that ended in doubt", "call.go",
		"	if step.Kind == Failed && c.lastUnknownAt != 0 {", "	if false {",
	}, {
		"who has waited for a lock lets nothing settle", "sendonce.go",
		"	case waited:\n		from, _ = memory.updateTimes(now, 0) // this program's next call with the token must know, too\n", "",
	}, {
		"rare: a program forgets that it has waited for a lock", "sendonce.go",
		"from, _ = memory.updateTimes(now, 0)", "from = now",
	}, {
		"a token that was sent already is new", "sendonce.go",
		"isNew := !d.note.isUsed && ", "isNew := ",
	}, {
		"tokens of other pages need no settling", "sendonce.go",
		"case d.note.madeAt == 0:", "case false:",
	}, {
		"what a client of the page has left unsettled does not count", "sendonce.go",
		"from, resumed := memory.updateTimes(0, 0)", "_, resumed := memory.updateTimes(0, 0)\n	from := Instant(0)",
	}, {
		"the time in another program's token is right", "sendonce_lookup.go",
		"d.tokenMs-dayMs)", "d.tokenMs-lookupMarginMs)",
	}, {
		"an edited message with other metadata is another", "sendonce_lookup.go",
		`message.Metadata[tokenMetadataKey] == "" && !d.reachedEnd`, "len(message.Metadata) == 0 && !d.reachedEnd",
	}, {
		"messages older than the token are in doubt, too", "sendonce_lookup.go",
		"(created == 0 || created >= oldest)", "created >= 0",
	}, {
		"tokens of this page are looked for as far back as others", "sendonce_lookup.go",
		"if d.note.madeAt != 0 {", "if false {",
	}, {
		"only a 201 has an id", "operation_parse.go",
		"resp.Status < 200 || resp.Status > 299 {", "resp.Status != 201 {",
	}, {
		"another 2xx or 3xx is a refusal", "call_outcome.go",
		"e.Code == HTTPError && e.Status < 400 ||", "",
	}, {
		"any id will do", "operation_parse.go",
		`ascii.ConsistsOf(result.ID, "0123456789")`, `result.ID != ""`,
	}, {
		"polls of a watch do not overlap", "watch_poll.go",
		"if w.pollStart >= Instant(w.SeenAt+w.settleMs()) {", "if true {",
	}, {
		"what the first poll of a watch shows is news", "watch_poll.go",
		"if first || len(changes) == 0 {", "if len(changes) == 0 {",
	}, {
		"a watch does not know what it has given", "watch_overlap.go",
		"			w.Known[message.ID] = message.Version\n", "",
	}, {
		"the next batch does not know what was given", "watch.go",
		"		{name: \"known\", value: &s.Known},\n", "",
	}, {
		"the next batch does not overlap", "watch.go",
		"		{name: \"floor\", value: &s.Floor},\n", "",
	},
}
