//go:build js && wasm

package main

import (
	"errors"
	"syscall/js"

	"acschat/chatcore"
)

var onAnswer, onNoAnswer any

func init() {
	// onAnswer is given the step's number and [response, text].
	onAnswer = resume(func(_ *client, call *call, args []js.Value) {
		response := args[1].Index(0)
		call.exchange = js.Undefined()
		var status int
		err := try(func() {
			if v := get(response, nameStatus); kindOf(v) == "number" {
				status = v.Int()
			}
		})
		body := args[1].Index(1)
		switch {
		case err != nil:
		case status == 0: // as Response.error() has it
			err = errors.New("fetch gave a response without a status")
		case object.Invoke(body).Length() > chatcore.MaxResponseBytes: // before a copy enlarges Go's memory for good
			err = errors.New("its answer is longer than 8 MiB")
		}
		if err != nil {
			call.core.NetworkFailed(now(), args[0].Int(), err)
			return
		}
		call.core.Response(now(), args[0].Int(), chatcore.Response{
			Status: status,
			Header: func(name string) (value string) {
				_ = try(func() {
					if v := callOf(get(response, "headers"), "get", name); v.Type() == js.TypeString {
						value = v.String()
					}
				})
				return value
			},
			Body: body.String(),
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
		fetch = get(js.Global(), nameFetch) // now, since a page may replace it at any time
	}
	response := then.Invoke(resolved, bind.Invoke(fetch, undefined, step.Request.URL, init))
	both := all.Invoke(arrayOf.Invoke(response, then.Invoke(response, textOf)))
	hang(both, onAnswer, onNoAnswer, c.client.id, c.id, step.Number)
}

// stopExchange aborts the fetch under way, if there is one.
func (c *call) stopExchange() {
	if !c.exchange.IsUndefined() {
		abort(c.exchange)
		c.exchange = js.Undefined()
	}
}
