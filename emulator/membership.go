package emulator

import (
	"cmp"
	"slices"
	"time"
)

// membership is the membership of a current or former participant of a thread. A participant who is added again gets a new
// one.
type membership struct {
	Number int // position in the order of joining the thread
	Participant
	LeftOn time.Time `json:",omitzero"`
	// LeftVersion is the version of the participantRemoved message, the last message that the participant can see. 0 means
	// that the participant is in the thread.
	LeftVersion int64 `json:",omitempty"`
	// LeftThread has the thread's properties at the time of the removal, which the participant still sees. It is nil while
	// the participant is in the thread.
	LeftThread *threadProperties `json:",omitempty"`
}

func (m membership) hasLeft() bool { return m.LeftVersion != 0 }

func (m membership) sharesHistoryOf(message *message) bool {
	return !message.CreatedOn.Before(m.ShareHistoryTime)
}

func (m membership) wasMemberAt(version int64) bool {
	return !m.hasLeft() || version <= m.LeftVersion
}

// currentMembers returns those who are in the thread, in the order of joining.
func (t *thread) currentMembers() []membership {
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

// addMembers adds participants to a thread, and the system message participantAdded. em.mu is held.
func (em *Emulator) addMembers(t *thread, initiator string, participants []Participant) {
	for _, p := range participants {
		t.joinCount++
		em.setMember(t, membership{Number: t.joinCount, Participant: p})
	}
	em.addMessage(t, Message{Type: "participantAdded", Content: MessageContent{Participants: participants, Initiator: initiator}})
}

// removeMember ends a membership, and adds the system message participantRemoved. em.mu is held.
func (em *Emulator) removeMember(t *thread, initiator string, m membership) {
	removal := em.addMessage(t, Message{Type: "participantRemoved", Content: MessageContent{Participants: []Participant{m.Participant}, Initiator: initiator}})
	m.LeftOn, m.LeftVersion = removal.CreatedOn.Truncate(time.Second), removal.id
	properties := t.properties
	m.LeftThread = &properties
	em.setMember(t, m)
}

func (em *Emulator) setMember(t *thread, m membership) {
	before, known := t.members[m.ID]
	t.members[m.ID] = m
	id := t.properties.ID
	em.stage("member/"+id+"/"+m.ID, &record{Member: &memberRecord{id, m}}, func() {
		if known {
			t.members[m.ID] = before
		} else {
			delete(t.members, m.ID)
		}
	})
}
