package chatstate_test

import (
	"fmt"

	"acschat/chatcore"
	"acschat/chatstate"
)

// act returns something that happens.
func (w *inboxWorld) act() func() {
	do := w.random.IntN(1000)
	return func() {
		t := w.threads[w.random.IntN(len(w.threads))]
		switch {
		case do < 230:
			w.writes(w.alex, t)
		case do < 250: // many at once: a look does not reach what is known
			if w.chance(0.5) {
				w.alexChanges(t)
			}
			for range 25 + w.random.IntN(100) {
				w.now++
				w.writes(w.alex, t)
			}
		case do < 320:
			w.alexChanges(t)
		case do < 350:
			w.alexNames(t)
		case do < 400:
			w.alexRemoves(t)
		case do < 410:
			w.alexDeletes(t)
		case do < 435:
			w.createThread(w.chance(0.3))
		case do < 470:
			w.otherDeviceReads(t)
		case do < 500:
			w.writes(w.jane, t)
		case do < 530:
			w.goOffline(!w.offline)
		default:
			w.pageActs(t, do)
		}
	}
}

// pageActs is something that Jane does with a page, or that happens to it.
func (w *inboxWorld) pageActs(t *inboxThread, do int) {
	var p *inboxPage
	for _, other := range w.pages {
		if !other.isGone && (p == nil || w.chance(0.5)) {
			p = other
		}
	}
	switch {
	case p == nil:
		w.open()
		return
	case p.isFrozen:
		p.wake()
		return
	}
	c := p.conversations[t.id]
	switch {
	case do < 650:
		p.markRead(t)
		if w.chance(0.3) { // another page, which may not know the last messages
			w.after(w.random.IntN(40), func() {
				for _, other := range w.pages {
					if other != p && !other.isGone && !other.isFrozen {
						other.markRead(t)
						other.pump()
					}
				}
			})
		}
	case do < 740 && c == nil:
		p.openConversation(t)
	case do < 780 && c != nil:
		p.closeConversation(t.id)
	case do < 850 && c != nil:
		w.number++
		_, err := c.Send(w.instant(), chatcore.SendChatMessageRequest{Content: fmt.Sprintf("m%d", w.number)})
		w.note("page %d sends m%d to %s: %v", p.number, w.number, w.short(t.id), err)
	case do < 880 && c != nil:
		p.markReadUpTo(t.id, c)
	case do < 890 && c != nil:
		c.LoadOlder(w.instant(), nil)
	case do < 920:
		p.close()
		w.after(w.random.IntN(1000), func() { w.open() })
		return
	case do < 950:
		w.note("page %d freezes", p.number)
		p.each(func(c *chatstate.Conversation) { c.Freeze(w.instant()) })
		p.pump()
		p.isFrozen = true
		w.after(w.random.IntN(10_000), func() {
			if w.chance(0.3) && !w.isCalm { // the computer sleeps
				w.jump(w.random.IntN(1_800_000))
			}
			p.wake()
		})
		return
	case do < 970:
		w.note("the storage fails")
		w.storage.fails = true
	case do < 985:
		w.forget()
	default:
		p.inbox.SetHidden(w.instant(), w.chance(0.5))
	}
	p.pump()
}

// jump lets time pass in which nothing happens: what is under way happens after it.
func (w *inboxWorld) jump(ms int) {
	w.note("the clock jumps by %d ms", ms)
	for i := range w.events {
		w.events[i].at += ms
	}
	w.now += ms
	w.jumped, w.jumpedTo = w.jumped+ms, w.now
}

// runFor lets everything happen for a time, not counting jumps of the clock.
func (w *inboxWorld) runFor(ms int) {
	end := w.now + ms
	w.steps = 0
	for w.run(end); w.jumped > 0 && len(w.problems) == 0; w.run(end) {
		end += w.jumped
		w.now, w.jumped = w.jumpedTo, 0
	}
}

func (p *inboxPage) wake() {
	if w := p.w; p.isFrozen && !p.isGone {
		w.note("page %d wakes up", p.number)
		p.isFrozen = false
		p.memory.Resumed(w.instant())
		p.client.Resumed(w.instant())
		p.each(func(c *chatstate.Conversation) { c.Resume(w.instant()) })
		p.inbox.Elapsed(w.instant())
		p.pump()
	}
}

func (w *inboxWorld) goOffline(offline bool) {
	w.offline = offline
	w.note("offline: %v", offline)
	for _, p := range w.pages {
		if !p.isGone {
			p.client.SetOnline(w.instant(), !offline)
			p.each(func(c *chatstate.Conversation) { c.SetOnline(w.instant(), !offline) })
			p.inbox.SetOnline(w.instant(), !offline)
			p.pump()
		}
	}
}

// markRead marks a thread as read. If the inbox knows its last message, that is what was read.
func (p *inboxPage) markRead(t *inboxThread) {
	w := p.w
	shown := p.shown(t.id)
	if shown != nil && shown.LastMessage != nil && shown.LastMessage.State == chatstate.Sent && !(shown.UnreadCount == 0 && shown.UnreadIsCapped) {
		p.raise(t.id, number(shown.LastMessage.ID))
		if shown.UnreadCount > 0 {
			p.toldOf(t.id).marked = number(shown.LastMessage.ID)
		}
	} else {
		p.toldOf(t.id).isMarkUnclear = true
	}
	w.note("page %d marks %s as read", p.number, w.short(t.id))
	isDone := false
	p.inbox.MarkRead(w.instant(), t.id, func(err error) {
		if isDone {
			w.problem("MarkRead is done twice")
		}
		isDone = true
		if shown == nil && err == nil {
			w.problem("page %d marks %s, which it does not know", p.number, w.short(t.id))
		}
	})
	if after := p.shown(t.id); shown != nil && isDone && after.UnreadCount > 0 && p.conversations[t.id] == nil {
		w.problem("page %d: %s has %d unread messages after MarkRead", p.number, w.short(t.id), after.UnreadCount)
	}
}

// markReadUpTo marks messages in a conversation as read.
func (p *inboxPage) markReadUpTo(id string, c *chatstate.Conversation) {
	var ids []string
	for _, m := range c.Messages() {
		if m.State == chatstate.Sent {
			ids = append(ids, m.ID)
		}
	}
	if len(ids) > 0 {
		mark := ids[p.w.random.IntN(len(ids))]
		p.w.note("page %d marks %s in %s", p.number, mark, p.w.short(id))
		p.raise(id, number(mark))
		c.MarkRead(p.w.instant(), mark, func(error) {})
	}
}

func (p *inboxPage) openConversation(t *inboxThread) {
	w := p.w
	w.note("page %d opens the conversation of %s", p.number, w.short(t.id))
	c := chatstate.Open(p.client, t.id, chatstate.Options{PageSize: 10, Limit: 30, Durable: w.durable, NewToken: p.newToken, UnixMs: p.unixMs})
	p.conversations[t.id] = c
	p.toldOf(t.id).hadConversation = true
	c.SetOnline(w.instant(), !w.offline)
	c.Start(w.instant())
	p.inbox.Join(w.instant(), c)
}

func (p *inboxPage) closeConversation(id string) {
	p.w.note("page %d closes the conversation of %s", p.number, p.w.short(id))
	c := p.conversations[id]
	c.Close(p.w.instant())
	for e, ok := c.Next(); ok; e, ok = c.Next() {
		p.effect(e, func(chatcore.Instant, int, chatstate.Answer) {}, false)
	}
	delete(p.conversations, id)
	delete(p.liveSince, id)
	p.inbox.Part(p.w.instant(), c)
}

// forget erases the storage of the user.
func (w *inboxWorld) forget() {
	if w.storage.fails {
		return
	}
	w.note("forget")
	for _, p := range w.pages {
		for _, told := range p.told {
			told.marked = 0
		}
		if !p.isGone && !p.isFrozen {
			p.inbox.Forget()
			p.each(func(c *chatstate.Conversation) { c.Forget(w.instant()) })
			p.pump()
		}
	}
}
