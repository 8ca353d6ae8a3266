//go:build js && wasm

package main

import (
	"syscall/js"

	"acschat/chatcore"
)

// What the bridge uses of the page's built-ins. They are bound at the start, because pages replace them: their tests replace the
// clock for a while, and zone.js replaces Promise. Only fetch is looked up when it is called. To call a bound function is several
// times cheaper than to find a method by its name at every call.
var (
	object, promise, document                           js.Value // document is undefined in a worker
	parse, reject, reflectGet, stringOf, queueMicrotask js.Value
	monotonic, unix, random, getRandomValues            js.Value
	promiseWithResolvers                                js.Value // undefined in an old browser
	requestLock                                         js.Value // undefined in an insecure page, too
	bind, then                                          js.Value // take their object as the first argument
	undefined                                           any      = js.Undefined()
)

// builtIn is a value of the page's: a property of an owner.
type builtIn struct {
	to          *js.Value
	owner, name string
	form        builtInForm
}

type builtInForm int

const (
	plain  builtInForm = iota
	bound              // to its owner
	method             // of the owner's prototype, which takes its object as the first argument
)

var builtIns = [...]builtIn{
	{&object, "globalThis", "Object", plain}, {&promise, "globalThis", "Promise", plain}, {&document, "globalThis", "document", plain},
	{&stringOf, "globalThis", "String", plain}, {&queueMicrotask, "globalThis", "queueMicrotask", bound}, {&parse, "JSON", "parse", bound},
	{&reject, "Promise", "reject", bound}, {&promiseWithResolvers, "Promise", "withResolvers", bound}, {&then, "Promise", "then", method},
	{&reflectGet, "Reflect", "get", bound}, {&bind, "Function", "bind", method}, {&getRandomValues, "crypto", "getRandomValues", bound},
	{&monotonic, "performance", "now", bound}, {&unix, "Date", "now", bound}, {&random, "Math", "random", bound},
}

// bindBuiltIns looks them up. A browser may lack one, which is undefined then.
func bindBuiltIns(builtIns []builtIn) {
	call := js.Global().Get("Function").Get("prototype").Get("call")
	for _, b := range builtIns {
		owner := js.Global().Get(b.owner)
		if owner.IsUndefined() {
			continue
		}
		if b.form == method {
			owner = owner.Get("prototype")
		}
		value := owner.Get(b.name)
		switch {
		case value.Type() != js.TypeFunction || b.form == plain:
			*b.to = value
		case b.form == bound:
			*b.to = value.Call("bind", owner)
		default:
			*b.to = call.Call("bind", value)
		}
	}
}

// get reads a property of an object that is not the bridge's own. What throws in js.Value.Get, and in js.Value.Call where
// it looks for the method, gets past every recover; here it makes a panic, like every other exception.
func get(of js.Value, name any) js.Value { return reflectGet.Invoke(of, name) }

// kindOf names the type of a value that may be anything: js.Value.Type panics for a BigInt, the only one it does not know.
func kindOf(v js.Value) (kind string) {
	defer func() {
		if recover() != nil {
			kind = "bigint"
		}
	}()
	return v.Type().String()
}

// lengthOf returns the length of a string without copying it.
func lengthOf(text js.Value) int { return object.Invoke(text).Length() }

// now reads the page's clock, which begins at 0, where chatcore's must not.
func now() chatcore.Instant {
	lastNow = chatcore.Instant(monotonic.Invoke().Float()) + 1
	return lastNow
}

var lastNow chatcore.Instant // good enough where something was told just now

// unixMs reads the computer's clock, which may be set at any time.
func unixMs() int { return int(unix.Invoke().Float()) }

// randomUint32 is for what need not be secret.
func randomUint32() uint32 { return uint32(random.Invoke().Float() * (1 << 32)) }

// callback is a function for JavaScript, made once, when it is first handed over. What belongs to a call is bound to it, and
// the browser's garbage collector deals with that.
type callback struct {
	run  func(args []js.Value) any
	made js.Func
}

func (c *callback) function() js.Func {
	if c.made.IsUndefined() {
		c.made = js.FuncOf(func(_ js.Value, args []js.Value) any { return c.run(args) })
	}
	return c.made
}

// with returns the function with its first arguments bound.
func (c *callback) with(args ...any) js.Value {
	return bind.Invoke(append([]any{c.function(), undefined}, args...)...)
}

// guard makes a callback that no panic gets past: one that did would end the program for good. It answers with a rejected
// promise instead.
func guard(f func(args []js.Value) any) *callback {
	return &callback{run: func(args []js.Value) (result any) {
		defer func() {
			if r := recover(); r != nil {
				result = reject.Invoke(newChatError(panicked(r)))
			}
		}()
		return f(args)
	}}
}
