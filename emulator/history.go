package emulator

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// message is a message of a thread, as it is now. CreatedOn is exact, to be compared with other times, and of the
// millisecond that the id is.
type message struct {
	Message
	id     int64     // Message.ID
	latest *revision // where it is in the thread's order

	hiddenUntil time.Time // nobody can read it before: a planted fault; not kept in the Store
}

func (m *message) isHidden(now time.Time) bool { return now.Before(m.hiddenUntil) }

// revision is one version of a message: its place in the thread's order, up to when a newer one takes its place. Those
// from before stay, so that a listing that began in between still finds every message where it was then.
type revision struct {
	version int64
	message *message
	next    int64 // the version after this; 0: none
}

// wasCurrent reports whether the revision was the message's place when bound was the latest version of all.
func (r *revision) wasCurrent(bound int64) bool { return r.next == 0 || r.next > bound }

func (r *revision) compare(version int64) int { return cmp.Compare(r.version, version) }

// revise makes content what the message is, as of a version that is newer than all in the thread. A new message has no
// revisions yet.
func (t *thread) revise(m *message, content Message, version int64) {
	if m.latest == nil {
		t.messages = append(t.messages, m)
	} else {
		m.latest.next = version
	}
	m.Message = content
	m.latest = &revision{version: version, message: m}
	t.revisions = append(t.revisions, m.latest)
}

// unrevise takes back the latest revise of the thread. before is what its message was.
func (t *thread) unrevise(before message) {
	m := t.revisions[len(t.revisions)-1].message
	t.revisions = t.revisions[:len(t.revisions)-1]
	*m = before
	if m.latest == nil {
		t.messages = t.messages[:len(t.messages)-1]
	} else {
		m.latest.next = 0
	}
}

// message gives the message with an id; nil if there is none.
func (t *thread) message(id string) *message {
	// Ids have 13 digits each, so their order as texts is that of the messages.
	i, found := slices.BinarySearchFunc(t.messages, id, func(m *message, id string) int { return strings.Compare(m.ID, id) })
	if !found {
		return nil
	}
	return t.messages[i]
}

// newestMessage is the last that was sent when bound was the latest version; nil if the thread came later.
func (t *thread) newestMessage(bound int64) *message {
	i, found := slices.BinarySearchFunc(t.messages, bound, func(m *message, bound int64) int { return cmp.Compare(m.id, bound) })
	if found {
		return t.messages[i]
	}
	if i == 0 {
		return nil
	}
	return t.messages[i-1]
}

// lastVersion is the latest of a thread, which has messages.
func (t *thread) lastVersion() int64 { return t.revisions[len(t.revisions)-1].version }

// nextVersion makes the number of a message, or of a message's change, and its time. The number is the time in
// milliseconds, and yet it grows when several share one or the clock stands still: then the time runs ahead with it.
// em.mu is held.
func (em *Emulator) nextVersion() (version int64, at time.Time) {
	now := em.clock.now()
	em.lastVersion = max(em.lastVersion+1, now.UnixMilli())
	return em.lastVersion, timeOf(em.lastVersion, now)
}

// timeOf is when a version was made: exactly, if that is of the version's millisecond; else that millisecond.
func timeOf(version int64, exactly time.Time) time.Time {
	if exactly.UnixMilli() == version {
		return exactly.UTC().Round(0) // without the monotonic reading, which a Store would lose
	}
	return time.UnixMilli(version).UTC()
}

// addMessage numbers and dates a new message and adds it to the thread. em.mu is held.
func (em *Emulator) addMessage(t *thread, content Message) *message {
	id, at := em.nextVersion()
	m := &message{id: id}
	content.ID = versionText(id)
	content.CreatedOn = at
	em.setMessage(t, m, content, id)
	return m
}

// changeMessage makes a message what change gives, which learns when that is, in whole seconds. em.mu is held.
func (em *Emulator) changeMessage(t *thread, m *message, change func(second time.Time) Message) {
	version, at := em.nextVersion()
	em.setMessage(t, m, change(at.Truncate(time.Second)), version)
}

func (em *Emulator) setMessage(t *thread, m *message, content Message, version int64) {
	before := *m
	content.Version = versionText(version)
	content.SequenceID = strconv.Itoa(len(t.revisions) + 1)
	t.revise(m, content, version)
	if before.latest != nil {
		em.keepRevision(t, before.latest.version, Message{ID: content.ID}, func() {})
	}
	em.keepRevision(t, version, content, func() { t.unrevise(before) })
}

func (em *Emulator) keepRevision(t *thread, version int64, content Message, undo func()) {
	id := t.properties.ID
	em.keep("message/"+id+"/"+versionText(version), &record{Revision: &revisionRecord{id, version, content}}, undo)
}

func versionText(version int64) string { return fmt.Sprintf("%013d", version) }

// formatTime writes a time as the chat service does, in whole seconds; the zero time, which stands for none, as "".
func formatTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}
