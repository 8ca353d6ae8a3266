package chatstate

import "acschat/chatcore"

// marks holds how far the user has read, and what is unread beyond the window.
type marks struct {
	read           string              // id of the newest message that was read: the own receipt or MarkRead, whichever is newer
	receipt        string              // id of the newest message that a receipt was sent for, or that the service shows one for
	beyond         map[string]struct{} // ids of unread messages that are newer than the window
	isBeyondCapped bool                // there were more than maxBeyond
	record         markRecord
}

// maxBeyond bounds the unread messages that are counted beyond the window.
const maxBeyond = 1000

// raiseMark moves the mark to a newer message.
func (c *Conversation) raiseMark(id string) {
	if chatcore.CompareIDs(id, c.marks.read) <= 0 {
		return
	}
	c.marks.read = id
	for other := range c.marks.beyond {
		if chatcore.CompareIDs(other, id) <= 0 {
			delete(c.marks.beyond, other)
		}
	}
	c.changed |= UnreadChanged
}

// MarkRead marks a message and those before it as read, by default the newest message that is known. In threads of up to 20
// participants it also sends a read receipt, whose error done gets. A message that is marked stays marked if the receipt fails.
func (c *Conversation) MarkRead(now chatcore.Instant, id string, done func(err error)) {
	newest := c.timeline.newest
	_, isNumber := parseNumber(id)
	switch {
	case c.closed:
		done(NewClosed("sendReadReceipt"))
		return
	case id != "" && !isNumber:
		done(chatcore.NewInvalidArgument("sendReadReceipt", "messageId", "must be the id of a message", nil))
		return
	case id == "":
		id = newest
	}
	mark := id
	if chatcore.CompareIDs(mark, newest) > 0 { // messages that come later are unread
		mark = newest
	}
	if chatcore.CompareIDs(mark, c.marks.read) > 0 {
		c.raiseMark(mark)
		c.marks.record.wanted = mark
		c.saveMark(now)
	}
	if chatcore.CompareIDs(id, c.marks.receipt) <= 0 || len(c.people.participants) > maxWithReceipts {
		done(nil)
		return
	}
	before := c.marks.receipt
	c.marks.receipt = id
	call := c.client.SendReadReceipt(c.threadID, chatcore.SendReadReceiptRequest{ChatMessageID: id}, c.callOptions())
	c.begin(call, func(_ chatcore.Instant, _ chatcore.Result, err error) {
		if err != nil && c.marks.receipt == id {
			c.marks.receipt = before
		}
		done(err)
	})
}

// Unread returns the number of unread messages, and whether there may be more.
func (c *Conversation) Unread() (count int, isCapped bool) {
	t := &c.timeline
	first, found := t.search(c.marks.read)
	if found {
		first++
	}
	count, isCapped = len(c.marks.beyond), c.marks.isBeyondCapped
	for _, m := range t.items[first:t.sent] {
		if m.countsAsUnread() {
			count++
		}
	}
	return count, isCapped || first == 0 && c.HasOlder() && chatcore.CompareIDs(t.low, c.marks.read) > 0
}

// noteBeyond counts a message that is newer than the window.
func (c *Conversation) noteBeyond(m *Message) {
	if known, ok := c.timeline.outside[m.ID]; !c.timeline.isBeyond(m.ID) || ok && chatcore.CompareIDs(known.Version, m.Version) > 0 {
		return
	}
	k := &c.marks
	_, known := k.beyond[m.ID]
	isUnread := m.countsAsUnread() && chatcore.CompareIDs(m.ID, k.read) > 0
	switch {
	case known && !isUnread:
		delete(k.beyond, m.ID)
	case !known && isUnread && len(k.beyond) == maxBeyond:
		k.isBeyondCapped = true
	case !known && isUnread:
		if k.beyond == nil {
			k.beyond = map[string]struct{}{}
		}
		k.beyond[m.ID] = struct{}{}
	default:
		return
	}
	c.changed |= UnreadChanged
}

// trimBeyond forgets messages that the window has reached.
func (c *Conversation) trimBeyond() {
	for id := range c.marks.beyond {
		if !c.timeline.isBeyond(id) {
			delete(c.marks.beyond, id)
		}
	}
	c.marks.isBeyondCapped = c.marks.isBeyondCapped && c.HasNewer()
	c.changed |= UnreadChanged
}

// saveMark stores how far the user has read, for threads without read receipts.
func (c *Conversation) saveMark(now chatcore.Instant) {
	k := &c.marks.record
	if !c.isStored() || !k.mustSave() {
		return
	}
	id := k.wanted
	c.ask(k.put(), func(now chatcore.Instant, a Answer) {
		if k.answered(id, a) {
			c.announce(markKey, "", false)
		} else {
			c.refresh(now)
		}
	}, nil)
}

// mergeMark merges the mark in the storage, which is "" if there is none. If MarkRead has gone further, it stores the mark again.
func (c *Conversation) mergeMark(now chatcore.Instant, text string) {
	k := &c.marks.record
	c.raiseMark(k.merge(text))
	if k.writes == 0 {
		c.saveMark(now)
	}
}
