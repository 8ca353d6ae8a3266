//go:build js && wasm

package main

import (
	"errors"
	"syscall/js"

	"acschat/chatcore"
)

// exchange is a request under way, for a step of a call. Who carries it out knows it by a key.
type exchange struct {
	call   *call
	number int // the step's
}

// exchanger carries exchanges out with the page's fetch: the loader, or else the bridge itself.
type exchanger interface {
	// begin calls fetch, or the global one where that is undefined, from a microtask. Later it calls answered or
	// unanswered. The number is that of the promise that the request is to send a message for, 0 for any other request.
	begin(key, number int, fetch js.Value, request chatcore.Request)
	// abort aborts the fetch, from a microtask: the page may listen.
	abort(key int)
	// header returns a header of the response at hand, while answered runs.
	header(name string) js.Value
}

var (
	network   exchanger
	exchanges = map[int]exchange{}
	begun     int // exchanges so far, and the key of the last
)

// send exchanges a request for a response and its text.
func (c *call) send(step *chatcore.Step) {
	begun++
	c.exchange = begun
	exchanges[begun] = exchange{c, step.Number}
	number := 0
	if c.sends && step.Request.Method == "POST" { // and not GET, for a look-up
		number, c.sent = c.promise.number, step.Request.Body
	}
	network.begin(begun, number, c.option(optionFetch), step.Request)
}

// stopExchange aborts the fetch under way, if there is one.
func (c *call) stopExchange() {
	if c.exchange != 0 {
		network.abort(c.exchange)
		c.forgetExchange()
	}
}

func (c *call) forgetExchange() {
	delete(exchanges, c.exchange)
	c.exchange = 0
}

// answered takes a response: its status, 0 if it has none, its text, and what kept that from being read.
func answered(key, status int, text string, err error) {
	ended(key, func(core *chatcore.Call, number int) {
		if status == 0 { // as Response.error() has it
			core.NetworkFailed(now(), number, errors.New("fetch gave a response without a status"))
			return
		}
		core.Response(now(), number, chatcore.Response{Status: status, Header: header, Body: text, Err: err})
	})
}

// unanswered takes what fetch failed with.
func unanswered(key int, reason js.Value) {
	ended(key, func(core *chatcore.Call, number int) { core.NetworkFailed(now(), number, thrown{reason}) })
}

// ended tells a call of the end of an exchange, unless that has been stopped.
func ended(key int, tell func(core *chatcore.Call, number int)) {
	x, ok := exchanges[key]
	if !ok {
		return
	}
	c := x.call.client
	c.contain(x.call, func() {
		x.call.forgetExchange()
		tell(x.call.core, x.number)
	})
	c.contain(nil, c.perform)
}

// header returns a header of the response at hand, "" for one that is absent or cannot be read.
func header(name string) (value string) {
	_ = try(func() {
		if v := network.header(name); kindOf(v) == "string" {
			value = v.String()
		}
	})
	return value
}
