package chatcore

// sentMessage is a message that was sent, and its idempotency token, or "".
type sentMessage struct {
	threadID, id, token string
}

// mostSent bounds how many are remembered.
const mostSent = 100

// remember keeps what a send that succeeded has sent.
func (c *Client) remember(call *Call, result Result) {
	sent, ok := result.(*SendChatMessageResult)
	if !ok {
		return
	}
	kept := c.sent[:0]
	for _, other := range c.sent {
		if other.id != sent.ID || other.threadID != call.at[0] {
			kept = append(kept, other)
		}
	}
	if len(kept) == mostSent {
		kept = kept[1:]
	}
	token := ""
	if d, ok := call.plan.(*delivery); ok {
		token = d.token
		d.remember(sent.ID)
	}
	c.sent = append(kept, sentMessage{call.at[0], sent.ID, token})
}

// sentAs returns what is known of a message that was sent, with whatever token; false for any other.
func (c *Client) sentAs(threadID, id string) (sentMessage, bool) {
	for _, sent := range c.sent {
		if sent.threadID == threadID && sent.id == id {
			return sent, true
		}
	}
	return sentMessage{}, false
}

// carryToken adds its idempotency token to the edit of a message: it is not known whether the service keeps metadata if an edit
// mentions none. What else is in the metadata is left to the service, since others may have changed it.
func (c *Client) carryToken(at ids, request *UpdateChatMessageRequest) model {
	sent, _ := c.sentAs(at[0], at[1])
	if sent.token == "" {
		return request
	}
	copied := *request
	copied.Metadata = Metadata{tokenName: sent.token}
	for name, value := range request.Metadata {
		copied.Metadata[name] = value
	}
	return &copied
}
