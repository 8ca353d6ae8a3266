package chatstate

import "acschat/chatcore"

// pending is a message that is not sent yet.
type pending struct {
	key       string                           // its idempotency token
	request   *chatcore.SendChatMessageRequest // does not change: an edited message has another one
	createdMs int64                            // when it was queued or retried last, in milliseconds since 1970
	state     State
	err       *chatcore.Error
	isBlocked bool // it is not sent before a retry

	// isAttempted tells that the service may have the message: an attempt has begun, and nothing proves that it was not stored.
	isAttempted bool
	attempter   string // id of the conversation that made the last attempt

	sequence   int64            // in the storage; 0: not stored yet
	stored     string           // its text in the storage once all effects are performed; "": it has none there
	writes     int              // effects on its record that are not answered
	changes    int              // edits and cancellations under way: no attempt begins
	cancels    []func(bool)     // who asked for the cancellation under way
	mustSave   bool             // save it after these
	isOwn      bool             // this conversation was asked to send it
	isShared   bool             // the storage has failed, and another program may still find the message there
	vanishedAt chatcore.Instant // when another program removed the record without announcing yet whether it had sent the message; 0: it did not
}

// queue is the messages that the user sends to the thread. The first one is sent first, and blocks the others if it fails.
type queue struct {
	items       []*pending     // in the order of the list's pending messages
	call        *chatcore.Call // sends the message sending
	sending     *pending
	marking     *pending // the storage is told that an attempt at this message begins
	paused      Pause
	tokenFailed bool // the last attempt had no usable token
	failures    int
	retryAt     chatcore.Instant // of the first item; 0: at once
	expireAt    chatcore.Instant // when the next message expires; 0: none does
	vanishAt    chatcore.Instant // when to give up a message whose record has gone; 0: there is none
	isFrozen    bool
	store       store
}

// Send puts a message into the queue and returns its key. The error is an [*chatcore.Error]: then nothing was queued.
func (c *Conversation) Send(now chatcore.Instant, request chatcore.SendChatMessageRequest) (key string, err error) {
	if c.closed {
		return "", NewClosed("sendMessage")
	}
	if request, err = c.checked(request); err != nil {
		return "", err
	}
	c.bindUser(now, false)
	item := &pending{key: c.options.NewToken(), request: &request, createdMs: c.options.UnixMs(), state: Queued, isOwn: true}
	c.addPending(item)
	if c.status == Ended {
		c.fail(item, c.err)
	}
	c.save(item)
	c.pump(now)
	return item.key, nil
}

// checked returns a message with the user's display name, or what is wrong with it.
func (c *Conversation) checked(request chatcore.SendChatMessageRequest) (chatcore.SendChatMessageRequest, error) {
	if request.SenderDisplayName == "" {
		request.SenderDisplayName = c.options.SenderDisplayName
	}
	if _, taken := request.Metadata[chatcore.IdempotencyTokenName]; taken {
		return request, chatcore.NewInvalidArgument("sendMessage", "metadata."+chatcore.IdempotencyTokenName, "must not be set: the client sets it", nil)
	}
	metadata := request.Metadata
	if metadata != nil { // the caller may change its map
		request.Metadata = chatcore.Metadata{}
		for name, value := range metadata {
			request.Metadata[name] = value
		}
	}
	return request, c.client.CheckMessage(c.threadID, request)
}

// Edit replaces a message that is not sent yet. done gets false if the service may have the message already. The error is an
// [*chatcore.Error]: then done is not called.
func (c *Conversation) Edit(now chatcore.Instant, key string, request chatcore.SendChatMessageRequest, done func(bool)) error {
	if c.closed {
		return NewClosed("sendMessage")
	}
	request, err := c.checked(request)
	if err != nil {
		return err
	}
	item := c.takeBack(now, key)
	if item == nil {
		done(false)
		return nil
	}
	edited := *item
	edited.request = &request
	e := Effect{Kind: PutRecord, Record: Record{item.sequence, item.key, encodeRecord(&edited, "")}}
	c.change(now, item, e, func() {
		item.request = &request
		c.show(item)
		c.announce(item.key, "", false)
	}, done)
	return nil
}

// Cancel removes a message that is not sent yet. done gets false if the service may have the message already.
func (c *Conversation) Cancel(now chatcore.Instant, key string, done func(bool)) {
	if item := c.pendingByKey(key); item != nil && item.cancels != nil { // its answer is this one's, too
		item.cancels = append(item.cancels, done)
		return
	}
	item := c.takeBack(now, key)
	if item == nil {
		done(false)
		return
	}
	item.cancels = []func(bool){done}
	c.change(now, item, Effect{Kind: RemoveRecord, Record: Record{Key: key}}, func() {
		c.forgetPending(item, newError("sendMessage", Cancelled, "the message was cancelled"))
	}, func(ok bool) {
		cancels := item.cancels
		item.cancels = nil
		for _, done := range cancels {
			done(ok)
		}
	})
}

// takeBack returns a message that is certainly not sent. It stops an attempt at it, and no other one begins before finishChange. It
// returns nil if it is too late for that.
func (c *Conversation) takeBack(now chatcore.Instant, key string) *pending {
	item := c.pendingByKey(key)
	if c.closed || item == nil || item.isAttempted || item.isShared || item.vanishedAt != 0 || item.cancels != nil {
		return nil
	}
	if c.isBeingSent(item) {
		if c.queue.call.MayHaveSucceeded() {
			return nil
		}
		c.stopAttempt()
		c.releaseLock()
	}
	item.changes++
	return item
}

// change changes a message that takeBack has returned: in the storage first, in case another program is sending it.
func (c *Conversation) change(now chatcore.Instant, item *pending, e Effect, changed func(), done func(bool)) {
	if !c.isStored() || item.stored == "" {
		changed()
		c.finishChange(item, true, done)
		c.pump(now)
		return
	}
	e.Expected, item.stored = item.stored, e.Record.Text
	c.write(item, e, func(now chatcore.Instant, a Answer) {
		isPending := c.pendingByKey(item.key) == item
		isWithdrawn := !isPending && item.cancels != nil && !c.timeline.hasKey(item.key) // by discard or forget
		ok := !a.Differs && (isPending || isWithdrawn)
		if ok && isPending {
			changed()
		}
		c.finishChange(item, ok, done)
		if a.Differs {
			c.refresh(now)
		}
		c.pump(now)
	}, func() { c.finishChange(item, false, done) })
}

func (c *Conversation) finishChange(item *pending, ok bool, done func(bool)) {
	item.changes--
	if item.changes == 0 && item.mustSave && c.pendingByKey(item.key) == item {
		item.mustSave = false
		c.save(item)
	}
	done(ok)
}

// Retry sends a message again that failed, expired, or waits for the next attempt. It returns false if the message is not waiting for
// that, or if the conversation has ended.
func (c *Conversation) Retry(now chatcore.Instant, key string) bool {
	item := c.pendingByKey(key)
	if c.closed || c.status == Ended || item == nil || c.isBeingSent(item) || item.vanishedAt != 0 {
		return false
	}
	if item.isBlocked {
		item.isBlocked, item.createdMs = false, c.options.UnixMs()
		item.err = nil
		item.state = waitingState(item)
		c.show(item)
		c.save(item)
	}
	c.queue.failures, c.queue.retryAt = 0, 0
	c.pump(now)
	return true
}

// Discard removes a message whatever became of it: the service may have it. It returns false while the message is being sent.
func (c *Conversation) Discard(now chatcore.Instant, key string) bool {
	item := c.pendingByKey(key)
	if c.closed || item == nil || c.isBeingSent(item) {
		return false
	}
	c.forgetPending(item, newError("sendMessage", Cancelled, "the message was discarded"))
	c.pump(now)
	return true
}

// Forget discards all pending messages, also one that is being sent: the service may have it. It also clears the mark in the storage.
func (c *Conversation) Forget(now chatcore.Instant) {
	if c.closed {
		return
	}
	c.stopAttempt()
	c.releaseLock()
	for len(c.queue.items) > 0 {
		c.forgetPending(c.queue.items[0], newError("sendMessage", Cancelled, "the message was discarded by forget"))
	}
	k := &c.marks.record
	if c.isStored() && k.text != "" {
		c.ask(k.remove(), nil, nil)
	}
	k.wanted = ""
	c.pump(now)
}

func (c *Conversation) pendingByKey(key string) *pending {
	for _, item := range c.queue.items {
		if item.key == key {
			return item
		}
	}
	return nil
}

func (c *Conversation) isBeingSent(item *pending) bool {
	return c.queue.call != nil && c.queue.sending == item
}

// waitingState returns the state of a message between attempts.
func waitingState(item *pending) State {
	if item.isAttempted {
		return Unknown
	}
	return Queued
}

// fail marks a pending message as failed, or as unknown if the service may have it. If it is the first one, it blocks the queue.
func (c *Conversation) fail(item *pending, e *chatcore.Error) {
	item.isBlocked, item.err, item.state = true, e, Failed
	if item.isAttempted {
		item.state = Unknown
	}
	c.show(item)
}
