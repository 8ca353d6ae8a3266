package emulator

import (
	"cmp"
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
	"time"
)

// thread is a chat thread, guarded by em.mu. The maps and slices of its properties, messages and participants are replaced
// and never changed, so that an answer that has them can be written when the lock is released.
type thread struct {
	properties threadProperties
	members    map[string]membership // by raw id; those who were removed too
	joins      int                   // how often somebody joined: numbers memberships
	messages   []*message            // in the order they were sent
	revisions  []*revision           // all versions of all messages, in their order
	receipts   []ReadReceipt         // one a user, in the order of the users' first
}

// threadProperties is what a thread has beside what is in it.
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

// newThreadID has the form of the service's: 43 characters, which are 32 bytes, and a 1.
func newThreadID() string {
	token := make([]byte, 32)
	_, _ = rand.Read(token) // never fails
	return "19:" + base64.RawURLEncoding.EncodeToString(token) + "1@thread.v2"
}

// threadLocation encodes the colon of a thread id and not its "@", as the service does.
func threadLocation(c *call, threadID string) string {
	return origin(c.request) + "/chat/threads/" + strings.ReplaceAll(threadID, ":", "%3A")
}

// setProperties replaces a thread's properties. em.mu is held.
func (em *Emulator) setProperties(t *thread, properties threadProperties) {
	before := t.properties
	t.properties = properties
	em.keep("thread/"+properties.ID, &record{Thread: &properties}, func() { t.properties = before })
}

// isGone reports whether a thread was deleted, by somebody or by its retention policy.
func (t *thread) isGone(now time.Time) bool {
	policy := t.properties.RetentionPolicy
	return !t.properties.DeletedOn.IsZero() ||
		policy != nil && policy.Kind == "threadCreationDate" && !now.Before(t.properties.CreatedOn.AddDate(0, 0, policy.DeleteThreadAfterDays))
}

// findThread gives the thread of a call that only its participants may make. em.mu is held.
func (em *Emulator) findThread(c *call) (*thread, *communicationError) {
	thread, member, failure := em.findReadableThread(c)
	if failure == nil && member.hasLeft() {
		return nil, forbidden("The caller was removed from this chat thread, and may only read what was there before.")
	}
	return thread, failure
}

// findReadableThread gives the thread of a call that those who were removed from it may make, too. em.mu is held.
func (em *Emulator) findReadableThread(c *call) (*thread, membership, *communicationError) {
	thread := em.threads[c.parameters["chatThreadId"]]
	if thread == nil || thread.isGone(em.clock.now()) {
		return nil, membership{}, notFound("There is no chat thread with this id.")
	}
	member, ok := thread.members[c.user]
	if !ok {
		return nil, membership{}, forbidden("The caller is not a participant of this chat thread.")
	}
	return thread, member, nil
}

// propertiesFor are the thread's properties as a member may see them.
func (t *thread) propertiesFor(member membership) threadProperties {
	if !member.hasLeft() {
		return t.properties
	}
	seen := *member.LeftThread
	seen.DeletedOn = t.properties.DeletedOn
	return seen
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

// show is the thread as the given version has it.
func (p threadProperties) show(version apiVersion) chatThreadProperties {
	shown := chatThreadProperties{
		ID:                               p.ID,
		Topic:                            p.Topic,
		CreatedOn:                        formatTime(p.CreatedOn),
		CreatedByCommunicationIdentifier: newIdentifier(p.CreatedBy),
		DeletedOn:                        formatTime(p.DeletedOn),
	}
	if version.metadata {
		shown.Metadata = p.Metadata
	}
	if slices.ContainsFunc(version.retentionPolicies, func(kind string) bool { return p.RetentionPolicy != nil && kind == p.RetentionPolicy.Kind }) {
		shown.RetentionPolicy = p.RetentionPolicy
	}
	return shown
}

// getChatThreadProperties is the REST operation Get Chat Thread Properties. Those who were removed get them as of then.
func (em *Emulator) getChatThreadProperties(c *call) (response, *communicationError) {
	em.mu.Lock()
	defer em.mu.Unlock()
	thread, member, failure := em.findReadableThread(c)
	if failure != nil {
		return response{}, failure
	}
	return response{status: http.StatusOK, body: thread.propertiesFor(member).show(c.version)}, nil
}

type chatThreadItem struct {
	ID                    string `json:"id"`
	Topic                 string `json:"topic"`
	LastMessageReceivedOn string `json:"lastMessageReceivedOn"`
}

// listedThread is a thread with the message that was its newest when the listing began.
type listedThread struct {
	thread *thread
	newest *message
}

// listChatThreads is the REST operation List Chat Threads: the threads that the caller is a participant of, the one with
// the newest message first. startTime leaves out threads whose newest message is older.
func (em *Emulator) listChatThreads(c *call) (response, *communicationError) {
	p, failure := em.readSnapshotPage(c)
	if failure != nil {
		return response{}, failure
	}

	em.mu.Lock()
	defer em.mu.Unlock()
	if !p.continued {
		p.Bound, p.Last = em.lastVersion, em.lastVersion+1
	}
	var listed []listedThread
	now := em.clock.now()
	for _, t := range em.threadOrder {
		if !t.hasMember(c.user) || t.isGone(now) {
			continue
		}
		newest := t.newestMessage(p.Bound)
		if newest != nil && newest.id < p.Last && !newest.CreatedOn.Before(p.StartTime) {
			listed = append(listed, listedThread{t, newest})
		}
	}
	slices.SortFunc(listed, func(a, b listedThread) int { return cmp.Compare(b.newest.id, a.newest.id) })
	return answerSnapshotPage(p, listed, func(l listedThread) int64 { return l.newest.id }, listedThread.show), nil
}

func (l listedThread) show() chatThreadItem {
	newest := l.thread.messages[len(l.thread.messages)-1]
	return chatThreadItem{l.thread.properties.ID, l.thread.properties.Topic, formatTime(newest.CreatedOn)}
}

// deleteChatThread is the REST operation Delete Chat Thread. Nobody can see the thread any more but a test, in Threads.
func (em *Emulator) deleteChatThread(c *call) (response, *communicationError) {
	return em.write(func() (response, *communicationError) {
		thread, failure := em.findThread(c)
		if failure != nil {
			return response{}, failure
		}
		properties := thread.properties
		properties.DeletedOn = em.second()
		em.setProperties(thread, properties)
		return response{status: http.StatusNoContent}, nil
	})
}
