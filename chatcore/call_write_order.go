package chatcore

// A write that is retried may be stored long after it was called, and would undo what a newer one has written meanwhile. So the
// writes of one client to one target go one after another: each begins when those before it have ended, and nothing that
// they sent can be stored any more.

// target is what an operation writes to.
type target uint8

const (
	threadTarget       target = iota + 1
	messageTarget             // of a thread
	participantsTarget        // of a thread, all of them
	receiptTarget             // the caller's, in a thread
)

// settling is a target that something may still be written to though its call has ended.
type settling struct {
	target target
	at     ids
	until  Instant
}

// takeTurn begins a write if its turn has come; otherwise the call waits.
func (c *Call) takeTurn(now Instant) {
	var until Instant
	for _, s := range c.client.settling {
		if s.target == c.op.target && s.at == c.at {
			until = max(until, s.until)
		}
	}
	isFollower := false // of c, which is before the others in the list
	for other := c.client.first; other != nil; other = other.after {
		if other == c {
			isFollower = true
		} else if other.op.target == c.op.target && other.at == c.at && other.step.Kind != 0 && !(isFollower && other.inLine) {
			until = c.totalDeadline
			break
		}
	}
	switch until = min(until, c.totalDeadline); {
	case now >= c.totalDeadline:
		c.failed(now, c.outOfTime())
	case now < until && c.inLine && until == c.step.Deadline: // it waits already
	case now < until:
		c.wait(until)
		c.inLine = true
	default:
		c.inLine = false
		c.authorize(now)
	}
}

// mayBeStored notes that what an attempt has sent may still be stored, though nobody waits for its answer any more.
func (c *Call) mayBeStored(ended Instant) {
	if c.op.delivers {
		c.client.options.Memory.moments(ended, 0)
	} else if c.op.target != 0 {
		c.client.settling = append(c.client.settling, settling{c.op.target, c.at, ended + Instant(*c.options.SettleMs)})
	}
}

// beginWrites begins the writes whose turn has come.
func (c *Client) beginWrites(now Instant) {
	kept := c.settling[:0]
	for _, s := range c.settling {
		if now < s.until {
			kept = append(kept, s)
		}
	}
	c.settling = kept
	for call := c.first; call != nil; {
		next := call.after
		if call.inLine {
			call.takeTurn(now)
		}
		call = next
	}
}
