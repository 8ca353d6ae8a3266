package emulator

import (
	"math/rand/v2"
	"time"
)

// announce notes a change, so that publish publishes its events once it is stored. It adds the recipients: the participants
// of the thread except the one who made the change. em.mu is held.
func (em *Emulator) announce(c *call, t *thread, ch change) {
	if em.events == nil {
		return
	}
	ch.initiator, ch.thread = c.user, t.properties
	if ch.version == 0 { // the change has no message, so it needs a version of its own
		ch.version, _ = em.nextVersion()
	}
	for _, m := range t.currentMembers() {
		if m.ID != c.user && ch.isVisibleTo(m) {
			ch.recipients = append(ch.recipients, m.ID)
		}
	}
	c.changes = append(c.changes, ch)
}

// isVisibleTo reports whether a participant may know of a change: that of a message that was sent before the participant's
// shareHistoryTime is not visible.
func (ch change) isVisibleTo(m membership) bool {
	return !ch.isOfMessage() || !ch.message.CreatedOn.Before(m.ShareHistoryTime)
}

func (em *Emulator) announceMessage(c *call, t *thread, kind *eventKind, m *message) {
	em.announce(c, t, change{kind: kind, version: m.latest.version, message: m.Message})
}

// announceParticipants announces the latest change of a thread's participants, with an event for each of them.
func (em *Emulator) announceParticipants(c *call, t *thread, kind *eventKind, participants ...Participant) {
	for _, p := range participants {
		em.announce(c, t, change{kind: kind, version: t.lastVersion(), participants: []Participant{p}})
	}
}

// publish passes the events of a successful call to Options.Events. em.mu is not held, so that Options.Events may use the
// emulator.
func (em *Emulator) publish(c *call) {
	for _, ch := range c.changes {
		for _, event := range ch.events(em.clock.now(), newCorrelationVector()) {
			em.deliver(event, c.rule)
		}
	}
}

// deliver passes an event to Options.Events, as often and as late as a fault says.
func (em *Emulator) deliver(event Event, rule Rule) {
	copies := 1
	switch {
	case rule.EventsLost:
		copies = 0
	case rule.EventsTwice:
		copies = 2
	}
	for range copies {
		wait := milliseconds(rule.EventsAfterMs)
		if rule.EventsUnordered {
			wait = rand.N(wait + 1)
		}
		if wait == 0 {
			em.events(event)
			continue
		}
		era := em.era.Load()
		time.AfterFunc(wait, func() {
			if em.era.Load() == era {
				em.events(event)
			}
		})
	}
}
