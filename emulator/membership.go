package emulator

import (
	"cmp"
	"slices"
	"time"
)

// membership is somebody's being in a thread, or having been. One who is added again has a new one.
type membership struct {
	Number int // in the order in which they joined the thread
	Participant
	LeftOn      time.Time `json:",omitzero"`
	LeftVersion int64     `json:",omitempty"` // the message that told of it, the last they may see; 0: they are there
	// LeftThread is the thread as they left it, which is what they still see. Nil if they are there.
	LeftThread *threadProperties `json:",omitempty"`
}

func (m membership) hasLeft() bool { return m.LeftVersion != 0 }

func (m membership) sharesHistoryOf(of *message) bool {
	return !of.CreatedOn.Before(m.ShareHistoryTime)
}

func (m membership) wasThereFor(id int64) bool { return !m.hasLeft() || id <= m.LeftVersion }

// presentMembers gives those who are in the thread, in the order they joined.
func (t *thread) presentMembers() []membership {
	var present []membership
	for _, m := range t.members {
		if !m.hasLeft() {
			present = append(present, m)
		}
	}
	slices.SortFunc(present, byNumber)
	return present
}

func byNumber(a, b membership) int { return cmp.Compare(a.Number, b.Number) }

func (t *thread) hasMember(id string) bool {
	m, ok := t.members[id]
	return ok && !m.hasLeft()
}

func (t *thread) memberCount() int {
	count := 0
	for _, m := range t.members {
		if !m.hasLeft() {
			count++
		}
	}
	return count
}

// join makes participants members of a thread and adds the system message that tells of them. em.mu is held.
func (em *Emulator) join(t *thread, initiator string, participants []Participant) {
	for _, p := range participants {
		t.joins++
		em.setMember(t, membership{Number: t.joins, Participant: p})
	}
	em.addMessage(t, Message{Type: "participantAdded", Content: MessageContent{Participants: participants, Initiator: initiator}})
}

// leave ends a membership, and adds the system message that tells of it. em.mu is held.
func (em *Emulator) leave(t *thread, initiator string, m membership) {
	told := em.addMessage(t, Message{Type: "participantRemoved", Content: MessageContent{Participants: []Participant{m.Participant}, Initiator: initiator}})
	m.LeftOn, m.LeftVersion = told.CreatedOn.Truncate(time.Second), told.id
	thread := t.properties
	m.LeftThread = &thread
	em.setMember(t, m)
}

func (em *Emulator) setMember(t *thread, m membership) {
	before, known := t.members[m.ID]
	t.members[m.ID] = m
	id := t.properties.ID
	em.keep("member/"+id+"/"+m.ID, &record{Member: &memberRecord{id, m}}, func() {
		if known {
			t.members[m.ID] = before
		} else {
			delete(t.members, m.ID)
		}
	})
}
