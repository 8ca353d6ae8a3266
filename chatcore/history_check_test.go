//go:build !js

package chatcore_test

import (
	"encoding/json"
	"maps"
	"slices"

	"acschat/chatcore"
	"acschat/emulator"
)

// textOf returns the content in a request body.
func textOf(body string) string {
	var request struct{ Content string }
	_ = json.Unmarshal([]byte(body), &request)
	return request.Content
}

// check compares what the calls reported with the state of the service.
func (w *world) check() {
	for _, d := range w.drivers {
		if d.page.leftAt < 0 && (d.client.Next() != nil || d.client.TokenFlight() != 0) {
			w.problem("a client still has a changed call or a token request")
		}
	}
	threads := map[string]emulator.Thread{}
	for _, thread := range w.service.Threads() {
		threads[thread.ID] = thread
	}
	for _, tm := range w.threads {
		w.checkMessages(tm, threads[tm.id])
		w.checkDuplicateMessages(tm)
	}
	w.checkDuplicateThreads()
	w.checkLastWrites(threads)
	for _, wr := range w.watchers {
		w.checkWatch(wr, threads[wr.thread.id])
	}
	w.checkPolls()
	for _, j := range w.jobs {
		switch {
		case !j.isOver():
			w.problem("#%d has not ended", j.number)
		case j.startedClosed:
			if e := j.err(); e == nil || e.Code != chatcore.Closed {
				w.problem("#%d started on a closed client and ended with %v", j.number, j.step.Err)
			}
		case j.op == "sendMessage":
			w.checkSend(j)
		default:
			w.checkOtherOperation(j, threads)
			w.checkRefusal(j)
			w.checkConfirmation(j)
			w.checkWriteOrderTimeout(j)
		}
	}
}

// checkMessages compares a thread's messages with the requests that the service has carried out.
func (w *world) checkMessages(tm *threadModel, thread emulator.Thread) {
	there := map[string]emulator.Message{}
	for _, m := range thread.Messages {
		there[m.ID] = m
		if m.Sender == w.me.ID && tm.sentBy[m.ID] == nil && !tm.sentWithoutClient[m.ID] {
			w.problem("message %s was sent by no job", m.ID)
		}
	}
	for id, j := range tm.sentBy {
		m, found := there[id]
		last := tm.lastChange[id]
		switch {
		case !found:
			w.problem("message %s is missing", id)
		case last == nil && m.Content.Message != j.content,
			last != nil && m.Content.Message != last.content, last != nil && last.content == "" && m.DeletedOn.IsZero():
			w.problem("message %s is %q instead of %+v", id, m.Content.Message, last)
		}
	}
}

// checkDuplicateMessages checks that no message was stored twice.
func (w *world) checkDuplicateMessages(tm *threadModel) {
	first := map[string]string{}
	for _, id := range slices.Sorted(maps.Keys(tm.sentBy)) {
		j := tm.sentBy[id]
		if first[j.sendKey()] == "" {
			first[j.sendKey()] = id
		} else if !w.mayBeStoredTwice(j) {
			w.problem("#%d was stored twice", j.number)
		}
	}
}

// checkDuplicateThreads checks that no call created two threads.
func (w *world) checkDuplicateThreads() {
	first := map[string]string{}
	for _, j := range w.jobs {
		for _, id := range j.threadIDs {
			if key := j.sendKey(); first[key] == "" {
				first[key] = id
			} else if first[key] != id {
				w.problem("#%d created two threads", j.number)
			}
		}
	}
}

// sendKey is equal for jobs that send the same message.
func (j *job) sendKey() string { return j.content }

// storedMessage returns the id of the message that a job, or another with the same message, has stored, and the exchange that
// stored it.
func (w *world) storedMessage(j *job) (id string, by *exchange) {
	for id, other := range j.thread.sentBy {
		if other.sendKey() != j.sendKey() {
			continue
		}
		for _, x := range other.exchanges {
			if x.serviceStatus == 201 && !x.isLookup() {
				return id, x
			}
		}
	}
	return "", nil
}

func (w *world) checkSend(j *job) {
	id, by := w.storedMessage(j)
	e := j.err()
	for _, x := range j.attempts() {
		if x.seenID != "" && !j.isDone() {
			w.problem("#%d received the id of its message with status %d, but did not succeed: %v", j.number, x.seenStatus, j.step.Err)
		}
	}
	switch {
	case j.isDone():
		if said := j.step.Result.(*chatcore.SendChatMessageResult).ID; said != id && !w.mayBeStoredTwice(j) {
			w.problem("#%d reports id %q, but its message has id %q", j.number, said, id)
		}
	case e == nil, e.Code == chatcore.Closed: // aborted or abandoned: the outcome was not reported
	case e.Code == chatcore.DeliveryUnknown:
		w.checkDeliveryUnknown(j, id, by)
		w.checkUnknownReason(j)
	case id != "" && by.job.startedAt <= j.endedAt && by.sentBefore(j.endedAt) && !w.mayBeStoredTwice(j):
		w.problem("#%d was stored, but is reported as not sent: %v", j.number, e)
	default:
		if attempts := j.attempts(); len(attempts) > 0 && attempts[len(attempts)-1].isOutcomeUnknown() {
			w.problem("#%d is reported as not sent, but the outcome of its last attempt is unknown: %v", j.number, e)
		}
	}
}

func (x *exchange) sentBefore(ms int) bool { return x.sentAt <= ms }

// checkDeliveryUnknown checks that a DeliveryUnknown error has a reason and names its token.
func (w *world) checkDeliveryUnknown(j *job, id string, by *exchange) {
	e := j.err()
	if tells := j.token != "" || j.options.Idempotent; tells && (e.IdempotencyToken == "" || j.token != "" && e.IdempotencyToken != j.token) {
		w.problem("#%d: the error does not name its token", j.number)
	}
	if j.token == "" && !slices.ContainsFunc(j.exchanges, (*exchange).isOutcomeUnknown) {
		w.problem("#%d is DeliveryUnknown, but no attempt has an unknown outcome: %v", j.number, e)
	}
	last := j.lastExchange()
	if last != nil && last.isLookup() && last.seenStatus == 200 && by != nil && by.servedAt+by.faults.hiddenMs < last.servedAt &&
		!j.thread.wasRemoved && !j.thread.tokenLost[id] && j.thread.bulkMessages == 0 && last.faults.spoiledBody == "" {
		w.problem("#%d: its last lookup must have shown the message: %v", j.number, e)
	}
}

// isOutcomeUnknown reports whether the attempt may have taken effect, as far as the client can tell.
func (x *exchange) isOutcomeUnknown() bool {
	return !x.isLookup() && (x.seenStatus == 0 || x.seenStatus == 408 || x.seenStatus >= 500 || x.seenStatus < 400)
}

// checkOtherOperation checks a call of any operation except sendMessage.
func (w *world) checkOtherOperation(j *job, threads map[string]emulator.Thread) {
	e := j.err()
	attempts := 0
	for _, x := range j.exchanges {
		if x.seenStatus != 401 {
			attempts++
		}
	}
	if j.op == "sendTypingNotification" && attempts > 1 {
		w.problem("#%d was retried, but typing notifications must not be", j.number)
	}
	if j.wasServed() && e != nil && e.Status == 404 && (j.op == "deleteThread" || j.op == "removeParticipant") {
		w.problem("#%d took effect, but failed with %v", j.number, e)
	}
	if !j.isDone() || j.wasServed() || j.op == "watchMessages" && w.wasWatchServed(j) {
		w.checkCreatedThread(j, threads)
		return
	}
	switch j.op {
	case "deleteThread":
		if !j.threadWasDeleted {
			w.problem("#%d succeeded, but the thread still exists", j.number)
		}
	case "removeParticipant":
		if !j.userWasOut || j.thread.neverMember && j.userID == w.me.ID {
			w.problem("#%d succeeded, but the participant is still in the thread", j.number)
		}
	case "deleteMessage":
		if !j.messageWasDeleted && !j.thread.deleted && !j.thread.wasRemoved {
			w.problem("#%d succeeded, but the message still exists", j.number)
		}
	default:
		w.problem("#%d succeeded, but the service has not done it", j.number)
	}
}

// wasWatchServed reports whether the service had answered another watch with which a job can have shared the poll.
func (w *world) wasWatchServed(j *job) bool {
	return slices.ContainsFunc(w.jobs, func(other *job) bool {
		return other.op == j.op && other.driver == j.driver && other.thread == j.thread && other.wasServedBefore(j.endedAt)
	})
}

// checkCreatedThread checks that a successful createThread created its thread.
func (w *world) checkCreatedThread(j *job, threads map[string]emulator.Thread) {
	if j.op != "createThread" || !j.isDone() {
		return
	}
	made := j.step.Result.(*chatcore.CreateChatThreadResult).ChatThread.ID
	if thread, found := threads[made]; !found || thread.Topic != j.content || !slices.Contains(j.threadIDs, made) {
		w.problem("#%d succeeded, but has not created its thread", j.number)
	}
}
