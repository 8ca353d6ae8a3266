//go:build !js

package chatcore_test

import (
	"encoding/json"
	"maps"
	"slices"

	"acschat/chatcore"
	"acschat/emulator"
)

// textOf returns the content in a request's body.
func textOf(body string) string {
	var request struct{ Content string }
	_ = json.Unmarshal([]byte(body), &request)
	return request.Content
}

// check compares what the calls have reported with what there is.
func (w *world) check() {
	for _, d := range w.drivers {
		if d.page.leftAt < 0 && (d.client.Next() != nil || d.client.TokenFlight() != 0) {
			w.problem("a client has something left to do")
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
	for _, j := range w.jobs {
		switch {
		case !j.isOver():
			w.problem("#%d has not ended", j.number)
		case j.startedClosed:
			if e := j.err(); e == nil || e.Code != chatcore.Closed {
				w.problem("#%d was begun in a closed client, and ended in %v", j.number, j.step.Err)
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

// checkMessages compares a thread with the requests that the service is known to have done.
func (w *world) checkMessages(tm *threadModel, thread emulator.Thread) {
	there := map[string]emulator.Message{}
	for _, m := range thread.Messages {
		there[m.ID] = m
		if m.Sender == w.me.ID && tm.sentBy[m.ID] == nil && !tm.sentWithoutClient[m.ID] {
			w.problem("message %s is nobody's", m.ID)
		}
	}
	for id, j := range tm.sentBy {
		m, found := there[id]
		last := tm.lastChange[id]
		switch {
		case !found:
			w.problem("message %s is not there", id)
		case last == nil && m.Content.Message != j.content,
			last != nil && m.Content.Message != last.content, last != nil && last.content == "" && m.DeletedOn.IsZero():
			w.problem("message %s is %q, and should be %+v", id, m.Content.Message, last)
		}
	}
}

// checkTokens looks for messages that are there twice.
func (w *world) checkDuplicateMessages(tm *threadModel) {
	first := map[string]string{}
	for _, id := range slices.Sorted(maps.Keys(tm.sentBy)) {
		j := tm.sentBy[id]
		if first[j.sendKey()] == "" {
			first[j.sendKey()] = id
		} else if !w.mayBeStoredTwice(j) {
			w.problem("#%d is there twice", j.number)
		}
	}
}

// checkThreads looks for threads that are there twice.
func (w *world) checkDuplicateThreads() {
	first := map[string]string{}
	for _, j := range w.jobs {
		for _, id := range j.threadIDs {
			if key := j.sendKey(); first[key] == "" {
				first[key] = id
			} else if first[key] != id {
				w.problem("#%d has made two threads", j.number)
			}
		}
	}
}

// key is the same for jobs that are the same.
func (j *job) sendKey() string { return j.content }

// stored returns the id of the message that a job or another with the same token has sent, and when the service got it.
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
			w.problem("#%d was told the id of its message with status %d, and is not done: %v", j.number, x.seenStatus, j.step.Err)
		}
	}
	switch {
	case j.isDone():
		if said := j.step.Result.(*chatcore.SendChatMessageResult).ID; said != id && !w.mayBeStoredTwice(j) {
			w.problem("#%d is reported sent as %q, and is %q", j.number, said, id)
		}
	case e == nil, e.Code == chatcore.Closed: // aborted or abandoned: nobody claims to know
	case e.Code == chatcore.DeliveryUnknown:
		w.checkDeliveryUnknown(j, id, by)
		w.checkUnknownReason(j)
	case id != "" && by.job.startedAt <= j.endedAt && by.sentBefore(j.endedAt) && !w.mayBeStoredTwice(j):
		w.problem("#%d is there, and reported as not sent: %v", j.number, e)
	default:
		if attempts := j.attempts(); len(attempts) > 0 && attempts[len(attempts)-1].isDoubtful() {
			w.problem("#%d is reported as not sent, and its last attempt is in doubt: %v", j.number, e)
		}
	}
}

func (x *exchange) sentBefore(ms int) bool { return x.sentAt <= ms }

// checkUnknown looks for a doubt without a reason.
func (w *world) checkDeliveryUnknown(j *job, id string, by *exchange) {
	e := j.err()
	if tells := j.token != "" || j.options.Idempotent; tells && (e.IdempotencyToken == "" || j.token != "" && e.IdempotencyToken != j.token) {
		w.problem("#%d does not tell its token", j.number)
	}
	if j.token == "" && !slices.ContainsFunc(j.exchanges, (*exchange).isDoubtful) {
		w.problem("#%d is not known to be sent, but no attempt is in doubt: %v", j.number, e)
	}
	last := j.lastExchange()
	if last != nil && last.isLookup() && last.seenStatus == 200 && by != nil && by.servedAt+by.faults.hiddenMs < last.servedAt &&
		!j.thread.wasRemoved && !j.thread.tokenLost[id] && j.thread.bulkMessages == 0 && last.faults.spoiledBody == "" {
		w.problem("#%d was to be seen in its last look-up, and yet: %v", j.number, e)
	}
}

// isDoubtful tells whether the attempt may have worked for all that the client was told.
func (x *exchange) isDoubtful() bool {
	return !x.isLookup() && (x.seenStatus == 0 || x.seenStatus == 408 || x.seenStatus >= 500 || x.seenStatus < 400)
}

// checkChange looks at a call of another operation.
func (w *world) checkOtherOperation(j *job, threads map[string]emulator.Thread) {
	e := j.err()
	attempts := 0
	for _, x := range j.exchanges {
		if x.seenStatus != 401 {
			attempts++
		}
	}
	if j.op == "sendTypingNotification" && attempts > 1 {
		w.problem("#%d was repeated, for which it is not worth", j.number)
	}
	if j.wasServed() && e != nil && e.Status == 404 && (j.op == "deleteThread" || j.op == "removeParticipant") {
		w.problem("#%d has worked, and is reported as %v", j.number, e)
	}
	if !j.isDone() || j.wasServed() {
		w.checkCreatedThread(j, threads)
		return
	}
	switch j.op {
	case "deleteThread":
		if !j.threadWasDeleted {
			w.problem("#%d is reported as done: the thread is there", j.number)
		}
	case "removeParticipant":
		if !j.userWasOut || j.thread.neverMember && j.userID == w.me.ID {
			w.problem("#%d is reported as done: the participant is there", j.number)
		}
	case "deleteMessage":
		if !j.messageWasDeleted && !j.thread.deleted && !j.thread.wasRemoved {
			w.problem("#%d is reported as done: the message is there", j.number)
		}
	default:
		w.problem("#%d is reported as done, and the service has not done it", j.number)
	}
}

// checkThread looks for the thread that a job has made.
func (w *world) checkCreatedThread(j *job, threads map[string]emulator.Thread) {
	if j.op != "createThread" || !j.isDone() {
		return
	}
	made := j.step.Result.(*chatcore.CreateChatThreadResult).ChatThread.ID
	if thread, found := threads[made]; !found || thread.Topic != j.content || !slices.Contains(j.threadIDs, made) {
		w.problem("#%d is reported as done, and has not made its thread", j.number)
	}
}
