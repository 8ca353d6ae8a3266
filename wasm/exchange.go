//go:build js && wasm

package main

import (
	"syscall/js"

	"acschat/chatcore"
)

var onAnswer, onNoAnswer any

func init() {
	// onAnswer is given the step's number and [response, text].
	onAnswer = resume(func(_ *client, call *call, args []js.Value) {
		response := args[1].Index(0)
		call.exchange = js.Undefined()
		call.core.Response(now(), args[0].Int(), chatcore.Response{
			Status: get(response, "status").Int(),
			Header: func(name string) string {
				if value := get(response, "headers").Call("get", name); value.Type() == js.TypeString {
					return value.String()
				}
				return ""
			},
			Body: args[1].Index(1).String(),
		})
	})

	// onNoAnswer is given the step's number and what fetch, or the reading of the body, rejected with.
	onNoAnswer = resume(func(_ *client, call *call, args []js.Value) {
		call.exchange = js.Undefined()
		call.core.NetworkFailed(now(), args[0].Int(), thrown{args[1]})
	})
}

// send exchanges a request for a response and its text, in one promise, so that Go is entered once for both. The init
// object is made anew each time: a wrapper of fetch may read it later.
func (c *call) send(step *chatcore.Step) {
	c.exchange = abortController.New()
	init := parse.Invoke(step.Request.FetchInit())
	init.Set("signal", c.exchange.Get("signal"))
	fetch := c.option(optionFetch)
	if fetch.IsUndefined() {
		fetch = get(js.Global(), "fetch") // now, since a page may replace it at any time
	}
	response := then.Invoke(resolved, bind.Invoke(fetch, undefined, step.Request.URL, init))
	both := all.Invoke(arrayOf.Invoke(response, then.Invoke(response, textOf)))
	hang(both, onAnswer, onNoAnswer, c.client.id, c.core.ID(), step.Number)
}

// stopExchange aborts the fetch under way, if there is one.
func (c *call) stopExchange() {
	if !c.exchange.IsUndefined() {
		abort(c.exchange)
		c.exchange = js.Undefined()
	}
}
