package chatcore

// A hint says that a thread has changed. It may be wrong, late, doubled or missing, and its source may be hostile: it only makes the
// watches poll earlier. What they deliver depends on what the polls read.

// WakeOptions are what a hint says about the change.
type WakeOptions struct {
	Version string // of the changed message; empty: unknown. Anything else than a whole number counts as unknown
}

const (
	maxHints      = 32 // versions that a poller remembers
	maxAsked      = 4  // polls for one version
	askAgainMs    = 500
	hintValidMs   = 5000 // how long before a poll a hint without a version announces its changes
	maxTrustMs    = 60_000
	maxTrustShift = 8
)

// wakeHints are what a poller knows about changes that nobody has seen yet.
type wakeHints struct {
	isWoken      bool // poll at once, because of a hint without a version, or of a change that the client has made itself
	noVersionAt  Instant
	versions     []hintedVersion
	announced    int  // changes in a row that a hint has announced
	areAnnounced bool // a hint without a version announces the changes of the current poll
}

// hintedVersion is the version in a hint, until a poll has found it.
type hintedVersion struct {
	version int64
	askAt   Instant // when to poll for it; 0: not any more
	asked   int     // polls that have not found it
}

// Wake tells the client that a thread has changed. Its watches poll at once, unless they have seen that version. They keep to the limits:
// see [poller.allowedAt]. For a thread without a watch, Wake does nothing. It returns false if no call has a new step.
func (c *Client) Wake(now Instant, chatThreadID string, o WakeOptions) bool {
	if p := c.pollerOf(chatThreadID); p != nil && p.hint(now, parseNumber(withoutZeros(o.Version))) {
		p.isStale = true
		c.releaseWaiting(now)
	}
	return len(c.changedCalls) > 0
}

func (c *Client) pollerOf(threadID string) *poller {
	for _, p := range c.pollers {
		if p.threadID == threadID {
			return p
		}
	}
	return nil
}

// wakeWriter wakes the watches of a thread whose messages a call has changed, or may have changed.
func (c *Client) wakeWriter(call *Call) {
	if call.op.throttleGroup != sendMessage.throttleGroup {
		return
	}
	if p := c.pollerOf(call.ids[0]); p != nil {
		p.hints.isWoken, p.isStale = true, true
	}
}

// hint notes a hint; version 0 is unknown. It tells whether the watches have to poll earlier because of it.
func (p *poller) hint(now Instant, version int64) bool {
	h := &p.hints
	if version == 0 {
		wasWoken := h.isWoken
		h.isWoken, h.noVersionAt = true, now
		return !wasWoken
	}
	oldest := -1 // that is not asked for any more
	for i := range h.versions {
		switch known := &h.versions[i]; {
		case known.version == version && known.askAt == 0:
			known.askAt, known.asked = now, 0
			return true
		case known.version == version:
			return false
		case known.askAt == 0 && oldest < 0:
			oldest = i
		}
	}
	if len(h.versions) == maxHints && oldest < 0 || p.hasSeen(version) {
		return false
	}
	if len(h.versions) == maxHints {
		h.versions = append(h.versions[:oldest], h.versions[oldest+1:]...)
	}
	h.versions = append(h.versions, hintedVersion{version: version, askAt: now})
	return true
}

// hasSeen tells whether the watches have seen a version. Those that took part in the last poll have seen the same.
func (p *poller) hasSeen(version int64) bool {
	for _, w := range p.watches {
		if w.PolledAt == p.lastPoll && w.hasSeen(version) {
			return true
		}
	}
	return false
}

func (w *watch) hasSeen(version int64) bool {
	if w.Version == "" {
		return false
	}
	if version <= parseNumber(withoutZeros(w.Floor)) {
		return true
	}
	for _, known := range w.Known {
		if parseNumber(withoutZeros(known)) == version {
			return true
		}
	}
	return false
}

// dueAt returns when a poll is due because of hints, or 0.
func (h *wakeHints) dueAt() (at Instant) {
	if h.isWoken {
		return 1 // any time in the past
	}
	for _, known := range h.versions {
		if known.askAt != 0 && (at == 0 || known.askAt < at) {
			at = known.askAt
		}
	}
	return at
}

// pollStarts answers the hints without a version. Those that come from now on need another poll.
func (h *wakeHints) pollStarts(now Instant) {
	h.isWoken = false
	h.areAnnounced = h.noVersionAt != 0 && now-h.noVersionAt < hintValidMs
}

// judge learns from the changes that a poll has found how far the hints can be trusted. Own messages do not count, since not all sources
// announce them, and system messages do not count for the same reason.
func (h *wakeHints) judge(changes []ChatMessage, user string) {
	for _, message := range changes {
		sender := message.SenderCommunicationIdentifier
		if message.Type != ChatMessageTypeText && message.Type != ChatMessageTypeHTML || sender != nil && user != "" && sender.rawID() == user {
			continue
		}
		h.announced++
		if !h.areAnnounced && !h.names(parseNumber(withoutZeros(message.Version))) {
			h.announced = 0
		}
	}
}

func (h *wakeHints) names(version int64) bool {
	for _, known := range h.versions {
		if known.version == version {
			return true
		}
	}
	return false
}

// pollEnds forgets the versions that a watch has seen, and lets the poll be repeated for the others that it was to find.
func (h *wakeHints) pollEnds(now Instant, w *watch) {
	kept := h.versions[:0]
	for _, known := range h.versions {
		if w.hasSeen(known.version) {
			continue
		}
		if known.askAt != 0 && known.askAt <= w.pollStart {
			known.askAt = now + askAgainMs<<known.asked
			if known.asked++; known.asked == maxAsked {
				known.askAt = 0
			}
		}
		kept = append(kept, known)
	}
	h.versions = kept
}

// trustedMs returns the time between two polls if hints can be trusted to announce changes.
func (h *wakeHints) trustedMs(usual Instant) Instant {
	return max(usual, min(usual<<min(h.announced, maxTrustShift), maxTrustMs))
}
