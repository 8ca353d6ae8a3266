package chatcore

// sentMessage is a message that this client sent. The token is empty if it was sent without one.
type sentMessage struct {
	threadID, id, token string
}

const maxSentMessages = 100

// rememberSent remembers the message of a call that succeeded.
func (c *Client) rememberSent(call *Call, result Result) {
	sent, ok := result.(*SendChatMessageResult)
	if !ok {
		return
	}
	kept := c.sentMessages[:0]
	for _, other := range c.sentMessages {
		if other.id != sent.ID || other.threadID != call.ids[0] {
			kept = append(kept, other)
		}
	}
	if len(kept) == maxSentMessages {
		kept = kept[1:]
	}
	token := ""
	if s, ok := call.flow.(*sendOnce); ok {
		token = s.token
		s.rememberSent(sent.ID)
	}
	c.sentMessages = append(kept, sentMessage{call.ids[0], sent.ID, token})
}

// sentMessageByID returns a message that this client sent, or false for any other.
func (c *Client) sentMessageByID(threadID, id string) (sentMessage, bool) {
	for _, sent := range c.sentMessages {
		if sent.threadID == threadID && sent.id == id {
			return sent, true
		}
	}
	return sentMessage{}, false
}

// prepareUpdateMessage adds the message's idempotency token to an edit: the documentation does not say whether the service keeps
// metadata that an edit does not mention. Other metadata is left to the service, since other clients may have changed it.
func prepareUpdateMessage(call *Call, _ requestRules, m model) (model, error) {
	sent, _ := call.client.sentMessageByID(call.ids[0], call.ids[1])
	if sent.token == "" {
		return m, nil
	}
	withToken := *m.(*UpdateChatMessageRequest)
	withToken.Metadata = withToken.Metadata.with(IdempotencyTokenName, sent.token)
	return &withToken, nil
}
