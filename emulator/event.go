package emulator

import (
	"encoding/json"
	"time"
)

// Event is an event as Azure Event Grid delivers it, in Event Grid's own schema. Its JSON is that of the schema. The events
// are those of the service's page [Chat events], and docs/emulator.md says where each field comes from.
//
// [Chat events]: https://learn.microsoft.com/azure/event-grid/communication-services-chat-events
type Event struct {
	ID              string          `json:"id"` // unique; an event that is delivered again has the same
	Topic           string          `json:"topic"`
	Subject         string          `json:"subject"`
	Data            json.RawMessage `json:"data"`
	EventType       string          `json:"eventType"` // such as "Microsoft.Communication.ChatMessageReceived"
	DataVersion     string          `json:"dataVersion"`
	MetadataVersion string          `json:"metadataVersion"`
	EventTime       time.Time       `json:"eventTime"` // UTC
}

// eventTopic is the path of the Azure resource, which an emulator does not have.
const eventTopic = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/emulator/providers/Microsoft.Communication/communicationServices/emulator"

// eventKind describes the events of one kind of change. There is one event for the thread, and one for each recipient.
type eventKind struct {
	threadType, userType       string // without "Microsoft.Communication."
	threadSubject, userSubject string // what the subject says before the raw id
	actor                      string // the user who made the change is in the field actor + "CommunicationIdentifier"
	actorID                    string // and in events for a user also in this field, as raw id
}

var (
	messageReceived    = &eventKind{"ChatMessageReceivedInThread", "ChatMessageReceived", "sender", "sender", "sender", "senderId"}
	messageEdited      = &eventKind{"ChatMessageEditedInThread", "ChatMessageEdited", "sender", "sender", "sender", "senderId"}
	messageDeleted     = &eventKind{"ChatMessageDeletedInThread", "ChatMessageDeleted", "sender", "sender", "sender", "senderId"}
	threadCreated      = &eventKind{"ChatThreadCreated", "ChatThreadCreatedWithUser", "createdBy", "createdBy", "createdBy", "createdBy"}
	threadUpdated      = &eventKind{"ChatThreadPropertiesUpdated", "ChatThreadPropertiesUpdatedPerUser", "editedBy", "editedBy", "editedBy", "editedBy"}
	threadDeleted      = &eventKind{"ChatThreadDeleted", "ChatThreadWithUserDeleted", "deletedBy", "deletedBy", "deletedBy", "deletedBy"}
	participantAdded   = &eventKind{"ChatThreadParticipantAdded", "ChatParticipantAddedToThreadWithUser", "participantadded", "participantAdded", "addedBy", ""}
	participantRemoved = &eventKind{"ChatThreadParticipantRemoved", "ChatParticipantRemovedFromThreadWithUser", "participantremoved", "participantRemoved", "removedBy", ""}
)

// change is a change of a thread that events announce.
type change struct {
	kind         *eventKind
	initiator    string   // raw id of the user who made the change
	recipients   []string // raw ids; without the initiator
	thread       threadProperties
	version      int64
	message      Message       // of messageReceived, messageEdited and messageDeleted
	participants []Participant // of threadCreated: all; of participantAdded and participantRemoved: the one
}

// events returns the events of a change: that of the thread, and one for each recipient.
func (ch change) events(now time.Time, transactionID string) []Event {
	events := []Event{ch.event(now, transactionID, "")}
	for _, recipient := range ch.recipients {
		events = append(events, ch.event(now, transactionID, recipient))
	}
	return events
}
