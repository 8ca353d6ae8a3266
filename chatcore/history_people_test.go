//go:build !js

package chatcore_test

import (
	"net/http"
	"strings"
	"time"

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
	sometime(0.15, func() { w.meddle("PATCH") })
	sometime(0.1, func() { w.meddle("DELETE") })
	sometime(0.02, func() { w.somebody("deletes the thread", w.other, "DELETE", "", "") })
}

// crowd has so many messages sent at once that a look-up has to go through pages, and a message among them that is to be
// looked up.
func (w *world) crowd(t *tab) {
	w.flood = 120
	if w.chance(0.15) {
		w.flood = 1050
	}
	at := w.between(2000, span)
	w.sendUnluckily(t, at, "answer lost")
	w.after(at, func() {
		w.tell("other posts %d messages", w.flood)
		for range w.flood {
			w.somebody("", w.other, "POST", "/messages", `{"content":"new"}`)
		}
		w.somebody("edits", w.other, "PATCH", "/messages/"+w.room.oldest, `{"content":"old, edited"}`)
	})
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
		body := ""
		if method == "PATCH" {
			body = `{"content":"of another device"}`
		}
		w.somebody("changes "+last, w.me, method, "/messages/"+last, body)
	}
}

// somebody does something in the room without a client.
func (w *world) somebody(does string, user emulator.User, method, path, body string) {
	status, _, _ := w.ask(user, method, "/"+w.room.id+path, body)
	if does != "" {
		name := map[string]string{w.me.ID: "my other device", w.other.ID: "other"}[user.ID]
		w.tell("%s %s: %d", name, does, status)
	}
	if status < 300 {
		w.happened(w.room, method, path, body, nil)
	}
}

// worked takes down what the service did for an exchange.
func (w *world) worked(x *exchange, header http.Header, body string) {
	if x.work >= 300 {
		return
	}
	j := x.job
	switch {
	case j.op == "sendMessage" && x.request.Method == "POST":
		id := lastSegmentOf(header.Get("Location"))
		w.tell("#%d is stored as %s", j.number, id)
		j.room.sent[id] = j
	case j.op == "createThread":
		j.threads = append(j.threads, lastSegmentOf(header.Get("Location")))
	default:
		_, path, _ := strings.Cut(x.request.URL, "thread.v2")
		path, _, _ = strings.Cut(path, "?")
		w.happened(j.room, x.request.Method, path, x.request.Body, j)
	}
}

// happened takes down a change of a room.
func (w *world) happened(r *room, method, path, body string, j *job) {
	id, isMessage := strings.CutPrefix(path, "/messages/")
	user := ""
	for _, u := range []emulator.User{w.me, w.other, w.third} {
		if strings.Contains(body, u.ID) {
			user = u.ID
		}
	}
	switch {
	case isMessage && method == "PATCH":
		r.written[id] = &writing{j, textOf(body)}
		if w.weather.editsDropMetadata && (j == nil || !j.knows) {
			r.lost[id] = true
		}
	case isMessage && method == "DELETE":
		r.written[id], r.lost[id] = &writing{j, ""}, true
	case method == "DELETE":
		r.deleted = true
	case path == "/participants/:remove":
		r.left[user], r.there[user] = w.now, false
		r.cut = r.cut || user == w.me.ID
	case path == "/participants/:add":
		r.there[user] = true
	}
}
