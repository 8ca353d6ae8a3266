package emulator

import (
	"encoding/json"
	"strconv"
	"time"
)

// event returns the event for a recipient, or that of the thread if recipient is "".
func (ch change) event(now time.Time, transactionID, recipient string) Event {
	eventType, subject := ch.kind.threadType, ch.kind.threadSubject
	if recipient != "" {
		eventType, subject = ch.kind.userType, ch.kind.userSubject
	}
	subject = "thread/" + ch.thread.ID + "/" + subject + "/" + ch.subjectUser()
	if recipient != "" {
		subject += "/recipient/" + recipient
	}
	data, _ := json.Marshal(ch.data(transactionID, recipient)) // never fails: strings and numbers
	return Event{
		ID:              newUUID().String(),
		Topic:           eventTopic,
		Subject:         subject,
		Data:            data,
		EventType:       "Microsoft.Communication." + eventType,
		DataVersion:     "1.0",
		MetadataVersion: "1",
		EventTime:       now.UTC(),
	}
}

// subjectUser returns the raw id in the subject.
func (ch change) subjectUser() string {
	if ch.isOfParticipant() {
		return ch.participants[0].ID
	}
	return ch.initiator
}

type eventData map[string]any

func (d eventData) setUser(name, rawID string) {
	d[name+"CommunicationIdentifier"] = newIdentifier(rawID)
}

func (d eventData) setMetadata(metadata map[string]string) {
	if len(metadata) > 0 {
		d["metadata"] = metadata
	}
}

// data returns the data of an event. The names and formats are those of the samples on the service's page Chat events.
func (ch change) data(transactionID, recipient string) eventData {
	data := eventData{"threadId": ch.thread.ID, "transactionId": transactionID, "version": ch.version}
	data.setUser(ch.kind.actor, ch.initiator)
	switch {
	case ch.isOfMessage():
		ch.setMessage(data, recipient)
	case ch.isOfParticipant():
		data[ch.kind.userSubject] = eventParticipant(ch.participants[0]) // the field has the name that the subject has
		data["time"] = eventTime(time.UnixMilli(ch.version), recipient)
	default:
		ch.setThread(data, recipient)
	}
	if !ch.isOfMessage() {
		data["createTime"] = eventTime(ch.thread.CreatedOn, recipient)
	}
	if recipient != "" {
		data.setUser("recipient", recipient)
	}
	if recipient != "" && !ch.isOfParticipant() {
		data[ch.kind.actorID], data["recipientId"] = ch.initiator, recipient
	}
	return data
}

func (ch change) isOfMessage() bool { return ch.message.ID != "" }

func (ch change) isOfParticipant() bool {
	return ch.kind == participantAdded || ch.kind == participantRemoved
}

func (ch change) setMessage(data eventData, recipient string) {
	m := ch.message
	data["messageId"] = m.ID
	data["type"] = eventMessageTypes[m.Type]
	data["senderDisplayName"] = m.SenderDisplayName
	id, _ := strconv.ParseInt(m.ID, 10, 64)
	data["composeTime"] = eventTime(time.UnixMilli(id), recipient)
	changed := eventTime(time.UnixMilli(ch.version), recipient)
	switch ch.kind {
	case messageDeleted:
		data["deleteTime"] = changed
	case messageEdited:
		data["editTime"] = changed
	}
	if ch.kind != messageDeleted {
		data["messageBody"] = m.Content.Message
		data.setMetadata(m.Metadata)
	}
	if recipient == "" {
		data["version"] = m.Version // a string in events of the thread, a number in those of a user
	}
}

// eventMessageTypes has the type of a message in events. The service's page shows Text only.
var eventMessageTypes = map[string]string{"text": "Text", "html": "Html"}

func (ch change) setThread(data eventData, recipient string) {
	switch ch.kind {
	case threadDeleted:
		data["deleteTime"] = eventTime(ch.thread.DeletedOn, recipient)
		return
	case threadUpdated:
		data["editTime"] = eventTime(time.UnixMilli(ch.version), recipient)
	case threadCreated:
		ch.setParticipants(data, recipient)
	}
	data["properties"] = map[string]string{"topic": ch.thread.Topic}
	data.setMetadata(ch.thread.Metadata)
}

// setParticipants adds the participants of a new thread. Events of a user also have them under their old name, members.
func (ch change) setParticipants(data eventData, recipient string) {
	var members, participants []eventData
	for _, p := range ch.participants {
		members = append(members, eventData{"displayName": p.DisplayName, "memberId": p.ID})
		participants = append(participants, eventParticipant(p))
	}
	data["participants"] = participants
	if recipient != "" {
		data["members"] = members
	}
}

func eventParticipant(p Participant) eventData {
	participant := eventData{"displayName": p.DisplayName}
	participant.setUser("participant", p.ID)
	participant.setMetadata(p.Metadata)
	return participant
}

// eventTime formats a time. The samples write UTC as "Z" in events of a user, and as "+00:00" in those of a thread.
func eventTime(t time.Time, recipient string) string {
	if recipient == "" {
		return t.UTC().Format("2006-01-02T15:04:05.999-07:00")
	}
	return t.UTC().Format("2006-01-02T15:04:05.999Z")
}
