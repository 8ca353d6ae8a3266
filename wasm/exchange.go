//go:build js && wasm

package main

import (
	"errors"

	"acschat/chatcore"
)

// send exchanges a request for a response.
func (c *call) send(step *chatcore.Step) {
	c.exchange = step.Number
	isSend := c.sends && step.Request.Method == "POST" // and not GET, for a look-up
	if isSend {
		c.sent = step.Request.Body
	}
	current.begin(c.promise, step.Number, isSend, step.Request)
}

func (c *call) stopExchange() {
	if c.exchange != 0 {
		c.exchange = 0
		current.stop(c.promise)
	}
}

// answered takes a response: its status, 0 if it has none, its text, and what kept that from being read.
func answered(promise, step, status int, text string, err error) {
	c := calls[promise]
	if c == nil {
		return
	}
	c.exchange = 0
	c.client.run(c, func() {
		if status == 0 { // as Response.error() has it
			c.core.NetworkFailed(now(), step, errors.New("fetch gave a response without a status"))
			return
		}
		c.core.Response(now(), step, chatcore.Response{Status: status, Header: header, Body: text, Err: err})
	})
}

// unanswered takes what fetch failed with.
func unanswered(promise, step int) {
	if c := calls[promise]; c != nil {
		c.exchange = 0
		c.client.run(c, func() { c.core.NetworkFailed(now(), step, thrown{current.thrown()}) })
	}
}

// header returns a header of the response at hand, "" for one that is absent or cannot be read.
func header(name string) (value string) {
	_ = try(func() {
		if v := current.header(name); kindOf(v) == "string" {
			value = v.String()
		}
	})
	return value
}

// askToken asks the token callback for the step of a call.
func (c *client) askToken(step *chatcore.Step) {
	c.stopAskingUnless(step.Flight)
	c.flight = step.Flight
	current.askToken(c.id, step.Flight, step.ForceRefresh)
}

// stopAskingUnless ends the question under way, unless it has the given number.
func (c *client) stopAskingUnless(flight int) {
	if c.flight != 0 && c.flight != flight {
		c.flight = 0
		current.stopAsking(c.id)
	}
}

// tokenGiven takes what the token callback gave or, if it failed, threw.
func tokenGiven(id, flight int, failed bool) {
	c := clients[id]
	if c == nil {
		return
	}
	c.run(nil, func() {
		value := current.thrown()
		kind := kindOf(value)
		switch {
		case failed:
			c.core.TokenFailed(now(), flight, thrown{value})
		case kind != "string":
			c.core.TokenFailed(now(), flight, errors.New("it gave "+kind+", not a string"))
		case lengthOf(value) > maxLength:
			c.core.TokenFailed(now(), flight, errors.New("it gave more than 1048576 characters"))
		default:
			c.core.Token(now(), flight, value.String())
		}
	})
}
