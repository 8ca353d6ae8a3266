package chatcore

// A retried write may be stored late, and would then overwrite a newer one. The writes of a client to one target therefore go one
// after another. A write starts when the earlier ones have ended and none of their requests can be stored any more.

// writeTarget is what an operation writes to.
type writeTarget uint8

const (
	threadTarget       writeTarget = iota + 1
	messageTarget                  // of a thread
	participantsTarget             // all participants of a thread
	receiptTarget                  // the user's read receipt in a thread
)

// settlingWrite is a write whose call has ended, but which the service may still store.
type settlingWrite struct {
	target writeTarget
	ids    pathIDs
	until  Instant
}

// takeTurn starts a write if its turn has come; otherwise it makes the call wait.
func (c *Call) takeTurn(now Instant) {
	var until Instant
	for _, s := range c.client.settlingWrites {
		if s.target == c.op.writeTarget && s.ids == c.ids {
			until = max(until, s.until)
		}
	}
	isFollower := false // other comes after c
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
	case now < until && c.awaitsTurn && until == c.step.Deadline: // waits already
	case now < until:
		c.wait(until)
		c.awaitsTurn = true
	default:
		c.awaitsTurn = false
		c.authorize(now)
	}
}

// noteSettlingWrite notes that the service may still store what an attempt sent, although the attempt has ended.
func (c *Call) noteSettlingWrite(ended Instant) {
	if c.op.mayDuplicate {
		c.client.options.Memory.noteUnknown(ended)
	} else if c.op.writeTarget != 0 {
		c.client.settlingWrites = append(c.client.settlingWrites, settlingWrite{c.op.writeTarget, c.ids, ended + Instant(*c.options.SettleMs)})
	}
}

// startQueuedWrites starts the writes whose turn has come.
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
