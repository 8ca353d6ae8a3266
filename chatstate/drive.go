package chatstate

import "acschat/chatcore"

// Ended tells that a call has ended.
func (c *Conversation) Ended(now chatcore.Instant, call *chatcore.Call) {
	done := c.take(call)
	if done == nil {
		return
	}
	step := call.Step()
	c.bindUser(now, step.Err == nil)
	done(now, step.Result, step.Err)
}

// Deadline returns when Elapsed is due, or 0.
func (c *Conversation) Deadline() (earliest chatcore.Instant) {
	if c.closed {
		return 0
	}
	for _, at := range [...]chatcore.Instant{c.pages.retryAt, c.watch.retryAt, c.watch.checkAt, c.peopleDeadline(), c.queue.retryAt, c.queue.expireAt, c.queue.vanishAt} {
		earliest = earlier(earliest, at)
	}
	return earliest
}

// earlier returns the earlier of two instants. 0 is none.
func earlier(a, b chatcore.Instant) chatcore.Instant {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}

// isDue tells whether an instant has come. 0 never comes.
func isDue(now, at chatcore.Instant) bool { return at != 0 && now >= at }

// Elapsed tells that the Deadline may have come. Too early is harmless.
func (c *Conversation) Elapsed(now chatcore.Instant) {
	if c.closed {
		return
	}
	c.bindUser(now, false)
	if isDue(now, c.pages.retryAt) {
		c.retryPage(now)
	}
	if isDue(now, c.watch.retryAt) {
		c.follow(now)
	}
	if isDue(now, c.watch.checkAt) {
		c.checkWatch(now)
	}
	c.listPeople(now)
	if isDue(now, c.queue.vanishAt) {
		c.dropVanished(now)
	}
	if isDue(now, c.queue.retryAt) {
		c.queue.retryAt = 0
		c.pump(now)
	}
	if isDue(now, c.queue.expireAt) {
		c.pump(now)
	}
}

// SetOnline tells whether the browser reports to be online. Tell the client, too.
func (c *Conversation) SetOnline(now chatcore.Instant, online bool) {
	if c.closed {
		return
	}
	online = online || !c.client.HasServer()
	c.isOnline = online
	switch {
	case !online && c.status == Live:
		c.setStatus(Waiting, nil)
	case online && c.status == Waiting && c.err == nil:
		c.setStatus(Live, nil)
	}
	if online {
		c.queue.retryAt, c.queue.failures = 0, 0
		if c.pages.retryAt != 0 {
			c.retryPage(now)
		}
		if c.watch.retryAt != 0 {
			c.follow(now)
		}
	}
	c.pump(now)
}

// Freeze tells that the program is about to be suspended: it ends the attempt under way and releases the lock. The storage then says that
// the message may have arrived.
func (c *Conversation) Freeze(chatcore.Instant) {
	c.queue.isFrozen = true
	c.stopAttempt()
	c.releaseLock()
}

// Resume tells that the program goes on. Other programs may have changed the queue.
func (c *Conversation) Resume(now chatcore.Instant) {
	c.queue.isFrozen = false
	c.refresh(now)
	c.pump(now)
}

// Close ends the conversation. Messages that are not sent stay in the storage of a durable queue.
func (c *Conversation) Close(now chatcore.Instant) {
	if c.closed {
		return
	}
	c.stopAttempt()
	c.releaseLock()
	c.loseAnswers()
	c.closed = true
	c.abortCalls(now, NewClosed("openConversation"))
	for _, item := range c.queue.items {
		c.effects = append(c.effects, Effect{Kind: Settle, Key: item.key, Err: NewClosed("sendMessage")})
	}
	c.pages.failAll(NewClosed("listMessages"))
}
