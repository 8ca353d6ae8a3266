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

// chatMessageContent is the REST ChatMessageContent. A message of a user has a text even if it is empty, a topicUpdated a
// topic.
type chatMessageContent struct {
	Message                          *string           `json:"message,omitempty"`
	Topic                            *string           `json:"topic,omitempty"`
	Participants                     []chatParticipant `json:"participants,omitempty"`
	Attachments                      []Attachment      `json:"attachments,omitempty"`
	InitiatorCommunicationIdentifier *identifier       `json:"initiatorCommunicationIdentifier,omitempty"`
}

// show is the message as the given version has it.
func (m Message) show(version apiVersion) chatMessage {
	shown := chatMessage{
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
		shown.SenderDisplayName, shown.SenderCommunicationIdentifier = &m.SenderDisplayName, &sender
		shown.Content = chatMessageContent{Message: &m.Content.Message, Attachments: m.Content.Attachments}
		return shown
	}
	initiator := newIdentifier(m.Content.Initiator)
	shown.Content.InitiatorCommunicationIdentifier = &initiator
	if m.Type == "topicUpdated" {
		shown.Content.Topic = &m.Content.Topic
	}
	for _, p := range m.Content.Participants {
		shown.Content.Participants = append(shown.Content.Participants, p.show(version))
	}
	return shown
}
