package chatcore

// poller is what the watches of one thread share: how many participants the thread has, and how often it may be polled.
type poller struct {
	client   *Client
	threadID string
	next     *poller // of another thread
	watches  *watch  // the last of the calls that have begun and have not ended
	polls    int     // begun so far, and counts of participants
	opening  int     // number of the poll whose first page has not arrived, or of the count of participants; 0: none
	openedAt Instant // start of the last poll
	lastPoll Instant // start of the last poll whose first page has arrived

	members      Instant // participants of the thread; 0: they must be counted
	idlePolls    Instant // polls in a row without changes
	found        int     // changes that the poll before these has found
	failures     uint    // in a row
	failedAt     Instant // when the last of these happened
	retryAfterMs Instant // of the last failure

	// The budget is a leaky bucket: see limits.
	level   Instant
	levelAt Instant // when level was computed

	isWoken      bool    // poll at once, because of a hint without a version, or of a change that the client has made itself
	noVersionAt  Instant // when the last hint without a version came
	hints        []hint  // with a version
	replaced     uint    // how many of them were replaced, because they were too many
	announced    uint    // changes in a row that a hint has announced
	areAnnounced bool    // a hint without a version announces the changes of the current poll
}

const (
	// maxPollsInFlight is how many requests of its watches a client has in flight at a time, so that many threads do not take the
	// connections that other calls need.
	maxPollsInFlight = 4

	pollerKeptMs = 120_000 // after the last poll, for the next call of a watch
	never        = Instant(1) << 62
)

func (c *Client) pollerOf(threadID string) *poller {
	p := c.pollers
	for p != nil && p.threadID != threadID {
		p = p.next
	}
	return p
}

// begin adds the watch to the poller of its thread, and forgets pollers without watches.
func (w *watch) begin(now Instant) {
	if Instant(max(w.PolledAt, w.SeenAt)) > now { // the state comes from a program with another clock
		w.PolledAt, w.SeenAt = 0, 0
	}
	c, threadID := w.call.client, w.call.ids[0]
	for at := &c.pollers; *at != nil; {
		if p := *at; p.watches == nil && now-p.openedAt >= pollerKeptMs {
			*at = p.next
		} else {
			at = &p.next
		}
	}
	p := c.pollerOf(threadID)
	if p == nil {
		p = &poller{client: c, threadID: threadID, next: c.pollers, hints: make([]hint, maxHints)}
		c.pollers = p
	}
	w.poller, w.next, p.watches = p, p.watches, w
	if p.members == 0 {
		p.members = Instant(w.Members)
	}
}

// detach removes a watch whose call has ended. If others wait for its request, they poll themselves.
func (p *poller) detach(w *watch) {
	at := &p.watches
	for *at != w {
		at = &(*at).next
	}
	*at = w.next
	if w.leads {
		p.isWoken = p.isWoken || p.opening == w.poll // what woke the watch may wait for the others
		p.release(w.poll)
	}
}

// release ends a poll. Its watches wait for the next one.
func (p *poller) release(poll int) {
	if p.opening == poll {
		p.opening = 0
	}
	for w := p.watches; w != nil; w = w.next {
		if w.poll == poll {
			w.poll, w.leads, w.requestReady = 0, false, false
		}
	}
}

// isBefore tells whether a poll of the watch comes before one of another: if the last poll of its thread began earlier, even if it failed,
// or in the same thread if the watch was polled earlier.
func (w *watch) isBefore(other *watch) bool {
	a, b := w.poller.openedAt, other.poller.openedAt
	return a < b || a == b && w.PolledAt < other.PolledAt
}

// schedulePolls starts the requests of watches that are due. If they are too many, the other watches wait. elapsed is the watch whose wait
// is over; it goes before others that were polled at the same time.
func (c *Client) schedulePolls(now Instant, elapsed *watch) {
	for {
		var next *watch
		inFlight := 0
		for p := c.pollers; p != nil; p = p.next {
			for w := p.watches; w != nil; w = w.next {
				if w.leads && (!w.call.isPausing() || w.call.networkDeadline != 0) {
					if !w.call.throttled { // one that waits for the network sends when that is back
						inFlight++
					}
					continue
				}
				due, later := w.dueAt(), w
				if due <= now && (next == nil || w.isBefore(next) || next != elapsed && !next.isBefore(w)) {
					next, later = w, next
				}
				if later != nil {
					later.pause(now, due)
				}
			}
		}
		switch {
		case next == nil:
			return
		case inFlight >= maxPollsInFlight:
			next.pause(now, now)
			return
		}
		next.start(now)
	}
}
