//go:build !js

package chatcore_test

import (
	"net/http"
	"strings"
	"time"

	"acschat/chatcore"
	"acschat/emulator"
)

// people has others do things, and me with other means.
func (w *world) people() {
	sometime := func(p float64, do func()) {
		if w.chance(p) {
			w.after(w.random.IntN(span), do)
		}
	}
	sometime(0.5, func() { w.somebody("posts", w.other, "POST", "/messages", `{"content":"new"}`) })
	sometime(0.2, func() {
		w.somebody("edits", w.other, "PATCH", "/messages/"+w.room.oldest, `{"content":"old, edited"}`)
	})
	sometime(0.1, func() { w.somebody("deletes", w.other, "DELETE", "/messages/"+w.room.oldest, "") })
	sometime(0.2, func() { w.meddle("PATCH") })
	sometime(0.1, func() { w.meddle("DELETE") })
	sometime(0.06, func() { w.change("PATCH", w.room.old) })
	sometime(0.15, func() { w.change("PATCH", w.room.ancient) })
	sometime(0.05, func() { w.change("DELETE", w.room.ancient) })
	sometime(0.02, func() { w.somebody("deletes the thread", w.other, "DELETE", "", "") })
}

// crowd has so many messages sent at once that a look-up has to go through pages, and a message among them that is to be
// looked up.
func (w *world) crowd(t *tab) {
	w.room.flood = 120
	if w.chance(0.15) {
		w.room.flood = 1050
	}
	at := w.between(2000, span)
	j := w.sendUnluckily(t, at, "answer lost")
	edit := func() {
		w.somebody("edits", w.other, "PATCH", "/messages/"+w.room.oldest, `{"content":"old, edited"}`)
	}
	if w.chance(0.5) {
		w.after(at, func() {
			w.pour(w.room.flood)
			edit()
		})
		return
	}
	j.whenStored = func() { // the machine sleeps before it can look for the message, and its clock stands still
		w.pour(w.room.flood)
		w.machine.stops = w.machine.wrong <= fewSeconds
		if w.sleep(); w.chance(0.7) {
			w.after(w.machine.awake-w.now-1, edit)
		}
	}
}

// pour has somebody post many messages at once.
func (w *world) pour(n int) {
	w.tell("other posts %d messages", n)
	for range n {
		w.somebody("", w.other, "POST", "/messages", `{"content":"new"}`)
	}
}

// cut has me removed, and added again with a part of the history.
func (w *world) cut() {
	w.somebody("removes me", w.other, "POST", "/participants/:remove", `{"rawId":"`+w.me.ID+`"}`)
	if w.chance(0.2) {
		return
	}
	w.after(w.random.IntN(5000), func() {
		from := w.serviceTime().Add(-time.Duration(w.random.IntN(6000)) * time.Millisecond).UTC().Format(time.RFC3339)
		w.somebody("adds me", w.other, "POST", "/participants/:add", `{"participants":[`+participant(w.me.ID, from)+`]}`)
	})
}

// meddle has me change the last message of mine with another device.
func (w *world) meddle(method string) {
	last := ""
	for id := range w.room.sent {
		last = max(last, id)
	}
	if last != "" {
		w.change(method, last)
	}
}

// drop has my other device edit a message whose answer was lost, before the client has looked for it.
func (w *world) drop(t *tab) {
	j := w.newJob("sendMessage")
	j.options = chatcore.CallOptions{Idempotent: j.token == ""}
	j.unlucky = pick(w, "answer lost", "503 after")
	j.whenStored = func() { w.after(w.random.IntN(600), func() { w.meddle("PATCH") }) }
	w.here(w.random.IntN(span), func() { w.start(j, t.current()) })
}

// change has me edit or delete a message with another device. An edit may leave metadata as it is, as far as the service
// does, or drop what the message had; in its place there may be other.
func (w *world) change(method, id string) {
	body := ""
	if method == "PATCH" {
		body = `{"content":"of another device"` + pick(w, "", "", `,"metadata":{"color":"red"}`, `,"metadata":{"acschat.idempotencyToken":"","color":"red"}`, `,"metadata":null`) + `}`
	}
	w.somebody("changes "+id, w.me, method, "/messages/"+id, body)
}

// somebody does something in the room without a client.
func (w *world) somebody(does string, user emulator.User, method, path, body string) {
	w.somebodyIn(w.room, does, user, method, path, body)
}

// somebodyIn does something in a room without a client.
func (w *world) somebodyIn(r *room, does string, user emulator.User, method, path, body string) {
	status, _, _ := w.ask(user, method, "/"+r.id+path, body)
	if does != "" {
		name := map[string]string{w.me.ID: "my other device", w.other.ID: "other", w.third.ID: "third"}[user.ID]
		w.tell("%s %s: %d", name, does, status)
	}
	if status < 300 {
		w.happened(r, method, path, body, nil)
	}
}

// worked takes down what the service did for an exchange.
func (w *world) worked(x *exchange, header http.Header, body string) {
	if x.work >= 300 || x.request.Method == "GET" {
		return
	}
	j := x.job
	switch {
	case j.op == "sendMessage" && x.request.Method == "POST":
		id := lastSegmentOf(header.Get("Location"))
		w.tell("#%d is stored as %s", j.number, id)
		j.room.sent[id] = j
		j.room.hidden[id] = w.now + x.fate.hidden
		j.room.changed = w.now
		if j.whenStored != nil {
			j.whenStored()
			j.whenStored = nil
		}
	case j.op == "createThread":
		j.threads = append(j.threads, lastSegmentOf(header.Get("Location")))
	default:
		_, path, _ := strings.Cut(x.request.URL, "thread.v2")
		path, _, _ = strings.Cut(path, "?")
		if x.ended && x.told >= 500 && x.told != 502 && x.told != 504 && j.isDone() {
			j = nil // the service has stored what it had answered with a failure, and what succeeded when it was tried again
		}
		w.happened(x.job.room, x.request.Method, path, x.request.Body, j)
	}
}

// happened takes down a change of a room.
func (w *world) happened(r *room, method, path, body string, j *job) {
	id, isMessage := strings.CutPrefix(path, "/messages/")
	if isMessage {
		r.changed = w.now
	}
	user := ""
	for _, u := range []emulator.User{w.me, w.other, w.third} {
		if strings.Contains(body, u.ID) {
			user = u.ID
		}
	}
	switch {
	case isMessage && method == "PATCH":
		r.written[id] = &writing{j, textOf(body)}
		dropped := w.weather.editsDropMetadata && !strings.Contains(body, `"metadata":`) ||
			strings.Contains(body, `"acschat.idempotencyToken":""`) || strings.Contains(body, `"metadata":null`)
		sent := r.sent[id]
		if had := sent != nil && (sent.token != "" || sent.options.Idempotent); dropped && had || !had && (sent != nil || r.mine[id]) {
			r.lost[id] = true
		}
		if dropped && j != nil && j.knows {
			w.problem("#%d drops the token of the message that it edits", j.number)
		}
		w.landing(r, "message "+id, j)
	case isMessage && method == "DELETE":
		r.written[id], r.lost[id] = &writing{j, ""}, true
		w.landing(r, "message "+id, j)
	case method == "DELETE":
		r.deleted = true
		w.landing(r, "thread", j)
	case method == "PATCH":
		w.landing(r, "thread", j)
	case path == "/participants/:remove":
		r.left[user], r.there[user] = w.now, false
		r.cut = r.cut || user == w.me.ID
		w.landing(r, "participants", j)
	case path == "/participants/:add":
		r.back = r.back || user == w.me.ID && !r.there[user]
		r.there[user] = true
		w.landing(r, "participants", j)
	case path == "/readReceipts":
		w.landing(r, "receipt", j)
	}
}
