package emulator

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

const (
	maxParticipantsPerCall   = 200
	maxParticipantsPerThread = 250
)

// allHistory is the shareHistoryTime of participants who were given none.
var allHistory = time.Unix(0, 0).UTC()

// Participant is the REST ChatParticipant.
type Participant struct {
	ID               string // raw id
	DisplayName      string
	ShareHistoryTime time.Time // UTC; 1970 when none was given: all history is shared
	Metadata         map[string]string
}

func cloneParticipants(participants []Participant) []Participant {
	c := slices.Clone(participants)
	for i := range c {
		c[i].Metadata = maps.Clone(c[i].Metadata)
	}
	return c
}

func containsParticipant(participants []Participant, id string) bool {
	return slices.ContainsFunc(participants, func(p Participant) bool { return p.ID == id })
}

type addChatParticipantsResult struct {
	InvalidParticipants []communicationError `json:"invalidParticipants,omitempty"`
}

// addChatParticipants is the REST operation Add Chat Participants. It succeeds even if nobody could be added; who could
// not is in invalidParticipants. Those who are there already stay as they are.
func (em *Emulator) addChatParticipants(c *call) (response, *communicationError) {
	body := c.readBody()
	body.require("participants")
	participants := readParticipants(body)
	if failure := body.problem(); failure != nil {
		return response{}, failure
	}

	em.mu.Lock()
	defer em.mu.Unlock()
	thread, failure := em.findThread(c)
	if failure != nil {
		return response{}, failure
	}
	valid, invalid := em.admitParticipants(participants)
	added := slices.DeleteFunc(valid, func(p Participant) bool { return containsParticipant(thread.Participants, p.ID) })
	if len(thread.Participants)+len(added) > maxParticipantsPerThread {
		return response{}, badRequest("participants", "participants would grow the thread beyond %d.", maxParticipantsPerThread)
	}
	if len(added) > 0 {
		thread.Participants = append(thread.Participants, added...)
		em.appendParticipantAdded(thread, c.user, added)
	}
	return response{status: http.StatusCreated, body: addChatParticipantsResult{invalid}}, nil
}

// admitParticipants keeps the users of this resource, each once, and says what is wrong with the others. em.mu is held.
func (em *Emulator) admitParticipants(asked []Participant) (valid []Participant, invalid []communicationError) {
	for _, p := range asked {
		switch {
		case em.users[p.ID]:
			if !containsParticipant(valid, p.ID) {
				valid = append(valid, p)
			}
		case strings.HasPrefix(p.ID, em.userIDPrefix()):
			invalid = append(invalid, communicationError{Target: p.ID, Code: "404", Message: "Not found"})
		default: // users of other resources, phone numbers, Teams
			invalid = append(invalid, communicationError{Target: p.ID, Code: "403", Message: "Permissions check failed"})
		}
	}
	return valid, invalid
}

// readParticipants reads the field "participants", which may be missing.
func readParticipants(body object) []Participant {
	items := body.objects("participants")
	if len(items) > maxParticipantsPerCall {
		body.refuse("participants", "must hold %d participants at most, not %d", maxParticipantsPerCall, len(items))
		return nil
	}
	participants := make([]Participant, len(items))
	for i, item := range items {
		participants[i] = Participant{
			ID:               readIdentifier(item, "communicationIdentifier"),
			DisplayName:      item.string("displayName"),
			ShareHistoryTime: item.time("shareHistoryTime", allHistory),
			Metadata:         readSmallMetadata(item),
		}
	}
	return participants
}
