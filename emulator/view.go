package emulator

import (
	"maps"
	"slices"
	"time"
)

// Thread is a copy of a chat thread, for tests to look at. Names follow the REST documentation (ChatThreadProperties);
// identifiers are raw ids.
type Thread struct {
	ID                  string
	Topic               string
	CreatedOn           time.Time // UTC, whole seconds
	CreatedBy           string    // raw id of the creator
	DeletedOn           time.Time // zero: deleteThread was not called
	Metadata            map[string]string
	RetentionPolicy     *RetentionPolicy     // nil: none was set
	Participants        []Participant        // in the order they came
	RemovedParticipants []RemovedParticipant // who was added again is none of them
	Messages            []Message            // oldest first, system messages and deleted ones included
	ReadReceipts        []ReadReceipt        // one a user
}

// RemovedParticipant is somebody who was removed from a thread, or went.
type RemovedParticipant struct {
	Participant
	RemovedOn time.Time // UTC, whole seconds
}

// Threads is a copy of all threads, oldest first, those included that nobody can see any more; nothing that is done to it
// reaches the emulator.
func (em *Emulator) Threads() []Thread {
	em.mu.Lock()
	defer em.mu.Unlock()
	threads := make([]Thread, len(em.threadOrder))
	for i, t := range em.threadOrder {
		threads[i] = t.view()
	}
	return threads
}

func (t *thread) view() Thread {
	p := t.properties
	v := Thread{
		ID:           p.ID,
		Topic:        p.Topic,
		CreatedOn:    p.CreatedOn,
		CreatedBy:    p.CreatedBy,
		DeletedOn:    p.DeletedOn,
		Metadata:     maps.Clone(p.Metadata),
		ReadReceipts: append([]ReadReceipt(nil), t.receipts...),
	}
	if p.RetentionPolicy != nil {
		policy := *p.RetentionPolicy
		v.RetentionPolicy = &policy
	}
	for _, m := range slices.SortedFunc(maps.Values(t.members), byNumber) {
		participant := m.Participant
		participant.Metadata = maps.Clone(participant.Metadata)
		if m.hasLeft() {
			v.RemovedParticipants = append(v.RemovedParticipants, RemovedParticipant{participant, m.LeftOn})
		} else {
			v.Participants = append(v.Participants, participant)
		}
	}
	for _, m := range t.messages {
		v.Messages = append(v.Messages, m.clone())
	}
	return v
}
