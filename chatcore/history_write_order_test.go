//go:build !js

package chatcore_test

import (
	"slices"
	"strings"

	"acschat/chatcore"
	"acschat/emulator"
)

// change is a change that the service has made: its target, and the job that made it, nil for a user without a client.
type change struct {
	target string
	job    *job
}

// recordChange records a change. A client's change must not take effect after a newer one of the same client, which it would
// undo.
func (w *world) recordChange(tm *threadModel, target string, j *job) {
	if j != nil {
		for _, l := range tm.changes {
			if l.target == target && l.job != nil && l.job.driver == j.driver && l.job.number > j.number {
				w.problem("#%d (%s) took effect after #%d, which is newer", j.number, j.op, l.job.number)
			}
		}
	}
	tm.changes = append(tm.changes, change{target, j})
}

// overlapWrites makes one client write to the same target several times in a row, with faults.
func (w *world) overlapWrites(d *driver) {
	tm := w.newThread(w.me, w.other, w.third)
	id := w.post(tm, w.me, "old")
	tm.myMessage, tm.otherMessage = id, w.post(tm, w.other, "old")
	ops := pick(w, []string{"updateMessage"}, []string{"updateMessage", "updateMessage", "deleteMessage"}, []string{"updateThread"},
		[]string{"updateThread", "updateThread", "deleteThread"}, []string{"addParticipants", "removeParticipant"}, []string{"sendReadReceipt"})
	at := w.random.IntN(activeMs / 2)
	for range w.between(2, 4) {
		j := w.newJob(pick(w, ops...))
		j.thread, j.messageID, j.userID = tm, id, pick(w, w.third.ID, w.third.ID, w.other.ID)
		if j.op == "sendReadReceipt" {
			j.messageID = pick(w, tm.myMessage, tm.otherMessage)
		}
		if w.chance(0.5) {
			j.firstFault = pick(w, "lost", "late", "answer lost", "503", "503 after", "503 late", "504 late")
		}
		if j.firstFault == "503 late" { // without retries, so that the write fails with the 503
			j.options.Retry = &chatcore.RetryOptions{}
		}
		w.afterWake(at, func() {
			if d.page.leftAt < 0 && !d.closed {
				w.start(j, d)
			}
		})
		if w.chance(0.2) {
			w.afterWake(at+w.random.IntN(500), func() {
				if j.number != 0 {
					w.abort(j)
				}
			})
		}
		at += pick(w, 0, w.random.IntN(300), w.random.IntN(3000))
	}
}

// checkLastWrites checks that the last write of a client to each target is in effect at the end, if it succeeded.
func (w *world) checkLastWrites(threads map[string]emulator.Thread) {
	type subject struct {
		tab    *driver
		room   *threadModel
		target string
		user   string
	}
	last := map[subject]*job{}
	for _, j := range w.jobs {
		if j.target() == "" {
			continue
		}
		of := subject{j.driver, j.thread, j.target(), ""}
		if of.target == "participants" {
			of.user = j.userID
		}
		if j.isDone() {
			last[of] = j
		} else if j.mayHaveEffect() {
			last[of] = nil
		}
	}
	for of, j := range last {
		others := slices.ContainsFunc(of.room.changes, func(l change) bool { return l.target == of.target && (l.job == nil || l.job.driver != of.tab) })
		if j != nil && !others && !w.isInEffect(j, threads[of.room.id]) {
			w.problem("#%d (%s) succeeded as the last write, but is not in effect", j.number, j.op)
		}
	}
}

// mayHaveEffect reports whether a job that did not succeed may have taken effect, as far as its client can tell.
func (j *job) mayHaveEffect() bool {
	return slices.ContainsFunc(j.attempts(), (*exchange).isOutcomeUnknown)
}

func (w *world) isInEffect(j *job, thread emulator.Thread) bool {
	isThere := slices.ContainsFunc(thread.Participants, func(p emulator.Participant) bool { return p.ID == j.userID })
	message := emulator.Message{}
	for _, m := range thread.Messages {
		if m.ID == j.messageID {
			message = m
		}
	}
	switch j.op {
	case "updateMessage":
		return message.Content.Message == j.content
	case "deleteMessage":
		return !message.DeletedOn.IsZero() || j.thread.wasRemoved || j.thread.deleted // then the message may be invisible
	case "updateThread":
		return thread.Topic == j.content
	case "deleteThread":
		return !thread.DeletedOn.IsZero()
	case "addParticipants":
		return isThere
	case "removeParticipant":
		return !isThere || !thread.DeletedOn.IsZero()
	}
	return slices.ContainsFunc(thread.ReadReceipts, func(r emulator.ReadReceipt) bool { return r.Sender == w.me.ID && r.MessageID >= j.messageID })
}

// checkWriteOrderTimeout checks the error of a write that timed out while it waited for an older write of its client to the
// same target.
func (w *world) checkWriteOrderTimeout(j *job) {
	e := j.err()
	if j.target() == "" || e == nil || e.Code != chatcore.Timeout || len(j.exchanges) > 0 {
		return
	}
	waited := slices.ContainsFunc(w.jobs, func(older *job) bool {
		return older.driver == j.driver && older.thread == j.thread && older.target() == j.target() && older.number < j.number && older.endedAt > j.endedAt
	})
	if waited && (e.Attempts != 0 || !strings.Contains(e.Message, "nothing was sent")) {
		w.problem("#%d waited for an older write, but does not say that nothing was sent: %v", j.number, e)
	}
}
