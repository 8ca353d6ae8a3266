package emulator

import (
	"cmp"
	"crypto/rand"
	"encoding/base64"
	"slices"
	"strings"
	"time"
)

// thread is a chat thread, guarded by em.mu. The maps and slices in its properties, messages and participants are immutable:
// a change replaces them. So a response that refers to them can be written after em.mu is released.
type thread struct {
	properties threadProperties
	members    map[string]membership // by raw id; includes removed participants
	joinCount  int                   // how many memberships there have been; the latest one has this number
	messages   []*message            // in the order they were sent
	revisions  []*revision           // all versions of all messages, sorted by version
	receipts   []ReadReceipt         // one per user, sorted by the time of the user's first receipt
}

// threadProperties is a thread without its participants and messages.
type threadProperties struct {
	ID              string
	Topic           string
	CreatedOn       time.Time
	CreatedBy       string
	Metadata        map[string]string
	RetentionPolicy *RetentionPolicy
	DeletedOn       time.Time `json:",omitzero"`
}

func newThread(properties threadProperties) *thread {
	return &thread{properties: properties, members: map[string]membership{}}
}

// newThreadID returns a thread id in the service's form: 32 bytes in base64, followed by "1".
func newThreadID() string {
	token := make([]byte, 32)
	_, _ = rand.Read(token) // never fails
	return "19:" + base64.RawURLEncoding.EncodeToString(token) + "1@thread.v2"
}

// threadLocation returns a thread's URL. Like the service, it percent-encodes the colon of the id, but not the "@".
func threadLocation(c *call, threadID string) string {
	return c.request.origin() + "/chat/threads/" + strings.ReplaceAll(threadID, ":", "%3A")
}

// setProperties replaces a thread's properties. em.mu is held.
func (em *Emulator) setProperties(t *thread, properties threadProperties) {
	before := t.properties
	t.properties = properties
	em.stage("thread/"+properties.ID, &record{Thread: &properties}, func() { t.properties = before })
}

// isDeleted reports whether a thread was deleted by a user or by its retention policy.
func (t *thread) isDeleted(now time.Time) bool {
	policy := t.properties.RetentionPolicy
	return !t.properties.DeletedOn.IsZero() ||
		policy != nil && policy.Kind == "threadCreationDate" && !now.Before(t.properties.CreatedOn.AddDate(0, 0, policy.DeleteThreadAfterDays))
}

// findThread returns the thread of a call, or an error unless the caller is a participant. em.mu is held.
func (em *Emulator) findThread(c *call) (*thread, *communicationError) {
	thread, member, failure := em.findReadableThread(c)
	if failure == nil && member.hasLeft() {
		return nil, forbidden("The caller was removed from this chat thread, and may only read what it contained at that time.")
	}
	return thread, failure
}

// findReadableThread returns the thread of a call, or an error unless the caller is or was a participant. em.mu is held.
func (em *Emulator) findReadableThread(c *call) (*thread, membership, *communicationError) {
	thread := em.threads[c.parameters["chatThreadId"]]
	if thread == nil || thread.isDeleted(em.clock.now()) {
		return nil, membership{}, notFound("There is no chat thread with this id.")
	}
	member, ok := thread.members[c.user]
	if !ok {
		return nil, membership{}, forbidden("The caller is not a participant of this chat thread.")
	}
	return thread, member, nil
}

// propertiesFor returns the thread's properties that a member sees. A removed participant sees those of the time of removal,
// except deletedOn.
func (t *thread) propertiesFor(member membership) threadProperties {
	if !member.hasLeft() {
		return t.properties
	}
	properties := *member.LeftThread
	properties.DeletedOn = t.properties.DeletedOn
	return properties
}

type chatThreadProperties struct {
	ID                               string            `json:"id"`
	Topic                            string            `json:"topic"`
	CreatedOn                        string            `json:"createdOn"`
	CreatedByCommunicationIdentifier identifier        `json:"createdByCommunicationIdentifier"`
	DeletedOn                        string            `json:"deletedOn,omitempty"`
	Metadata                         map[string]string `json:"metadata,omitempty"`
	RetentionPolicy                  *RetentionPolicy  `json:"retentionPolicy,omitempty"`
}

// toREST returns the properties in the form of the given api-version.
func (p threadProperties) toREST(version apiVersion) chatThreadProperties {
	result := chatThreadProperties{
		ID:                               p.ID,
		Topic:                            p.Topic,
		CreatedOn:                        formatTime(p.CreatedOn),
		CreatedByCommunicationIdentifier: newIdentifier(p.CreatedBy),
		DeletedOn:                        formatTime(p.DeletedOn),
	}
	if version.metadata {
		result.Metadata = p.Metadata
	}
	if slices.ContainsFunc(version.retentionPolicies, func(kind string) bool { return p.RetentionPolicy != nil && kind == p.RetentionPolicy.Kind }) {
		result.RetentionPolicy = p.RetentionPolicy
	}
	return result
}

// getChatThreadProperties is the REST operation Get Chat Thread Properties. A removed participant gets the properties of the
// time of removal.
func (em *Emulator) getChatThreadProperties(c *call) (response, *communicationError) {
	em.mu.Lock()
	defer em.mu.Unlock()
	thread, member, failure := em.findReadableThread(c)
	if failure != nil {
		return response{}, failure
	}
	return response{status: statusOK, body: thread.propertiesFor(member).toREST(c.version)}, nil
}

type chatThreadItem struct {
	ID                    string `json:"id"`
	Topic                 string `json:"topic"`
	LastMessageReceivedOn string `json:"lastMessageReceivedOn"`
}

// listedThread is a thread and the message that was its newest when the list began.
type listedThread struct {
	thread *thread
	newest *message
}

// listChatThreads is the REST operation List Chat Threads. It lists the threads of which the caller is a participant. The
// thread with the newest message comes first. startTime leaves out threads whose newest message is older.
func (em *Emulator) listChatThreads(c *call) (response, *communicationError) {
	p, failure := em.readSnapshotPage(c)
	if failure != nil {
		return response{}, failure
	}

	em.mu.Lock()
	defer em.mu.Unlock()
	if !p.continued {
		p.SnapshotVersion, p.LastVersion = em.lastVersion, em.lastVersion+1
	}
	var listed []listedThread
	now := em.clock.now()
	for _, t := range em.threadOrder {
		if !t.hasMember(c.user) || t.isDeleted(now) {
			continue
		}
		newest := t.newestMessageAt(p.SnapshotVersion)
		if newest != nil && newest.id < p.LastVersion && !newest.CreatedOn.Before(p.StartTime) {
			listed = append(listed, listedThread{t, newest})
		}
	}
	slices.SortFunc(listed, func(a, b listedThread) int { return cmp.Compare(b.newest.id, a.newest.id) })
	return answerSnapshotPage(p, listed, func(l listedThread) int64 { return l.newest.id }, listedThread.toREST), nil
}

func (l listedThread) toREST() chatThreadItem {
	newest := l.thread.messages[len(l.thread.messages)-1]
	return chatThreadItem{l.thread.properties.ID, l.thread.properties.Topic, formatTime(newest.CreatedOn)}
}

// deleteChatThread is the REST operation Delete Chat Thread. After that only Emulator.Threads shows the thread.
func (em *Emulator) deleteChatThread(c *call) (response, *communicationError) {
	return em.write(func() (response, *communicationError) {
		thread, failure := em.findThread(c)
		if failure != nil {
			return response{}, failure
		}
		properties := thread.properties
		properties.DeletedOn = em.currentSecond()
		em.setProperties(thread, properties)
		em.announce(c, thread, change{kind: threadDeleted})
		return response{status: statusNoContent}, nil
	})
}
