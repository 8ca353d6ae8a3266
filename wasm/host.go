//go:build js && wasm

package main

import (
	"syscall/js"

	"acschat/chatcore"
)

// What the bridge uses of the page's JavaScript.
var (
	assign               = native{owner: "Object", name: "assign"}
	create               = native{owner: "Object", name: "create"}
	keys                 = native{owner: "Object", name: "keys"}
	parse                = native{owner: "JSON", name: "parse"}
	stringify            = native{owner: "JSON", name: "stringify"}
	arrayOf              = native{owner: "Array", name: "of"}
	isArray              = native{owner: "Array", name: "isArray"}
	reflectGet           = native{owner: "Reflect", name: "get"}
	reflectApply         = native{owner: "Reflect", name: "apply"}
	reflectSet           = native{owner: "Reflect", name: "set"}
	resolve              = native{owner: "Promise", name: "resolve"}
	reject               = native{owner: "Promise", name: "reject"}
	all                  = native{owner: "Promise", name: "all"}
	promiseWithResolvers = native{owner: "Promise", name: "withResolvers"} // not in an old browser
	structuredClone      = native{owner: "globalThis", name: "structuredClone"}
	queueMicrotask       = native{owner: "globalThis", name: "queueMicrotask"}
	setTimeout           = native{owner: "globalThis", name: "setTimeout"}
	clearTimeout         = native{owner: "globalThis", name: "clearTimeout"}
	monotonic            = native{owner: "performance", name: "now"}
	unix                 = native{owner: "Date", name: "now"}
	random               = native{owner: "Math", name: "random"}

	bind   = native{owner: "Function", name: "bind", isMethod: true}
	then   = native{owner: "Promise", name: "then", isMethod: true}
	textOf = native{owner: "Response", name: "text", isMethod: true}

	object js.Value // Object itself

	// undefined is boxed once, for the many arguments that it is.
	undefined any = js.Undefined()
)

// bindHost binds what the bridge must have from before the page's tests replace it: timers and clocks.
func bindHost() {
	object = js.Global().Get("Object")
	for _, n := range []*native{&queueMicrotask, &setTimeout, &clearTimeout, &monotonic, &unix} {
		n.function()
	}
}

// get reads a property of an object that is not the bridge's own. What throws in js.Value.Get, and in js.Value.Call where
// it looks for the method, gets past every recover; here it makes a panic, like every other exception.
func get(of js.Value, name any) js.Value { return reflectGet.Invoke(of, name) }

// callOf calls a method of such an object.
func callOf(object js.Value, method string, args ...any) js.Value {
	return reflectApply.Invoke(get(object, method), object, arrayOf.Invoke(args...))
}

// kindOf names the type of a value that may be anything: js.Value.Type panics for some, such as a BigInt.
func kindOf(v js.Value) (kind string) {
	defer func() {
		if recover() != nil {
			kind = "a value of an unknown type"
		}
	}()
	return v.Type().String()
}

// returning makes a function that returns an object.
func returning(v js.Value) js.Value { return bind.Invoke(object, undefined, v) }

// abort has an AbortController abort, from a microtask: the page may listen.
func abort(controller js.Value) {
	queueMicrotask.Invoke(bind.Invoke(controller.Get("abort"), controller))
}

// now reads the page's clock, which begins at 0, where chatcore's must not.
func now() chatcore.Instant { return chatcore.Instant(monotonic.Invoke().Float()) + 1 }

// unixMs reads the computer's clock, which may be set at any time.
func unixMs() int { return int(unix.Invoke().Float()) }

// randomUint32 is for what need not be secret.
func randomUint32() uint32 { return uint32(random.Invoke().Float() * (1 << 32)) }
