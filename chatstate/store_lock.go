package chatstate

import "acschat/chatcore"

// startAttempt sends the first message: at once from memory, otherwise under the queue's lock.
func (c *Conversation) startAttempt(now chatcore.Instant) {
	s := &c.queue.store
	if !c.isStored() {
		c.sendHead(now)
		return
	}
	s.isKept = true
	s.attempt++
	attempt := s.attempt
	c.ask(Effect{Kind: RequestLock}, func(now chatcore.Instant, _ Answer) {
		if !c.holdsLock(attempt) {
			return
		}
		c.ask(Effect{Kind: ListRecords}, func(now chatcore.Instant, a Answer) {
			c.merge(now, a.Records)
			if c.holdsLock(attempt) {
				c.markHead(now, attempt)
			}
		}, nil)
	}, nil)
}

// markHead stores that an attempt at the first message begins, and then sends it.
func (c *Conversation) markHead(now chatcore.Instant, attempt int) {
	q := &c.queue
	if !c.canSend(now) || q.head().sequence == 0 || q.head().writes > 0 {
		c.releaseLock()
		c.pumpLater(now)
		return
	}
	head := q.head()
	q.marking = head
	text, expected := encodeRecord(head, c.id), head.stored
	head.stored = text
	c.write(head, Effect{Kind: PutRecord, Record: Record{head.sequence, head.key, text}, Expected: expected}, func(now chatcore.Instant, a Answer) {
		isHeld := c.holdsLock(attempt)
		if isHeld {
			q.marking = nil
		}
		switch {
		case a.Differs:
			if isHeld {
				c.releaseLock()
			}
			c.refresh(now)
		case !isHeld: // the record says that the message may have been sent: the next attempt looks it up
		case !c.canSend(now) || q.head() != head:
			c.releaseLock()
			if c.pendingByKey(head.key) == head {
				c.save(head)
			}
			c.pump(now)
		default:
			c.announce(head.key, "", false)
			c.sendHead(now)
		}
	}, nil)
}

// pumpLater goes on after an attempt that could not begin. If a message is only being stored, the answer to that goes on.
func (c *Conversation) pumpLater(now chatcore.Instant) {
	if head := c.queue.head(); head != nil && head.writes == 0 {
		c.pump(now)
	}
}

// holdsLock tells whether an attempt still has the lock.
func (c *Conversation) holdsLock(attempt int) bool {
	s := &c.queue.store
	return s.isKept && s.attempt == attempt && !c.closed
}

// endAttempt stores how the attempt has ended, and releases the lock. item is nil if it was sent.
func (c *Conversation) endAttempt(now chatcore.Instant, item *pending) {
	if !c.queue.store.isKept || item == nil {
		c.releaseLock()
		c.pump(now)
		return
	}
	attempt := c.queue.store.attempt
	c.saveAnd(item, func(now chatcore.Instant) {
		if c.holdsLock(attempt) {
			c.releaseLock()
		}
		c.pump(now)
	})
}

func (c *Conversation) releaseLock() {
	if s := &c.queue.store; s.isKept {
		s.isKept = false
		c.queue.marking = nil
		c.effects = append(c.effects, Effect{Kind: ReleaseLock, Queue: s.queue})
	}
}
