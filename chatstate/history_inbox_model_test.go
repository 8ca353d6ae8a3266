package chatstate_test

import (
	"acschat/chatcore"
	"acschat/chatstate"
)

// shown returns what the page shows of a thread, or nil.
func (p *inboxPage) shown(id string) *chatstate.Thread {
	for _, t := range p.inbox.Threads() {
		if t.ID == id {
			return t
		}
	}
	return nil
}

// check holds what the inbox shows against what it was told. It runs after each task.
func (p *inboxPage) check() {
	w := p.w
	p.mirrorChanges()
	shown := p.inbox.Threads()
	if len(shown) != len(p.mirror) {
		w.problem("page %d: the changes make %d threads of %d", p.number, len(p.mirror), len(shown))
		return
	}
	seen := map[string]bool{}
	for i, t := range shown {
		if t != p.mirror[i] {
			w.problem("page %d: the changes do not lead to thread %d", p.number, i)
		}
		if seen[t.ID] {
			w.problem("page %d shows %s twice", p.number, w.short(t.ID))
		}
		seen[t.ID] = true
		if i > 0 {
			p.checkOrder(shown[i-1], t)
		}
		p.checkThread(t)
	}
	if status, _ := p.inbox.Status(); w.offline && status == chatstate.Live {
		w.problem("page %d is live without a network", p.number)
	}
	if p.inbox.Durability() == chatstate.Disk && (!w.durable || p.hasFailed) {
		w.problem("page %d claims a storage that it has not", p.number)
	}
}

// mirrorChanges applies the changes to the mirror. A change must change something.
func (p *inboxPage) mirrorChanges() {
	changes, _ := p.inbox.Changed()
	for _, c := range changes {
		switch c.Kind {
		case chatstate.Insert:
			p.mirror = append(p.mirror, nil)
			copy(p.mirror[c.Index+1:], p.mirror[c.Index:])
			p.mirror[c.Index] = c.Thread
		case chatstate.Replace:
			if p.mirror[c.Index] == c.Thread || *p.mirror[c.Index] == *c.Thread {
				p.w.problem("page %d: %s is replaced by the same", p.number, p.w.short(c.Thread.ID))
			}
			p.mirror[c.Index] = c.Thread
		case chatstate.Remove:
			p.mirror = append(p.mirror[:c.Index], p.mirror[c.Index+1:]...)
		}
	}
}

func isPending(t *chatstate.Thread) bool {
	return t.LastMessage != nil && t.LastMessage.State != chatstate.Sent
}

// checkOrder checks that the thread with the newest message comes first. Pending messages are the newest.
func (p *inboxPage) checkOrder(before, after *chatstate.Thread) {
	switch {
	case isPending(before):
		return
	case isPending(after):
		p.w.problem("page %d: %s is after %s, and has a pending message", p.number, p.w.short(after.ID), p.w.short(before.ID))
	case before.LastMessage != nil && after.LastMessage != nil && number(before.LastMessage.ID) < number(after.LastMessage.ID):
		p.w.problem("page %d: %s is before %s, which has a newer message", p.number, p.w.short(before.ID), p.w.short(after.ID))
	}
}

func (p *inboxPage) checkThread(t *chatstate.Thread) {
	w, told, truth := p.w, p.toldOf(t.ID), p.w.thread(t.ID)
	if t.Left && !truth.everLeft {
		w.problem("page %d says that Jane has left %s", p.number, w.short(t.ID))
	}
	if m := t.LastMessage; m != nil && m.State == chatstate.Sent {
		if number(m.ID) < number(told.last) {
			w.problem("page %d: the last message of %s goes from %s back to %s", p.number, w.short(t.ID), told.last, m.ID)
		}
		told.last = m.ID
		if known, ok := told.known[m.ID]; ok && number(m.Version) < number(known.Version) && !p.isLooking(t.ID) && !told.hadConversation {
			w.problem("page %d shows version %s of %s, and knows %s", p.number, m.Version, m.ID, known.Version)
		}
		isMine := m.SenderCommunicationIdentifier != nil && m.SenderCommunicationIdentifier.RawID == w.jane.ID
		if m.Mine != isMine {
			w.problem("page %d: mine of %s is %v", p.number, m.ID, m.Mine)
		}
	}
	if c := p.conversations[t.ID]; c != nil {
		p.checkShared(t, c)
		return
	}
	if isPending(t) {
		w.problem("page %d shows a pending message of %s, which has no conversation", p.number, w.short(t.ID))
	}
	if w.durable && !p.hasFailed && !told.isMarkTold && !told.hadConversation && t.UnreadCount > 0 {
		w.problem("page %d counts the unread messages of %s before it knows the mark", p.number, w.short(t.ID))
	}
	if p.isLooking(t.ID) || told.hadConversation || told.isMarkUnclear {
		return
	}
	all := 0
	for id, m := range told.known {
		if number(id) > told.mark && w.countsAsUnread(m) {
			all++
		}
	}
	if t.UnreadCount > all || t.UnreadCount < all && !t.UnreadIsCapped {
		w.problem("page %d has %d unread messages of %s, capped: %v, and was told of %d", p.number, t.UnreadCount, w.short(t.ID), t.UnreadIsCapped, all)
	}
}

func (w *inboxWorld) countsAsUnread(m chatcore.ChatMessage) bool {
	sender := m.SenderCommunicationIdentifier
	return sender != nil && sender.RawID != w.jane.ID && m.DeletedOn == "" && (m.Type == "text" || m.Type == "html")
}

func (p *inboxPage) isLooking(id string) bool {
	for _, other := range p.looks {
		if other == id {
			return true
		}
	}
	return false
}

// checkShared checks that the inbox shows what the conversation does.
func (p *inboxPage) checkShared(t *chatstate.Thread, c *chatstate.Conversation) {
	w := p.w
	messages := c.Messages()
	status, _ := c.Status()
	if status == chatstate.Live && !c.HasNewer() {
		if p.liveSince[t.ID] == 0 {
			p.liveSince[t.ID] = w.now
		}
	} else {
		delete(p.liveSince, t.ID)
	}
	if len(messages) == 0 || status == chatstate.Loading {
		return
	}
	last := messages[len(messages)-1]
	if last.State != chatstate.Sent && t.LastMessage != last {
		w.problem("page %d does not show the pending message of %s", p.number, w.short(t.ID))
	}
	if c.HasNewer() || !c.HasOlder() && messages[0].State != chatstate.Sent {
		return
	}
	if last.State == chatstate.Sent && (t.LastMessage == nil || number(t.LastMessage.ID) < number(last.ID)) {
		w.problem("page %d does not show the last message of the conversation of %s", p.number, w.short(t.ID))
	}
	if count, isCapped := c.Unread(); t.UnreadCount != count || t.UnreadIsCapped != isCapped {
		w.problem("page %d has %d unread messages of %s, and the conversation has %d", p.number, t.UnreadCount, w.short(t.ID), count)
	}
	if t.Left != (status == chatstate.Ended) {
		w.problem("page %d: left of %s is %v, and its conversation is %s", p.number, w.short(t.ID), t.Left, status)
	}
}

// checkEnd holds what the page shows against the service.
func (p *inboxPage) checkEnd() { p.checkThreads(p.w.threads) }

// checkThreads does so for some of the threads.
func (p *inboxPage) checkThreads(threads []*inboxThread) {
	w := p.w
	if status, err := p.inbox.Status(); status != chatstate.Live {
		w.problem("page %d is %s: %v", p.number, status, err)
		return
	}
	if w.durable && !p.hasFailed != (p.inbox.Durability() == chatstate.Disk) {
		w.problem("page %d: durability is %s", p.number, p.inbox.Durability())
	}
	for _, truth := range threads {
		t := p.shown(truth.id)
		isLeft := truth.isRemoved || truth.isDeleted
		switch {
		case t == nil && !isLeft:
			w.problem("page %d does not show %s", p.number, w.short(truth.id))
		case truth.isHidden && p.conversations[truth.id] != nil: // it does not see that Jane was added again before there is a message
		case t != nil && t.Left != isLeft:
			w.problem("page %d: left of %s is %v", p.number, w.short(truth.id), t.Left)
		case t != nil && !isLeft:
			p.checkTruth(t, truth)
		}
	}
}

// checkTruth holds a thread against the service.
func (p *inboxPage) checkTruth(t *chatstate.Thread, truth *inboxThread) {
	w := p.w
	if t.Topic != truth.topic {
		w.problem("page %d: the topic of %s is %q, not %q", p.number, w.short(t.ID), t.Topic, truth.topic)
	}
	if truth.isHidden {
		return
	}
	stored := w.storedIn(truth)
	newest := stored[len(stored)-1]
	if m := t.LastMessage; m == nil || m.State == chatstate.Sent && (m.ID != newest.ID || m.Version != newest.Version) {
		w.problem("page %d: the last message of %s is %+v, not %s %s", p.number, w.short(t.ID), m, newest.ID, newest.Version)
		return
	}
	told := p.toldOf(t.ID)
	if w.durable && !p.hasFailed && !told.hadConversation && max(w.markInStorage(truth), w.receiptOf(truth)) < told.marked {
		w.problem("page %d has marked %d in %s, and the storage has %d", p.number, told.marked, w.short(t.ID), w.markInStorage(truth))
	}
	mark := max(told.mark, w.receiptOf(truth))
	if w.durable && !p.hasFailed {
		mark = max(mark, w.markInStorage(truth))
	}
	unread, least := 0, 0
	for i, m := range stored {
		if number(m.ID) > mark && w.countsAsUnread(m) {
			unread++
			if i >= len(stored)-5 {
				least++
			}
		}
	}
	switch {
	case told.isMarkUnclear && t.UnreadCount <= unread:
	case !t.UnreadIsCapped && t.UnreadCount != unread:
		w.problem("page %d has %d unread messages of %s, not %d", p.number, t.UnreadCount, w.short(t.ID), unread)
	case t.UnreadIsCapped && (t.UnreadCount > unread || t.UnreadCount < least || len(stored) <= 100 && p.conversations[t.ID] == nil):
		w.problem("page %d has %d+ unread messages of %s, which has %d, and %d messages", p.number, t.UnreadCount, w.short(t.ID), unread, len(stored))
	}
}
