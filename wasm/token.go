//go:build js && wasm

package main

import (
	"errors"
	"syscall/js"

	"acschat/chatcore"
)

// tokenFlight is the question to the token callback under way, if any. It belongs to the client, not to a call.
type tokenFlight struct {
	number     int
	controller js.Value
}

var onToken, onNoToken *callback

func init() {
	// onToken is given the flight's number and what the callback gave.
	onToken = resume(func(c *client, _ *call, args []js.Value) {
		if kind := kindOf(args[1]); kind != "string" {
			c.core.TokenFailed(now(), args[0].Int(), errors.New("it gave "+kind+", not a string"))
			return
		}
		if lengthOf(args[1]) > maxLength {
			c.core.TokenFailed(now(), args[0].Int(), errors.New("it gave more than 1048576 characters"))
			return
		}
		c.core.Token(now(), args[0].Int(), args[1].String())
	})

	// onNoToken is given the flight's number and what the callback threw or rejected with.
	onNoToken = resume(func(c *client, _ *call, args []js.Value) {
		c.core.TokenFailed(now(), args[0].Int(), thrown{args[1]})
	})
}

// begin asks the callback for a token, from a microtask.
func (f *tokenFlight) begin(c *client, step *chatcore.Step) {
	f.endUnless(step.Flight)
	f.number, f.controller = step.Flight, abortController.New()
	context := object.New()
	context.Set("forceRefresh", step.ForceRefresh)
	context.Set("signal", f.controller.Get("signal"))
	token := then.Invoke(resolved, bind.Invoke(c.page[optionToken], undefined, context))
	then.Invoke(token, onToken.with(c.id, 0, step.Flight), onNoToken.with(c.id, 0, step.Flight))
}

// endUnless tells the callback, through its signal, that its answer is no longer wanted, unless it is the one of the
// given number that is still waited for.
func (f *tokenFlight) endUnless(number int) {
	if f.number != 0 && f.number != number {
		abort(f.controller)
		*f = tokenFlight{}
	}
}
