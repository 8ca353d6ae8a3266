//go:build js && wasm

package main

import (
	"syscall/js"

	"acschat/chatcore"
)

// bare carries exchanges out in a page without the loader.
type bare struct {
	controllers map[int]js.Value // AbortControllers of the fetches under way
	response    js.Value         // at hand
}

func newBare() *bare {
	return &bare{controllers: map[int]js.Value{}}
}

// begin has the response and its text in one promise, so that Go is entered once for both. The init object is made anew
// each time: a wrapper of fetch may read it later.
func (b *bare) begin(key int, fetch js.Value, r chatcore.Request) {
	controller := abortController.New()
	b.controllers[key] = controller
	init := parse.Invoke(r.FetchInit())
	init.Set("signal", controller.Get("signal"))
	if fetch.IsUndefined() {
		fetch = get(js.Global(), nameFetch) // now, since a page may replace it at any time
	}
	response := then.Invoke(resolved, bind.Invoke(fetch, undefined, r.URL, init))
	text := then.Invoke(then.Invoke(response, textOf), undefined, arrayOf)
	both := all.Invoke(arrayOf.Invoke(response, text))
	then.Invoke(both, onAnswer.with(key), onNoAnswer.with(key))
}

func (b *bare) abort(key int) {
	abort(b.controllers[key])
	delete(b.controllers, key)
}

func (b *bare) header(name string) js.Value { return callOf(get(b.response, "headers"), "get", name) }

var onAnswer, onNoAnswer *callback

func init() {
	// onAnswer is given the key and [response, text], or in place of the text [what its reading rejected with].
	onAnswer = guard(func(args []js.Value) any {
		b, key := network.(*bare), args[0].Int()
		delete(b.controllers, key)
		b.response = args[1].Index(0)
		var status int
		err := try(func() {
			if v := get(b.response, nameStatus); kindOf(v) == "number" {
				status = v.Int()
			}
		})
		switch body := args[1].Index(1); {
		case err != nil:
			unanswered(key, err.(thrown).value)
		case body.Type() != js.TypeString:
			answered(key, status, "", thrown{body.Index(0)})
		case object.Invoke(body).Length() > chatcore.MaxResponseBytes:
			answered(key, status, "", chatcore.ErrTooLong)
		default:
			answered(key, status, body.String(), nil)
		}
		b.response = js.Undefined()
		return nil
	})
	// onNoAnswer is given the key and what fetch rejected with.
	onNoAnswer = guard(func(args []js.Value) any {
		delete(network.(*bare).controllers, args[0].Int())
		unanswered(args[0].Int(), args[1])
		return nil
	})
}
