package emulator

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// record is what the Store keeps under one key: one of these.
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

// revisionRecord is one version of a message. Of a version that another has replaced it holds the message's id alone:
// what was edited or deleted is not kept.
type revisionRecord struct {
	ThreadID string
	Version  int64
	Message  Message
}

type receiptRecord struct {
	ThreadID string
	Number   int // its place in the thread's list
	Receipt  ReadReceipt
}

type createdRecord struct {
	User, RepeatabilityRequestID, ThreadID string
	Invalid                                []communicationError
}

// records are all of a Store by what they are.
type records struct {
	users     []*userRecord
	threads   []*threadProperties
	members   []*memberRecord
	revisions []*revisionRecord
	receipts  []*receiptRecord
	created   []*createdRecord
}

// load makes the state that the Store has kept. The emulator is empty and nobody else knows it yet.
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
		return errors.New("it is nothing that an emulator of this version keeps")
	}
	return nil
}

func (em *Emulator) restore(all records) error {
	for _, r := range all.users {
		if !strings.HasPrefix(r.ID, em.userIDPrefix()) {
			return fmt.Errorf("user %s is of another resource: open the store with the access key that it was made with", r.ID)
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
		thread.joins = max(thread.joins, r.Membership.Number)
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
		em.created[repeatedRequest{r.User, r.RepeatabilityRequestID}] = createdThread{thread, r.Invalid}
	}
	return nil
}

// restoreMessages makes the messages anew, version by version. Threads come into their order as their first messages do.
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
		r.Message.CreatedOn = timeOf(m.id, r.Message.CreatedOn) // ids alone ran ahead in earlier versions
		thread.revise(m, r.Message, r.Version)
		em.lastVersion = r.Version
	}
	return nil
}

// restoreLeftThread gives a membership the LeftThread that earlier versions did not keep: the topic is that of the last
// message that told of it. Of metadata and of a retention policy nothing is known.
func (t *thread) restoreLeftThread(m membership) {
	if !m.hasLeft() || m.LeftThread != nil {
		return
	}
	m.LeftThread = &threadProperties{ID: t.properties.ID, CreatedOn: t.properties.CreatedOn, CreatedBy: t.properties.CreatedBy}
	for _, told := range t.messages {
		if told.Type == "topicUpdated" && m.wasThereFor(told.id) {
			m.LeftThread.Topic = told.Content.Topic
		}
	}
	t.members[m.ID] = m
}

func missingThread(id string) error {
	return fmt.Errorf("thread %s is missing, of which there are other records", id)
}
