package chatstate

import "acschat/chatcore"

// pages loads pages of messages, one load at a time.
type pages struct {
	current   *load
	waiting   []*load
	bookmarks []bookmark // from the newest page down
	retryAt   chatcore.Instant
	failures  int
}

// LoadOlder loads PageSize older messages, or all that are left. It calls done when they are loaded, or with an error.
func (c *Conversation) LoadOlder(now chatcore.Instant, done func(err error)) {
	c.load(now, older, done)
}

// LoadNewer loads newer messages, if the window does not reach to the newest.
func (c *Conversation) LoadNewer(now chatcore.Instant, done func(err error)) {
	c.load(now, newer, done)
}

// JumpToNewest moves the window to the newest messages.
func (c *Conversation) JumpToNewest(now chatcore.Instant, done func(err error)) {
	c.load(now, newest, done)
}

func (c *Conversation) load(now chatcore.Instant, d direction, done func(err error)) {
	if done == nil {
		done = func(error) {}
	}
	if c.closed {
		done(NewClosed("listMessages"))
		return
	}
	p := &c.pages
	for _, l := range append(p.waiting[:len(p.waiting):len(p.waiting)], p.current) {
		if l != nil && l.direction == d {
			l.done = append(l.done, done)
			return
		}
	}
	p.waiting = append(p.waiting, &load{direction: d, done: []func(error){done}})
	c.nextLoad(now)
}

// reload stops the watch, reads the newest messages again, and then starts another watch.
func (c *Conversation) reload(now chatcore.Instant) {
	if c.isReloading() {
		return
	}
	if call := c.watch.call; call != nil {
		delete(c.calls, call)
		c.effects = append(c.effects, Effect{Kind: AbortCall, Call: call})
	}
	c.watch = watch{}
	c.pages.bookmarks = nil
	c.pages.waiting = append([]*load{{direction: newest, isReload: true}}, c.pages.waiting...)
	c.nextLoad(now)
}

func (c *Conversation) isReloading() bool {
	p := &c.pages
	return p.current != nil && p.current.isReload || len(p.waiting) > 0 && p.waiting[0].isReload
}

// nextLoad starts the next load, if none is under way.
func (c *Conversation) nextLoad(now chatcore.Instant) {
	p := &c.pages
	for p.current == nil && len(p.waiting) > 0 && !c.closed {
		l := p.waiting[0]
		p.waiting = p.waiting[1:]
		p.current = l
		t := &c.timeline
		switch {
		case l.direction == older && t.low == "0", l.direction != older && t.isLoaded() && t.high == "" && !l.isReload:
			c.endLoad(now, nil)
			continue
		case l.direction == older:
			l.link = c.linkAt(t.low, 0)
		case l.direction == newer:
			l.above = 1
			l.link = c.linkAt(t.high, 1)
		}
		l.isTop = l.link == ""
		l.shown = t.sent
		t.keepNew = l.direction != older
		c.requestPage(now)
	}
}

func (c *Conversation) requestPage(now chatcore.Instant) {
	o := chatcore.ListChatMessagesOptions{MaxPageSize: c.options.PageSize, NextLink: c.pages.current.link}
	c.begin(c.client.ListMessages(c.threadID, o, c.callOptions()), func(now chatcore.Instant, result chatcore.Result, err error) {
		if err != nil {
			c.pageFailed(now, err)
			return
		}
		c.pages.failures = 0
		c.pageRead(now, result.(*chatcore.ChatMessagesCollection))
	})
}

// pageFailed starts the load again from the newest page if the service refuses an old link. Other failures end it, except for the
// first load, which is repeated.
func (c *Conversation) pageFailed(now chatcore.Instant, err error) {
	l, t := c.pages.current, &c.timeline
	e, ok := err.(*chatcore.Error)
	if !ok || c.closed {
		return
	}
	hasEnded := c.endsConversation(now, e)
	if !hasEnded && l.link != "" && !l.retried && !isTransient(e) && !isAboutToken(e) {
		l.retried, l.link, l.read, l.highest, l.lowest, l.isTop = true, "", nil, "", "", true
		c.pages.bookmarks = nil
		c.requestPage(now)
		return
	}
	if t.isLoaded() && !l.isReload {
		c.endLoad(now, err)
		return
	}
	if hasEnded {
		c.pages.retryAt = now + endedMs
	} else {
		if c.status != Ended {
			c.setStatus(Waiting, e)
		}
		c.pages.retryAt = now + backoff(c.pages.failures)
		c.pages.failures++
	}
	c.pages.failAll(err)
	c.pages.current = &load{direction: newest, isReload: l.isReload}
	c.pump(now)
}

// retryPage repeats the first load.
func (c *Conversation) retryPage(now chatcore.Instant) {
	c.pages.retryAt = 0
	c.pages.current.isTop = true
	c.requestPage(now)
}

// failAll fails all loads, the current one and those that wait.
func (p *pages) failAll(err error) {
	loads := p.waiting
	if p.current != nil {
		loads = append(loads, p.current)
	}
	p.waiting, p.current = nil, nil
	for _, l := range loads {
		for _, done := range l.done {
			done(err)
		}
	}
}

func (c *Conversation) pageRead(now chatcore.Instant, page *chatcore.ChatMessagesCollection) {
	t, l := &c.timeline, c.pages.current
	l.see(page)
	if l.link != "" && l.lowest != "" {
		c.pages.addBookmark(bookmark{l.lowest, l.link})
	}
	if l.direction != older {
		c.applyShown(now, page.Value)
	}
	isEnough := false
	switch l.direction {
	case newest:
		isEnough = l.lowest != "" && 2*l.countFrom(l.lowest) >= c.options.PageSize
	case older:
		if l.lowest != "" && chatcore.CompareIDs(l.lowest, t.low) < 0 {
			t.widen(l.lowest, t.high)
		}
		c.applyAll(now, page.Value)
		isEnough = t.sent-l.shown >= c.options.PageSize
	case newer:
		isEnough = l.lowest != "" && chatcore.CompareIDs(l.lowest, t.high) <= 0
	}
	if l.link != "" && !isEnough {
		c.requestPage(now)
		return
	}
	switch l.direction {
	case newest:
		t.reset(l.lowest)
		c.applyAll(now, l.read)
		c.trimBeyond()
		c.endLoad(now, nil)
		c.followFrom(now, l.highest)
		c.noteSystemMessages(now, l.read)
		c.pump(now)
		return
	case older:
		c.dropNewest()
	case newer:
		high := l.newHigh(t.high)
		if high == t.high { // all that was read had been edited, and is in the window or held back
			l.above++
			l.link, l.read, l.lowest = c.linkAt(t.high, l.above), nil, ""
			l.isTop = l.link == ""
			c.requestPage(now)
			return
		}
		t.widen(t.low, high)
		c.applyAll(now, l.read)
		t.dropOldest(c.options.Limit)
		c.trimBeyond()
	}
	c.endLoad(now, nil)
}

// applyShown takes what a page says about messages that are shown or counted already. The others wait for the end of the load.
func (c *Conversation) applyShown(now chatcore.Instant, messages []chatcore.ChatMessage) {
	for _, m := range messages {
		if c.timeline.contains(m.ID) {
			c.apply(now, m)
		} else {
			c.timeline.noteID(m.ID)
			c.noteBeyond(&Message{ChatMessage: m, Mine: c.isMine(&m)})
		}
	}
}

// trimWindow keeps the window within its limit after new messages, unless a page is being loaded. It drops messages at the end that the
// user is less likely to see: the oldest, or the newest if the window was moved away from them.
func (c *Conversation) trimWindow() {
	switch {
	case c.pages.current != nil:
	case c.HasNewer():
		c.dropNewest()
	default:
		c.timeline.dropOldest(c.options.Limit)
	}
}

// dropNewest keeps the window within its limit. What it drops may be unread.
func (c *Conversation) dropNewest() {
	for _, m := range c.timeline.dropNewest(c.options.Limit) {
		c.noteBeyond(m)
	}
}

// endLoad ends the load under way and starts the next one.
func (c *Conversation) endLoad(now chatcore.Instant, err error) {
	l := c.pages.current
	c.pages.current = nil
	c.trimWindow()
	c.timeline.keepNew = false
	c.timeline.dropUnchanged()
	c.changed |= PagesChanged
	for _, done := range l.done {
		done(err)
	}
	c.nextLoad(now)
}
