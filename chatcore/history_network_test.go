//go:build !js

package chatcore_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"

	"acschat/chatcore"
	"acschat/emulator"
)

const historyOrigin = "https://contoso.communication.azure.com"

// exchange is one request of a job and its answer.
type exchange struct {
	driver        *driver
	job           *job
	number        int // the step's
	request       chatcore.Request
	faults        exchangeFaults
	arrived       bool // at the service, or it never will
	ended         bool // the client no longer waits for the answer
	endedAt       int
	serviceStatus int // status of the service's own answer; 0: the request has not arrived
	servedAt      int
	sentAt        int
	seenStatus    int    // status of the answer that the client received
	seenID        string // message id in a 2xx that the client received
	broken        bool   // the client noticed that the connection broke
	seenIntact    bool   // the client received the service's own answer unchanged
	deadline      chatcore.Instant
	timerLateMs   int // how late the timer was that timed the exchange out
}

// isLookup reports whether this is a read request of a write: a lookup or a confirmation request.
func (x *exchange) isLookup() bool { return x.request.Method == "GET" && x.job.isWrite() }

// send sends the request of a step.
func (d *driver) send(j *job, step chatcore.Step) {
	w := d.w
	x := &exchange{driver: d, job: j, number: step.Number, request: step.Request, sentAt: w.now, deadline: step.Deadline}
	j.exchanges = append(j.exchanges, x)
	x.faults = w.drawFaults(x)
	w.logf("#%d %s%s: %v", j.number, x.request.Method, strings.Repeat(" (lookup)", boolToInt(x.isLookup())), x.faults)
	if j.onFirstSend != nil && !x.isLookup() {
		j.onFirstSend()
		j.onFirstSend = nil
	}
	switch {
	case x.faults.requestLost:
		x.arrived = true
		x.breakConnection()
	case x.faults.arrivesLate && x.faults.status == 0:
		x.breakConnection()
	case x.faults.arrivesLate: // an intermediary answers instead of the service
		answer := chatcore.Response{Status: x.faults.status, Body: x.faults.body, Header: func(string) string { return "" }}
		w.after(x.faults.requestMs, func() { x.answer(answer, false) })
	default:
		w.after(x.faults.requestMs, x.arrive)
	}
}

func boolToInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// breakConnection breaks the connection after a delay, unless the client does not notice.
func (x *exchange) breakConnection() {
	if !x.faults.silent {
		x.driver.page.after(x.faults.answerMs, func() {
			x.broken = !x.ended
			x.deliver(0, func() { x.job.call.NetworkFailed(x.driver.w.instant(), x.number, errBroken) })
		})
	}
}

var errBroken = errors.New("the connection broke")

// end is called when the client no longer waits for the answer. The request may still arrive, within settleMs.
func (x *exchange) end() {
	w := x.driver.w
	if x.ended {
		return
	}
	x.ended, x.endedAt = true, w.now
	if x.arrived {
		return
	}
	latest := w.conditions.settleMs - x.faults.hiddenMs - 1
	if latest < 0 || !x.faults.arrivesLate && w.chance(0.5) {
		x.arrived = true
		return
	}
	w.after(w.random.IntN(latest+1), x.arrive)
}

// arrive delivers the request to the service.
func (x *exchange) arrive() {
	w := x.driver.w
	if x.arrived {
		return
	}
	x.arrived = true
	f := &x.faults
	status, header, body := f.status, http.Header{}, ""
	if f.status == 0 || f.afterService || f.arrivesLate {
		if f.hiddenMs > 0 {
			w.service.Fail(emulator.Rule{Operation: "sendMessage", Call: 1, VisibleAfterMs: f.hiddenMs})
		}
		status, header, body = w.serveExchange(x)
		x.serviceStatus, x.servedAt = status, w.now
		w.recordServed(x, header, body)
	}
	if x.ended {
		w.logf("#%d arrives too late: %d", x.job.number, x.serviceStatus)
	}
	if f.answerLost {
		w.logf("#%d is served: %d, and the answer is lost", x.job.number, x.serviceStatus)
		x.breakConnection()
		return
	}
	answer := chatcore.Response{Status: status, Body: body}
	switch {
	case f.status != 0 && f.status < 400:
		answer.Status = f.status
		answer.Body, header = f.rewrite(header, body)
	case f.status != 0:
		answer.Status, answer.Body, header = f.status, f.body, http.Header{}
	case f.spoiledBody == "cut" && status < 300 && body != "":
		answer.Body = body[:w.random.IntN(len(body))]
	case f.spoiledBody == "html" && status < 300 && body != "":
		answer.Body = "<html>Welcome</html>"
	}
	if f.retryAfter > 0 {
		header.Set("Retry-After", strconv.Itoa(f.retryAfter))
	}
	answer.Header = func(name string) string {
		if name == "Retry-After" && !f.retryAfterVisible || name == "Location" && f.noLocation {
			return ""
		}
		return header.Get(name)
	}
	x.answer(answer, f.status == 0 && answer.Body == body)
}

// answer delivers an answer to the client. intact means that it is the service's own, unchanged.
func (x *exchange) answer(answer chatcore.Response, intact bool) {
	w := x.driver.w
	w.after(x.faults.answerMs, func() {
		arrived, wait := w.instant(), 0
		if w.now < w.machine.wakesAt { // the page gets it when the machine wakes up, perhaps after its timers
			wait = w.machine.wakesAt - w.now + w.random.IntN(50)
		}
		x.driver.page.after(wait, func() {
			x.checkInTime(arrived)
			if !x.ended {
				x.seenIntact, x.seenID = intact, idIn(answer)
			}
			x.deliver(answer.Status, func() { x.job.call.Response(w.instant(), x.number, answer) })
		})
	})
}

// checkInTime checks that an answer which arrived in time while the machine slept was not lost because a late timer fired
// first.
func (x *exchange) checkInTime(arrived chatcore.Instant) {
	w := x.driver.w
	switch {
	case w.machine.clockStopsAsleep || arrived > x.deadline:
	case x.timerLateMs >= 250:
		w.problem("#%d timed out %d ms late, although its answer had arrived in time", x.job.number, x.timerLateMs)
	case !x.ended && w.instant() > x.deadline:
		w.eventCounts["answer after a late timer"]++
	}
}

// idIn returns the message id in a 2xx, or "".
func idIn(answer chatcore.Response) string {
	if answer.Status < 200 || answer.Status > 299 {
		return ""
	}
	var body struct{ ID string }
	if json.Unmarshal([]byte(answer.Body), &body) == nil && isNumber(body.ID) {
		return body.ID
	}
	if id := lastSegmentOf(answer.Header("Location")); isNumber(id) {
		return id
	}
	return ""
}

func isNumber(text string) bool { return text != "" && strings.Trim(text, "0123456789") == "" }

// deliver reports the end of the exchange to the client. A client that no longer waits must ignore it.
func (x *exchange) deliver(status int, do func()) {
	if x.ended && x.driver.w.chance(0.5) {
		return
	}
	if !x.ended {
		x.seenStatus = status
		x.driver.w.logf("#%d: served %d, client sees %d", x.job.number, x.serviceStatus, status)
		x.recordFirstPolls()
	}
	do()
	x.driver.pump()
}

// serve returns the service's answer to a request.
func (w *world) serve(request chatcore.Request) (status int, header http.Header, body string) {
	address, err := url.Parse(request.URL)
	if err != nil {
		panic(err)
	}
	r := &http.Request{Method: request.Method, URL: address, Host: address.Host, Header: http.Header{}, Body: http.NoBody}
	for _, h := range request.Header {
		r.Header.Set(h.Name, h.Value)
	}
	if request.Body != "" {
		r.Body = bodyOf(request.Body)
	}
	recorder := httptest.NewRecorder()
	w.service.ServeHTTP(recorder, r)
	return recorder.Code, recorder.Header(), recorder.Body.String()
}

type requestBody struct{ *strings.Reader }

func (requestBody) Close() error { return nil }

func bodyOf(text string) requestBody { return requestBody{strings.NewReader(text)} }

// requestAs sends a request of a user without one of the clients, and without faults.
func (w *world) requestAs(user emulator.User, method, path, body string) (status int, header http.Header, answer string) {
	mediaType := "application/json"
	if method == "PATCH" {
		mediaType = "application/merge-patch+json"
	}
	return w.serve(chatcore.Request{
		Method: method, URL: historyOrigin + "/chat/threads" + path + "?api-version=2025-03-15", Body: body,
		Header: []chatcore.HeaderField{{Name: "Authorization", Value: "Bearer " + user.Token}, {Name: "Content-Type", Value: mediaType}},
	})
}

// post sends a message to a thread without a client, and returns its id, or "".
func (w *world) post(tm *threadModel, user emulator.User, content string) string {
	_, header, _ := w.requestAs(user, "POST", "/"+tm.id+"/messages", `{"content":"`+content+`"}`)
	id := lastSegmentOf(header.Get("Location"))
	tm.sentWithoutClient[id] = user == w.me
	return id
}

func lastSegmentOf(location string) string {
	segment, _ := url.PathUnescape(location[strings.LastIndexByte(location, '/')+1:])
	return segment
}
