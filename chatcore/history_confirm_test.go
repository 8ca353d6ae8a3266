//go:build !js

package chatcore_test

import (
	"errors"
	"slices"
	"strings"

	"acschat/chatcore"
)

// refuseCalls starts calls that the service refuses after a first attempt whose outcome is unknown: the user lacks access, or
// the first attempt left or deleted the thread.
func (w *world) refuseCalls(d *driver) {
	at := w.random.IntN(activeMs / 2)
	start := func(op string, tm *threadModel, d *driver) *job {
		j := w.newJob(op)
		j.thread, j.messageID, j.options.TotalTimeoutMs = tm, tm.myMessage, 0
		j.firstFault = pick(w, "lost", "late", "answer lost", "503", "503", "503 after", "504 late")
		w.afterWake(at, func() { w.start(j, d.current()) })
		return j
	}
	switch w.random.IntN(4) {
	case 0: // the user was never in the thread
		tm := w.newThread(w.other, w.third)
		tm.myMessage = w.post(tm, w.other, "old")
		j := start(pick(w, "deleteThread", "deleteThread", "removeParticipant", "deleteMessage", "updateThread", "updateMessage", "addParticipants", "sendReadReceipt"), tm, d)
		j.userID = pick(w, w.me.ID, w.third.ID)
	case 1: // the user is removed from the thread
		tm := w.newThread(w.other, w.me, w.third)
		tm.myMessage = w.post(tm, w.me, "old")
		w.after(w.random.IntN(at+1), func() {
			w.actAsIn(tm, "removes me", w.other, "POST", "/participants/:remove", `{"rawId":"`+w.me.ID+`"}`)
		})
		j := start(pick(w, "deleteThread", "deleteThread", "removeParticipant", "deleteMessage", "updateThread", "updateMessage", "addParticipants"), tm, d)
		j.userID = w.third.ID
	case 2: // the token's scope does not allow it
		tm := w.newThread(w.other, w.me, w.third)
		if w.chance(0.5) {
			start(pick(w, "deleteThread", "deleteThread", "updateThread"), tm, d.page.newClient("chat.join"))
		} else {
			start("removeParticipant", tm, d.page.newClient("chat.join.limited")).userID = w.me.ID
		}
	case 3: // the user leaves or deletes the thread
		tm := w.newThread(w.other, w.me, w.third)
		j := start(pick(w, "removeParticipant", "deleteThread"), tm, d)
		j.userID = w.me.ID
		if w.chance(0.1) {
			w.after(w.random.IntN(activeMs), func() {
				w.actAsIn(tm, "adds me", w.other, "POST", "/participants/:add", `{"participants":[`+participant(w.me.ID, "")+`]}`)
			})
		}
	}
}

// checkRefusal checks that a write refused after an attempt whose outcome is unknown mentions that attempt in its error.
func (w *world) checkRefusal(j *job) {
	e, attempts := j.err(), j.attempts()
	if e == nil || !j.isWrite() || j.op == "sendMessage" || len(attempts) < 2 || e.Status < 400 || e.Status >= 500 || e.Status == 408 {
		return
	}
	if last := attempts[len(attempts)-1]; last.seenStatus != e.Status {
		return // it failed before it could be refused
	}
	unknown := -1
	for i, x := range attempts[:len(attempts)-1] {
		if x.isOutcomeUnknown() {
			unknown = i
		}
	}
	if unknown < 0 {
		return
	}
	var cause *chatcore.Error
	if !strings.Contains(e.Message, "may have") || !errors.As(e.Cause, &cause) || cause.Status != attempts[unknown].seenStatus {
		w.problem("#%d (%s) was refused after an attempt that may have succeeded, but does not say so: %v, cause %v", j.number, j.op, e, e.Cause)
	}
}

// checkConfirmation checks a call that left or deleted a thread and was refused with 403 when it was retried. Its confirmation
// requests must have shown that it had succeeded.
func (w *world) checkConfirmation(j *job) {
	e := j.err()
	leaves := j.op == "removeParticipant" && j.userID == w.me.ID
	if e == nil || e.Status != 403 || !leaves && j.op != "deleteThread" || !j.wasServed() || j.thread.wasReadded || j.endedAt-j.startedAt >= j.totalTimeoutMs() {
		return
	}
	attempts := j.attempts()
	if last := attempts[len(attempts)-1]; last.seenStatus != 403 || !last.seenIntact || j.driver.tokenFailedAt >= j.startedAt {
		return // it could not read anything without a token
	}
	wellRead := !slices.ContainsFunc(j.exchanges, func(x *exchange) bool { return x.isLookup() && !x.seenIntact })
	if wellRead && e.Code == chatcore.Forbidden {
		w.problem("#%d (%s) took effect, but failed with %v", j.number, j.op, e)
	}
}
