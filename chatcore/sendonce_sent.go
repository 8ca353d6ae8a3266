package chatcore

// sentMessage is a message that was sent, and its idempotency token, or "".
type sentMessage struct {
	threadID, id, token string
}

// maxSentMessages bounds how many are remembered.
const maxSentMessages = 100

// rememberSent keeps what a send that succeeded has sent.
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
	if d, ok := call.flow.(*sendOnce); ok {
		token = d.token
		d.rememberSent(sent.ID)
	}
	c.sentMessages = append(kept, sentMessage{call.ids[0], sent.ID, token})
}

// sentMessageByID returns what is known of a message that was sent, with whatever token; false for any other.
func (c *Client) sentMessageByID(threadID, id string) (sentMessage, bool) {
	for _, sent := range c.sentMessages {
		if sent.threadID == threadID && sent.id == id {
			return sent, true
		}
	}
	return sentMessage{}, false
}

// keepTokenOnEdit adds its idempotency token to the edit of a message: it is not known whether the service keeps metadata if an edit
// mentions none. What else is in the metadata is left to the service, since others may have changed it.
func (c *Client) keepTokenOnEdit(at pathIDs, request *UpdateChatMessageRequest) model {
	sent, _ := c.sentMessageByID(at[0], at[1])
	if sent.token == "" {
		return request
	}
	copied := *request
	copied.Metadata = Metadata{tokenMetadataKey: sent.token}
	for name, value := range request.Metadata {
		copied.Metadata[name] = value
	}
	return &copied
}
