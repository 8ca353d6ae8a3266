package emulator

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// message is the current state of a message. Its CreatedOn has more precision than the whole seconds that clients see, and
// lies in the millisecond that id is.
type message struct {
	Message
	id     int64     // Message.ID as a number
	latest *revision // the current revision

	hiddenUntil time.Time // a fault hides the message until then; not saved in the Store
}

func (m *message) isHidden(now time.Time) bool { return now.Before(m.hiddenUntil) }

// revision is one version of a message. Lists are sorted by version, so a new revision moves the message to the front.
// Replaced revisions are kept: a list that began before the change still finds the message at its old position.
type revision struct {
	version    int64
	message    *message
	replacedBy int64 // the next version of the message; 0: this is the current one
}

// wasCurrentAt reports whether the revision was its message's current one when version was the emulator's latest version.
func (r *revision) wasCurrentAt(version int64) bool {
	return r.replacedBy == 0 || r.replacedBy > version
}

func (r *revision) compare(version int64) int { return cmp.Compare(r.version, version) }

// addRevision sets a message's content and adds a revision for it. The version must be newer than all others of the thread.
// The first revision of a message also adds the message to the thread.
func (t *thread) addRevision(m *message, content Message, version int64) {
	if m.latest == nil {
		t.messages = append(t.messages, m)
	} else {
		m.latest.replacedBy = version
	}
	m.Message = content
	m.latest = &revision{version: version, message: m}
	t.revisions = append(t.revisions, m.latest)
}

// removeRevision undoes the latest addRevision of the thread. before is the message's previous state.
func (t *thread) removeRevision(before message) {
	m := t.revisions[len(t.revisions)-1].message
	t.revisions = t.revisions[:len(t.revisions)-1]
	*m = before
	if m.latest == nil {
		t.messages = t.messages[:len(t.messages)-1]
	} else {
		m.latest.replacedBy = 0
	}
}

// message returns the message with an id, or nil.
func (t *thread) message(id string) *message {
	// All ids have 13 digits, so comparing them as strings gives the same order as comparing them as numbers.
	i, found := slices.BinarySearchFunc(t.messages, id, func(m *message, id string) int { return strings.Compare(m.ID, id) })
	if !found {
		return nil
	}
	return t.messages[i]
}

// newestMessageAt returns the message that was the newest when version was the emulator's latest version. It returns nil if
// the thread is newer.
func (t *thread) newestMessageAt(version int64) *message {
	i, found := slices.BinarySearchFunc(t.messages, version, func(m *message, version int64) int { return cmp.Compare(m.id, version) })
	if found {
		return t.messages[i]
	}
	if i == 0 {
		return nil
	}
	return t.messages[i-1]
}

// lastVersion returns the thread's latest version. The thread must have a message, as every thread does after its creation.
func (t *thread) lastVersion() int64 { return t.revisions[len(t.revisions)-1].version }

// nextVersion returns the version for a new message or for a change of one, and the time that belongs to it. The version is
// the time in milliseconds since 1970. It always increases: if the clock stands still or several versions fall into one
// millisecond, version and time run ahead of the clock. em.mu is held.
func (em *Emulator) nextVersion() (version int64, timestamp time.Time) {
	now := em.clock.now()
	em.lastVersion = max(em.lastVersion+1, now.UnixMilli())
	return em.lastVersion, versionTime(em.lastVersion, now)
}

// versionTime returns the time of a version: now, if it lies in the version's millisecond, and otherwise the start of that
// millisecond.
func versionTime(version int64, now time.Time) time.Time {
	if now.UnixMilli() == version {
		return now.UTC().Round(0) // without the monotonic clock reading, which a Store cannot save
	}
	return time.UnixMilli(version).UTC()
}

// addMessage adds a new message to a thread, with the next version as its id. em.mu is held.
func (em *Emulator) addMessage(t *thread, content Message) *message {
	id, timestamp := em.nextVersion()
	m := &message{id: id}
	content.ID = versionText(id)
	content.CreatedOn = timestamp
	em.setMessage(t, m, content, id)
	return m
}

// changeMessage replaces a message with the result of change. change gets the time of the new version in whole seconds.
// em.mu is held.
func (em *Emulator) changeMessage(t *thread, m *message, change func(second time.Time) Message) {
	version, timestamp := em.nextVersion()
	em.setMessage(t, m, change(timestamp.Truncate(time.Second)), version)
}

func (em *Emulator) setMessage(t *thread, m *message, content Message, version int64) {
	before := *m
	content.Version = versionText(version)
	content.SequenceID = strconv.Itoa(len(t.revisions) + 1)
	t.addRevision(m, content, version)
	if before.latest != nil {
		em.stageRevision(t, before.latest.version, Message{ID: content.ID}, func() {})
	}
	em.stageRevision(t, version, content, func() { t.removeRevision(before) })
}

func (em *Emulator) stageRevision(t *thread, version int64, content Message, undo func()) {
	id := t.properties.ID
	em.stage("message/"+id+"/"+versionText(version), &record{Revision: &revisionRecord{id, version, content}}, undo)
}

func versionText(version int64) string { return fmt.Sprintf("%013d", version) }

// formatTime formats a time in whole seconds, as the chat service does. For the zero time it returns "".
func formatTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}
