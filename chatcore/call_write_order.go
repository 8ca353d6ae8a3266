package chatcore

// A write that is retried may be stored long after it was called, and would undo what a newer one has written meanwhile. So the
// writes of one client to one target go one after another: each begins when those before it have ended, and nothing that
// they sent can be stored any more.

// writeTarget is what an operation writes to.
type writeTarget uint8

const (
	threadTarget       writeTarget = iota + 1
	messageTarget                  // of a thread
	participantsTarget             // of a thread, all of them
	receiptTarget                  // the caller's, in a thread
)

// settlingWrite is a target that something may still be written to though its call has ended.
type settlingWrite struct {
	target writeTarget
	ids    pathIDs
	until  Instant
}

// takeTurn begins a write if its turn has come; otherwise the call waits.
func (c *Call) takeTurn(now Instant) {
	var until Instant
	for _, s := range c.client.settlingWrites {
		if s.target == c.op.writeTarget && s.ids == c.ids {
			until = max(until, s.until)
		}
	}
	isFollower := false // of c, which is before the others in the list
	for other := c.client.first; other != nil; other = other.after {
		if other == c {
			isFollower = true
		} else if other.op.writeTarget == c.op.writeTarget && other.ids == c.ids && other.step.Kind != 0 && !(isFollower && other.awaitsTurn) {
			until = c.totalDeadline
			break
		}
	}
	switch until = min(until, c.totalDeadline); {
	case now >= c.totalDeadline:
		c.handleFailure(now, c.totalTimeoutError())
	case now < until && c.awaitsTurn && until == c.step.Deadline: // it waits already
	case now < until:
		c.wait(until)
		c.awaitsTurn = true
	default:
		c.awaitsTurn = false
		c.authorize(now)
	}
}

// noteSettlingWrite notes that what an attempt has sent may still be stored, though nobody waits for its answer any more.
func (c *Call) noteSettlingWrite(ended Instant) {
	if c.op.mayDuplicate {
		c.client.options.Memory.updateTimes(ended, 0)
	} else if c.op.writeTarget != 0 {
		c.client.settlingWrites = append(c.client.settlingWrites, settlingWrite{c.op.writeTarget, c.ids, ended + Instant(*c.options.SettleMs)})
	}
}

// startQueuedWrites begins the writes whose turn has come.
func (c *Client) startQueuedWrites(now Instant) {
	kept := c.settlingWrites[:0]
	for _, s := range c.settlingWrites {
		if now < s.until {
			kept = append(kept, s)
		}
	}
	c.settlingWrites = kept
	for call := c.first; call != nil; {
		next := call.after
		if call.awaitsTurn {
			call.takeTurn(now)
		}
		call = next
	}
}
