package emulator

import (
	"crypto/rand"
	"encoding/base64"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Thread is a chat thread as the emulator holds it, for tests to look at. Names follow the REST documentation
// (ChatThreadProperties); identifiers are raw ids.
type Thread struct {
	ID              string
	Topic           string
	CreatedOn       time.Time // UTC, whole seconds
	CreatedBy       string    // raw id of the creator
	Metadata        map[string]string
	RetentionPolicy *RetentionPolicy // nil: none was set
	Participants    []Participant    // in the order they came
	Messages        []Message        // oldest first, system messages included
}

// RetentionPolicy is the REST ChatRetentionPolicy.
type RetentionPolicy struct {
	Kind                  string `json:"kind"`                            // "threadCreationDate" or "none"
	DeleteThreadAfterDays int    `json:"deleteThreadAfterDays,omitempty"` // 30 to 90; with threadCreationDate only
}

// Threads is a copy of all threads, oldest first; nothing that is done to it reaches the emulator.
func (em *Emulator) Threads() []Thread {
	em.mu.Lock()
	defer em.mu.Unlock()
	threads := make([]Thread, len(em.threadOrder))
	for i, id := range em.threadOrder {
		threads[i] = em.threads[id].clone()
	}
	return threads
}

func (t *Thread) clone() Thread {
	c := *t
	c.Metadata = maps.Clone(t.Metadata)
	if t.RetentionPolicy != nil {
		policy := *t.RetentionPolicy
		c.RetentionPolicy = &policy
	}
	c.Participants = cloneParticipants(t.Participants)
	c.Messages = slices.Clone(t.Messages)
	for i := range c.Messages {
		c.Messages[i] = c.Messages[i].clone()
	}
	return c
}

// repeatedRequest tells a repetition of a create from a new one: ids are each user's own.
type repeatedRequest struct{ user, repeatabilityRequestID string }

// createdThread is what a create answered, for its repetitions.
type createdThread struct {
	thread  *Thread
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

type chatThreadProperties struct {
	ID                               string            `json:"id"`
	Topic                            string            `json:"topic"`
	CreatedOn                        string            `json:"createdOn"`
	CreatedByCommunicationIdentifier identifier        `json:"createdByCommunicationIdentifier"`
	Metadata                         map[string]string `json:"metadata,omitempty"`
	RetentionPolicy                  *RetentionPolicy  `json:"retentionPolicy,omitempty"`
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

	em.mu.Lock()
	defer em.mu.Unlock()
	if !em.users[c.user] { // Reset came since the token was checked
		return response{}, unknownUser()
	}
	created, known := em.created[repeated]
	if !known {
		created = em.newThread(c.user, request)
		if repeated.repeatabilityRequestID != "" {
			em.created[repeated] = created
		}
	}
	return response{
		status:   http.StatusCreated,
		location: threadLocation(c, created.thread.ID),
		body: createChatThreadResult{
			ChatThread:          created.thread.properties(c.version),
			InvalidParticipants: created.invalid,
		},
	}, nil
}

// newThread makes a thread with its two system messages. em.mu is held.
func (em *Emulator) newThread(creator string, request createChatThreadRequest) createdThread {
	participants, invalid := em.admitParticipants(request.participants)
	if !containsParticipant(participants, creator) {
		participants = slices.Insert(participants, 0, Participant{ID: creator, ShareHistoryTime: allHistory})
	}
	thread := &Thread{
		ID:              newThreadID(),
		Topic:           request.topic,
		CreatedOn:       em.second(),
		CreatedBy:       creator,
		Metadata:        request.metadata,
		RetentionPolicy: request.retentionPolicy,
		Participants:    participants,
	}
	em.appendParticipantAdded(thread, creator, participants)
	em.appendMessage(thread, Message{Type: "topicUpdated", Content: MessageContent{Topic: request.topic, Initiator: creator}})
	em.threads[thread.ID] = thread
	em.threadOrder = append(em.threadOrder, thread.ID)
	return createdThread{thread, invalid}
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

func readRetentionPolicy(body object) *RetentionPolicy {
	kinds := body.version().retentionPolicies
	body.onlyIf(kinds != nil, "retentionPolicy")
	o, ok := body.object("retentionPolicy")
	if !ok {
		return nil
	}
	policy := &RetentionPolicy{Kind: o.requiredString("kind")}
	if !slices.Contains(kinds, policy.Kind) {
		o.refuse("kind", "must be one of %s in api-version %s", strings.Join(kinds, ", "), body.version().name)
	}
	if policy.Kind == "threadCreationDate" {
		o.require("deleteThreadAfterDays")
		policy.DeleteThreadAfterDays = o.integer("deleteThreadAfterDays", 30, 90, 0)
	}
	return policy
}

// properties is the thread as the given version shows it.
func (t *Thread) properties(version apiVersion) chatThreadProperties {
	p := chatThreadProperties{
		ID:                               t.ID,
		Topic:                            t.Topic,
		CreatedOn:                        t.CreatedOn.Format(time.RFC3339),
		CreatedByCommunicationIdentifier: newIdentifier(t.CreatedBy),
	}
	if version.metadata {
		p.Metadata = t.Metadata
	}
	if version.retentionPolicies != nil {
		p.RetentionPolicy = t.RetentionPolicy
	}
	return p
}

// findThread gives the caller's thread; only its participants may do anything with it. em.mu is held.
func (em *Emulator) findThread(c *call) (*Thread, *communicationError) {
	thread := em.threads[c.parameters["chatThreadId"]]
	if thread == nil {
		return nil, notFound("There is no chat thread with this id.")
	}
	if !containsParticipant(thread.Participants, c.user) {
		return nil, forbidden("The caller is not a participant of this chat thread.")
	}
	return thread, nil
}

func newThreadID() string {
	token := make([]byte, 33)
	_, _ = rand.Read(token) // never fails
	return "19:" + base64.RawURLEncoding.EncodeToString(token) + "@thread.v2"
}

// threadLocation encodes the colon of a thread id and not its "@", as the service does.
func threadLocation(c *call, threadID string) string {
	return origin(c.request) + "/chat/threads/" + strings.ReplaceAll(threadID, ":", "%3A")
}
