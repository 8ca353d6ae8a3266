//go:build !js

package chatcore_test

import "acschat/internal/plantedbugs"

// plantedBugs are bugs that TestHistories must find.
var plantedBugs = []plantedbugs.Bug{
	{
		"rare: sendMessage without a token is retried after a 502", "call_retry.go",
		"|| !c.retrySafe && !c.nothingSent) {", "|| !c.retrySafe && !c.nothingSent && e.Status != 502) {",
	}, {
		"sendMessage without a token is retried after a network failure", "call_retry.go",
		"|| !c.retrySafe && !c.nothingSent) {", "|| !c.retrySafe && !c.nothingSent && e.Code != NetworkError) {",
	}, {
		"each attempt has a new repeatability request id", "call.go",
		"	c.move(Step{Kind: Send, Deadline: c.attemptDeadline(now), Request: c.request})\n", `	req := c.request
	if n := len(req.Header); n > 0 && req.Header[n-1].Name == "repeatability-request-id" {
		req.Header = []HeaderField{req.Header[0], {"repeatability-request-id", c.client.options.NewUUID()}}
	}
	c.move(Step{Kind: Send, Deadline: c.attemptDeadline(now), Request: req})
`,
	}, {
		"a lookup compares when messages were sent, not when they were changed", "sendonce_lookup.go",
		"version := parseNumber(message.Version)", "version := parseNumber(message.ID)",
	}, {
		"the client resends after a lookup that began within the settle time", "sendonce_lookup.go",
		"case s.lookup.start < s.settledAt:", "case false:",
	}, {
		"the settle time begins with the attempt", "sendonce.go",
		"s.settledAt = now + Instant(*c.options.SettleMs)", "s.settledAt = c.sentAt + Instant(*c.options.SettleMs)",
	}, {
		"rare: an aborted send does not start the settle time", "sendonce.go",
		"if c.step.Kind == Send && c.pendingOperation == c.op {", "if c.step.Kind == Send && c.op.writeTarget != 0 {",
	}, {
		"a new page does not wait for the settle time of the previous page", "sendonce.go",
		"		from = max(from, c.client.options.Made)\n", "",
	}, {
		"429 is DeliveryUnknown", "call_outcome.go",
		"c.step.Kind == Send && c.attemptMayHaveSucceeded(e))", "c.step.Kind == Send && (c.attemptMayHaveSucceeded(e) || e.Status == 429))",
	}, {
		"5xx counts as a refusal", "call_outcome.go",
		"e.Status == 408 || e.Status >= 500", "e.Status == 408",
	}, {
		"408 counts as a refusal", "call_outcome.go",
		"e.Status == 408 || e.Status >= 500", "e.Status >= 500",
	}, {
		"a timeout counts as a refusal", "call_outcome.go",
		"e.Code == NetworkError || e.Code == Timeout ||", "e.Code == NetworkError ||",
	}, {
		"a network failure is reported instead of DeliveryUnknown", "call_outcome.go",
		"if e.Code != DeliveryUnknown {", "if e.Code != DeliveryUnknown && e.Code != NetworkError {",
	}, {
		"an unreadable 201 is not DeliveryUnknown", "call_outcome.go",
		"|| c.op.mayDuplicate && e.Code == ParseError", "",
	}, {
		"a caller's token is sent without a lookup", "sendonce.go",
		"SettleMs)\n	}\n	s.startLookup(now)", "SettleMs)\n	}\n	s.dispatch(now)",
	}, {
		"a message that another call has sent is looked up, although it may not be visible yet", "sendonce.go",
		"	if id == \"\" || c.client", "	if true || c.client",
	}, {
		"a call with a caller's token that fails before its lookup is not DeliveryUnknown", "sendonce.go",
		"	c.mayHaveSucceeded = true", "",
	}, {
		"rare: a lookup that reached its page limit proves that the message is absent", "sendonce_lookup.go",
		"case !s.lookup.reachedEnd:", "case !s.lookup.reachedEnd && s.lookup.pageCount < maxLookupPages:",
	}, {
		"the end of the messages that the service shows counts as the thread's start", "sendonce_lookup.go",
		"case !s.lookup.reachedEnd:", "case !s.lookup.reachedEnd && s.lookup.pageCount >= maxLookupPages:",
	}, {
		"an edited or deleted message without a token counts as another message", "sendonce_lookup.go",
		"case s.lookup.foundAmbiguous:", "case false:",
	}, {
		"403 and 404 in a lookup prove that the message is absent", "sendonce.go",
		"	if c.pendingOperation == listMessages {\n", `	if c.pendingOperation == listMessages && (e.Status == 403 || e.Status == 404) {
		s.lookup.reachedEnd = true
		s.finishLookup(now)
		return true
	}
	if c.pendingOperation == listMessages {
`,
	}, {
		"only the monotonic clock tells the age of a token", "sendonce.go",
		"max(int64(now-s.note.madeAt), s.call.client.unixMs()-s.note.madeMs)", "int64(now-s.note.madeAt)",
	}, {
		"the lookup has no margin for clock errors", "sendonce.go",
		"lookupMarginMs = 60_000", "lookupMarginMs = 0",
	}, {
		"an edit removes the message's token", "sendonce_sent.go",
		`if sent.token == "" {`, "if true {",
	}, {
		"a 404 after an unknown deleteThread is an error", "operation.go",
		"notFoundIsDone: true, confirm: confirmDeleteThread,", "confirm: confirmDeleteThread,",
	}, {
		"a 404 after an unknown removeParticipant is an error", "operation.go",
		"notFoundIsDone: true, confirm: confirmRemoveParticipant,", "confirm: confirmRemoveParticipant,",
	}, {
		"a typing notification is retried", "operation.go",
		"		neverRetried:  true,\n", "",
	}, {
		"an answer to an earlier step is accepted", "call.go",
		"return c.step.Kind == Send && c.step.Number == number", "return c.step.Kind == Send",
	}, {
		"a call does not end at its total timeout", "call.go",
		"case c.totalDeadline != 0 && now >= c.totalDeadline:", "case false:",
	}, {
		"a late timer times a call out although its answer has arrived", "call_late_timer.go",
		"		if isLate && !c.wasExtended(c.step.Deadline, c.sentAt) {", "		if false {",
	}, {
		"a refusal after an unknown attempt counts as success", "call_confirm.go",
		"	c.flow, c.retries = v, 0\n	c.authorize(now)\n	return true", "	c.succeed(nil)\n	return true",
	}, {
		"a thread that can be read counts as deleted", "call_confirm.go",
		`v.conclude(result.DeletedOn != "")`, "v.conclude(true)",
	}, {
		"a thread with deletedOn does not count as deleted", "call_confirm.go",
		`v.conclude(result.DeletedOn != "")`, "v.conclude(false)",
	}, {
		"a 404 does not confirm a refused deleteThread", "call_confirm.go",
		"case c.pendingOperation == getThread && e.Status == 404:", "case false:",
	}, {
		"a participant who is not on the first page counts as removed", "call_confirm.go",
		"} else if !v.followNextPage(now, result.NextLink) {\n			v.handleAbsence(now, result.NextLink == \"\")", "} else {\n			v.conclude(true)",
	}, {
		"messages do not confirm that the user has left", "call_confirm.go",
		"case c.pendingOperation == listParticipants && e.Status == 403:", "case false:",
	}, {
		"a failed confirmation request counts as success", "call_confirm.go",
		"	return c.retry(now, e)", "	c.succeed(nil)\n	return true",
	}, {
		"a refusal does not mention an earlier unknown attempt", "call_outcome.go",
		"if c.lastUnknown != nil && !c.op.mayDuplicate &&", "if false &&",
	}, {
		"a refusal after an unknown attempt has no cause", "call_outcome.go",
		"			e.Cause = c.lastUnknown\n", "",
	}, {
		"writes to one target do not wait for one another", "call_write_order.go",
		"other.step.Kind != 0 && !(isFollower", "false && !(isFollower",
	}, {
		"a write starts within the settle time of another", "call_write_order.go",
		"		if s.target == c.op.writeTarget && s.ids == c.ids {", "		if false {",
	}, {
		"an aborted write does not start the settle time", "sendonce.go",
		"if c.step.Kind == Send && c.pendingOperation == c.op {", "if c.step.Kind == Send && c.op.mayDuplicate {",
	}, {
		"a write that failed with 5xx does not start the settle time", "client.go",
		"		call.noteSettlingWrite(call.lastUnknownAt)\n", "",
	}, {
		"a lost attempt does not start the settle time if a retry succeeds", "call_outcome.go",
		"e.Status == 0 || e.Status == 502 || e.Status == 504 {", "e.Status == 502 || e.Status == 504 {",
	}, {
		"a gateway timeout does not start the settle time if a retry succeeds", "call_outcome.go",
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
		"the timeout of a queued write does not say that nothing was sent", "call_outcome.go",
		`": earlier writes to the same target took too long; nothing was sent"`, `": earlier writes took so long"`,
	}, {
		"a restored page does not wait for the settle time", "sendonce.go",
		"	c.options.Memory.Resumed(now)\n	for call", "	for call",
	}, {
		"a call of a restored page does not look up its message again", "sendonce.go",
		"call.mayHaveSucceeded, s.mustLookUp = true, true\n			s.settledAt = max(s.settledAt, now+Instant(*call.options.SettleMs))", "",
	}, {
		"a token made before its page was frozen counts as new", "sendonce.go",
		"s.note.madeAt > resumedAt", "s.note.madeAt > 0",
	}, {
		"calls with one token take no lock", "sendonce.go",
		"	c.move(Step{Kind: NeedLock, Lock: \"acschat:\" + withoutPort(c.client.endpoint.origin) + c.ids[0] + s.token, Deadline: c.totalDeadline})", "	s.locked(now, false)",
	}, {
		"rare: the lock of a call with an unknown outcome is released at once", "call.go",
		"	if step.Kind == Failed && c.lastUnknownAt != 0 {", "	if false {",
	}, {
		"a call that waited for its lock does not wait for the settle time", "sendonce.go",
		"	case waited:\n		from = now\n		memory.noteUnknown(now)", "",
	}, {
		"rare: the settle time after waiting for a lock does not apply to the next call", "sendonce.go",
		"from = now\n		memory.noteUnknown(now)", "from = now",
	}, {
		"a token that was sent before counts as new", "sendonce.go",
		"isNew := !s.note.isUsed && ", "isNew := ",
	}, {
		"a client does not wait for the settle time with tokens of other pages", "sendonce.go",
		"case s.note.madeAt == 0:", "case false:",
	}, {
		"a client ignores the settle time of the page's other clients", "sendonce.go",
		"from := max(unknownAt, resumedAt)", "from := resumedAt\n	_ = unknownAt",
	}, {
		"the time in another program's token is trusted", "sendonce_lookup.go",
		"s.tokenMs-dayMs)", "s.tokenMs-lookupMarginMs)",
	}, {
		"an edited message with other metadata counts as another message", "sendonce_lookup.go",
		`message.Metadata[IdempotencyTokenName] == "" && !s.lookup.reachedEnd`, "len(message.Metadata) == 0 && !s.lookup.reachedEnd",
	}, {
		"an edited message older than the token may be the one looked for", "sendonce_lookup.go",
		"(created == 0 || created >= oldest)", "created >= 0",
	}, {
		"a lookup of this page's token reads back as far as for other tokens", "sendonce_lookup.go",
		"if s.note.madeAt != 0 {", "if false {",
	}, {
		"only a 201 is read for the id", "operation_parse.go",
		"resp.Status < 200 || resp.Status > 299 {", "resp.Status != 201 {",
	}, {
		"another 2xx or 3xx counts as a refusal", "call_outcome.go",
		"e.Code == HTTPError && e.Status < 400 ||", "",
	}, {
		"any text is accepted as a message id", "operation_parse.go",
		`ascii.ConsistsOf(result.ID, "0123456789")`, `result.ID != ""`,
	}, {
		"polls of a watch do not overlap", "watch_poll.go",
		"if w.PolledAt >= w.SeenAt+w.settleMs && !isFirstPoll {", "if !isFirstPoll {",
	}, {
		"a watch returns what its first poll shows", "watch_poll.go",
		"	if isFirstPoll {\n		changes = nil", "	if false {\n		changes = nil",
	}, {
		"a watch forgets the versions that it has returned", "watch_overlap.go",
		"			w.Known[message.ID] = message.Version\n", "",
	}, {
		"nextLink does not contain the versions returned", "watch.go",
		"		{name: \"known\", value: &s.Known},\n", "",
	}, {
		"nextLink does not contain the floor", "watch.go",
		"		{name: \"floor\", value: &s.Floor},\n", "",
	}, {
		"a poll starts while the first page of another is on its way", "watch_poll.go",
		"case !w.leads && (w.poll != 0 || p.opening != 0):", "case !w.leads && w.poll != 0:",
	}, {
		"a watch that shares a poll keeps what the last one has found", "watch_poll.go",
		"o.PolledAt, o.found, o.highest = p.openedAt, nil, noVersion", "o.PolledAt, w.found, w.highest = p.openedAt, nil, noVersion",
	}, {
		"a hint without a version is ignored", "watch_wake.go",
		"p.isWoken, p.noVersionAt = true, now", "p.noVersionAt = now",
	}, {
		"a hint for a version that was seen leads to a poll", "watch_wake.go",
		"if w.PolledAt == p.lastPoll && w.hasSeen(version) {", "if false {",
	}, {
		"a hinted version moves the cursor", "watch_wake.go",
		"	if p := c.pollerOf(chatThreadID); p != nil && p.noteHint(", `	if p := c.pollerOf(chatThreadID); p != nil {
		for w := p.watches; w != nil; w = w.next {
			w.Floor = o.Version
		}
	}
	if p := c.pollerOf(chatThreadID); p != nil && p.noteHint(`,
	}, {
		"hints that come during a poll are lost", "watch_wake.go",
		"		h := &p.hints[i]\n		switch {", "		h := &p.hints[i]\n		p.isWoken = false\n		switch {",
	}, {
		"a poll counts for versions that were hinted after its start", "watch_wake.go",
		"h.askAt != 0 && h.askAt <= w.PolledAt", "h.askAt != 0",
	}, {
		"a version that was not found is not asked for again", "watch_wake.go",
		"h.askAt = now + askAgainMs<<h.asked", "h.askAt = 0",
	}, {
		"a version is asked for again every 0.5 s", "watch_wake.go",
		"askAgainMs<<h.asked", "askAgainMs",
	}, {
		"a version that was not found is asked for without end", "watch_wake.go",
		"h.asked == maxAsked", "h.asked == 1000",
	}, {
		"a dropped version is never asked for again", "watch_wake.go",
		"} else if h.askAt != 0 {", "} else {",
	}, {
		"announced changes do not lengthen the wait", "watch_wake.go",
		"	p.announced++\n", "",
	}, {
		"the wait doubles once", "watch_poll.go",
		"min(p.announced, maxTrustShift)", "min(p.announced, 1)",
	}, {
		"the wait grows beyond 60 s", "watch_wake.go",
		"maxTrustMs    = 60_000", "maxTrustMs    = 600_000",
	}, {
		"a change that was not announced only halves the wait", "watch_wake.go",
		"		p.announced = 0\n", "		p.announced = max(2, p.announced) - 2\n",
	}, {
		"own messages count for the trust", "watch_wake.go",
		`sender != nil && user != "" && sender.rawID() == user`, `sender == nil && user == "x"`,
	}, {
		"system messages count for the trust", "watch_poll.go",
		"case ChatMessageTypeText, ChatMessageTypeHTML:", "default:",
	}, {
		"a hint for another version announces a change", "watch_wake.go",
		"p.hintOf(parseNumber(message.Version)) == nil", "p.hints[0].version == 0",
	}, {
		"a hint without a version announces nothing", "watch_poll.go",
		"p.noVersionAt != 0 && now-p.noVersionAt < hintValidMs", "false",
	}, {
		"a hint without a version announces changes for 10 s", "watch_wake.go",
		"hintValidMs   = 5000", "hintValidMs   = 10_000",
	}, {
		"own changes wake no watch", "call_outcome.go",
		"	c.client.rememberSent(c, result)\n	c.wakeWatches()\n", "	c.client.rememberSent(c, result)\n",
	}, {
		"own changes with an unknown outcome wake no watch", "call_outcome.go",
		"true, e, now\n		c.wakeWatches()\n", "true, e, now\n",
	}, {
		"own changes announce those of others", "watch_wake.go",
		"		p.isWoken = true\n", "		p.isWoken, p.noVersionAt = true, 1<<40\n",
	}, {
		"hints have no budget", "watch_poll.go",
		"	return max(at, p.levelAt+min(budgetMs, (p.level-(burst-1)*budgetMs+leak-1)/leak))", "	_, _ = burst, leak\n	return at",
	}, {
		"bursts have no limit", "watch_budget.go",
		"min(perMinute/2, maxBurst)", "perMinute/2",
	}, {
		"the polls in a minute have no limit", "watch_budget.go",
		"return burst, perMinute + 1 - burst", "return burst, perMinute",
	}, {
		"the budget does not depend on the participants", "watch_budget.go",
		"maxListsPerThread/members", "maxListsPerThread/min(members, 1)",
	},
}
