//go:build js && wasm

package main

import (
	"encoding/json"
	"fmt"
	"strconv"

	"acschat/emulator"
)

// requestHead is a request without its body.
type requestHead struct {
	Method     string
	Scheme     string
	Host       string
	Target     string
	Headers    [][2]string
	RemoteAddr string // of the client; empty: the program or page that the emulator runs in
	IsPage     bool   // a browser would send a preflight first
}

// exchange is a request that is being answered. It is the ResponseWriter of its answer. It passes the whole answer at once,
// unless the emulator flushes a part before.
type exchange struct {
	id     int
	gone   chan struct{}
	header emulator.Header
	status int
	isSent bool // the status and the headers were passed
	isOver bool // the connection broke
	body   []byte
}

// exchanges are the requests whose answer is awaited, by their ID.
var exchanges = map[int]*exchange{}

func serve(id int, head string, body []byte) {
	x := &exchange{id: id, gone: make(chan struct{}), header: emulator.Header{}, status: 200}
	exchanges[id] = x
	ready := latestControl
	go func() {
		defer x.end()
		<-ready
		x.serve(head, body)
	}()
}

func (x *exchange) serve(head string, body []byte) {
	var h requestHead
	if err := json.Unmarshal([]byte(head), &h); err != nil {
		panic(err)
	}
	r := &emulator.Request{
		Method: h.Method, Scheme: h.Scheme, Host: h.Host, Target: h.Target, Header: emulator.Header{}, RemoteAddr: h.RemoteAddr,
		Gone:     x.gone,
		ReadBody: func() ([]byte, error) { return body, nil },
	}
	for _, field := range h.Headers {
		r.Header.Add(field[0], field[1])
	}
	if h.IsPage && !passesPreflight(r) {
		x.Drop()
		return
	}
	resource.Serve(x, r)
}

// end passes the rest of the answer.
func (x *exchange) end() {
	if r := recover(); r != nil {
		x.Drop()
		fmt.Println("emulator: panic:", r)
	}
	if !x.isOver {
		if !x.isSent && x.status != 204 {
			x.header.Set("Content-Length", strconv.Itoa(len(x.body)))
		}
		x.send(true)
	}
	delete(exchanges, x.id)
}

// abort tells the emulator that nobody waits for the answer any more.
func abort(id int) {
	if x := exchanges[id]; x != nil {
		close(x.gone)
		delete(exchanges, id)
	}
}

func (x *exchange) Header() emulator.Header { return x.header }
func (x *exchange) WriteHeader(status int)  { x.status = status }
func (x *exchange) Flush()                  { x.send(false) }
func (x *exchange) Drop()                   { x.breakOff(false) }
func (x *exchange) Reset()                  { x.breakOff(true) }

func (x *exchange) Write(p []byte) (int, error) {
	x.body = append(x.body, p...)
	return len(p), nil
}

func (x *exchange) send(isLast bool) {
	if x.isSent {
		host.Call("answer", x.id, 0, "", arrayOf(x.body), isLast)
	} else {
		headers, _ := json.Marshal(x.header) // never fails: strings
		host.Call("answer", x.id, x.status, string(headers), arrayOf(x.body), isLast)
	}
	x.isSent, x.body = true, nil
}

func (x *exchange) breakOff(isReset bool) {
	if !x.isOver {
		x.isOver = true
		host.Call("broken", x.id, isReset)
	}
}
