package chatcore

// sentMessage is a message that was sent; with an idempotency token its metadata, as far as is known now, else nil.
type sentMessage struct {
	threadID, id string
	metadata     Metadata
}

// mostSent bounds how many are remembered.
const mostSent = 100

// remember keeps the metadata of a message that was sent or edited with success.
func (c *Client) remember(call *Call, result Result) {
	id := call.at[1]
	if sent, ok := result.(*SendChatMessageResult); ok {
		id = sent.ID
	}
	if _, sent := result.(*SendChatMessageResult); !sent && call.metadata == nil {
		return
	}
	kept := c.sent[:0]
	for _, other := range c.sent {
		if other.id != id || other.threadID != call.at[0] {
			kept = append(kept, other)
		}
	}
	if len(kept) == mostSent {
		kept = kept[1:]
	}
	c.sent = append(kept, sentMessage{call.at[0], id, call.metadata})
}

// sentWith returns the id of the message that was sent with a token, or "".
func (c *Client) sentWith(threadID, token string) string {
	for _, sent := range c.sent {
		if sent.threadID == threadID && sent.metadata[tokenName] == token {
			return sent.id
		}
	}
	return ""
}

// knows tells whether a message is one that was sent, with whatever token.
func (c *Client) knows(threadID, id string) bool {
	for _, sent := range c.sent {
		if sent.threadID == threadID && sent.id == id {
			return true
		}
	}
	return false
}

// carryToken has an edited message keep its idempotency token: it is not known whether the service keeps metadata that an
// edit does not mention.
func (c *Client) carryToken(call *Call, request *UpdateChatMessageRequest) model {
	for _, sent := range c.sent {
		if sent.id != call.at[1] || sent.threadID != call.at[0] || sent.metadata == nil {
			continue
		}
		copied := *request
		copied.Metadata = Metadata{}
		for name, value := range sent.metadata {
			if request.Metadata == nil || name == tokenName {
				copied.Metadata[name] = value
			}
		}
		for name, value := range request.Metadata {
			copied.Metadata[name] = value
		}
		call.metadata = copied.Metadata
		return &copied
	}
	return request
}
