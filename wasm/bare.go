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

// begin makes one promise of the response and its text, so that Go is entered once for both. The init object is made anew
// each time: a wrapper of fetch may read it later.
func (b *bare) begin(key, _ int, fetch js.Value, r chatcore.Request) {
	var both js.Value
	err := try(func() {
		controller := abortController.New()
		b.controllers[key] = controller
		init := parse.Invoke(r.FetchInit())
		init.Set("signal", controller.Get("signal"))
		if r.Body == "" {
			init.Set("body", undefined) // of its own, rather than one that it inherits
		}
		if fetch.IsUndefined() {
			fetch = get(js.Global(), nameFetch) // now, since a page may replace it at any time
		}
		response := then.Invoke(resolved, bind.Invoke(fetch, undefined, r.URL, init))
		text := then.Invoke(then.Invoke(response, textOf), undefined, arrayOf)
		both = all.Invoke(arrayOf.Invoke(response, text))
	})
	if err != nil {
		both = reject.Invoke(err.(thrown).value)
	}
	then.Invoke(both, onAnswer.with(key), onNoAnswer.with(key))
}

func (b *bare) abort(key int) {
	if controller := b.controllers[key]; !controller.IsUndefined() {
		abort(controller)
		delete(b.controllers, key)
	}
}

func (b *bare) header(name string) js.Value { return callOf(get(b.response, "headers"), "get", name) }

// answer takes a response and its text, or in place of the text [what its reading rejected with].
func (b *bare) answer(key int, response, text js.Value) {
	b.response = response
	var status int
	err := try(func() {
		if v := get(response, nameStatus); kindOf(v) == "number" {
			status = v.Int()
		}
	})
	switch {
	case err != nil:
		unanswered(key, err.(thrown).value)
	case text.Type() != js.TypeString:
		answered(key, status, "", thrown{text.Index(0)})
	case lengthOf(text) > chatcore.MaxResponseBytes:
		answered(key, status, "", chatcore.ErrTooLong)
	default:
		answered(key, status, text.String(), nil)
	}
	b.response = js.Undefined()
}

var onAnswer, onNoAnswer *callback

func init() {
	// onAnswer is given the key, and what answer takes as an array.
	onAnswer = guard(func(args []js.Value) any {
		b, key := network.(*bare), args[0].Int()
		delete(b.controllers, key)
		if x, ok := exchanges[key]; ok {
			x.call.client.contain(x.call, func() { b.answer(key, args[1].Index(0), args[1].Index(1)) })
		}
		return nil
	})
	// onNoAnswer is given the key and what fetch rejected with.
	onNoAnswer = guard(func(args []js.Value) any {
		delete(network.(*bare).controllers, args[0].Int())
		unanswered(args[0].Int(), args[1])
		return nil
	})
}
