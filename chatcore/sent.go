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
	} else if call.metadata == nil {
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

// sentAs returns what is known of a message that was sent, with whatever token; false for any other.
func (c *Client) sentAs(threadID, id string) (sentMessage, bool) {
	for _, sent := range c.sent {
		if sent.threadID == threadID && sent.id == id {
			return sent, true
		}
	}
	return sentMessage{}, false
}

// carryToken has an edited message keep its idempotency token: it is not known whether the service keeps metadata that an
// edit does not mention.
func (c *Client) carryToken(call *Call, request *UpdateChatMessageRequest) model {
	sent, _ := c.sentAs(call.at[0], call.at[1])
	if sent.metadata == nil {
		return request
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
