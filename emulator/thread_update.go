package emulator

// updateChatThreadRequest is a JSON merge patch: fields that it lacks stay as they are.
type updateChatThreadRequest struct {
	topic           *string
	metadata        metadataPatch
	retentionPolicy *RetentionPolicy
	clearRetention  bool // retentionPolicy is null: remove the policy
}

func readUpdateChatThreadRequest(c *call) (updateChatThreadRequest, *communicationError) {
	body := c.readBody()
	var request updateChatThreadRequest
	if body.isNull("topic") {
		body.refuse("topic", "cannot be removed: it must be a string")
	}
	if topic, ok := field[string](body, "topic", "a string"); ok {
		request.topic = &topic
	}
	body.requireVersionInPatch(body.version().metadata, "metadata")
	request.metadata = readMetadataPatch(body)
	body.requireVersionInPatch(body.version().retentionPolicies != nil, "retentionPolicy")
	request.retentionPolicy = readRetentionPolicy(body)
	request.clearRetention = body.isNull("retentionPolicy")
	return request, body.problem()
}

// updateChatThreadProperties is the REST operation Update Chat Thread Properties. If the request has a topic, even the current
// one, the thread gets a topicUpdated message.
func (em *Emulator) updateChatThreadProperties(c *call) (response, *communicationError) {
	request, failure := readUpdateChatThreadRequest(c)
	if failure != nil {
		return response{}, failure
	}
	return em.write(func() (response, *communicationError) {
		thread, failure := em.findThread(c)
		if failure != nil {
			return response{}, failure
		}
		properties := request.apply(thread.properties)
		if size := metadataBytes(properties.Metadata); size > maxMetadataBytes {
			return response{}, badRequest("metadata", "metadata "+metadataTooLarge+", including the entries that the thread already has.", maxMetadataBytes, size)
		}
		em.setProperties(thread, properties)
		update := change{kind: threadUpdated}
		if request.topic != nil {
			em.addTopicUpdated(thread, c.user)
			update.version = thread.lastVersion()
		}
		if !request.isEmpty() {
			em.announce(c, thread, update)
		}
		return response{status: statusNoContent}, nil
	})
}

func (r updateChatThreadRequest) isEmpty() bool {
	return r.topic == nil && r.metadata.isEmpty() && r.retentionPolicy == nil && !r.clearRetention
}

func (r updateChatThreadRequest) apply(p threadProperties) threadProperties {
	if r.topic != nil {
		p.Topic = *r.topic
	}
	if !r.metadata.isEmpty() {
		p.Metadata = r.metadata.apply(p.Metadata)
	}
	if r.retentionPolicy != nil || r.clearRetention {
		p.RetentionPolicy = r.retentionPolicy
	}
	return p
}
