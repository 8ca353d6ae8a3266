//go:build js && wasm

package main

import "syscall/js"

// deferred is a promise with the functions that settle it.
type deferred struct{ promise, resolve, reject js.Value }

// newDeferred makes a promise. A browser without Promise.withResolvers, from before 2024, takes the longer way.
func newDeferred() (d deferred) {
	if promiseWithResolvers.IsUndefined() {
		executor := js.FuncOf(func(_ js.Value, args []js.Value) any {
			d.resolve, d.reject = args[0], args[1]
			return nil
		})
		defer executor.Release() // the constructor calls it at once
		d.promise = js.Global().Get("Promise").New(executor)
		return d
	}
	all := promiseWithResolvers.Invoke()
	return deferred{all.Get("promise"), all.Get("resolve"), all.Get("reject")}
}
