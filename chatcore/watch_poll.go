package chatcore

// ask prepares the next exchange.
func (w *watch) ask(op *operation, m model) (err error) {
	c := w.call
	c.asking = op
	c.request, err = op.build(c.client.endpoint, rules{apiVersion: c.options.APIVersion}, c.at, "", m)
	w.trail = Trail{Mark: c.request.URL}
	return err
}

func (w *watch) begin(now Instant) {
	if Instant(max(w.PolledAt, w.SeenAt)) > now { // of another client's clock
		w.PolledAt, w.SeenAt = 0, 0
	}
	w.elapsed(now)
}

// elapsed begins what comes next, at once or when it is due.
func (w *watch) elapsed(now Instant) {
	counts := w.PolledAt != 0 && w.Members == 0 && w.failures == 0 && !w.prepared // the first poll is not kept waiting
	if due := w.due(); now < due && !counts {
		w.call.wait(due)
		return
	}
	if !w.prepared {
		w.prepare(now, counts)
	}
	if !counts {
		w.PolledAt = int(now)
	}
	if !w.follows {
		w.began = now
	}
	w.call.authorize(now)
}

// prepare prepares a poll, or a count of participants.
func (w *watch) prepare(now Instant, counts bool) {
	size := max(pageOfNews, min(2*len(w.Known), pageOfBacklog))
	if counts {
		size = ofParticipants
	} else if w.Version != "" && (w.PolledAt == 0 || int(now)-w.PolledAt > backlogAfterMs) {
		size = pageOfBacklog
	}
	if w.PageSize != 0 {
		size = min(size, w.PageSize)
	}
	w.first(counts, size)
}

// first prepares the first page of either list.
func (w *watch) first(counts bool, size int) {
	w.follows, w.size = false, size
	if counts {
		w.counted = 0
		_ = w.ask(countParticipants, &ListChatParticipantsOptions{MaxPageSize: size})
		return
	}
	w.shown, w.highest = nil, ""
	_ = w.ask(watchMessages, &ListChatMessagesOptions{MaxPageSize: size})
}

// due returns when the next poll may begin.
func (w *watch) due() Instant {
	if w.PolledAt == 0 {
		return 0
	}
	ms := max(w.intervalMs, w.Members*msPerParticipant)
	ms = min(ms+ms*w.idle/4, max(ms, idleIntervalMs))
	if w.failures > 0 {
		ms = max(ms, min(w.intervalMs<<min(w.failures, 10), failedIntervalMs), min(w.retryMs, longestRetryMs))
	}
	if w.call.client.hidden {
		ms = max(ms, hiddenIntervalMs)
	}
	return Instant(w.PolledAt + ms)
}

func (w *watch) succeeded(now Instant, result Result) {
	w.failures, w.retryMs, w.prepared = 0, 0, false
	switch page := result.(type) {
	case *ChatParticipantsCollection:
		w.counted += len(page.Value)
		if !w.follow(now, page.NextLink, len(page.Value) == 0) {
			w.Members = max(w.counted, 1)
			w.elapsed(now)
		}
	case *ChatMessagesCollection:
		if done := w.collect(page.Value); done || !w.follow(now, page.NextLink, len(page.Value) == 0) {
			w.conclude(now)
		}
	}
}

// follow goes on with the next page, if there is one, and at its leisure after an empty one.
func (w *watch) follow(now Instant, nextLink string, empty bool) bool {
	c := w.call
	if nextLink == "" {
		return false
	}
	w.pages++
	if !c.follow(now, &w.trail, nextLink) {
		return true
	}
	w.prepared, w.follows = true, true
	if empty || w.pages%pagesAtOnce == 0 {
		w.elapsed(now)
	} else {
		c.authorize(now)
	}
	return true
}

// collect keeps what a page shows above the floor, and tells whether the poll has come down to it. What has changed since
// the first page is left to the next poll, in its turn.
func (w *watch) collect(page []ChatMessage) (done bool) {
	if w.highest == "" && len(page) > 0 {
		w.highest = noVersion
		for _, message := range page {
			if number(message.Version) > 0 && isHigher(message.Version, w.highest) {
				w.highest = message.Version
			}
		}
		if w.Version == "" {
			w.Floor = noVersion
			w.raiseFloor(w.highest)
		}
	}
	for _, message := range page {
		switch {
		case number(message.Version) == 0: // which says nothing
		case !isHigher(message.Version, w.Floor):
			done = true
		case !isHigher(message.Version, w.highest):
			w.shown = append(w.shown, message)
		}
	}
	return done || w.Version == "" && len(w.shown) > mostKnown
}

// conclude ends a poll: the call is done if it has brought anything. What the first poll shows is not news.
func (w *watch) conclude(now Instant) {
	w.doubtful = 0
	first := w.Version == ""
	if !first {
		w.idle++
	}
	changes := w.learn()
	if w.began >= Instant(w.SeenAt+w.settleMs()) {
		w.Floor = firstOf(w.Version, w.Floor) // what was still to appear below it has appeared
	}
	if first || w.highest != "" && isHigher(w.highest, w.Version) {
		w.Version, w.SeenAt = firstOf(w.highest, noVersion), int(now)
	}
	w.raiseFloor(w.Version)
	w.forget()
	if len(changes) == 0 && w.refusal != nil {
		w.call.end(w.refusal)
		return
	}
	if first || len(changes) == 0 {
		w.elapsed(now)
		return
	}
	for _, message := range changes {
		if message.Type == ChatMessageTypeParticipantAdded || message.Type == ChatMessageTypeParticipantRemoved {
			w.Members = 0
		}
	}
	w.call.move(Step{Kind: Done, Result: &ChatMessagesCollection{Value: changes, NextLink: text(&w.watchState)}})
}

// failed has the watch live on where the failure may pass: for any time if it is one of the way to the service, and a few
// times if it may be another.
func (w *watch) failed(now Instant, e *Error) bool {
	if e.isLongPage() && w.size > 1 {
		w.PageSize = w.size / 2
		w.first(w.call.asking == countParticipants, w.PageSize)
		w.call.authorize(now)
		return true
	}
	w.failures++
	w.retryMs = e.RetryAfterMs
	w.prepared = true
	if w.call.asking == countParticipants && e.Code != TooManyRequests {
		w.prepared = false // the messages come first: they may tell what has happened
		switch {
		case e.outcomeUnknown(), e.Code == Unauthorized && !w.call.client.tokens.fixed, e.Code == TokenError, w.follows && e.Code != ParseError:
			// It counts again after the poll.
		case e.Code == ParseError:
			w.Members = max(w.counted, 1) // until somebody comes or goes
		default:
			w.refusal = e
		}
		w.PolledAt = int(now)
		w.elapsed(now)
		return true
	}
	if !e.outcomeUnknown() && e.Code != TooManyRequests {
		w.doubtful++
		switch {
		case w.doubtful > mostFailures:
			return false
		case e.Code == ParseError && e.Status == 0: // of a nextLink
			w.first(w.call.asking == countParticipants, w.size)
		case e.Code == TokenError, e.Code == ParseError, e.Code == Unauthorized && !w.call.client.tokens.fixed:
		case w.follows:
			w.prepared = false // the address of a next page may have become too old: the poll begins anew
		default:
			return false
		}
	}
	w.PolledAt = int(now)
	w.elapsed(now)
	return true
}
