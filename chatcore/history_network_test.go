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

const histOrigin = "https://contoso.communication.azure.com"

// exchange is one attempt of a job: a request on its way, its work, and its answer on its way back.
type exchange struct {
	tab      *tab
	job      *job
	number   int // of the step
	request  chatcore.Request
	fate     fate
	arrived  bool // or it never will
	ended    bool // nobody waits for the answer any more
	work     int  // the status of the service's own answer; 0: it did no work
	workedAt int
	begunAt  int
	told     int    // the status that the client was told
	toldID   string // the id of the message in an answer that says success
	broken   bool   // the client was told that the connection broke
	proper   bool   // the client was told what the service has answered
	deadline chatcore.Instant
	missedBy int // how late the timer was that ended it
}

// isLookUp tells whether a write only reads what there is.
func (x *exchange) isLookUp() bool { return x.request.Method == "GET" && x.job.writes() }

// send puts a request on its way.
func (t *tab) send(j *job, step chatcore.Step) {
	w := t.w
	x := &exchange{tab: t, job: j, number: step.Number, request: step.Request, begunAt: w.now, deadline: step.Deadline}
	j.exchanges = append(j.exchanges, x)
	x.fate = w.draw(x)
	w.tell("#%d %s%s: %v", j.number, x.request.Method, strings.Repeat(" (look-up)", btoi(x.isLookUp())), x.fate)
	if j.whenSent != nil && !x.isLookUp() {
		j.whenSent()
		j.whenSent = nil
	}
	switch {
	case x.fate.lost:
		x.arrived = true
		x.breakLater()
	case x.fate.late && x.fate.status == 0:
		x.breakLater()
	case x.fate.late: // an intermediary answers in the service's place
		answer := chatcore.Response{Status: x.fate.status, Body: x.fate.body, Header: func(string) string { return "" }}
		w.after(x.fate.there, func() { x.answer(answer, false) })
	default:
		w.after(x.fate.there, x.arrive)
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// breakLater has the connection break, unless nothing at all is to be heard of it.
func (x *exchange) breakLater() {
	if !x.fate.silent {
		x.tab.page.here(x.fate.back, func() {
			x.broken = !x.ended
			x.tell(0, func() { x.job.call.NetworkFailed(x.tab.w.instant(), x.number, errBroken) })
		})
	}
}

var errBroken = errors.New("the connection broke")

// end is the end of the attempt for its client. What is still on its way may arrive, but not as late as the settling time.
func (x *exchange) end() {
	w := x.tab.w
	if x.ended {
		return
	}
	x.ended = true
	if x.arrived {
		return
	}
	latest := w.weather.settleMs - x.fate.hidden - 1
	if latest < 0 || !x.fate.late && w.chance(0.5) {
		x.arrived = true
		return
	}
	w.after(w.random.IntN(latest+1), x.arrive)
}

// arrive is the request's arrival at the service.
func (x *exchange) arrive() {
	w := x.tab.w
	if x.arrived {
		return
	}
	x.arrived = true
	f := &x.fate
	status, header, body := f.status, http.Header{}, ""
	if f.status == 0 || f.after || f.late {
		if f.hidden > 0 {
			w.service.Fail(emulator.Rule{Operation: "sendMessage", Call: 1, VisibleAfterMs: f.hidden})
		}
		status, header, body = w.serveIn(x)
		x.work, x.workedAt = status, w.now
		w.worked(x, header, body)
	}
	if x.ended {
		w.tell("#%d arrives too late: %d", x.job.number, x.work)
	}
	if f.answerLost {
		w.tell("#%d works: %d, and the answer is lost", x.job.number, x.work)
		x.breakLater()
		return
	}
	answer := chatcore.Response{Status: status, Body: body}
	switch {
	case f.status != 0 && f.status < 400:
		answer.Status = f.status
		answer.Body, header = f.rewrite(header, body)
	case f.status != 0:
		answer.Status, answer.Body, header = f.status, f.body, http.Header{}
	case f.spoil == "cut" && status < 300 && body != "":
		answer.Body = body[:w.random.IntN(len(body))]
	case f.spoil == "html" && status < 300 && body != "":
		answer.Body = "<html>Welcome</html>"
	}
	if f.retryAfter > 0 {
		header.Set("Retry-After", strconv.Itoa(f.retryAfter))
	}
	answer.Header = func(name string) string {
		if name == "Retry-After" && !f.readable || name == "Location" && f.noLocation {
			return ""
		}
		return header.Get(name)
	}
	x.answer(answer, f.status == 0 && answer.Body == body)
}

// answer brings the client an answer. proper: it is the service's own, whole.
func (x *exchange) answer(answer chatcore.Response, proper bool) {
	w := x.tab.w
	w.after(x.fate.back, func() {
		arrived, wait := w.instant(), 0
		if w.now < w.machine.awake { // the page gets it later, perhaps after its timers
			wait = w.machine.awake - w.now + w.random.IntN(50)
		}
		x.tab.page.here(wait, func() {
			x.checkInTime(arrived)
			if !x.ended {
				x.proper, x.toldID = proper, idIn(answer)
			}
			x.tell(answer.Status, func() { x.job.call.Response(w.instant(), x.number, answer) })
		})
	})
}

// checkInTime looks for an answer that arrived in time, while the machine was asleep, and lost against a timer that was late.
func (x *exchange) checkInTime(arrived chatcore.Instant) {
	w := x.tab.w
	switch {
	case w.machine.stops || arrived > x.deadline:
	case x.missedBy >= 250:
		w.problem("#%d has timed out %d ms late, after its answer had arrived", x.job.number, x.missedBy)
	case !x.ended && w.instant() > x.deadline:
		w.happenings["answer after a late timer"]++
	}
}

// idIn returns the id of a message in an answer that says success, or nothing.
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

// tell tells the client of the end. One that has moved on does not listen, whatever it is told.
func (x *exchange) tell(status int, do func()) {
	if x.ended && x.tab.w.chance(0.5) {
		return
	}
	if !x.ended {
		x.told = status
		x.tab.w.tell("#%d worked %d, told %d", x.job.number, x.work, status)
		x.polled()
	}
	do()
	x.tab.pump()
}

// serve has the service answer a request.
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

// ask is a request of somebody who has nothing to do with the clients, and a good connection.
func (w *world) ask(user emulator.User, method, path, body string) (status int, header http.Header, answer string) {
	mediaType := "application/json"
	if method == "PATCH" {
		mediaType = "application/merge-patch+json"
	}
	return w.serve(chatcore.Request{
		Method: method, URL: histOrigin + "/chat/threads" + path + "?api-version=2025-03-15", Body: body,
		Header: []chatcore.HeaderField{{Name: "Authorization", Value: "Bearer " + user.Token}, {Name: "Content-Type", Value: mediaType}},
	})
}

// post sends a message to a room and returns its id, or nothing.
func (w *world) post(r *room, user emulator.User, content string) string {
	_, header, _ := w.ask(user, "POST", "/"+r.id+"/messages", `{"content":"`+content+`"}`)
	id := lastSegmentOf(header.Get("Location"))
	r.mine[id] = user == w.me
	return id
}

func lastSegmentOf(location string) string {
	segment, _ := url.PathUnescape(location[strings.LastIndexByte(location, '/')+1:])
	return segment
}
