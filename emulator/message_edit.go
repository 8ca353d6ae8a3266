package emulator

import (
	"time"
)

// updateChatMessageRequest is a JSON merge patch: fields that it lacks stay as they are.
type updateChatMessageRequest struct {
	content        *string
	metadata       metadataPatch
	attachments    []Attachment
	setAttachments bool // the patch has attachments, or null to remove them
}

func readUpdateChatMessageRequest(c *call) (updateChatMessageRequest, *communicationError) {
	body := c.readBody()
	var request updateChatMessageRequest
	if body.isNull("content") {
		body.refuse("content", "cannot be removed: it must be a string")
	}
	if body.has("content") {
		content := readContent(body)
		request.content = &content
	}
	request.metadata = readMetadataPatch(body)
	body.requireVersionInPatch(body.version().attachments, "attachments")
	request.attachments = readAttachments(body)
	request.setAttachments = body.has("attachments") || body.isNull("attachments")
	return request, body.problem()
}

func (r updateChatMessageRequest) isEmpty() bool {
	return r.content == nil && r.metadata.isEmpty() && !r.setAttachments
}

func (r updateChatMessageRequest) apply(m Message) Message {
	if r.content != nil {
		m.Content.Message = *r.content
	}
	if !r.metadata.isEmpty() {
		m.Metadata = r.metadata.apply(m.Metadata)
	}
	if r.setAttachments {
		m.Content.Attachments = r.attachments
	}
	return m
}

// updateChatMessage is the REST operation Update Chat Message. A deleted message cannot be edited. An empty patch does not
// create a new version.
func (em *Emulator) updateChatMessage(c *call) (response, *communicationError) {
	request, failure := readUpdateChatMessageRequest(c)
	if failure != nil {
		return response{}, failure
	}
	return em.write(func() (response, *communicationError) {
		thread, m, failure := em.findOwnMessage(c)
		if failure != nil {
			return response{}, failure
		}
		if !m.DeletedOn.IsZero() {
			return response{}, notFound("The message has been deleted and cannot be edited.")
		}
		if !request.isEmpty() {
			edited := request.apply(m.Message)
			if em.editsDropMetadata && !request.metadata.isPresent {
				edited.Metadata = nil
			}
			em.changeMessage(thread, m, func(second time.Time) Message {
				edited.EditedOn = second
				return edited
			})
			em.announceMessage(c, thread, messageEdited, m)
		}
		return response{status: statusNoContent}, nil
	})
}

// deleteChatMessage is the REST operation Delete Chat Message. The message stays in the list, without its content. Deleting
// it again changes nothing and succeeds, so that a client can retry if it lost the response.
func (em *Emulator) deleteChatMessage(c *call) (response, *communicationError) {
	return em.write(func() (response, *communicationError) {
		thread, m, failure := em.findOwnMessage(c)
		if failure != nil {
			return response{}, failure
		}
		if m.DeletedOn.IsZero() {
			em.changeMessage(thread, m, func(second time.Time) Message {
				return Message{
					ID:                m.ID,
					Type:              m.Type,
					SenderDisplayName: m.SenderDisplayName,
					Sender:            m.Sender,
					CreatedOn:         m.CreatedOn,
					DeletedOn:         second,
				}
			})
			em.announceMessage(c, thread, messageDeleted, m)
		}
		return response{status: statusNoContent}, nil
	})
}

// findOwnMessage returns the message of a call, or an error unless the caller is its sender. em.mu is held.
func (em *Emulator) findOwnMessage(c *call) (*thread, *message, *communicationError) {
	thread, failure := em.findThread(c)
	if failure != nil {
		return nil, nil, failure
	}
	m, failure := thread.findMessage(c.parameters["chatMessageId"], thread.members[c.user])
	if failure != nil {
		return nil, nil, failure
	}
	if m.Sender != c.user {
		return nil, nil, forbidden("Only the sender of a message may edit or delete it. Nobody may edit or delete a system message.")
	}
	return thread, m, nil
}
