//go:build !js

package chatcore_test

import (
	"fmt"
	"math"
	"net/http"
)

// conditions are how the network and the service behave in one history.
type conditions struct {
	faultRate           float64 // share of exchanges with a fault
	maxDelayMs          int     // longest delay of a request or an answer
	settleMs            int     // how late requests may arrive; the clients' option settleMs
	delaysVisibility    bool    // new messages may become visible late
	editsDropMetadata   bool    // an edit without metadata removes it
	serviceSkewMs       int     // error of the service's clock
	noLocks             bool    // the browser has no Web Locks
	deletedThreadAnswer string  // how the service answers requests for a deleted thread
	leaversMayList      bool    // users who have left may still list the participants
	maxParticipantsPage int     // most participants in a page; 0: as many as requested
	faultsEndAt         int     // no faults after this time
}

// delayMs draws the delay of a request or an answer.
func (w *world) delayMs() int {
	if w.now > w.conditions.faultsEndAt {
		return w.random.IntN(50)
	}
	return w.random.IntN(w.conditions.maxDelayMs)
}

// faultRate returns the current share of exchanges with a fault.
func (w *world) faultRate() float64 {
	if w.now > w.conditions.faultsEndAt {
		return 0
	}
	return w.conditions.faultRate
}

func (w *world) drawConditions() conditions {
	return conditions{
		faultRate:           pick(w, 0.1, 0.3, 0.5, 0.7),
		maxDelayMs:          pick(w, 50, 300, 2000),
		settleMs:            pick(w, 5000, 5000, 5000, w.between(1, 8000), 0),
		delaysVisibility:    w.chance(0.4),
		editsDropMetadata:   w.chance(0.5),
		serviceSkewMs:       w.between(-300_000, 300_000),
		noLocks:             w.chance(0.2),
		deletedThreadAnswer: pick(w, "404", "403, 404", "403, deletedOn"),
		leaversMayList:      w.chance(0.3),
		maxParticipantsPage: pick(w, 0, 1, 1, 2),
		faultsEndAt:         math.MaxInt,
	}
}

// exchangeFaults are the delays and faults of one exchange.
type exchangeFaults struct {
	requestMs, answerMs int  // delays of the request and the answer; the latter also until the connection breaks
	requestLost         bool // the request never arrives
	arrivesLate         bool // the request arrives after the client has given up
	answerLost          bool
	silent              bool // the client does not notice that the connection broke
	status              int  // replaces the status of the service's answer
	afterService        bool // the service carries out the request before that
	body                string
	retryAfter          int    // seconds
	retryAfterVisible   bool   // CORS lets the client read Retry-After
	spoiledBody         string // the body is cut off ("cut") or replaced ("html")
	noLocation          bool
	hiddenMs            int    // milliseconds until the new message is visible
	idPlace             string // where an intermediary's 2xx or 3xx contains the message's id
}

// drawIntermediaryAnswer draws how an intermediary changes the answer to a send.
func (w *world) drawIntermediaryAnswer(f *exchangeFaults) {
	f.status, f.afterService = pick(w, 200, 200, 202, 204, 302, 303, 307), w.chance(0.7)
	f.idPlace = pick(w, "", "body", "location", "words")
	f.body = pick(w, "", "{}", "<html>Welcome</html>", `{"id":"accepted"}`)
}

// rewrite returns the header and body of that answer.
func (f *exchangeFaults) rewrite(header http.Header, body string) (string, http.Header) {
	if f.idPlace != "location" {
		header = http.Header{}
		if f.status >= 300 {
			header.Set("Location", "https://portal.example/login")
		}
	}
	if f.idPlace == "body" && f.afterService && f.status != 204 {
		return body, header
	}
	return f.body, header
}

func (f exchangeFaults) String() string {
	text := fmt.Sprintf("%d+%d ms", f.requestMs, f.answerMs)
	for _, word := range []struct {
		is   bool
		text string
	}{
		{f.requestLost, "lost"}, {f.arrivesLate, "late"}, {f.answerLost, "answer lost"}, {f.silent, "silent"}, {f.status != 0 && !f.afterService, fmt.Sprint(f.status)},
		{f.afterService, fmt.Sprint(f.status, " after the service's work")}, {f.retryAfter != 0, fmt.Sprint("Retry-After ", f.retryAfter, " readable ", f.retryAfterVisible)},
		{f.spoiledBody != "", "body " + f.spoiledBody}, {f.status != 0 && f.status < 400, "id in " + f.idPlace}, {f.noLocation, "no Location"}, {f.hiddenMs != 0, fmt.Sprint("hidden for ", f.hiddenMs)},
	} {
		if word.is {
			text += ", " + word.text
		}
	}
	return text
}

// set sets the fault with a name.
func (f *exchangeFaults) set(name string) {
	switch name {
	case "lost":
		f.requestLost = true
	case "late":
		f.arrivesLate = true
	case "answer lost":
		f.answerLost = true
	case "503":
		f.status = 503
	case "503 after":
		f.status, f.afterService = 503, true
	case "503 late":
		f.status, f.arrivesLate = 503, true
	case "504 late":
		f.status, f.arrivesLate = 504, true
	}
}

// drawFaults draws the delays and faults of an exchange.
func (w *world) drawFaults(x *exchange) exchangeFaults {
	f := exchangeFaults{requestMs: w.delayMs(), answerMs: w.delayMs(), silent: w.chance(0.3)}
	sends := x.job.op == "sendMessage" && x.request.Method == "POST"
	if most := w.maxHiddenMs(x.job.thread); sends && most > 0 && w.chance(0.5) {
		f.hiddenMs = w.between(1, most)
	}
	if x.job.firstFault != "" && !x.isLookup() {
		f.set(x.job.firstFault)
		x.job.firstFault = ""
		return f
	}
	if !w.chance(w.faultRate()) {
		return f
	}
	switch w.random.IntN(14) {
	case 0, 1:
		f.requestLost = true
	case 2, 3:
		f.arrivesLate = true
	case 4, 5:
		f.answerLost = true
	case 6, 7:
		f.status, f.afterService = pick(w, 408, 500, 502, 503, 504, 520), w.chance(0.6)
		f.arrivesLate = f.status >= 500 && !f.afterService && w.chance(0.4)
		if f.status == 503 && w.chance(0.5) {
			f.retryAfter, f.retryAfterVisible = w.between(1, 5), w.chance(0.5)
		}
	case 8:
		f.status, f.retryAfter, f.retryAfterVisible = 429, w.between(0, 5), w.chance(0.5)
	case 9:
		f.status = 401
	case 10:
		f.spoiledBody, f.noLocation = pick(w, "cut", "html"), w.chance(0.6)
	case 11: // an instance of the service that does not know the thread or its participants yet
		if sends || x.request.Method == "GET" && (x.job.op == "sendMessage" || !x.isLookup()) {
			f.status = pick(w, 403, 404)
		}
	case 12, 13:
		if sends {
			w.drawIntermediaryAnswer(&f)
		}
	}
	if f.status >= 400 {
		f.body = pick(w, "", `{"error":{"code":"C","message":"M"}}`, "<html>")
	}
	return f
}
