//go:build !js

package emulator_test

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"acschat/emulator"
)

// nodeProcess runs testdata/serve.mjs, which serves emulators in emulator.wasm over stdin and stdout. Each line is a message.
type nodeProcess struct {
	mu      sync.Mutex
	in      io.Writer
	lastID  int
	replies map[int]chan nodeReply
}

// nodeReply is a piece of an answer, or the outcome of anything else.
type nodeReply struct {
	ID      int
	Status  int
	Headers emulator.Header
	Body    []byte
	Broken  string // "drop" or "reset"
	Problem string
	Result  json.RawMessage
	IsLast  bool
}

var node = sync.OnceValue(func() *nodeProcess {
	command := exec.Command("node", "testdata/serve.mjs")
	command.Stderr = os.Stderr
	in, err := command.StdinPipe()
	if err != nil {
		panic(err)
	}
	out, err := command.StdoutPipe()
	if err != nil {
		panic(err)
	}
	if err := command.Start(); err != nil {
		panic(err)
	}
	p := &nodeProcess{in: in, replies: map[int]chan nodeReply{}}
	go p.receive(out)
	return p // it ends when the tests end, and its stdin with them
})

func (p *nodeProcess) receive(out io.Reader) {
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			panic("node has ended: " + err.Error())
		}
		var reply nodeReply
		if err := json.Unmarshal(line, &reply); err != nil {
			panic(string(line))
		}
		p.mu.Lock()
		replies := p.replies[reply.ID]
		if reply.IsLast {
			delete(p.replies, reply.ID)
		}
		p.mu.Unlock()
		if replies != nil {
			replies <- reply
		}
	}
}

// send sends a message, and returns its ID and the channel of its replies.
func (p *nodeProcess) send(message map[string]any) (int, <-chan nodeReply) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lastID++
	message["id"] = p.lastID
	replies := make(chan nodeReply, 10)
	p.replies[p.lastID] = replies
	text, err := json.Marshal(message)
	if err != nil {
		panic(err)
	}
	if _, err := p.in.Write(append(text, '\n')); err != nil {
		panic(err)
	}
	return p.lastID, replies
}

// nodeResource is an emulator in the process.
type nodeResource struct {
	id    int
	clock func() time.Time
}

func newNodeResource(options emulator.Options) resource {
	r := &nodeResource{clock: options.Clock}
	if r.clock == nil {
		r.clock = time.Now
	}
	r.id, _ = node().send(map[string]any{"kind": "new", "now": r.now(), "options": map[string]bool{
		"rateLimits": options.RateLimits, "observedErrors": options.ObservedErrors, "editsDropMetadata": options.EditsDropMetadata,
	}})
	runtime.AddCleanup(r, func(id int) { node().send(map[string]any{"kind": "close", "resource": id}) }, r.id)
	return r
}

func (r *nodeResource) now() float64 { return float64(r.clock().UnixMicro()) / 1000 }

// control does what the module calls a control. It panics if that fails, as the methods of the package do.
func (r *nodeResource) control(name string, argument any) json.RawMessage {
	_, replies := node().send(map[string]any{"kind": "control", "resource": r.id, "now": r.now(), "name": name, "argument": argument})
	reply := <-replies
	if reply.Problem != "" {
		panic(strings.Replace(reply.Problem, "the rule is invalid", "emulator: Fail", 1)) // as the package's Fail says it
	}
	return reply.Result
}

func decodeResult[T any](text json.RawMessage) (result T) {
	if err := json.Unmarshal(text, &result); err != nil {
		panic(err)
	}
	return result
}

var userNumber int

func (r *nodeResource) NewUser() emulator.User {
	userNumber++
	return decodeResult[emulator.User](r.control("createUser", "user "+strconv.Itoa(userNumber)))
}

func (r *nodeResource) NewToken(userID string) (token string, ok bool) {
	defer func() { ok = recover() == nil }()
	return decodeResult[string](r.control("issueToken", userID)), true
}

func (r *nodeResource) Fail(rule emulator.Rule) { r.control("fail", rule) }
func (r *nodeResource) ClearFaults()            { r.control("clearFaults", nil) }
func (r *nodeResource) Advance(d time.Duration) {
	r.control("advance", float64(d)/float64(time.Millisecond))
}

// Reset does not keep the users, unlike the module's own reset.
func (r *nodeResource) Reset() {
	request := httptest.NewRequest(http.MethodPost, "http://localhost:8081/emulator/reset", nil)
	request.RemoteAddr = "" // from this machine
	w := httptest.NewRecorder()
	if r.ServeHTTP(w, request); w.Code != http.StatusNoContent {
		panic(w.Body.String())
	}
}

// Threads opens the exported state in package emulator.
func (r *nodeResource) Threads() []emulator.Thread {
	state := decodeResult[struct{ Records map[string]json.RawMessage }](r.control("exportState", nil))
	store := newMemoryStore()
	for key, value := range state.Records {
		if !strings.HasPrefix(key, "name/") {
			store.records[key] = value
		}
	}
	return emulator.New(emulator.Options{Store: store}).Threads()
}

func (r *nodeResource) ConnectionString(endpoint string) string {
	return emulator.New(emulator.Options{}).ConnectionString(endpoint)
}

func (r *nodeResource) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	q, out := emulator.NewRequest(w, request), emulator.NewResponseWriter(w)
	body, err := q.ReadBody()
	if err != nil {
		body = make([]byte, 1<<20+1) // too large
	}
	var headers [][2]string
	for name, values := range q.Header {
		for _, value := range values {
			headers = append(headers, [2]string{name, value})
		}
	}
	head := map[string]any{"method": q.Method, "scheme": q.Scheme, "host": q.Host, "target": q.Target, "headers": headers, "remoteAddr": q.RemoteAddr}
	id, replies := node().send(map[string]any{"kind": "serve", "resource": r.id, "now": r.now(), "head": head, "body": body})
	if err != nil {
		go q.Discard()
	}
	for {
		select {
		case reply := <-replies:
			switch reply.Broken {
			case "drop":
				out.Drop()
				return
			case "reset":
				out.Reset()
				return
			}
			if reply.Status > 0 {
				for name, values := range reply.Headers {
					out.Header()[name] = values
				}
				out.WriteHeader(reply.Status)
			}
			_, _ = out.Write(reply.Body)
			if reply.IsLast {
				return
			}
			out.Flush()
		case <-q.Gone:
			node().send(map[string]any{"kind": "abort", "aborted": id})
			out.Drop()
			return
		}
	}
}
