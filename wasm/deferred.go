//go:build js && wasm

package main

import (
	"runtime"
	"syscall/js"
)

// deferred is a promise with the functions that settle it, or one that the loader keeps, with its number.
type deferred struct {
	promise, resolve, reject js.Value
	number                   int
}

// fulfil resolves the promise to what a JSON text says, undefined for an empty one.
func (d deferred) fulfil(text string) {
	switch {
	case d.number != 0:
		loaded.resolvePromise.Invoke(d.number, address(text), len(text))
		runtime.KeepAlive(text)
	case text == "":
		d.resolve.Invoke()
	default:
		d.resolve.Invoke(parse.Invoke(text))
	}
}

// refuse rejects the promise.
func (d deferred) refuse(reason js.Value) {
	if d.number == 0 {
		d.reject.Invoke(reason)
	} else {
		loaded.rejectPromise.Invoke(d.number, reason)
	}
}

// refusePanic rejects the promise if the function that defers this panics.
func (d deferred) refusePanic() {
	if r := recover(); r != nil {
		d.refuse(newChatError(panicked(r)))
	}
}

// newDeferred makes a promise. A browser without Promise.withResolvers, from before 2024, takes the longer way.
func newDeferred() (d deferred) {
	if promiseWithResolvers.IsUndefined() {
		executor := js.FuncOf(func(_ js.Value, args []js.Value) any {
			d.resolve, d.reject = args[0], args[1]
			return nil
		})
		defer executor.Release() // the constructor calls it at once
		d.promise = promise.New(executor)
		return d
	}
	all := promiseWithResolvers.Invoke()
	return deferred{promise: all.Get("promise"), resolve: all.Get("resolve"), reject: all.Get("reject")}
}
