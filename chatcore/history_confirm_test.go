//go:build !js

package chatcore_test

import (
	"errors"
	"slices"
	"strings"

	"acschat/chatcore"
)

// refused has somebody try what they may not, and leave or delete a thread, with a first attempt whose outcome is unknown.
func (w *world) refused(t *tab) {
	at := w.random.IntN(span / 2)
	start := func(op string, r *room, t *tab) *job {
		j := w.newJob(op)
		j.room, j.message, j.options.TotalTimeoutMs = r, r.old, 0
		j.unlucky = pick(w, "lost", "late", "answer lost", "503", "503", "503 after", "504 late")
		w.here(at, func() { w.start(j, t.current()) })
		return j
	}
	switch w.random.IntN(4) {
	case 0: // who never was in the thread
		r := w.newRoom(w.other, w.third)
		r.old = w.post(r, w.other, "old")
		j := start(pick(w, "deleteThread", "deleteThread", "removeParticipant", "deleteMessage", "updateThread", "updateMessage", "addParticipants", "sendReadReceipt"), r, t)
		j.user = pick(w, w.me.ID, w.third.ID)
	case 1: // who is not any more
		r := w.newRoom(w.other, w.me, w.third)
		r.old = w.post(r, w.me, "old")
		w.after(w.random.IntN(at+1), func() {
			w.somebodyIn(r, "removes me", w.other, "POST", "/participants/:remove", `{"rawId":"`+w.me.ID+`"}`)
		})
		j := start(pick(w, "deleteThread", "deleteThread", "removeParticipant", "deleteMessage", "updateThread", "updateMessage", "addParticipants"), r, t)
		j.user = w.third.ID
	case 2: // whose token does not allow it
		r := w.newRoom(w.other, w.me, w.third)
		if w.chance(0.5) {
			start(pick(w, "deleteThread", "deleteThread", "updateThread"), r, t.page.newClient("chat.join"))
		} else {
			start("removeParticipant", r, t.page.newClient("chat.join.limited")).user = w.me.ID
		}
	case 3: // who leaves or deletes it
		r := w.newRoom(w.other, w.me, w.third)
		j := start(pick(w, "removeParticipant", "deleteThread"), r, t)
		j.user = w.me.ID
		if w.chance(0.1) {
			w.after(w.random.IntN(span), func() {
				w.somebodyIn(r, "adds me", w.other, "POST", "/participants/:add", `{"participants":[`+participant(w.me.ID, "")+`]}`)
			})
		}
	}
}

// checkRefusal looks at a write that was refused after an attempt whose outcome is unknown: the error has to tell of it.
func (w *world) checkRefusal(j *job) {
	e, attempts := j.err(), j.attempts()
	if e == nil || !j.writes() || j.op == "sendMessage" || len(attempts) < 2 || e.Status < 400 || e.Status >= 500 || e.Status == 408 {
		return
	}
	if last := attempts[len(attempts)-1]; last.told != e.Status {
		return // it failed before it could be refused
	}
	unknown := -1
	for i, x := range attempts[:len(attempts)-1] {
		if x.isDoubtful() {
			unknown = i
		}
	}
	if unknown < 0 {
		return
	}
	var cause *chatcore.Error
	if !strings.Contains(e.Message, "may have") || !errors.As(e.Cause, &cause) || cause.Status != attempts[unknown].told {
		w.problem("#%d (%s) was refused after an attempt that may have succeeded, and does not say so: %v, cause %v", j.number, j.op, e, e.Cause)
	}
}

// checkUndone looks at a call that has left or deleted a thread, and was refused with 403 when it tried again: what it then
// reads shows that it had succeeded.
func (w *world) checkUndone(j *job) {
	e := j.err()
	leaves := j.op == "removeParticipant" && j.user == w.me.ID
	if e == nil || e.Status != 403 || !leaves && j.op != "deleteThread" || !j.worked() || j.room.back || j.endedAt-j.startedAt >= j.limit() {
		return
	}
	attempts := j.attempts()
	if last := attempts[len(attempts)-1]; last.told != 403 || !last.proper || j.tab.vainly >= j.startedAt {
		return // without a token it cannot read
	}
	wellRead := !slices.ContainsFunc(j.exchanges, func(x *exchange) bool { return x.isLookUp() && !x.proper })
	if wellRead && e.Code == chatcore.Forbidden {
		w.problem("#%d (%s) has worked, and is reported as %v", j.number, j.op, e)
	}
}
