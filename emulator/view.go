package emulator

import (
	"maps"
	"slices"
	"time"
)

// Thread is a copy of a chat thread, which tests can inspect. The names are those of the REST ChatThreadProperties. All ids of
// users are raw ids.
type Thread struct {
	ID                  string
	Topic               string
	CreatedOn           time.Time // UTC, whole seconds
	CreatedBy           string    // raw id of the creator
	DeletedOn           time.Time // zero if deleteThread was not called; a retention policy does not set it
	Metadata            map[string]string
	RetentionPolicy     *RetentionPolicy     // nil if the thread has none
	Participants        []Participant        // in the order of joining
	RemovedParticipants []RemovedParticipant // without those who were added again
	Messages            []Message            // oldest first; includes system messages and deleted messages
	ReadReceipts        []ReadReceipt        // at most one per user
}

// RemovedParticipant is a participant who was removed from a thread or has left it.
type RemovedParticipant struct {
	Participant
	RemovedOn time.Time // UTC, whole seconds
}

// Threads returns copies of all threads, oldest first. It includes threads that were deleted. Changing the copies does not
// change the emulator.
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
