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

type chatParticipant struct {
	CommunicationIdentifier identifier        `json:"communicationIdentifier"`
	DisplayName             string            `json:"displayName,omitempty"`
	ShareHistoryTime        string            `json:"shareHistoryTime"`
	Metadata                map[string]string `json:"metadata,omitempty"`
}

// show is the participant as the given version has it.
func (p Participant) show(version apiVersion) chatParticipant {
	shown := chatParticipant{newIdentifier(p.ID), p.DisplayName, p.ShareHistoryTime.Format(time.RFC3339), nil}
	if version.metadata {
		shown.Metadata = p.Metadata
	}
	return shown
}

type addChatParticipantsResult struct {
	InvalidParticipants []communicationError `json:"invalidParticipants,omitempty"`
}

// addChatParticipants is the REST operation Add Chat Participants. It succeeds even if nobody could be added; who could
// not is in invalidParticipants. Those who are there already stay as they are. Nobody is added if not everybody has room.
func (em *Emulator) addChatParticipants(c *call) (response, *communicationError) {
	body := c.readBody()
	body.require("participants")
	participants := readParticipants(body)
	if failure := body.problem(); failure != nil {
		return response{}, failure
	}

	return em.write(func() (response, *communicationError) {
		thread, failure := em.findThread(c)
		if failure != nil {
			return response{}, failure
		}
		valid, invalid := em.admitParticipants(participants)
		added := slices.DeleteFunc(valid, func(p Participant) bool { return thread.hasMember(p.ID) })
		if thread.memberCount()+len(added) > maxParticipantsPerThread {
			return response{}, badRequest("participants", "participants would grow the thread beyond %d.", maxParticipantsPerThread)
		}
		if len(added) > 0 {
			em.join(thread, c.user, added)
		}
		return response{status: http.StatusCreated, body: addChatParticipantsResult{invalid}}, nil
	})
}

// removeChatParticipant is the REST operation Remove Chat Participant. Its body is the identifier itself.
func (em *Emulator) removeChatParticipant(c *call) (response, *communicationError) {
	body := c.readBody()
	id := body.rawID()
	if failure := body.problem(); failure != nil {
		return response{}, failure
	}
	return em.write(func() (response, *communicationError) {
		thread, failure := em.findThread(c)
		if failure != nil {
			return response{}, failure
		}
		if !thread.hasMember(id) {
			return response{}, notFound("There is no participant of this chat thread with this identifier.")
		}
		em.leave(thread, c.user, thread.members[id])
		return response{status: http.StatusNoContent}, nil
	})
}

// listChatParticipants is the REST operation List Chat Participants, in the order in which they joined.
func (em *Emulator) listChatParticipants(c *call) (response, *communicationError) {
	p, failure := em.readSkippingPage(c)
	if failure != nil {
		return response{}, failure
	}

	em.mu.Lock()
	defer em.mu.Unlock()
	thread, failure := em.findThread(c)
	if failure != nil {
		return response{}, failure
	}
	return answerSkippingPage(p, thread.presentMembers(), func(m membership) chatParticipant { return m.show(c.version) }), nil
}

// admitParticipants keeps the users of this resource, each once, and says what is wrong with the others.
func (em *Emulator) admitParticipants(asked []Participant) (valid []Participant, invalid []communicationError) {
	for _, p := range asked {
		switch {
		case em.isUser(p.ID):
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
