package chatcore

// prepareRequest prepares the next exchange.
func (w *watch) prepareRequest(op *operation, m model) (err error) {
	c := w.call
	c.pendingOperation = op
	c.request, err = op.build(c.client.endpoint, requestRules{apiVersion: c.options.APIVersion}, c.ids, "", m)
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
	counts := w.PolledAt != 0 && w.Members == 0 && w.failures == 0 && !w.requestReady // the first poll is not kept waiting
	if due := w.nextPollAt(); now < due && !counts {
		w.call.wait(due)
		return
	}
	if !w.requestReady {
		w.prepareList(now, counts)
	}
	if !counts {
		w.PolledAt = int(now)
	}
	if !w.isNextPage {
		w.pollStart = now
	}
	w.call.authorize(now)
}

// prepareList prepares a poll, or a count of participants.
func (w *watch) prepareList(now Instant, counts bool) {
	size := max(pollPageSize, min(2*len(w.Known), backlogPageSize))
	if counts {
		size = participantsPageSize
	} else if w.Version != "" && (w.PolledAt == 0 || int(now)-w.PolledAt > backlogAfterMs) {
		size = backlogPageSize
	}
	if w.PageSize != 0 {
		size = min(size, w.PageSize)
	}
	w.prepareFirstPage(counts, size)
}

// prepareFirstPage prepares the first page of either list.
func (w *watch) prepareFirstPage(counts bool, size int) {
	w.isNextPage, w.currentPageSize = false, size
	if counts {
		w.participantsCounted = 0
		_ = w.prepareRequest(countParticipants, &ListChatParticipantsOptions{MaxPageSize: size})
		return
	}
	w.found, w.firstPageHighest = nil, ""
	_ = w.prepareRequest(watchMessages, &ListChatMessagesOptions{MaxPageSize: size})
}

// nextPollAt returns when the next poll may begin.
func (w *watch) nextPollAt() Instant {
	if w.PolledAt == 0 {
		return 0
	}
	ms := max(w.intervalMs, w.Members*msPerParticipant)
	ms = min(ms+ms*w.idlePolls/4, max(ms, idleIntervalMs))
	if w.failures > 0 {
		ms = max(ms, min(w.intervalMs<<min(w.failures, 10), maxFailedIntervalMs), min(w.retryAfterMs, maxRetryAfterMs))
	}
	if w.call.client.hidden {
		ms = max(ms, hiddenIntervalMs)
	}
	return Instant(w.PolledAt + ms)
}

func (w *watch) succeeded(now Instant, result Result) {
	w.failures, w.retryAfterMs, w.requestReady = 0, 0, false
	switch page := result.(type) {
	case *ChatParticipantsCollection:
		w.participantsCounted += len(page.Value)
		if !w.followNextPage(now, page.NextLink, len(page.Value) == 0) {
			w.Members = max(w.participantsCounted, 1)
			w.elapsed(now)
		}
	case *ChatMessagesCollection:
		if done := w.collect(page.Value); done || !w.followNextPage(now, page.NextLink, len(page.Value) == 0) {
			w.finishPoll(now)
		}
	}
}

// followNextPage goes on with the next page, if there is one, and at its leisure after an empty one.
func (w *watch) followNextPage(now Instant, nextLink string, empty bool) bool {
	c := w.call
	if nextLink == "" {
		return false
	}
	w.pagesFollowed++
	if !c.followNextLink(now, &w.trail, nextLink) {
		return true
	}
	w.requestReady, w.isNextPage = true, true
	if empty || w.pagesFollowed%maxPagesWithoutPause == 0 {
		w.elapsed(now)
	} else {
		c.authorize(now)
	}
	return true
}

// collect keeps what a page shows above the floor, and tells whether the poll has come down to it. What has changed since
// the first page is left to the next poll, in its turn.
func (w *watch) collect(page []ChatMessage) (done bool) {
	if w.firstPageHighest == "" && len(page) > 0 {
		w.firstPageHighest = noVersion
		for _, message := range page {
			if parseNumber(message.Version) > 0 && isHigher(message.Version, w.firstPageHighest) {
				w.firstPageHighest = message.Version
			}
		}
		if w.Version == "" {
			w.Floor = noVersion
			w.raiseFloor(w.firstPageHighest)
		}
	}
	for _, message := range page {
		switch {
		case parseNumber(message.Version) == 0: // which says nothing
		case !isHigher(message.Version, w.Floor):
			done = true
		case !isHigher(message.Version, w.firstPageHighest):
			w.found = append(w.found, message)
		}
	}
	return done || w.Version == "" && len(w.found) > maxKnown
}

// finishPoll ends a poll: the call is done if it has brought anything. What the first poll shows is not news.
func (w *watch) finishPoll(now Instant) {
	w.permanentFailures = 0
	first := w.Version == ""
	if !first {
		w.idlePolls++
	}
	changes := w.newChanges()
	if w.pollStart >= Instant(w.SeenAt+w.settleMs()) {
		w.Floor = firstOf(w.Version, w.Floor) // what was still to appear below it has appeared
	}
	if first || w.firstPageHighest != "" && isHigher(w.firstPageHighest, w.Version) {
		w.Version, w.SeenAt = firstOf(w.firstPageHighest, noVersion), int(now)
	}
	w.raiseFloor(w.Version)
	w.trimKnown()
	if len(changes) == 0 && w.countError != nil {
		w.call.fail(w.countError)
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
	w.call.move(Step{Kind: Done, Result: &ChatMessagesCollection{Value: changes, NextLink: encode(&w.watchState)}})
}

// failed has the watch live on where the failure may pass: for any time if it is one of the way to the service, and a few
// times if it may be another.
func (w *watch) failed(now Instant, e *Error) bool {
	if e.isLongPage() && w.currentPageSize > 1 {
		w.PageSize = w.currentPageSize / 2
		w.prepareFirstPage(w.call.pendingOperation == countParticipants, w.PageSize)
		w.call.authorize(now)
		return true
	}
	w.failures++
	w.retryAfterMs = e.RetryAfterMs
	w.requestReady = true
	if w.call.pendingOperation == countParticipants && e.Code != TooManyRequests {
		w.requestReady = false // the messages come first: they may tell what has happened
		switch {
		case e.outcomeUnknown(), e.Code == Unauthorized && !w.call.client.tokens.fixed, e.Code == TokenError, w.isNextPage && e.Code != ParseError:
			// It counts again after the poll.
		case e.Code == ParseError:
			w.Members = max(w.participantsCounted, 1) // until somebody comes or goes
		default:
			w.countError = e
		}
		w.PolledAt = int(now)
		w.elapsed(now)
		return true
	}
	if !e.outcomeUnknown() && e.Code != TooManyRequests {
		w.permanentFailures++
		switch {
		case w.permanentFailures > maxPermanentFailures:
			return false
		case e.Code == ParseError && e.Status == 0: // of a nextLink
			w.prepareFirstPage(w.call.pendingOperation == countParticipants, w.currentPageSize)
		case e.Code == TokenError, e.Code == ParseError, e.Code == Unauthorized && !w.call.client.tokens.fixed:
		case w.isNextPage:
			w.requestReady = false // the address of a next page may have become too old: the poll begins anew
		default:
			return false
		}
	}
	w.PolledAt = int(now)
	w.elapsed(now)
	return true
}
