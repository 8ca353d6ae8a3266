package emulator

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"
)

const maxContentBytes = 28 * 1024

// Message is the REST ChatMessage. Sender and SenderDisplayName are empty in system messages.
type Message struct {
	ID                string // milliseconds since 1970, 13 digits, unique in the emulator
	Type              string // "text", "html", or of system messages "participantAdded", "topicUpdated"
	SequenceID        string // "1" for a thread's first message
	Version           string // milliseconds since 1970; the ID until the message is changed
	Content           MessageContent
	SenderDisplayName string
	Sender            string    // raw id
	CreatedOn         time.Time // UTC, whole seconds
	Metadata          map[string]string
}

// MessageContent is the REST ChatMessageContent. Which fields are set depends on the message's type.
type MessageContent struct {
	Message      string // text, html
	Attachments  []Attachment
	Topic        string        // topicUpdated
	Participants []Participant // participantAdded
	Initiator    string        // system messages: raw id of who caused them
}

// Attachment is the REST ChatAttachment.
type Attachment struct {
	ID             string
	AttachmentType string // "image" or "file"
	Name           string
	URL            string
	PreviewURL     string
}

func (m Message) clone() Message {
	m.Metadata = maps.Clone(m.Metadata)
	m.Content.Attachments = slices.Clone(m.Content.Attachments)
	m.Content.Participants = cloneParticipants(m.Content.Participants)
	return m
}

type sendChatMessageResult struct {
	ID string `json:"id"`
}

// sendChatMessage is the REST operation Send Chat Message.
func (em *Emulator) sendChatMessage(c *call) (response, *communicationError) {
	message, failure := readSendChatMessageRequest(c)
	if failure != nil {
		return response{}, failure
	}

	em.mu.Lock()
	defer em.mu.Unlock()
	thread, failure := em.findThread(c)
	if failure != nil {
		return response{}, failure
	}
	id := em.appendMessage(thread, message)
	return response{
		status:   http.StatusCreated,
		location: threadLocation(c, thread.ID) + "/messages/" + id,
		body:     sendChatMessageResult{id},
	}, nil
}

func readSendChatMessageRequest(c *call) (Message, *communicationError) {
	body := c.readBody()
	message := Message{
		Type:              "text",
		Content:           MessageContent{Message: body.requiredString("content"), Attachments: readAttachments(body)},
		SenderDisplayName: body.string("senderDisplayName"),
		Sender:            c.user,
		Metadata:          body.stringMap("metadata"),
	}
	if size := len(message.Content.Message); size > maxContentBytes {
		body.refuse("content", "must be %d bytes of UTF-8 at most, not %d", maxContentBytes, size)
	}
	if body.has("type") {
		message.Type = body.oneOf("type", "text", "html") // the other types are the service's own
	}
	return message, body.problem()
}

func readAttachments(body object) []Attachment {
	body.onlyIf(body.version().attachments, "attachments")
	var attachments []Attachment
	for _, item := range body.objects("attachments") {
		attachments = append(attachments, Attachment{
			ID:             item.requiredString("id"),
			AttachmentType: item.oneOf("attachmentType", "image", "file"),
			Name:           item.string("name"),
			URL:            item.string("url"),
			PreviewURL:     item.string("previewUrl"),
		})
	}
	return attachments
}

// appendParticipantAdded appends the system message that tells of new participants. em.mu is held.
func (em *Emulator) appendParticipantAdded(thread *Thread, initiator string, added []Participant) {
	// Copied, because the message keeps telling who was added when the thread's own list has changed.
	content := MessageContent{Participants: cloneParticipants(added), Initiator: initiator}
	em.appendMessage(thread, Message{Type: "participantAdded", Content: content})
}

// appendMessage numbers and dates a message, appends it and returns its id. em.mu is held.
func (em *Emulator) appendMessage(thread *Thread, message Message) string {
	// Ids are times, and yet must grow when several messages share a millisecond or the clock stands still.
	em.lastMessageID = max(em.lastMessageID+1, em.clock.now().UnixMilli())
	message.ID = fmt.Sprintf("%013d", em.lastMessageID)
	message.Version = message.ID
	message.SequenceID = strconv.Itoa(len(thread.Messages) + 1)
	message.CreatedOn = em.second()
	thread.Messages = append(thread.Messages, message)
	return message.ID
}
