package emulator

import (
	"maps"
	"slices"
	"time"
)

const maxContentBytes = 28 * 1024

// Message is the REST ChatMessage. Sender and SenderDisplayName are empty in system messages.
type Message struct {
	ID                string // milliseconds since 1970, 13 digits, unique in the emulator
	Type              string // "text" or "html"; of system messages "participantAdded", "participantRemoved" or "topicUpdated"
	SequenceID        string // "1" for the first message of a thread; every new message and every change gets the next number
	Version           string // milliseconds since 1970; equals ID until the message is changed
	Content           MessageContent
	SenderDisplayName string
	Sender            string    // raw id
	CreatedOn         time.Time // UTC; the time of ID in whole seconds
	EditedOn          time.Time `json:",omitzero"` // the time of Version in whole seconds; zero if not edited, or deleted after the edit
	DeletedOn         time.Time `json:",omitzero"` // the time of Version in whole seconds; zero if not deleted
	Metadata          map[string]string
}

// MessageContent is the REST ChatMessageContent. Which fields are set depends on the message's type.
type MessageContent struct {
	Message      string // of text and html
	Attachments  []Attachment
	Topic        string        // of topicUpdated
	Participants []Participant // of participantAdded and participantRemoved
	Initiator    string        // of system messages: raw id of the user who caused them
}

// Attachment is the REST ChatAttachment.
type Attachment struct {
	ID             string `json:"id"`
	AttachmentType string `json:"attachmentType"` // "image" or "file"
	Name           string `json:"name,omitempty"`
	URL            string `json:"url,omitempty"`
	PreviewURL     string `json:"previewUrl,omitempty"`
}

func (m Message) isSystem() bool { return m.Sender == "" }

func (m Message) clone() Message {
	m.CreatedOn = m.CreatedOn.Truncate(time.Second)
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
	return em.write(func() (response, *communicationError) {
		thread, failure := em.findThread(c)
		if failure != nil {
			return response{}, failure
		}
		m := em.addMessage(thread, message)
		if hiddenFor := c.rule.hiddenFor(); hiddenFor > 0 {
			m.hiddenUntil = em.clock.now().Add(hiddenFor)
		}
		em.announceMessage(c, thread, messageReceived, m)
		return response{
			status:   statusCreated,
			location: threadLocation(c, thread.properties.ID) + "/messages/" + m.ID,
			body:     sendChatMessageResult{m.ID},
		}, nil
	})
}

func readSendChatMessageRequest(c *call) (Message, *communicationError) {
	body := c.readBody()
	body.require("content")
	message := Message{
		Type:              "text",
		Content:           MessageContent{Message: readContent(body), Attachments: readAttachments(body)},
		SenderDisplayName: body.string("senderDisplayName"),
		Sender:            c.user,
		Metadata:          body.stringMap("metadata"),
	}
	if body.has("type") {
		message.Type = body.oneOf("type", "text", "html") // only the service sends the other types
	}
	return message, body.problem()
}

func readContent(body object) string {
	content := body.string("content")
	if size := len(content); size > maxContentBytes {
		body.refuse("content", "must be at most %d bytes of UTF-8, not %d", maxContentBytes, size)
	}
	return content
}

func readAttachments(body object) []Attachment {
	body.requireVersion(body.version().attachments, "attachments")
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

// addTopicUpdated adds the system message topicUpdated, with the thread's topic. em.mu is held.
func (em *Emulator) addTopicUpdated(t *thread, initiator string) {
	em.addMessage(t, Message{Type: "topicUpdated", Content: MessageContent{Topic: t.properties.Topic, Initiator: initiator}})
}

// findMessage returns a message of the thread, or an error if the member may not see it. em.mu is held.
func (t *thread) findMessage(id string, member membership) (*message, *communicationError) {
	m := t.message(id)
	switch {
	case m == nil || !member.sharesHistoryOf(m):
		return nil, noMessage()
	case !member.wasMemberAt(m.id):
		return nil, forbidden("The caller was removed from this chat thread before the message was sent.")
	}
	return m, nil
}

func noMessage() *communicationError {
	return notFound("There is no message with this id that the caller may see in this chat thread.")
}

// getChatMessage is the REST operation Get Chat Message.
func (em *Emulator) getChatMessage(c *call) (response, *communicationError) {
	em.mu.Lock()
	defer em.mu.Unlock()
	thread, member, failure := em.findReadableThread(c)
	if failure != nil {
		return response{}, failure
	}
	m, failure := thread.findMessage(c.parameters["chatMessageId"], member)
	if failure != nil {
		return response{}, failure
	}
	if m.isHidden(em.clock.now()) {
		return response{}, noMessage()
	}
	return response{status: statusOK, body: m.toREST(c.version)}, nil
}

// listChatMessages is the REST operation List Chat Messages. The latest version comes first, so an edited or deleted message
// comes before messages that were sent before the change. startTime leaves out messages that were sent earlier, even if they
// were edited later.
func (em *Emulator) listChatMessages(c *call) (response, *communicationError) {
	p, failure := em.readSnapshotPage(c)
	if failure != nil {
		return response{}, failure
	}

	em.mu.Lock()
	defer em.mu.Unlock()
	thread, member, failure := em.findReadableThread(c)
	if failure != nil {
		return response{}, failure
	}
	if !p.continued {
		p.SnapshotVersion = thread.lastVersion()
		p.LastVersion = p.SnapshotVersion + 1
	}
	if member.hasLeft() {
		p.SnapshotVersion = min(p.SnapshotVersion, member.LeftVersion)
	}
	revisions := thread.revisionsOfPage(p, member)
	return answerSnapshotPage(p, revisions, func(r *revision) int64 { return r.version }, func(r *revision) chatMessage { return r.message.toREST(c.version) }), nil
}

// revisionsOfPage returns the revisions of a page and of the first message of the next page, as they were when the list
// began. It goes back from the end of the previous page, and stops at revisions that are older than all messages that the
// member may see.
func (t *thread) revisionsOfPage(p snapshotPageRequest, member membership) []*revision {
	oldest := latestOf(p.StartTime, member.ShareHistoryTime)
	end, _ := slices.BinarySearchFunc(t.revisions, min(p.LastVersion, p.SnapshotVersion+1), (*revision).compare)
	now := p.em.clock.now()
	var found []*revision
	for _, r := range slices.Backward(t.revisions[:end]) {
		if len(found) > p.size || r.version < oldest.UnixMilli() { // a message is never newer than its versions
			break
		}
		if r.wasCurrentAt(p.SnapshotVersion) && !r.message.CreatedOn.Before(oldest) && !r.message.isHidden(now) {
			found = append(found, r)
		}
	}
	return found
}

func latestOf(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
