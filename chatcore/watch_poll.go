package chatcore

import "acschat/chatcore/internal/claims"

func (w *watch) elapsed(now Instant) { w.poller.client.schedulePolls(now, w) }

// dueAt returns when the next request may be sent, or never as long as the watch must wait for another. While requests fail, hints do not
// shorten the wait.
func (w *watch) dueAt() (at Instant) {
	p := w.poller
	if w.poll == 0 {
		w.counts = p.members == 0 && w.PolledAt != 0 && p.failures == 0 // not before the first poll, which would come later
	}
	ms := max(w.intervalMs, p.members*msPerParticipant)
	ms = min(ms+ms*p.idlePolls/4, max(ms, idleIntervalMs))
	if p.client.hidden {
		ms = max(ms, hiddenIntervalMs)
	}
	switch {
	case !w.leads && (w.poll != 0 || p.opening != 0):
		return never
	case p.failures > 0 && w.PolledAt != 0:
		at = p.failedAt + max(ms, min(w.intervalMs<<min(p.failures, 10), maxFailedIntervalMs), min(p.retryAfterMs, maxRetryAfterMs))
	case w.leads: // a further page
		at = w.pageAt + ms
	case w.counts:
		return 0
	case w.PolledAt != 0 && !p.isWoken:
		at = w.PolledAt + max(ms, min(ms<<min(p.announced, maxTrustShift), maxTrustMs))
		for i := range p.hints {
			if askAt := p.hints[i].askAt; askAt != 0 {
				at = min(at, askAt)
			}
		}
	}
	burst, leak := p.limits()
	return max(at, p.levelAt+min(budgetMs, (p.level-(burst-1)*budgetMs+leak-1)/leak))
}

// pause makes the call wait until its next request is due. If that waits for other requests, the deadline is only a reminder.
func (w *watch) pause(now, due Instant) {
	step := &w.call.step
	if due <= now || due == never {
		if due = step.Deadline; due <= now {
			due = w.call.attemptDeadline(now)
		}
	}
	if step.Kind != Wait || step.Deadline != due {
		w.call.wait(due)
	}
}

// start sends the request that is due. A poll is for all watches of the thread that wait for one and can use its pages.
func (w *watch) start(now Instant) {
	p := w.poller
	if !w.requestReady {
		size := max(pollPageSize, min(2*len(w.Known), backlogPageSize))
		if w.counts || w.Version != "" && (w.PolledAt == 0 || now-w.PolledAt > backlogAfterMs && (p.announced == 0 || p.found > pollPageSize)) {
			size = backlogPageSize
		}
		if w.PageSize != 0 {
			size = min(size, w.PageSize)
		}
		w.prepareFirstPage(size)
		p.polls++
		p.opening, w.poll, w.leads = p.polls, p.polls, true
		for other := p.watches; other != nil && !w.counts; other = other.next {
			if other.poll == 0 && other.user() == w.user() && other.call.options.APIVersion == w.call.options.APIVersion {
				other.poll = w.poll
			}
		}
	}
	if p.opening == w.poll && !w.counts {
		// The poll answers the hints without a version. Those that come from now on need another one.
		p.openedAt, p.isWoken, p.areAnnounced = now, false, p.noVersionAt != 0 && now-p.noVersionAt < hintValidMs
	}
	w.call.authorize(now)
}

// user returns the raw ID of the user for whom the watch reads.
func (w *watch) user() string {
	if id := w.call.options.UserID; id != "" {
		return id
	}
	return w.poller.client.tokens.user
}

// prepareFirstPage prepares the request for the first page of either list.
func (w *watch) prepareFirstPage(size int) {
	op := watchMessages
	if w.counts {
		op = countParticipants
	}
	w.call.prepareRequest(op, &ListChatMessagesOptions{MaxPageSize: size})
	w.currentPageSize, w.participantsCounted, w.trail = size, 0, Trail{Mark: w.call.request.URL}
}

func (w *watch) succeeded(now Instant, result Result) {
	w.poller.failures, w.requestReady = 0, false
	switch page := result.(type) {
	case *ChatParticipantsCollection:
		w.participantsCounted += len(page.Value)
		if page.NextLink == "" {
			w.counted()
		} else {
			w.followNextPage(now, page.NextLink, len(page.Value))
		}
	case *ChatMessagesCollection:
		w.receive(now, page)
	}
	w.elapsed(now) // so that the next request is rather its own than another's
}

// counted notes the number of participants.
func (w *watch) counted() {
	w.poller.members = Instant(max(w.participantsCounted, 1))
	w.poller.release(w.poll)
}

// followNextPage requests the next page. After an empty page, or many pages, it waits like before a poll.
func (w *watch) followNextPage(now Instant, nextLink string, items int) {
	switch {
	case !w.call.followNextLink(now, &w.trail, nextLink):
	case items == 0 || w.trail.Links%maxPagesWithoutPause == 0:
		w.requestReady, w.pageAt = true, now
		w.pause(now, w.dueAt())
	default:
		w.call.authorize(now)
	}
}

// receive gives a page to the watches of a poll. Those that have not reached their floor go on with the next page, without the others.
func (w *watch) receive(now Instant, page *ChatMessagesCollection) {
	p, poll := w.poller, w.poll
	user := claims.Of(tokenText(w.call.token)).User
	isFirstPage := p.opening == poll
	var finished, leader *watch
	for o := p.watches; o != nil; o = o.next {
		if o.poll != poll {
			continue
		}
		o.poll, o.leads = 0, false
		o.call.lastFailure, o.call.hasRequestEnded = nil, true
		isCurrent := isFirstPage && o.PolledAt != 0 && o.PolledAt == p.lastPoll
		if isFirstPage {
			if o.PolledAt == 0 {
				p.idlePolls = 0
			}
			o.PolledAt, o.found, o.highest = p.openedAt, nil, noVersion
		}
		switch {
		case o.user() != user: // the token has changed since the poll started
			o.PolledAt = 0
		case o.collect(page.Value) || page.NextLink == "":
			if isCurrent {
				p.lastPoll = p.openedAt // once: the others have found the same
			}
			finished = o
			o.finishPoll(now, isCurrent)
		default:
			o.poll = poll
			if leader == nil {
				leader, o.leads = o, true
			}
		}
	}
	if isFirstPage {
		p.opening, p.lastPoll = 0, p.openedAt
	}
	if finished != nil {
		p.idlePolls++
		if isFirstPage {
			p.forgetHints(now, finished)
		}
	}
	if leader != nil {
		if leader != w {
			leader.prepareFirstPage(w.currentPageSize)
		}
		leader.followNextPage(now, page.NextLink, len(page.Value))
	}
}

// collect keeps the messages of a page that are above the floor, and tells whether the poll has reached the floor. It leaves changes that
// are newer than the first page to the next poll.
func (w *watch) collect(page []ChatMessage) (done bool) {
	if w.highest == noVersion {
		for i := range page {
			if version := page[i].Version; parseNumber(version) > 0 && isHigher(version, w.highest) {
				w.highest = version
			}
		}
		if w.Version == "" {
			w.Floor = noVersion
			w.raiseFloor(w.highest)
		}
	}
	for i := range page {
		switch version := page[i].Version; {
		case parseNumber(version) == 0: // not a version
		case !isHigher(version, w.Floor):
			done = true
		case !isHigher(version, w.highest):
			w.found = append(w.found, &page[i])
		}
	}
	return done || w.Version == "" && len(w.found) > maxKnown
}

// finishPoll moves the cursor. The call succeeds if there are changes. The first poll of a watch only finds out the current version.
// isCurrent says that the watch took part in the poll before, so that the changes tell how far hints can be trusted.
func (w *watch) finishPoll(now Instant, isCurrent bool) {
	p := w.poller
	w.permanentFailures = 0
	isFirstPoll := w.Version == ""
	if w.PolledAt >= w.SeenAt+w.settleMs && !isFirstPoll {
		w.Floor = w.Version // all changes up to it are visible by now
	}
	if isFirstPoll || isHigher(w.highest, w.Version) {
		w.Version, w.SeenAt = w.highest, now
	}
	w.raiseFloor(w.Version)
	changes := w.newChanges()
	if isFirstPoll {
		changes = nil
	}
	if isFirstPoll || len(changes) > 0 {
		p.idlePolls, p.found = -1, len(changes)
	}
	for i := range changes {
		switch message := &changes[i]; message.Type {
		case ChatMessageTypeParticipantAdded, ChatMessageTypeParticipantRemoved:
			p.members = 0
		case ChatMessageTypeText, ChatMessageTypeHTML:
			if isCurrent {
				p.judge(message)
			}
		}
	}
	switch {
	case len(changes) > 0:
		w.Members = int(p.members)
		w.call.succeed(&ChatMessagesCollection{Value: changes, NextLink: encode(&w.watchState)})
	case w.countError != nil:
		w.call.fail(w.countError)
	}
}

// failed keeps the watch alive after a temporary failure: forever after transport failures and 429, up to maxPermanentFailures times in a
// row after others. With the token of another user than CallOptions.UserID it fails at once.
func (w *watch) failed(now Instant, e *Error) bool {
	p := w.poller
	if e.Code == TokenError && p.client.tokens.value != nil { // the token of another user, which says nothing about the other watches
		return false
	}
	if e.isLongPage() && w.currentPageSize > 1 {
		w.PageSize = w.currentPageSize / 2
		if !w.counts {
			w.PolledAt = 0 // poll again at once
		}
		p.release(w.poll)
		return true
	}
	p.failures++
	w.PolledAt = max(w.PolledAt, 1) // not at once any more
	p.failedAt, p.retryAfterMs = now, Instant(e.RetryAfterMs)
	isTransient := e.Status == 429 || e.leavesOutcomeUnknown()
	canRetry := isTransient || e.Code == TokenError || e.Status == 200 || e.Status == 401 && !p.client.tokens.fixed // 200: not readable
	if w.counts {
		// Without a count the watch polls first: the messages may tell what has happened. A nextLink may have expired.
		w.requestReady = e.Status == 429
		switch {
		case e.Code == ParseError:
			w.counted() // until somebody is added or removed
		case !canRetry && w.trail.Links == 0:
			w.countError = e
		}
	} else {
		w.requestReady = canRetry // else the poll starts again: the nextLink may have expired
		if !isTransient {
			w.permanentFailures++
		}
		isFinal := !canRetry && p.opening == w.poll || w.permanentFailures > maxPermanentFailures
		for other := p.watches; other != nil; other = other.next {
			if other.poll == w.poll && other != w {
				other.call.lastFailure, other.call.hasRequestEnded = e, true
				if isFinal {
					failure := *e
					other.call.fail(&failure)
				}
			}
		}
		if isFinal {
			return false
		}
	}
	if !w.requestReady {
		p.release(w.poll)
	}
	w.pause(now, w.dueAt())
	return true
}
