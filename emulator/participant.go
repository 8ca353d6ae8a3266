package emulator

import (
	"maps"
	"slices"
	"strings"
	"time"
)

const (
	maxParticipantsPerCall   = 200
	maxParticipantsPerThread = 250
)

// allHistory is the default of shareHistoryTime.
var allHistory = time.Unix(0, 0).UTC()

// Participant is the REST ChatParticipant.
type Participant struct {
	ID               string // raw id
	DisplayName      string
	ShareHistoryTime time.Time // UTC; the participant sees messages from this time on; the default is 1970
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

// toREST returns the participant in the form of the given api-version.
func (p Participant) toREST(version apiVersion) chatParticipant {
	result := chatParticipant{newIdentifier(p.ID), p.DisplayName, p.ShareHistoryTime.Format(time.RFC3339), nil}
	if version.metadata {
		result.Metadata = p.Metadata
	}
	return result
}

type addChatParticipantsResult struct {
	InvalidParticipants []communicationError `json:"invalidParticipants,omitempty"`
}

// addChatParticipants is the REST operation Add Chat Participants. It succeeds even if nobody was added: invalidParticipants
// lists those who could not be added. Existing participants do not change. If the thread would become too large, the
// operation fails and nobody is added.
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
		valid, invalid := em.splitParticipants(participants)
		added := slices.DeleteFunc(valid, func(p Participant) bool { return thread.hasMember(p.ID) })
		if thread.memberCount()+len(added) > maxParticipantsPerThread {
			return response{}, badRequest("participants", "participants must not make the thread larger than %d participants.", maxParticipantsPerThread)
		}
		if len(added) > 0 {
			em.addMembers(thread, c.user, added)
			em.announceParticipants(c, thread, participantAdded, added...)
		}
		return response{status: statusCreated, body: addChatParticipantsResult{invalid}}, nil
	})
}

// removeChatParticipant is the REST operation Remove Chat Participant. The request's body is an identifier.
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
			return response{}, notFound("This chat thread has no participant with this identifier.")
		}
		em.removeMember(thread, c.user, thread.members[id])
		em.announceParticipants(c, thread, participantRemoved, thread.members[id].Participant)
		return response{status: statusNoContent}, nil
	})
}

// listChatParticipants is the REST operation List Chat Participants. The order is that of joining the thread.
func (em *Emulator) listChatParticipants(c *call) (response, *communicationError) {
	p, failure := em.readSkipPage(c)
	if failure != nil {
		return response{}, failure
	}

	em.mu.Lock()
	defer em.mu.Unlock()
	thread, failure := em.findThread(c)
	if failure != nil {
		return response{}, failure
	}
	return answerSkipPage(p, thread.currentMembers(), func(m membership) chatParticipant { return m.toREST(c.version) }), nil
}

// splitParticipants returns the users of this resource, each once, and an error for each of the others.
func (em *Emulator) splitParticipants(participants []Participant) (valid []Participant, invalid []communicationError) {
	for _, p := range participants {
		switch {
		case em.isUser(p.ID):
			if !containsParticipant(valid, p.ID) {
				valid = append(valid, p)
			}
		case strings.HasPrefix(p.ID, em.userIDPrefix()):
			invalid = append(invalid, communicationError{Target: p.ID, Code: "404", Message: "Not found"})
		default: // users of other resources, phone numbers, Teams users
			invalid = append(invalid, communicationError{Target: p.ID, Code: "403", Message: "Permissions check failed"})
		}
	}
	return valid, invalid
}

// readParticipants reads the optional field participants.
func readParticipants(body object) []Participant {
	items := body.objects("participants")
	if len(items) > maxParticipantsPerCall {
		body.refuse("participants", "must have at most %d participants, not %d", maxParticipantsPerCall, len(items))
		return nil
	}
	participants := make([]Participant, len(items))
	for i, item := range items {
		participants[i] = Participant{
			ID:               readIdentifier(item, "communicationIdentifier"),
			DisplayName:      item.string("displayName"),
			ShareHistoryTime: item.time("shareHistoryTime", allHistory),
			Metadata:         readLimitedMetadata(item),
		}
	}
	return participants
}
