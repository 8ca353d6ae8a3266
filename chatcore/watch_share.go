package chatcore

import "acschat/chatcore/internal/claims"

// poller is what the watches of one thread share: how many participants the thread has, and how often it may be polled. A poll is for all
// watches that wait for one when it starts.
type poller struct {
	threadID string
	watches  []*watch // of calls that have begun and have not ended
	lastPoll Instant  // start of the last poll
	hints    wakeHints
	budget   budget
	opening  *poll // whose first page has not arrived; nil: none
	isStale  bool  // the waits of the watches must be computed again

	members      int     // participants of the thread, as last known; 0: unknown
	isCounted    bool    // members is up to date
	counting     *watch  // counts the participants; nil: none does
	idlePolls    int     // polls in a row without changes
	failures     int     // in a row
	failedAt     Instant // when the last of these happened
	retryAfterMs int     // of the last failure
}

// poll is one read of the newest messages. Its first watch sends the requests. The others get the same pages.
type poll struct {
	watches []*watch
}

// attach adds a watch to the poller of its thread.
func (c *Client) attach(now Instant, w *watch) {
	p := c.pollerOf(w.call.ids[0])
	if p == nil {
		kept := c.pollers[:0]
		for _, other := range c.pollers {
			if len(other.watches) > 0 || now-other.lastPoll < pollerKeptMs {
				kept = append(kept, other)
			}
		}
		clear(c.pollers[len(kept):])
		p = &poller{threadID: w.call.ids[0]}
		c.pollers = append(kept, p)
	}
	w.poller = p
	if w.PolledAt == 0 {
		p.idlePolls = 0
	}
	if p.members == 0 && w.Members != 0 {
		p.members, p.isCounted = w.Members, true
	}
	p.watches = append(p.watches, w)
}

// detach removes a watch whose call has ended. If others wait for its requests, they poll themselves.
func (p *poller) detach(w *watch) {
	p.watches = without(p.watches, w)
	if p.counting == w {
		p.counting = nil
	}
	if w.isLeader() {
		p.hints.isWoken = p.hints.isWoken || p.opening == w.poll // what woke the watch may wait for the others
		p.dissolve(w.poll)
	} else if w.poll != nil {
		w.poll.watches = without(w.poll.watches, w)
	}
	p.isStale = true
}

// reschedule computes the waits of all watches again. One of them may start a poll.
func (p *poller) reschedule(now Instant) {
	p.isStale = false
	for _, w := range copyOf(p.watches) {
		if w.isPausing() {
			w.elapsed(now)
		}
	}
}

// rescheduleStale does so for the pollers whose watches have changed.
func (c *Client) rescheduleStale(now Instant) {
	for i := 0; i < len(c.pollers); i++ {
		for p := c.pollers[i]; p.isStale; {
			p.reschedule(now)
		}
	}
}

// copyOf returns a copy of a list that may change while it is gone through.
func copyOf(watches []*watch) []*watch { return append([]*watch(nil), watches...) }

func (w *watch) isLeader() bool { return w.poll != nil && w.poll.watches[0] == w }

// isPausing tells whether the watch waits for a poll to start or to end, or for its next request.
func (w *watch) isPausing() bool { return w.call.isPausing() && w.call.networkDeadline == 0 }

// start starts a poll for a watch, and for all others that wait for one and can use its pages.
func (p *poller) start(leader *watch) {
	q := &poll{watches: []*watch{leader}}
	for _, w := range p.watches {
		if w != leader && w.isPausing() && w.poll == nil && !w.requestReady && w.canShare(leader) {
			q.watches = append(q.watches, w)
		}
	}
	for _, w := range q.watches {
		w.queuedAt = 0
		w.poll, w.isCurrent = q, w.Version != "" && w.PolledAt != 0 && w.PolledAt == p.lastPoll
	}
	p.opening = q
}

// begin notes that the request for the first page begins.
func (q *poll) begin(now Instant) {
	leader := q.watches[0]
	p := leader.poller
	p.hints.pollStarts(now)
	p.lastPoll = now
	for _, w := range q.watches {
		w.PolledAt, w.pollStart, w.pageAt = now, now, now
		if w != leader {
			w.waitForOthers(now)
		}
	}
}

// canShare tells whether two watches make the same requests.
func (w *watch) canShare(other *watch) bool {
	a, b := &w.call.options, &other.call.options
	return a.APIVersion == b.APIVersion && (a.UserID == b.UserID || w.isOwnUser() && other.isOwnUser())
}

// isOwnUser tells whether the watch may use the client's current token.
func (w *watch) isOwnUser() bool {
	id := w.call.options.UserID
	return id == "" || id == w.call.client.tokens.user
}

// dissolve ends a poll early. Its watches wait for the next one.
func (p *poller) dissolve(q *poll) {
	for _, w := range q.watches {
		w.poll = nil
	}
	if p.opening == q {
		p.opening = nil
	}
	p.isStale = true
}

// receive gives a page to the watches of a poll. Those that have not reached their floor go on with the next page, without the others.
func (q *poll) receive(now Instant, page *ChatMessagesCollection) {
	leader := q.watches[0]
	p := leader.poller
	var finished, unfinished []*watch
	for _, w := range q.watches {
		w.call.lastFailure, w.call.hasRequestEnded = nil, true
		switch id := w.call.options.UserID; {
		case id != "" && id != claims.Of(tokenText(leader.call.token)).User: // the token has changed since the poll started
			w.poll, w.PolledAt = nil, 0
		case w.collect(page.Value) || page.NextLink == "":
			w.poll = nil
			finished = append(finished, w)
		default:
			unfinished = append(unfinished, w)
		}
	}
	isFirstPage := p.opening == q
	if isFirstPage {
		p.opening = nil
	}
	if q.watches = unfinished; len(unfinished) > 0 {
		unfinished[0].lead(leader)
		unfinished[0].followNextPage(now, page.NextLink, len(page.Value) == 0)
	}
	hasChanges, isFirst := false, true
	for _, w := range finished {
		w.concludePoll(now)
		hasChanges, isFirst = hasChanges || len(w.changes) > 0, isFirst && w.isFirstPoll
	}
	if isFirstPage && len(finished) > 0 {
		for _, w := range finished {
			if w.isCurrent {
				p.hints.judge(w.changes, w.call.client.tokens.user)
				break
			}
		}
		p.hints.pollEnds(now, finished[0])
	}
	switch {
	case hasChanges:
		p.idlePolls = 0
	case !isFirst:
		p.idlePolls++
	}
	for _, w := range finished {
		w.deliver(now)
	}
	for _, w := range finished {
		if !w.call.ended() && w.poll == nil {
			w.elapsed(now)
		}
	}
	p.isStale = true
}

// lead makes the watch go on with a poll in place of another watch.
func (w *watch) lead(other *watch) {
	if w != other {
		w.call.pendingOperation, w.call.request, w.currentPageSize = other.call.pendingOperation, other.call.request, other.currentPageSize
		w.trail, w.pagesFollowed = other.trail, other.pagesFollowed
	}
}

// shareFailure tells the other watches of a poll that a request has failed. If it has ended the watch, it ends them, too.
func (w *watch) shareFailure(e *Error, isFinal bool) {
	if w.poll == nil { // it counts participants
		return
	}
	for _, other := range copyOf(w.poll.watches) {
		if other == w {
			continue
		}
		other.call.lastFailure, other.call.hasRequestEnded = e, true
		if isFinal {
			failure := *e
			other.call.fail(&failure)
		}
	}
}

// maxPollsInFlight is how many requests of its watches a client has in flight at a time, so that many threads do not take the connections
// that other calls need. Polls that are due go in the order in which they became due.
const maxPollsInFlight = 4

// pollsInFlight counts the requests in flight of all watches except one.
func (c *Client) pollsInFlight(except *watch) (n int) {
	for _, p := range c.pollers {
		for _, w := range p.watches {
			if w != except && w.call.isInFlight() {
				n++
			}
		}
	}
	return n
}

// startQueuedPolls starts polls that are due, as long as not too many are in flight.
func (c *Client) startQueuedPolls(now Instant) {
	for c.pollsInFlight(nil) < maxPollsInFlight {
		next := c.nextQueuedPoll()
		if next == nil {
			return
		}
		next.elapsed(now)
	}
}

// nextQueuedPoll returns the watch whose poll became due first, of those that wait for others to end; or nil.
func (c *Client) nextQueuedPoll() (next *watch) {
	for _, p := range c.pollers {
		for _, w := range p.watches {
			if w.queuedAt != 0 && (next == nil || w.queuedAt < next.queuedAt) {
				next = w
			}
		}
	}
	return next
}
