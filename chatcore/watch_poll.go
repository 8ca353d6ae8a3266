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
	w.call.client.attach(now, w)
	w.elapsed(now)
}

// elapsed sends the next request, or waits until it is due.
func (w *watch) elapsed(now Instant) {
	p, queuedAt := w.poller, w.queuedAt
	w.queuedAt = 0
	counts := p.counting == w
	if p.counting == nil && !p.isCounted && w.PolledAt != 0 && p.failures == 0 && !w.requestReady && w.poll == nil {
		counts = true // not before the first poll, which would come later
	}
	due := w.nextPollAt()
	switch isFollower := w.poll != nil && !w.isLeader(); {
	case isFollower, w.poll == nil && p.opening != nil && !counts:
		w.waitForOthers(now)
		return
	case now < due && (!counts || w.requestReady):
		w.waitUntil(due)
		return
	}
	w.queuedAt = firstOf(queuedAt, now)
	if w.call.client.pollsInFlight(w) >= maxPollsInFlight || w.call.client.nextQueuedPoll() != w {
		w.waitForOthers(now)
		return
	}
	w.queuedAt = 0
	if !w.requestReady {
		w.prepareList(now, counts)
	}
	switch {
	case counts, w.isNextPage:
		w.pageAt = now
	default:
		w.poll.begin(now)
	}
	w.call.authorize(now)
}

// waitUntil makes the call wait, unless it does already.
func (w *watch) waitUntil(due Instant) {
	if !w.isPausing() || w.call.step.Deadline != due {
		w.call.wait(due)
	}
}

// waitForOthers waits until another watch has polled. That one ends the wait; the deadline is only a reminder.
func (w *watch) waitForOthers(now Instant) {
	if !w.isPausing() || w.call.step.Deadline <= now {
		w.call.wait(w.call.attemptDeadline(now))
	}
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
	if counts {
		w.poller.counting = w
	} else {
		w.poller.start(w)
	}
	w.prepareFirstPage(size)
}

// prepareFirstPage prepares the request for the first page of either list.
func (w *watch) prepareFirstPage(size int) {
	w.isNextPage, w.currentPageSize = false, size
	if w.poller.counting == w {
		w.participantsCounted = 0
		_ = w.prepareRequest(countParticipants, &ListChatParticipantsOptions{MaxPageSize: size})
		return
	}
	for _, other := range w.poll.watches {
		other.found, other.firstPageHighest = nil, ""
	}
	_ = w.prepareRequest(watchMessages, &ListChatMessagesOptions{MaxPageSize: size})
}

// nextPollAt returns when the next poll, or the next page, may be requested. While requests fail, hints do not shorten the wait.
func (w *watch) nextPollAt() (at Instant) {
	p := w.poller
	if w.PolledAt == 0 {
		return p.allowedAt()
	}
	ms := max(w.intervalMs, Instant(p.members)*msPerParticipant)
	ms = min(ms+ms*Instant(p.idlePolls)/4, max(ms, idleIntervalMs))
	if w.call.client.hidden {
		ms = max(ms, hiddenIntervalMs)
	}
	if p.failures > 0 {
		backoff := max(min(w.intervalMs<<min(p.failures, 10), maxFailedIntervalMs), Instant(min(p.retryAfterMs, maxRetryAfterMs)))
		return max(p.failedAt+max(ms, backoff), p.allowedAt())
	}
	if w.requestReady {
		return max(w.PolledAt, w.pageAt) + ms
	}
	at = w.PolledAt + p.hints.trustedMs(ms)
	if hintAt := p.hints.dueAt(); hintAt != 0 {
		at = min(at, hintAt)
	}
	return max(at, p.allowedAt())
}

func (w *watch) succeeded(now Instant, result Result) {
	p := w.poller
	p.failures, p.retryAfterMs, w.requestReady = 0, 0, false
	switch page := result.(type) {
	case *ChatParticipantsCollection:
		w.participantsCounted += len(page.Value)
		if !w.followNextPage(now, page.NextLink, len(page.Value) == 0) {
			p.counted(w.participantsCounted)
			w.elapsed(now)
		}
	case *ChatMessagesCollection:
		w.poll.receive(now, page)
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

// concludePoll moves the cursor and keeps the changes. The first poll of a watch only finds out the current version.
func (w *watch) concludePoll(now Instant) {
	w.permanentFailures = 0
	w.isFirstPoll = w.Version == ""
	changes := w.newChanges()
	if w.pollStart >= w.SeenAt+w.settleMs() {
		w.Floor = firstOf(w.Version, w.Floor) // all changes up to it are visible by now
	}
	if w.isFirstPoll || w.firstPageHighest != "" && isHigher(w.firstPageHighest, w.Version) {
		w.Version, w.SeenAt = firstOf(w.firstPageHighest, noVersion), now
	}
	w.raiseFloor(w.Version)
	w.trimKnown()
	w.changes = nil
	if !w.isFirstPoll {
		w.changes = changes
	}
}

// deliver ends the call if the poll has found changes.
func (w *watch) deliver(now Instant) {
	p := w.poller
	for _, message := range w.changes {
		if message.Type == ChatMessageTypeParticipantAdded || message.Type == ChatMessageTypeParticipantRemoved {
			p.isCounted = false
		}
	}
	switch {
	case len(w.changes) > 0:
		if w.Members = p.members; !p.isCounted {
			w.Members = 0
		}
		w.call.move(Step{Kind: Done, Result: &ChatMessagesCollection{Value: w.changes, NextLink: encode(&w.watchState)}})
	case w.countError != nil:
		w.call.fail(w.countError)
	}
}

// failed keeps the watch alive after a temporary failure: forever after transport failures and 429, up to maxPermanentFailures times in a
// row after others.
func (w *watch) failed(now Instant, e *Error) bool {
	p, counts := w.poller, w.poller.counting == w
	if e.isLongPage() && w.currentPageSize > 1 {
		w.PageSize = w.currentPageSize / 2
		w.prepareFirstPage(w.PageSize)
		w.call.authorize(now)
		return true
	}
	p.failures++
	p.failedAt, p.retryAfterMs = now, e.RetryAfterMs
	w.requestReady = true
	if counts && e.Code != TooManyRequests {
		p.counting, w.requestReady = nil, false // poll first: the messages may tell what has happened
		switch {
		case e.leavesOutcomeUnknown(), e.Code == Unauthorized && !w.call.client.tokens.fixed, e.Code == TokenError, w.isNextPage && e.Code != ParseError:
			// Count again after the poll.
		case e.Code == ParseError:
			p.counted(w.participantsCounted) // until somebody is added or removed
		default:
			w.countError = e
		}
		w.elapsed(now)
		return true
	}
	isFinal := false
	if !e.leavesOutcomeUnknown() && e.Code != TooManyRequests {
		w.permanentFailures++
		switch {
		case w.permanentFailures > maxPermanentFailures:
			isFinal = true
		case e.Code == ParseError && e.Status == 0: // a bad nextLink
			w.prepareFirstPage(w.currentPageSize)
		case e.Code == TokenError, e.Code == ParseError, e.Code == Unauthorized && !w.call.client.tokens.fixed:
		case w.isNextPage:
			w.requestReady = false // the nextLink may have expired: start the poll again
		default:
			isFinal = true
		}
	}
	w.shareFailure(e, isFinal)
	if isFinal {
		return false
	}
	if !w.requestReady {
		p.dissolve(w.poll)
	}
	w.elapsed(now)
	return true
}

// counted notes the number of participants.
func (p *poller) counted(members int) {
	p.members, p.isCounted, p.counting = max(members, 1), true, nil
}
