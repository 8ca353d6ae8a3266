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

// writeQueue has the writes to one target, in the order of their calls. The first is under way.
type writeQueue struct {
	target  target
	at      ids
	calls   []*Call
	settled Instant // when nothing that earlier writes sent can be stored any more
}

// queueWrite puts a call behind the earlier writes to its target, and begins it if there are none.
func (c *Client) queueWrite(call *Call, now Instant) {
	q := c.writesTo(call)
	if q == nil {
		q = &writeQueue{target: call.op.target, at: call.at}
		c.writes = append(c.writes, q)
	}
	q.calls = append(q.calls, call)
	call.takeTurn(q, now)
}

// writesTo returns the queue of a call's target, or nil.
func (c *Client) writesTo(call *Call) *writeQueue {
	for _, q := range c.writes {
		if q.target == call.op.target && q.at == call.at {
			return q
		}
	}
	return nil
}

// takeTurn begins a write whose turn has come; otherwise the call waits.
func (c *Call) takeTurn(q *writeQueue, now Instant) {
	isFirst := q.calls[0] == c
	if isFirst && now >= q.settled {
		if c.inLine && c.edit != nil { // an earlier edit may have changed the message's metadata
			c.request, _ = c.op.build(c.client.endpoint, rules{apiVersion: c.options.APIVersion}, c.at, "", c.client.carryToken(c, c.edit))
		}
		c.inLine = false
		c.authorize(now)
		return
	}
	until := c.totalDeadline
	if isFirst {
		until = min(until, q.settled)
	}
	if !c.inLine || c.step.Deadline != until {
		c.wait(until)
		c.inLine = true
	}
}

// mayBeStored notes that what an attempt has sent may still be stored, though nobody waits for its answer any more.
func (c *Call) mayBeStored(now Instant) {
	if c.op.delivers {
		c.client.options.Memory.lose(now)
	} else if q := c.client.writesTo(c); q != nil {
		q.settled = max(q.settled, now+Instant(*c.options.SettleMs))
	}
}

// endWrite takes a call that has ended out of its queue. Of one that failed after an attempt whose outcome is unknown, that
// attempt may still be stored, even if it was answered: a gateway that gave up may have passed it on.
func (c *Client) endWrite(call *Call) {
	if q := c.writesTo(call); q != nil {
		q.calls = without(q.calls, call)
		if call.step.Kind == Failed && call.unknown {
			call.mayBeStored(call.unknownAt)
		}
	}
}

// beginWrites begins the writes whose turn has come, and forgets queues that hold nothing up.
func (c *Client) beginWrites(now Instant) {
	kept := c.writes[:0]
	for _, q := range c.writes {
		for len(q.calls) > 0 && q.calls[0].inLine {
			first := q.calls[0]
			if first.takeTurn(q, now); first.inLine {
				break
			}
		}
		if len(q.calls) > 0 || now < q.settled {
			kept = append(kept, q)
		}
	}
	c.writes = kept
}
