package emulator

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// record is the JSON that the Store has for one key. Exactly one field is set.
type record struct {
	User     *userRecord       `json:"user,omitempty"`
	Thread   *threadProperties `json:"thread,omitempty"`
	Member   *memberRecord     `json:"member,omitempty"`
	Revision *revisionRecord   `json:"revision,omitempty"`
	Receipt  *receiptRecord    `json:"receipt,omitempty"`
	Created  *createdRecord    `json:"created,omitempty"`
}

type userRecord struct {
	ID   string
	User user
}

type memberRecord struct {
	ThreadID   string
	Membership membership
}

// revisionRecord is one version of a message. If the version was replaced, Message has only the ID, so that content that was
// edited or deleted is not stored.
type revisionRecord struct {
	ThreadID string
	Version  int64
	Message  Message
}

type receiptRecord struct {
	ThreadID string
	Number   int // position in the thread's list
	Receipt  ReadReceipt
}

type createdRecord struct {
	User, RepeatabilityRequestID, ThreadID string
	Invalid                                []communicationError
}

// records is the content of a Store, sorted by kind.
type records struct {
	users     []*userRecord
	threads   []*threadProperties
	members   []*memberRecord
	revisions []*revisionRecord
	receipts  []*receiptRecord
	created   []*createdRecord
}

// load restores the state from the Store. The emulator must be empty and not in use yet.
func (em *Emulator) load() error {
	var all records
	err := em.store.Load(func(key string, value []byte) error {
		if err := all.add(value); err != nil {
			return fmt.Errorf("record %q: %w", key, err)
		}
		return nil
	})
	if err == nil {
		err = em.restore(all)
	}
	return err
}

func (all *records) add(value []byte) error {
	var r record
	if err := json.Unmarshal(value, &r); err != nil {
		return err
	}
	switch {
	case r.User != nil:
		all.users = append(all.users, r.User)
	case r.Thread != nil:
		all.threads = append(all.threads, r.Thread)
	case r.Member != nil:
		all.members = append(all.members, r.Member)
	case r.Revision != nil:
		all.revisions = append(all.revisions, r.Revision)
	case r.Receipt != nil:
		all.receipts = append(all.receipts, r.Receipt)
	case r.Created != nil:
		all.created = append(all.created, r.Created)
	default:
		return errors.New("this version of the emulator does not know this kind of record")
	}
	return nil
}

func (em *Emulator) restore(all records) error {
	for _, r := range all.users {
		if !strings.HasPrefix(r.ID, em.userIDPrefix()) {
			return fmt.Errorf("user %s belongs to another resource: open the store with the access key that it was created with", r.ID)
		}
		em.users[r.ID] = r.User
	}
	for _, properties := range all.threads {
		em.threads[properties.ID] = newThread(*properties)
	}
	for _, r := range all.members {
		thread := em.threads[r.ThreadID]
		if thread == nil {
			return missingThread(r.ThreadID)
		}
		thread.members[r.Membership.ID] = r.Membership
		thread.joinCount = max(thread.joinCount, r.Membership.Number)
	}
	if err := em.restoreMessages(all.revisions); err != nil {
		return err
	}
	for _, r := range all.members {
		em.threads[r.ThreadID].restoreLeftThread(r.Membership)
	}
	slices.SortFunc(all.receipts, func(a, b *receiptRecord) int { return cmp.Compare(a.Number, b.Number) })
	for _, r := range all.receipts {
		thread := em.threads[r.ThreadID]
		if thread == nil {
			return missingThread(r.ThreadID)
		}
		thread.receipts = append(thread.receipts, r.Receipt)
	}
	for _, r := range all.created {
		thread := em.threads[r.ThreadID]
		if thread == nil {
			return missingThread(r.ThreadID)
		}
		em.createdThreads[repeatabilityKey{r.User, r.RepeatabilityRequestID}] = createdThread{thread, r.Invalid}
	}
	return nil
}

// restoreMessages restores all messages, in the order of versions. It also sorts the threads by their first messages.
func (em *Emulator) restoreMessages(revisions []*revisionRecord) error {
	slices.SortFunc(revisions, func(a, b *revisionRecord) int { return cmp.Compare(a.Version, b.Version) })
	for _, r := range revisions {
		thread := em.threads[r.ThreadID]
		if thread == nil {
			return missingThread(r.ThreadID)
		}
		m := thread.message(r.Message.ID)
		if m == nil {
			m = &message{id: r.Version}
		}
		if len(thread.revisions) == 0 {
			em.threadOrder = append(em.threadOrder, thread)
		}
		r.Message.CreatedOn = versionTime(m.id, r.Message.CreatedOn) // earlier releases stored the clock's time even if the id was ahead of the clock
		thread.addRevision(m, r.Message, r.Version)
		em.lastVersion = r.Version
	}
	return nil
}

// restoreLeftThread sets LeftThread of a former member, which earlier releases did not store. It takes the topic from the last
// topicUpdated message that the member can see. The metadata and the retention policy of that time are unknown.
func (t *thread) restoreLeftThread(m membership) {
	if !m.hasLeft() || m.LeftThread != nil {
		return
	}
	m.LeftThread = &threadProperties{ID: t.properties.ID, CreatedOn: t.properties.CreatedOn, CreatedBy: t.properties.CreatedBy}
	for _, message := range t.messages {
		if message.Type == "topicUpdated" && m.wasMemberAt(message.id) {
			m.LeftThread.Topic = message.Content.Topic
		}
	}
	t.members[m.ID] = m
}

func missingThread(id string) error {
	return fmt.Errorf("thread %s is missing, but other records belong to it", id)
}
