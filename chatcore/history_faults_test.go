//go:build !js

package chatcore_test

import (
	"fmt"
	"net/http"
)

// weather is how a history's network, service and people are.
type weather struct {
	troubles          float64 // of exchanges that are not simply answered
	slow              int     // most milliseconds of a way
	settleMs          int     // how late requests may arrive, and what clients know of it
	hides             bool    // messages are not visible at once
	editsDropMetadata bool
	skew              int    // of the service's clock
	noLocks           bool   // the browser has none
	gone              string // how the service answers about a deleted thread
	leaversRead       bool   // who has left may still list the participants
	smallPages        int    // most participants in a page, 0: as many as are asked for
	calm              int    // from when on there is no trouble any more
}

// way draws the milliseconds of a way.
func (w *world) way() int {
	if w.now > w.weather.calm {
		return w.random.IntN(50)
	}
	return w.random.IntN(w.weather.slow)
}

// trouble is how many exchanges are not simply answered.
func (w *world) trouble() float64 {
	if w.now > w.weather.calm {
		return 0
	}
	return w.weather.troubles
}

func (w *world) forecast() weather {
	return weather{
		troubles:          pick(w, 0.1, 0.3, 0.5, 0.7),
		slow:              pick(w, 50, 300, 2000),
		settleMs:          pick(w, 5000, 5000, 5000, w.between(1, 8000), 0),
		hides:             w.chance(0.4),
		editsDropMetadata: w.chance(0.5),
		skew:              w.between(-300_000, 300_000),
		noLocks:           w.chance(0.2),
		gone:              pick(w, "404", "403, 404", "403, deletedOn"),
		leaversRead:       w.chance(0.3),
		smallPages:        pick(w, 0, 1, 1, 2),
		calm:              1 << 40,
	}
}

// fate is what happens to one exchange.
type fate struct {
	there, back int  // milliseconds of each way, or until the connection breaks
	lost        bool // the request never arrives
	late        bool // it arrives when the client has given up
	answerLost  bool
	silent      bool // that it broke is not told
	status      int  // in place of the service's own answer
	after       bool // when the work is done
	body        string
	retryAfter  int    // seconds
	readable    bool   // so that the client sees them
	spoil       string // of the body
	noLocation  bool
	hidden      int    // milliseconds for which a message is not visible
	tells       string // where a 2xx or 3xx of an intermediary has the message's id
}

// intercept is what an intermediary makes of the answer to a message that was sent.
func (w *world) intercept(f *fate) {
	f.status, f.after = pick(w, 200, 200, 202, 204, 302, 303, 307), w.chance(0.7)
	f.tells = pick(w, "", "body", "location", "words")
	f.body = pick(w, "", "{}", "<html>Welcome</html>", `{"id":"accepted"}`)
}

// rewrite returns the body and header of that answer.
func (f *fate) rewrite(header http.Header, body string) (string, http.Header) {
	if f.tells != "location" {
		header = http.Header{}
		if f.status >= 300 {
			header.Set("Location", "https://portal.example/login")
		}
	}
	if f.tells == "body" && f.after && f.status != 204 {
		return body, header
	}
	return f.body, header
}

func (f fate) String() string {
	text := fmt.Sprintf("%d+%d ms", f.there, f.back)
	for _, word := range []struct {
		is   bool
		text string
	}{
		{f.lost, "lost"}, {f.late, "late"}, {f.answerLost, "answer lost"}, {f.silent, "silent"}, {f.status != 0 && !f.after, fmt.Sprint(f.status)},
		{f.after, fmt.Sprint(f.status, " after the work")}, {f.retryAfter != 0, fmt.Sprint("Retry-After ", f.retryAfter, " readable ", f.readable)},
		{f.spoil != "", "body " + f.spoil}, {f.status != 0 && f.status < 400, "id in " + f.tells}, {f.noLocation, "no Location"}, {f.hidden != 0, fmt.Sprint("hidden for ", f.hidden)},
	} {
		if word.is {
			text += ", " + word.text
		}
	}
	return text
}

// befall makes a fate one with a name.
func (f *fate) befall(name string) {
	switch name {
	case "lost":
		f.lost = true
	case "late":
		f.late = true
	case "answer lost":
		f.answerLost = true
	case "503":
		f.status = 503
	case "503 after":
		f.status, f.after = 503, true
	case "503 late":
		f.status, f.late = 503, true
	case "504 late":
		f.status, f.late = 504, true
	}
}

// draw draws the fate of an exchange.
func (w *world) draw(x *exchange) fate {
	f := fate{there: w.way(), back: w.way(), silent: w.chance(0.3)}
	sends := x.job.op == "sendMessage" && x.request.Method == "POST"
	if most := w.mostHidden(x.job.room); sends && most > 0 && w.chance(0.5) {
		f.hidden = w.between(1, most)
	}
	if x.job.unlucky != "" && !x.isLookUp() {
		f.befall(x.job.unlucky)
		x.job.unlucky = ""
		return f
	}
	if !w.chance(w.trouble()) {
		return f
	}
	switch w.random.IntN(14) {
	case 0, 1:
		f.lost = true
	case 2, 3:
		f.late = true
	case 4, 5:
		f.answerLost = true
	case 6, 7:
		f.status, f.after = pick(w, 408, 500, 502, 503, 504, 520), w.chance(0.6)
		f.late = f.status >= 500 && !f.after && w.chance(0.4)
		if f.status == 503 && w.chance(0.5) {
			f.retryAfter, f.readable = w.between(1, 5), w.chance(0.5)
		}
	case 8:
		f.status, f.retryAfter, f.readable = 429, w.between(0, 5), w.chance(0.5)
	case 9:
		f.status = 401
	case 10:
		f.spoil, f.noLocation = pick(w, "cut", "html"), w.chance(0.6)
	case 11: // an instance that knows nothing yet of the thread, or of who is in it
		if sends || x.request.Method == "GET" && (x.job.op == "sendMessage" || !x.isLookUp()) {
			f.status = pick(w, 403, 404)
		}
	case 12, 13:
		if sends {
			w.intercept(&f)
		}
	}
	if f.status >= 400 {
		f.body = pick(w, "", `{"error":{"code":"C","message":"M"}}`, "<html>")
	}
	return f
}
