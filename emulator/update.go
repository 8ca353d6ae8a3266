package emulator

import "net/http"

// updateChatThreadRequest is a merge patch: what it does not mention stays as it is.
type updateChatThreadRequest struct {
	topic           *string
	metadata        metadataPatch
	retentionPolicy *RetentionPolicy
	noRetention     bool // retentionPolicy is null: the thread has none
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
	// Null changes something here, so it is as good as a value.
	body.onlyIfNamed(body.version().metadata, "metadata")
	request.metadata = readMetadataPatch(body)
	body.onlyIfNamed(body.version().retentionPolicies != nil, "retentionPolicy")
	request.retentionPolicy = readRetentionPolicy(body)
	request.noRetention = body.isNull("retentionPolicy")
	return request, body.problem()
}

// updateChatThreadProperties is the REST operation Update Chat Thread Properties. A topic is told of by a system message,
// also if it is the one there was.
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
			return response{}, badRequest("metadata", "metadata "+metadataTooLarge+" with what the thread already has.", maxMetadataBytes, size)
		}
		em.setProperties(thread, properties)
		if request.topic != nil {
			em.addTopicUpdated(thread, c.user)
		}
		return response{status: http.StatusNoContent}, nil
	})
}

func (r updateChatThreadRequest) apply(p threadProperties) threadProperties {
	if r.topic != nil {
		p.Topic = *r.topic
	}
	if !r.metadata.isEmpty() {
		p.Metadata = r.metadata.apply(p.Metadata)
	}
	if r.retentionPolicy != nil || r.noRetention {
		p.RetentionPolicy = r.retentionPolicy
	}
	return p
}
