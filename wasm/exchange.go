//go:build js && wasm

package main

import (
	"errors"
	"syscall/js"

	"acschat/chatcore"
)

var onAnswer, onNoAnswer any

func init() {
	// onAnswer is given the step's number and [response, text], or in place of the text [what its reading rejected with].
	onAnswer = resume(func(_ *client, call *call, args []js.Value) {
		response := args[1].Index(0)
		call.exchange = js.Undefined()
		var status int
		err := try(func() {
			if v := get(response, nameStatus); kindOf(v) == "number" {
				status = v.Int()
			}
		})
		if err == nil && status == 0 { // as Response.error() has it
			err = errors.New("fetch gave a response without a status")
		}
		if err != nil {
			call.core.NetworkFailed(now(), args[0].Int(), err)
			return
		}
		var text string
		switch body := args[1].Index(1); {
		case body.Type() != js.TypeString:
			err = thrown{body.Index(0)}
		case object.Invoke(body).Length() > chatcore.MaxResponseBytes: // before a copy enlarges Go's memory for good
			err = errors.New("its answer is longer than 8 MiB")
		default:
			text = body.String()
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
			Body: text,
			Err:  err,
		})
	})

	// onNoAnswer is given the step's number and what fetch rejected with.
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
	text := then.Invoke(then.Invoke(response, textOf), undefined, arrayOf)
	both := all.Invoke(arrayOf.Invoke(response, text))
	hang(both, onAnswer, onNoAnswer, c.client.id, c.id, step.Number)
}

// stopExchange aborts the fetch under way, if there is one.
func (c *call) stopExchange() {
	if !c.exchange.IsUndefined() {
		abort(c.exchange)
		c.exchange = js.Undefined()
	}
}
