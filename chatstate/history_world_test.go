package chatstate_test

import (
	"container/heap"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sort"
	"strings"
	"time"

	"acschat/chatcore"
	"acschat/chatstate"
	"acschat/emulator"
)

const (
	origin = "https://contoso.communication.azure.com"
	epoch  = 1_750_000_000_000 // the service's time at the beginning, in milliseconds since 1970
)

// world is a service, a network and a browser with tabs, in virtual time. All that happens follows from the seed.
type world struct {
	random      *rand.Rand
	log         *strings.Builder // nil: no log
	problems    []string
	endProblems []string // of the last try

	now       int // milliseconds
	wallError int // of the browser's time of day
	events    events
	count     int
	steps     int

	service    *emulator.Emulator
	answers    map[string]served // of GET requests since the last change
	jane, alex emulator.User
	thread     string
	topics     map[string]bool // that the thread has had
	isRemoved  bool            // Jane is not a participant
	isDeleted  bool            // the thread

	isCalm   bool // no more faults
	isOpaque bool // access tokens do not say whose they are
	offline  bool
	durable  bool
	accepted map[string]bool // tokens of messages that the service has
	storage  *storage
	locks    map[string][]*lockRequest
	tabs     []*tab
	number   int // of the last message
	newer    int // records that a newer version of the client has stored
	topic    string
	sends    []*send
}

// send is a message that a tab was asked to send.
type send struct {
	tab         *tab
	key         string
	content     string   // as it must arrive
	former      []string // what it was before edits: a tab whose storage has failed sends that, if the edit was in another tab
	edited      string   // another content that may arrive: its tab went while the edit was under way
	queuedAt    int64    // by the time of day: when it was sent or retried
	settledID   string
	settled     error
	cancelled   bool
	cancelAsked bool // or discarded
	discarded   bool
	forgotten   bool
	isLost      bool // its tab went, and had told that the queue is in memory
	wasPut      bool // the storage has had it: its tab has lived longer than Send
	markedBy    *tab // whose attempt the record said first
	isPosted    bool // a request with it has begun
	isTaken     bool // by a newer version of the client
}

type event struct {
	at, order int
	do        func()
}

type events []event

func (e events) Len() int { return len(e) }
func (e events) Less(i, j int) bool {
	return e[i].at < e[j].at || e[i].at == e[j].at && e[i].order < e[j].order
}
func (e events) Swap(i, j int) { e[i], e[j] = e[j], e[i] }
func (e *events) Push(x any)   { *e = append(*e, x.(event)) }
func (e *events) Pop() any {
	last := (*e)[len(*e)-1]
	*e = (*e)[:len(*e)-1]
	return last
}

func newWorld(seed uint64, log *strings.Builder) *world {
	w := &world{random: rand.New(rand.NewPCG(seed, 15)), log: log, locks: map[string][]*lockRequest{}, answers: map[string]served{}, accepted: map[string]bool{}, topics: map[string]bool{"T": true}}
	w.storage = &storage{queues: map[string]map[string]chatstate.Record{}, problem: w.problem}
	w.service = emulator.New(emulator.Options{Clock: func() time.Time { return time.UnixMilli(epoch + int64(w.now)) }, EditsDropMetadata: w.chance(0.2)})
	w.jane, w.alex = w.service.NewUser(), w.service.NewUser()
	_, body := w.ask(w.jane, "POST", "", fmt.Sprintf(`{"topic":"T","participants":[{"communicationIdentifier":{"rawId":%q}}]}`, w.alex.ID))
	var created struct {
		ChatThread struct{ ID string } `json:"chatThread"`
	}
	if err := json.Unmarshal([]byte(body), &created); err != nil {
		panic(err)
	}
	w.thread, w.topic = created.ChatThread.ID, "T"
	return w
}

func (w *world) instant() chatcore.Instant { return chatcore.Instant(1_000_000 + w.now) }

func (w *world) after(ms int, do func()) {
	w.count++
	heap.Push(&w.events, event{w.now + max(ms, 0), w.count, do})
}

// run lets everything happen up to a time.
func (w *world) run(until int) {
	for w.events.Len() > 0 && w.events[0].at <= until {
		next := heap.Pop(&w.events).(event)
		w.now = next.at
		next.do()
		if w.steps++; w.steps > 50_000 {
			w.problem("it does not come to an end")
		}
		if len(w.problems) > 0 {
			return
		}
	}
	w.now = until
}

func (w *world) chance(p float64) bool { return w.random.Float64() < p }

func (w *world) note(format string, args ...any) {
	if w.log != nil {
		fmt.Fprintf(w.log, "%8d ", w.now)
		fmt.Fprintf(w.log, format+"\n", args...)
	}
}

func (w *world) problem(format string, args ...any) {
	w.note("PROBLEM: "+format, args...)
	w.problems = append(w.problems, fmt.Sprintf(format, args...))
}

// ask is a request of somebody with a good connection.
func (w *world) ask(user emulator.User, method, path, body string) (status int, answer string) {
	mediaType := "application/json"
	if method == "PATCH" {
		mediaType = "application/merge-patch+json"
	}
	status, _, answer = w.serve(chatcore.Request{Method: method, URL: origin + "/chat/threads" + path + "?api-version=2025-03-15", Body: body,
		Header: []chatcore.HeaderField{{Name: "Authorization", Value: "Bearer " + user.Token}, {Name: "Content-Type", Value: mediaType}}})
	return status, answer
}

type served struct {
	status int
	header http.Header
	body   string
}

// serve gives a request to the service. It remembers what it has read until something changes.
func (w *world) serve(request chatcore.Request) (status int, header http.Header, body string) {
	token := ""
	for _, h := range request.Header {
		if h.Name == "Authorization" {
			token = h.Value
		}
	}
	if token == "Bearer opaque" {
		token = "Bearer " + w.jane.Token
	}
	key := token + request.URL
	if request.Method != "GET" {
		clear(w.answers)
	} else if known, ok := w.answers[key]; ok {
		return known.status, known.header, known.body
	}
	address, err := url.Parse(request.URL)
	if err != nil {
		panic(err)
	}
	r := &http.Request{Method: request.Method, URL: address, Host: address.Host, Header: http.Header{}, Body: http.NoBody}
	for _, h := range request.Header {
		r.Header.Set(h.Name, h.Value)
	}
	if request.Body != "" {
		r.Body = io.NopCloser(strings.NewReader(request.Body))
	}
	r.Header.Set("Authorization", token)
	recorder := httptest.NewRecorder()
	w.service.ServeHTTP(recorder, r)
	if request.Method == "GET" && recorder.Code == 200 {
		w.answers[key] = served{recorder.Code, recorder.Header(), recorder.Body.String()}
	}
	return recorder.Code, recorder.Header(), recorder.Body.String()
}

// stored returns the messages of the service, by id.
func (w *world) stored() (messages []chatcore.ChatMessage) {
	link := origin + "/chat/threads/" + url.PathEscape(w.thread) + "/messages?api-version=2025-03-15&maxPageSize=200"
	for link != "" {
		status, _, body := w.serve(chatcore.Request{Method: "GET", URL: link, Header: []chatcore.HeaderField{{Name: "Authorization", Value: "Bearer " + w.alex.Token}}})
		if status == 404 {
			return nil // the thread was deleted
		}
		page, err := chatcore.ParseListChatMessages(chatcore.Response{Status: status, Body: body})
		if err != nil {
			panic(err)
		}
		messages = append(messages, page.Value...)
		link = page.NextLink
	}
	sort.SliceStable(messages, func(i, j int) bool { return number(messages[i].ID) < number(messages[j].ID) })
	return messages
}

func number(text string) (n int) {
	for _, c := range text {
		n = n*10 + int(c-'0')
	}
	return n
}
