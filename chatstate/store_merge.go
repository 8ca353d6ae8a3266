package chatstate

import "acschat/chatcore"

// merge brings the queue up to date with the storage, which other programs change, too.
func (c *Conversation) merge(now chatcore.Instant, records []Record) {
	q, s := &c.queue, &c.queue.store
	stored, mark := map[string]bool{}, ""
	for _, record := range records {
		if record.Key == markKey {
			mark = record.Text
			continue
		}
		found, item := decodeRecord(record), c.pendingByKey(record.Key)
		stored[record.Key] = true
		switch {
		case found == nil && item != nil && item.writes == 0 && !c.isBeingSent(item):
			c.takeAway(item, newError("sendMessage", StorageError, "a newer version of this client has taken over the message"))
		case found == nil || s.leaving[record.Key] > 0:
		case item == nil && (c.timeline.hasKey(record.Key) || s.left[record.Key]): // its program has not removed it
			c.unsave(found)
		case item == nil:
			c.addPending(found)
			c.failIfEnded(found)
		case item.writes > 0 || c.isBeingSent(item) || item.stored == record.Text:
			item.sequence = found.sequence // the answer to its first write may come later than this list
		default:
			item.sequence, item.stored, item.request, item.createdMs = found.sequence, found.stored, found.request, found.createdMs
			item.isAttempted, item.attempter = found.isAttempted, found.attempter
			item.state, item.err, item.isBlocked = found.state, found.err, found.isBlocked
			item.vanishedAt = 0
			c.show(item)
			c.failIfEnded(item)
		}
	}
	c.mergeMark(now, mark)
	for i := len(q.items) - 1; i >= 0; i-- {
		if item := q.items[i]; item.sequence != 0 && !stored[item.key] && item.writes == 0 && !c.isBeingSent(item) {
			c.vanish(now, item)
		}
	}
	for key := range s.left {
		if !stored[key] && s.leaving[key] == 0 {
			delete(s.left, key)
		}
	}
	c.sortPending()
}

// failIfEnded shows as failed what this conversation cannot send. Another one may: its record stays as it is.
func (c *Conversation) failIfEnded(item *pending) {
	if c.status == Ended && !item.isBlocked {
		c.fail(item, c.err)
	}
}

// vanish handles a message whose record another program has removed. That program tells whether it has sent or cancelled the message.
// Until then the user of this one waits.
func (c *Conversation) vanish(now chatcore.Instant, item *pending) {
	switch {
	case !item.isOwn:
		c.takeAway(item, nil)
	case item.vanishedAt == 0:
		item.vanishedAt, item.stored = now, ""
		item.state, item.err = Unknown, nil
		c.show(item)
		c.queue.vanishAt = earlier(c.queue.vanishAt, now+vanishedMs)
	}
}

// vanishedMs is how long a message may be unknown before it counts as cancelled by another program. Had that program sent it, the watch
// would have shown it by then, even on a hidden page.
const vanishedMs = 90_000

// dropVanished removes messages that another program must have cancelled.
func (c *Conversation) dropVanished(now chatcore.Instant) {
	q := &c.queue
	q.vanishAt = 0
	for i := len(q.items) - 1; i >= 0; i-- {
		item := q.items[i]
		switch {
		case item.vanishedAt == 0:
			continue
		case c.status == Waiting || c.status == Loading:
			item.vanishedAt = now // the watch may not have shown it
		case now >= item.vanishedAt+vanishedMs:
			c.takeAway(item, newError("sendMessage", Cancelled, "the message was cancelled by another tab or program"))
			continue
		}
		q.vanishAt = earlier(q.vanishAt, item.vanishedAt+vanishedMs)
	}
}

// takeAway removes a message that is not this program's business any more.
func (c *Conversation) takeAway(item *pending, err *chatcore.Error) {
	c.removePending(item)
	if item.isOwn {
		c.settle(item, "", err)
	}
}

// sortPending puts the pending messages into the order of the storage. Those that are not stored yet come last.
func (c *Conversation) sortPending() {
	q := &c.queue
	for i := 1; i < len(q.items); i++ {
		item := q.items[i]
		to := i
		for to > 0 && item.sequence != 0 && (q.items[to-1].sequence == 0 || q.items[to-1].sequence > item.sequence) {
			to--
		}
		if to < i {
			copy(q.items[to+1:i+1], q.items[to:i])
			q.items[to] = item
			from := c.timeline.sent + i
			m := c.timeline.items[from]
			c.timeline.remove(from)
			c.timeline.insert(c.timeline.sent+to, m)
		}
	}
}
