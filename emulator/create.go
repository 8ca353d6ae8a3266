package emulator

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
)

// repeatedRequest tells a repetition of a create from a new one: ids are each user's own.
type repeatedRequest struct{ user, repeatabilityRequestID string }

// createdThread is what a create answered, for its repetitions.
type createdThread struct {
	thread  *thread
	invalid []communicationError
}

type createChatThreadRequest struct {
	topic           string
	participants    []Participant
	metadata        map[string]string
	retentionPolicy *RetentionPolicy
}

type createChatThreadResult struct {
	ChatThread          chatThreadProperties `json:"chatThread"`
	InvalidParticipants []communicationError `json:"invalidParticipants,omitempty"`
}

// createChatThread is the REST operation Create Chat Thread. A repeatability-request-id that the user has used before
// answers with the thread of the first time, even if the body now asks for another.
func (em *Emulator) createChatThread(c *call) (response, *communicationError) {
	repeated, failure := c.repeatedRequest()
	if failure != nil {
		return response{}, failure
	}
	request, failure := readCreateChatThreadRequest(c)
	if failure != nil {
		return response{}, failure
	}
	return em.write(func() (response, *communicationError) {
		if !em.isUser(c.user) { // Reset came since the token was checked
			return response{}, unknownUser()
		}
		created, known := em.created[repeated]
		if !known {
			created = em.createThread(c.user, request)
			em.remember(repeated, created)
		}
		return response{
			status:   http.StatusCreated,
			location: threadLocation(c, created.thread.properties.ID),
			body: createChatThreadResult{
				ChatThread:          created.thread.propertiesFor(created.thread.members[c.user]).show(c.version),
				InvalidParticipants: created.invalid,
			},
		}, nil
	})
}

// remember keeps what a create that may be repeated has answered. em.mu is held.
func (em *Emulator) remember(repeated repeatedRequest, created createdThread) {
	if repeated.repeatabilityRequestID == "" {
		return
	}
	em.created[repeated] = created
	hash := sha256.Sum256([]byte(repeated.repeatabilityRequestID)) // as a client may choose a long one
	em.keep("created/"+repeated.user+"/"+hex.EncodeToString(hash[:]),
		&record{Created: &createdRecord{repeated.user, repeated.repeatabilityRequestID, created.thread.properties.ID, created.invalid}},
		func() { delete(em.created, repeated) })
}

// createThread makes a thread with its two system messages. em.mu is held.
func (em *Emulator) createThread(creator string, request createChatThreadRequest) createdThread {
	participants, invalid := em.admitParticipants(request.participants)
	participants = withCreator(participants, creator)
	properties := threadProperties{
		ID:              newThreadID(),
		Topic:           request.topic,
		CreatedOn:       em.second(),
		CreatedBy:       creator,
		Metadata:        request.metadata,
		RetentionPolicy: request.retentionPolicy,
	}
	thread := newThread(properties)
	em.threads[properties.ID] = thread
	em.threadOrder = append(em.threadOrder, thread)
	em.keep("thread/"+properties.ID, &record{Thread: &properties}, func() {
		delete(em.threads, properties.ID)
		em.threadOrder = em.threadOrder[:len(em.threadOrder)-1]
	})
	em.join(thread, creator, participants)
	em.addTopicUpdated(thread, creator)
	return createdThread{thread, invalid}
}

// withCreator gives the participants of a new thread, of whom the creator is one and sees everything.
func withCreator(participants []Participant, creator string) []Participant {
	for i := range participants {
		if participants[i].ID == creator {
			participants[i].ShareHistoryTime = allHistory
			return participants
		}
	}
	return append([]Participant{{ID: creator, ShareHistoryTime: allHistory}}, participants...)
}

func readCreateChatThreadRequest(c *call) (createChatThreadRequest, *communicationError) {
	body := c.readBody()
	request := createChatThreadRequest{
		topic:           body.requiredString("topic"),
		participants:    readParticipants(body),
		metadata:        readSmallMetadata(body),
		retentionPolicy: readRetentionPolicy(body),
	}
	return request, body.problem()
}
