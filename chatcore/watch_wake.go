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

// hint is a hinted version, until a poll has found it.
type hint struct {
	version int64   // 0: none
	askAt   Instant // when to poll for it; 0: not any more
	asked   uint    // polls that have not found it
}

// Wake tells the client that a thread has changed. Its watches poll at once, unless they have seen that version. They keep to the limits:
// see watch_budget.go. For a thread without a watch, Wake does nothing. It returns false if no call has a new step.
func (c *Client) Wake(now Instant, chatThreadID string, o WakeOptions) bool {
	if p := c.pollerOf(chatThreadID); p != nil && p.noteHint(now, parseNumber(o.Version)) {
		c.releaseWaiting(now)
	}
	return len(c.changedCalls) > 0
}

// wakeWatches wakes the watches of a thread whose messages the call has changed, or may have changed.
func (c *Call) wakeWatches() {
	if p := c.client.pollerOf(c.ids[0]); p != nil && (c.op.mayDuplicate || c.op.writeTarget == messageTarget) {
		p.isWoken = true
	}
}

// noteHint notes a hint; version 0 is unknown. It tells whether the watches have to poll earlier because of it.
func (p *poller) noteHint(now Instant, version int64) bool {
	if version == 0 {
		wasWoken := p.isWoken
		p.isWoken, p.noVersionAt = true, now
		return !wasWoken
	}
	h := p.hintOf(version)
	if h == nil {
		for w := p.watches; w != nil; w = w.next {
			if w.PolledAt == p.lastPoll && w.hasSeen(version) { // as the others that took part in the last poll
				return false
			}
		}
		if h = p.hintOf(0); h == nil {
			p.replaced++
			h = &p.hints[p.replaced%maxHints]
		}
	} else if h.askAt != 0 {
		return false
	}
	*h = hint{version: version, askAt: now}
	return true
}

func (p *poller) hintOf(version int64) *hint {
	for i := range p.hints {
		if h := &p.hints[i]; h.version == version {
			return h
		}
	}
	return nil
}

func (w *watch) hasSeen(version int64) bool {
	if version <= parseNumber(w.Floor) {
		return true
	}
	for _, known := range w.Known {
		if parseNumber(known) == version {
			return true
		}
	}
	return false
}

// judge learns from a change that a poll has found how far the hints can be trusted. Own messages do not count, since not all sources
// announce them, and system messages do not count for the same reason.
func (p *poller) judge(message *ChatMessage) {
	if sender, user := message.SenderCommunicationIdentifier, p.client.tokens.user; sender != nil && user != "" && sender.rawID() == user {
		return
	}
	p.announced++
	if !p.areAnnounced && p.hintOf(parseNumber(message.Version)) == nil {
		p.announced = 0
	}
}

// forgetHints forgets the versions that a watch has seen, and lets the poll be repeated for the others that it was to find.
func (p *poller) forgetHints(now Instant, w *watch) {
	for i := range p.hints {
		h := &p.hints[i]
		switch {
		case w.hasSeen(h.version):
			*h = hint{}
		case h.askAt != 0 && h.askAt <= w.PolledAt:
			h.askAt = now + askAgainMs<<h.asked
			if h.asked++; h.asked == maxAsked {
				h.askAt = 0
			}
		}
	}
}
