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
	for _, t := range w.tabs {
		if t.page.leftAt < 0 && (t.client.Next() != nil || t.client.TokenFlight() != 0) {
			w.problem("a client has something left to do")
		}
	}
	threads := map[string]emulator.Thread{}
	for _, thread := range w.service.Threads() {
		threads[thread.ID] = thread
	}
	for _, r := range w.rooms {
		w.checkMessages(r, threads[r.id])
		w.checkTokens(r)
	}
	w.checkThreads()
	w.checkLast(threads)
	for _, wr := range w.watchers {
		w.checkWatch(wr, threads[wr.room.id])
	}
	for _, j := range w.jobs {
		switch {
		case !j.over():
			w.problem("#%d has not ended", j.number)
		case j.late:
			if e := j.err(); e == nil || e.Code != chatcore.Closed {
				w.problem("#%d was begun in a closed client, and ended in %v", j.number, j.step.Err)
			}
		case j.op == "sendMessage":
			w.checkSend(j)
		default:
			w.checkChange(j, threads)
			w.checkRefusal(j)
			w.checkUndone(j)
			w.checkWaited(j)
		}
	}
}

// checkMessages compares a thread with the requests that the service is known to have done.
func (w *world) checkMessages(r *room, thread emulator.Thread) {
	there := map[string]emulator.Message{}
	for _, m := range thread.Messages {
		there[m.ID] = m
		if m.Sender == w.me.ID && r.sent[m.ID] == nil && !r.mine[m.ID] {
			w.problem("message %s is nobody's", m.ID)
		}
	}
	for id, j := range r.sent {
		m, found := there[id]
		last := r.written[id]
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
func (w *world) checkTokens(r *room) {
	first := map[string]string{}
	for _, id := range slices.Sorted(maps.Keys(r.sent)) {
		j := r.sent[id]
		if first[j.key()] == "" {
			first[j.key()] = id
		} else if !w.mayDouble(j) {
			w.problem("#%d is there twice", j.number)
		}
	}
}

// checkThreads looks for threads that are there twice.
func (w *world) checkThreads() {
	first := map[string]string{}
	for _, j := range w.jobs {
		for _, id := range j.threads {
			if key := j.key(); first[key] == "" {
				first[key] = id
			} else if first[key] != id {
				w.problem("#%d has made two threads", j.number)
			}
		}
	}
}

// key is the same for jobs that are the same.
func (j *job) key() string { return j.content }

// stored returns the id of the message that a job or another with the same token has sent, and when the service got it.
func (w *world) stored(j *job) (id string, by *exchange) {
	for id, other := range j.room.sent {
		if other.key() != j.key() {
			continue
		}
		for _, x := range other.exchanges {
			if x.work == 201 && !x.isLookUp() {
				return id, x
			}
		}
	}
	return "", nil
}

func (w *world) checkSend(j *job) {
	id, by := w.stored(j)
	e := j.err()
	for _, x := range j.attempts() {
		if x.toldID != "" && !j.isDone() {
			w.problem("#%d was told the id of its message with status %d, and is not done: %v", j.number, x.told, j.step.Err)
		}
	}
	switch {
	case j.isDone():
		if said := j.step.Result.(*chatcore.SendChatMessageResult).ID; said != id && !w.mayDouble(j) {
			w.problem("#%d is reported sent as %q, and is %q", j.number, said, id)
		}
	case e == nil, e.Code == chatcore.Closed: // aborted or abandoned: nobody claims to know
	case e.Code == chatcore.DeliveryUnknown:
		w.checkUnknown(j, id, by)
		w.checkReason(j)
	case id != "" && by.job.startedAt <= j.endedAt && by.begunBefore(j.endedAt) && !w.mayDouble(j):
		w.problem("#%d is there, and reported as not sent: %v", j.number, e)
	default:
		if attempts := j.attempts(); len(attempts) > 0 && attempts[len(attempts)-1].isDoubtful() {
			w.problem("#%d is reported as not sent, and its last attempt is in doubt: %v", j.number, e)
		}
	}
}

func (x *exchange) begunBefore(ms int) bool { return x.begunAt <= ms }

// checkUnknown looks for a doubt without a reason.
func (w *world) checkUnknown(j *job, id string, by *exchange) {
	e := j.err()
	if tells := j.token != "" || j.options.Idempotent; tells && (e.IdempotencyToken == "" || j.token != "" && e.IdempotencyToken != j.token) {
		w.problem("#%d does not tell its token", j.number)
	}
	if j.token == "" && !slices.ContainsFunc(j.exchanges, (*exchange).isDoubtful) {
		w.problem("#%d is not known to be sent, but no attempt is in doubt: %v", j.number, e)
	}
	last := j.latest()
	if last != nil && last.isLookUp() && last.told == 200 && by != nil && by.workedAt+by.fate.hidden < last.workedAt &&
		!j.room.cut && !j.room.lost[id] && j.room.flood == 0 && last.fate.spoil == "" {
		w.problem("#%d was to be seen in its last look-up, and yet: %v", j.number, e)
	}
}

// isDoubtful tells whether the attempt may have worked for all that the client was told.
func (x *exchange) isDoubtful() bool {
	return !x.isLookUp() && (x.told == 0 || x.told == 408 || x.told >= 500 || x.told < 400)
}

// checkChange looks at a call of another operation.
func (w *world) checkChange(j *job, threads map[string]emulator.Thread) {
	e := j.err()
	attempts := 0
	for _, x := range j.exchanges {
		if x.told != 401 {
			attempts++
		}
	}
	if j.op == "sendTypingNotification" && attempts > 1 {
		w.problem("#%d was repeated, for which it is not worth", j.number)
	}
	if j.worked() && e != nil && e.Status == 404 && (j.op == "deleteThread" || j.op == "removeParticipant") {
		w.problem("#%d has worked, and is reported as %v", j.number, e)
	}
	if !j.isDone() || j.worked() {
		w.checkThread(j, threads)
		return
	}
	switch j.op {
	case "deleteThread":
		if !j.wasGone {
			w.problem("#%d is reported as done: the thread is there", j.number)
		}
	case "removeParticipant":
		if !j.wasOut || j.room.never && j.user == w.me.ID {
			w.problem("#%d is reported as done: the participant is there", j.number)
		}
	case "deleteMessage":
		if !j.wasDeleted && !j.room.deleted && !j.room.cut {
			w.problem("#%d is reported as done: the message is there", j.number)
		}
	default:
		w.problem("#%d is reported as done, and the service has not done it", j.number)
	}
}

// checkThread looks for the thread that a job has made.
func (w *world) checkThread(j *job, threads map[string]emulator.Thread) {
	if j.op != "createThread" || !j.isDone() {
		return
	}
	made := j.step.Result.(*chatcore.CreateChatThreadResult).ChatThread.ID
	if thread, found := threads[made]; !found || thread.Topic != j.content || !slices.Contains(j.threads, made) {
		w.problem("#%d is reported as done, and has not made its thread", j.number)
	}
}
