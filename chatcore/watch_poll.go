package chatcore

func (w *watch) prepareRequest(op *operation, m model) (err error) {
	c := w.call
	c.pendingOperation = op
	c.request, err = op.build(c.client.endpoint, requestRules{apiVersion: c.options.APIVersion}, c.ids, "", m)
	w.trail = Trail{Mark: c.request.URL}
	return err
}

func (w *watch) begin(now Instant) {
	if Instant(max(w.PolledAt, w.SeenAt)) > now { // the state comes from a program with another clock
		w.PolledAt, w.SeenAt = 0, 0
	}
	w.elapsed(now)
}

// elapsed sends the next request, or waits until it is due.
func (w *watch) elapsed(now Instant) {
	counts := w.PolledAt != 0 && w.Members == 0 && w.failures == 0 && !w.requestReady // not before the first poll, which would come later
	if due := w.nextPollAt(); now < due && !counts {
		w.call.wait(due)
		return
	}
	if !w.requestReady {
		w.prepareList(now, counts)
	}
	if !counts {
		w.PolledAt = now
	}
	if !w.isNextPage {
		w.pollStart = now
	}
	w.call.authorize(now)
}

// prepareList prepares a poll or a count of participants, with a page size that fits.
func (w *watch) prepareList(now Instant, counts bool) {
	size := max(pollPageSize, min(2*len(w.Known), backlogPageSize))
	if counts {
		size = participantsPageSize
	} else if w.Version != "" && (w.PolledAt == 0 || now-w.PolledAt > backlogAfterMs) {
		size = backlogPageSize
	}
	if w.PageSize != 0 {
		size = min(size, w.PageSize)
	}
	w.prepareFirstPage(counts, size)
}

// prepareFirstPage prepares the request for the first page of either list.
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

// nextPollAt returns when the next poll may start.
func (w *watch) nextPollAt() Instant {
	if w.PolledAt == 0 {
		return 0
	}
	ms := max(w.intervalMs, Instant(w.Members)*msPerParticipant)
	ms = min(ms+ms*Instant(w.idlePolls)/4, max(ms, idleIntervalMs))
	if w.failures > 0 {
		ms = max(ms, min(w.intervalMs<<min(w.failures, 10), maxFailedIntervalMs), Instant(min(w.retryAfterMs, maxRetryAfterMs)))
	}
	if w.call.client.hidden {
		ms = max(ms, hiddenIntervalMs)
	}
	return w.PolledAt + ms
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

// followNextPage requests the next page, if there is one. After an empty page, or many pages, it waits like before a poll.
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

// collect keeps the messages of a page that are above the floor, and tells whether the poll has reached the floor. It leaves changes that
// are newer than the first page to the next poll.
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
		case parseNumber(message.Version) == 0: // not a version
		case !isHigher(message.Version, w.Floor):
			done = true
		case !isHigher(message.Version, w.firstPageHighest):
			w.found = append(w.found, message)
		}
	}
	return done || w.Version == "" && len(w.found) > maxKnown
}

// finishPoll ends a poll. The call succeeds if there are changes. The first poll of a watch only finds out the current version.
func (w *watch) finishPoll(now Instant) {
	w.permanentFailures = 0
	first := w.Version == ""
	if !first {
		w.idlePolls++
	}
	changes := w.newChanges()
	if w.pollStart >= w.SeenAt+w.settleMs() {
		w.Floor = firstOf(w.Version, w.Floor) // all changes up to it are visible by now
	}
	if first || w.firstPageHighest != "" && isHigher(w.firstPageHighest, w.Version) {
		w.Version, w.SeenAt = firstOf(w.firstPageHighest, noVersion), now
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

// failed keeps the watch alive after a temporary failure: forever after transport failures and 429, up to maxPermanentFailures times in a
// row after others.
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
		w.requestReady = false // poll first: the messages may tell what has happened
		switch {
		case e.leavesOutcomeUnknown(), e.Code == Unauthorized && !w.call.client.tokens.fixed, e.Code == TokenError, w.isNextPage && e.Code != ParseError:
			// Count again after the poll.
		case e.Code == ParseError:
			w.Members = max(w.participantsCounted, 1) // until somebody is added or removed
		default:
			w.countError = e
		}
		w.PolledAt = now
		w.elapsed(now)
		return true
	}
	if !e.leavesOutcomeUnknown() && e.Code != TooManyRequests {
		w.permanentFailures++
		switch {
		case w.permanentFailures > maxPermanentFailures:
			return false
		case e.Code == ParseError && e.Status == 0: // a bad nextLink
			w.prepareFirstPage(w.call.pendingOperation == countParticipants, w.currentPageSize)
		case e.Code == TokenError, e.Code == ParseError, e.Code == Unauthorized && !w.call.client.tokens.fixed:
		case w.isNextPage:
			w.requestReady = false // the nextLink may have expired: start the poll again
		default:
			return false
		}
	}
	w.PolledAt = now
	w.elapsed(now)
	return true
}
