package chatstate

import "acschat/chatcore"

func (c *Conversation) addPending(item *pending) {
	c.queue.items = append(c.queue.items, item)
	c.timeline.insert(len(c.timeline.items), c.messageOf(item))
}

// show puts the state of a pending message into the list.
func (c *Conversation) show(item *pending) {
	i := c.timeline.pending(item.key)
	if i < 0 {
		return
	}
	old, m := c.timeline.items[i], c.messageOf(item)
	isSame := old.State == m.State && old.Error == m.Error && (old.SenderCommunicationIdentifier == nil) == (m.SenderCommunicationIdentifier == nil)
	if !isSame || old.request != item.request {
		c.timeline.replace(i, m)
	}
}

// forgetPending removes a pending message that will not be sent.
func (c *Conversation) forgetPending(item *pending, err *chatcore.Error) {
	c.removePending(item)
	c.unsave(item)
	c.settle(item, "", err)
	c.announce(item.key, "", true)
}

func (c *Conversation) settle(item *pending, id string, err *chatcore.Error) {
	e := Effect{Kind: Settle, Key: item.key, ID: id}
	if err != nil {
		e.Err = err
	}
	c.effects = append(c.effects, e)
}

func (c *Conversation) removePending(item *pending) {
	q := &c.queue
	for i, other := range q.items {
		if other == item {
			q.items = append(q.items[:i], q.items[i+1:]...)
			break
		}
	}
	if i := c.timeline.pending(item.key); i >= 0 {
		c.timeline.remove(i)
	}
}

// confirm turns a pending message into a sent one. The service's own copy may come later, and has a version.
func (c *Conversation) confirm(item *pending, id string) {
	if c.pendingByKey(item.key) != item {
		return // its copy came first
	}
	m := c.messageOf(item).ChatMessage
	m.ID = id
	m.CreatedOn = chatcore.MessageTime(id)
	c.confirmWith(item, m)
}

// confirmWith replaces a pending message by the service's copy of it.
func (c *Conversation) confirmWith(item *pending, m chatcore.ChatMessage) {
	c.removePending(item)
	c.unsave(item)
	c.settle(item, m.ID, nil)
	if !c.timeline.hasKey(item.key) {
		c.timeline.noteKey(m.ID, item.key)
	}
	if m.Metadata[chatcore.IdempotencyTokenName] == "" {
		m.Metadata = withToken(m.Metadata, item.key)
	}
	c.timeline.apply(m)
	c.trimWindow()
}

func withToken(metadata chatcore.Metadata, token string) chatcore.Metadata {
	copied := chatcore.Metadata{chatcore.IdempotencyTokenName: token}
	for name, value := range metadata {
		copied[name] = value
	}
	return copied
}

// applyAll takes messages that the service has shown.
func (c *Conversation) applyAll(now chatcore.Instant, messages []chatcore.ChatMessage) {
	for _, m := range messages {
		c.apply(now, m)
	}
}

// apply takes a message that the service has shown. It may be the copy of a pending one, whose answer then comes later, or never.
func (c *Conversation) apply(now chatcore.Instant, m chatcore.ChatMessage) {
	if token := m.Metadata[chatcore.IdempotencyTokenName]; token != "" && c.isMine(&m) {
		if item := c.pendingByKey(token); item != nil {
			isSending := c.isBeingSent(item)
			if isSending {
				c.stopAttempt()
			}
			c.confirmWith(item, m)
			c.announce(item.key, m.ID, true)
			if isSending {
				c.queue.failures, c.queue.retryAt, c.queue.tokenFailed = 0, 0, false
				c.endAttempt(now, nil)
			}
			return
		}
	}
	c.timeline.apply(m)
	c.noteBeyond(&Message{ChatMessage: m, Mine: c.isMine(&m)})
}

// messageOf returns a pending message as the list shows it.
func (c *Conversation) messageOf(item *pending) *Message {
	m := &Message{Key: item.key, Mine: true, State: item.state, Error: item.err, request: item.request}
	request := item.request
	m.Type = request.Type
	if m.Type == "" {
		m.Type = chatcore.ChatMessageTypeText
	}
	m.Content = &chatcore.ChatMessageContent{Message: request.Content, Attachments: request.Attachments}
	m.SenderDisplayName = request.SenderDisplayName
	m.Metadata = request.Metadata
	if c.user != "" {
		sender := chatcore.RawIdentifier(c.user)
		m.SenderCommunicationIdentifier = &sender
	}
	return m
}
