package emulator

import (
	"crypto/sha256"
	"encoding/hex"
)

// repeatabilityKey identifies the repetitions of a create. Different users may use the same repeatability-request-id.
type repeatabilityKey struct{ user, repeatabilityRequestID string }

// createdThread is the result of a create, which its repetitions return, too.
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

// createChatThread is the REST operation Create Chat Thread. If the user has used the repeatability-request-id before, it
// returns the thread that was created then, even if the body is different now.
func (em *Emulator) createChatThread(c *call) (response, *communicationError) {
	key, failure := c.repeatabilityKey()
	if failure != nil {
		return response{}, failure
	}
	request, failure := readCreateChatThreadRequest(c)
	if failure != nil {
		return response{}, failure
	}
	return em.write(func() (response, *communicationError) {
		if !em.isUser(c.user) { // a Reset may have come since the token was checked
			return response{}, unknownUser()
		}
		created, repeated := em.createdThreads[key]
		if !repeated {
			created = em.createThread(c.user, request)
			em.rememberCreate(key, created)
			em.announceCreate(c, created.thread)
		}
		return response{
			status:   statusCreated,
			location: threadLocation(c, created.thread.properties.ID),
			body: createChatThreadResult{
				ChatThread:          created.thread.propertiesFor(created.thread.members[c.user]).toREST(c.version),
				InvalidParticipants: created.invalid,
			},
		}, nil
	})
}

func (em *Emulator) announceCreate(c *call, t *thread) {
	created := change{kind: threadCreated, version: t.messages[0].id}
	for _, m := range t.currentMembers() {
		created.participants = append(created.participants, m.Participant)
	}
	em.announce(c, t, created)
}

// rememberCreate stores the result of a create for its repetitions, if the request has a repeatability-request-id. em.mu is
// held.
func (em *Emulator) rememberCreate(key repeatabilityKey, created createdThread) {
	if key.repeatabilityRequestID == "" {
		return
	}
	em.createdThreads[key] = created
	hash := sha256.Sum256([]byte(key.repeatabilityRequestID)) // the id may be too long for a record's key
	em.stage("created/"+key.user+"/"+hex.EncodeToString(hash[:]),
		&record{Created: &createdRecord{key.user, key.repeatabilityRequestID, created.thread.properties.ID, created.invalid}},
		func() { delete(em.createdThreads, key) })
}

// createThread creates a thread and its first two messages, participantAdded and topicUpdated. em.mu is held.
func (em *Emulator) createThread(creator string, request createChatThreadRequest) createdThread {
	participants, invalid := em.splitParticipants(request.participants)
	participants = withCreator(participants, creator)
	properties := threadProperties{
		ID:              newThreadID(),
		Topic:           request.topic,
		CreatedOn:       em.currentSecond(),
		CreatedBy:       creator,
		Metadata:        request.metadata,
		RetentionPolicy: request.retentionPolicy,
	}
	thread := newThread(properties)
	em.threads[properties.ID] = thread
	em.threadOrder = append(em.threadOrder, thread)
	em.stage("thread/"+properties.ID, &record{Thread: &properties}, func() {
		delete(em.threads, properties.ID)
		em.threadOrder = em.threadOrder[:len(em.threadOrder)-1]
	})
	em.addMembers(thread, creator, participants)
	em.addTopicUpdated(thread, creator)
	return createdThread{thread, invalid}
}

// withCreator adds the creator to the participants of a new thread, unless the creator is among them. The creator always
// sees the whole history.
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
		metadata:        readLimitedMetadata(body),
		retentionPolicy: readRetentionPolicy(body),
	}
	return request, body.problem()
}
