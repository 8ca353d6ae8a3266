package emulator

// chatMessage is the REST ChatMessage.
type chatMessage struct {
	ID                            string             `json:"id"`
	Type                          string             `json:"type"`
	SequenceID                    string             `json:"sequenceId"`
	Version                       string             `json:"version"`
	Content                       chatMessageContent `json:"content"`
	SenderDisplayName             *string            `json:"senderDisplayName,omitempty"`
	CreatedOn                     string             `json:"createdOn"`
	SenderCommunicationIdentifier *identifier        `json:"senderCommunicationIdentifier,omitempty"`
	DeletedOn                     string             `json:"deletedOn,omitempty"`
	EditedOn                      string             `json:"editedOn,omitempty"`
	Metadata                      map[string]string  `json:"metadata,omitempty"`
}

// chatMessageContent is the REST ChatMessageContent. A message of a user always has Message, and a topicUpdated message
// always has Topic, even if it is empty.
type chatMessageContent struct {
	Message                          *string           `json:"message,omitempty"`
	Topic                            *string           `json:"topic,omitempty"`
	Participants                     []chatParticipant `json:"participants,omitempty"`
	Attachments                      []Attachment      `json:"attachments,omitempty"`
	InitiatorCommunicationIdentifier *identifier       `json:"initiatorCommunicationIdentifier,omitempty"`
}

// toREST returns the message in the form of the given api-version.
func (m Message) toREST(version apiVersion) chatMessage {
	result := chatMessage{
		ID:         m.ID,
		Type:       m.Type,
		SequenceID: m.SequenceID,
		Version:    m.Version,
		CreatedOn:  formatTime(m.CreatedOn),
		DeletedOn:  formatTime(m.DeletedOn),
		EditedOn:   formatTime(m.EditedOn),
		Metadata:   m.Metadata,
	}
	if !m.isSystem() {
		sender := newIdentifier(m.Sender)
		result.SenderDisplayName, result.SenderCommunicationIdentifier = &m.SenderDisplayName, &sender
		result.Content = chatMessageContent{Message: &m.Content.Message, Attachments: m.Content.Attachments}
		return result
	}
	initiator := newIdentifier(m.Content.Initiator)
	result.Content.InitiatorCommunicationIdentifier = &initiator
	if m.Type == "topicUpdated" {
		result.Content.Topic = &m.Content.Topic
	}
	for _, p := range m.Content.Participants {
		result.Content.Participants = append(result.Content.Participants, p.toREST(version))
	}
	return result
}
