//go:build !js

package chatcore_test

import (
	"net/http"
	"strings"
	"time"

	"acschat/chatcore"
	"acschat/emulator"
)

// scheduleOthers schedules what other users do, and what the clients' user does on another device.
func (w *world) scheduleOthers() {
	sometime := func(p float64, do func()) {
		if w.chance(p) {
			w.after(w.random.IntN(activeMs), do)
		}
	}
	sometime(0.5, func() { w.actAs("posts", w.other, "POST", "/messages", `{"content":"new"}`) })
	sometime(0.2, func() {
		w.actAs("edits", w.other, "PATCH", "/messages/"+w.thread.otherMessage, `{"content":"old, edited"}`)
	})
	sometime(0.1, func() { w.actAs("deletes", w.other, "DELETE", "/messages/"+w.thread.otherMessage, "") })
	sometime(0.2, func() { w.changeLastMessage("PATCH") })
	sometime(0.1, func() { w.changeLastMessage("DELETE") })
	sometime(0.06, func() { w.changeMyMessage("PATCH", w.thread.myMessage) })
	sometime(0.15, func() { w.changeMyMessage("PATCH", w.thread.myOldMessage) })
	sometime(0.05, func() { w.changeMyMessage("DELETE", w.thread.myOldMessage) })
	sometime(0.02, func() { w.actAs("deletes the thread", w.other, "DELETE", "", "") })
}

// sendAmongMany makes a client send a message whose answer is lost, while others send so many messages that a lookup must read
// several pages.
func (w *world) sendAmongMany(d *driver) {
	w.thread.bulkMessages = 120
	if w.chance(0.15) {
		w.thread.bulkMessages = 1050
	}
	at := w.between(2000, activeMs)
	j := w.sendWithFault(d, at, "answer lost")
	edit := func() {
		w.actAs("edits", w.other, "PATCH", "/messages/"+w.thread.otherMessage, `{"content":"old, edited"}`)
	}
	if w.chance(0.5) {
		w.after(at, func() {
			w.postMany(w.thread.bulkMessages)
			edit()
		})
		return
	}
	j.onStored = func() { // the machine sleeps before the lookup, and its clock stands still
		w.postMany(w.thread.bulkMessages)
		w.machine.clockStopsAsleep = w.machine.maxWallErrorMs <= smallClockErrorMs
		if w.sleep(); w.chance(0.7) {
			w.after(w.machine.wakesAt-w.now-1, edit)
		}
	}
}

// postMany posts n messages of another user at once.
func (w *world) postMany(n int) {
	w.logf("another user posts %d messages", n)
	for range n {
		w.actAs("", w.other, "POST", "/messages", `{"content":"new"}`)
	}
}

// removeMe removes the clients' user from the thread. In most cases the user is added again with a part of the history.
func (w *world) removeMe() {
	w.actAs("removes me", w.other, "POST", "/participants/:remove", `{"rawId":"`+w.me.ID+`"}`)
	if w.chance(0.2) {
		return
	}
	w.after(w.random.IntN(5000), func() {
		from := w.serviceTime().Add(-time.Duration(w.random.IntN(6000)) * time.Millisecond).UTC().Format(time.RFC3339)
		w.actAs("adds me", w.other, "POST", "/participants/:add", `{"participants":[`+participant(w.me.ID, from)+`]}`)
	})
}

// changeLastMessage changes the last message that the clients have sent, on another device.
func (w *world) changeLastMessage(method string) {
	last := ""
	for id := range w.thread.sentBy {
		last = max(last, id)
	}
	if last != "" {
		w.changeMyMessage(method, last)
	}
}

// editBeforeLookup edits, on another device, a message whose answer was lost, before the client looks it up.
func (w *world) editBeforeLookup(d *driver) {
	j := w.newJob("sendMessage")
	j.options = chatcore.CallOptions{Idempotent: j.token == ""}
	j.firstFault = pick(w, "answer lost", "503 after")
	j.onStored = func() { w.after(w.random.IntN(600), func() { w.changeLastMessage("PATCH") }) }
	w.afterWake(w.random.IntN(activeMs), func() { w.start(j, d.current()) })
}

// changeMyMessage edits or deletes a message on another device. An edit may leave the metadata as the service does, remove it,
// or replace it.
func (w *world) changeMyMessage(method, id string) {
	body := ""
	if method == "PATCH" {
		body = `{"content":"of another device"` + pick(w, "", "", `,"metadata":{"color":"red"}`, `,"metadata":{"acschat.idempotencyToken":"","color":"red"}`, `,"metadata":null`) + `}`
	}
	w.actAs("changes "+id, w.me, method, "/messages/"+id, body)
}

// actAs sends a request of a user in the main thread, without a client.
func (w *world) actAs(does string, user emulator.User, method, path, body string) {
	w.actAsIn(w.thread, does, user, method, path, body)
}

// actAsIn sends a request of a user in a thread, without a client.
func (w *world) actAsIn(tm *threadModel, does string, user emulator.User, method, path, body string) {
	status, _, _ := w.requestAs(user, method, "/"+tm.id+path, body)
	if does != "" {
		name := map[string]string{w.me.ID: "my other device", w.other.ID: "another user", w.third.ID: "a third user"}[user.ID]
		w.logf("%s %s: %d", name, does, status)
	}
	if status < 300 {
		w.recordEffect(tm, method, path, body, nil)
	}
}

// recordServed records what the service did for an exchange.
func (w *world) recordServed(x *exchange, header http.Header, body string) {
	if x.serviceStatus >= 300 || x.request.Method == "GET" {
		return
	}
	j := x.job
	switch {
	case j.op == "sendMessage" && x.request.Method == "POST":
		id := lastSegmentOf(header.Get("Location"))
		w.logf("#%d is stored as %s", j.number, id)
		j.thread.sentBy[id] = j
		j.thread.visibleFrom[id] = w.now + x.faults.hiddenMs
		j.thread.lastMessageChange = w.now
		if j.onStored != nil {
			j.onStored()
			j.onStored = nil
		}
	case j.op == "createThread":
		j.threadIDs = append(j.threadIDs, lastSegmentOf(header.Get("Location")))
	default:
		_, path, _ := strings.Cut(x.request.URL, "thread.v2")
		path, _, _ = strings.Cut(path, "?")
		if x.ended && x.seenStatus >= 500 && x.seenStatus != 502 && x.seenStatus != 504 && j.isDone() {
			j = nil // this attempt failed and was stored late; its retry succeeded
		}
		w.recordEffect(x.job.thread, x.request.Method, path, x.request.Body, j)
	}
}

// recordEffect records the effect of a request on a thread.
func (w *world) recordEffect(tm *threadModel, method, path, body string, j *job) {
	id, isMessage := strings.CutPrefix(path, "/messages/")
	if isMessage {
		tm.lastMessageChange = w.now
	}
	user := ""
	for _, u := range []emulator.User{w.me, w.other, w.third} {
		if strings.Contains(body, u.ID) {
			user = u.ID
		}
	}
	switch {
	case isMessage && method == "PATCH":
		tm.lastChange[id] = &messageChange{j, textOf(body)}
		dropped := w.conditions.editsDropMetadata && !strings.Contains(body, `"metadata":`) ||
			strings.Contains(body, `"acschat.idempotencyToken":""`) || strings.Contains(body, `"metadata":null`)
		sent := tm.sentBy[id]
		if had := sent != nil && (sent.token != "" || sent.options.Idempotent); dropped && had || !had && (sent != nil || tm.sentWithoutClient[id]) {
			tm.tokenLost[id] = true
		}
		if dropped && j != nil && j.clientKnowsToken {
			w.problem("#%d removes the token of the message that it edits", j.number)
		}
		w.recordChange(tm, "message "+id, j)
	case isMessage && method == "DELETE":
		tm.lastChange[id], tm.tokenLost[id] = &messageChange{j, ""}, true
		w.recordChange(tm, "message "+id, j)
	case method == "DELETE":
		tm.deleted = true
		w.recordChange(tm, "thread", j)
	case method == "PATCH":
		w.recordChange(tm, "thread", j)
	case path == "/participants/:remove":
		tm.leftAt[user], tm.members[user] = w.now, false
		tm.wasRemoved = tm.wasRemoved || user == w.me.ID
		w.recordChange(tm, "participants", j)
	case path == "/participants/:add":
		tm.wasReadded = tm.wasReadded || user == w.me.ID && !tm.members[user]
		tm.members[user] = true
		w.recordChange(tm, "participants", j)
	case path == "/readReceipts":
		w.recordChange(tm, "receipt", j)
	}
}
