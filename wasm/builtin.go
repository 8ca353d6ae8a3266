//go:build js && wasm

package main

import (
	"syscall/js"

	"acschat/chatcore"
)

// What the bridge uses of the page's built-ins, bound once: calling a bound function is several times cheaper than
// finding a method by its name at every call. It is bound at the start, because pages replace built-ins: their tests replace
// the clock for a while, and zone.js replaces Promise. Only fetch is looked up when it is called.
var (
	assign, createObject, keys, parse, stringify js.Value
	arrayOf, isArray                             js.Value
	reflectGet, reflectApply, reflectSet         js.Value
	resolve, reject, all                         js.Value
	promiseWithResolvers                         js.Value // likewise
	requestLock                                  js.Value // likewise, and in an insecure page
	queueMicrotask, setTimeout, clearTimeout     js.Value
	monotonic, unix, random, getRandomValues     js.Value
	stringOf, getPrototypeOf, matchNative        js.Value
	abandoned                                    js.Value // a FinalizationRegistry of iterators, undefined in an old browser

	// Methods that take their object as the first argument.
	bind, then, textOf, hasOwn, toSource, toISOString, toHref js.Value

	object, promise, abortController, domException, typeError js.Value
	asyncIterator, plainPrototype                             js.Value
	document                                                  js.Value // undefined in a worker

	// resolved is a promise to hang microtasks on.
	resolved js.Value

	// undefined is boxed once, for the many arguments that it is.
	undefined any = js.Undefined()

	nameFetch, nameStatus any // made into JavaScript strings once
)

func bindBuiltIns() {
	object, promise, document = js.Global().Get("Object"), js.Global().Get("Promise"), js.Global().Get("document")
	abortController, domException = js.Global().Get("AbortController"), js.Global().Get("DOMException")
	typeError, plainPrototype = js.Global().Get("TypeError"), object.Get("prototype")
	drawn = js.Global().Get("Uint32Array").New(256)
	asyncIterator = js.Global().Get("Symbol").Get("asyncIterator")
	nameFetch, nameStatus = js.ValueOf("fetch"), js.ValueOf("status")
	for _, f := range []struct {
		function    *js.Value
		owner, name string
	}{
		{&assign, "Object", "assign"},
		{&createObject, "Object", "create"},
		{&keys, "Object", "keys"},
		{&getPrototypeOf, "Object", "getPrototypeOf"},
		{&parse, "JSON", "parse"},
		{&stringify, "JSON", "stringify"},
		{&arrayOf, "Array", "of"},
		{&isArray, "Array", "isArray"},
		{&reflectGet, "Reflect", "get"},
		{&reflectApply, "Reflect", "apply"},
		{&reflectSet, "Reflect", "set"},
		{&resolve, "Promise", "resolve"},
		{&reject, "Promise", "reject"},
		{&all, "Promise", "all"},
		{&promiseWithResolvers, "Promise", "withResolvers"},
		{&queueMicrotask, "globalThis", "queueMicrotask"},
		{&setTimeout, "globalThis", "setTimeout"},
		{&clearTimeout, "globalThis", "clearTimeout"},
		{&monotonic, "performance", "now"},
		{&unix, "Date", "now"},
		{&random, "Math", "random"},
		{&getRandomValues, "crypto", "getRandomValues"},
		{&stringOf, "globalThis", "String"},
	} {
		owner := js.Global().Get(f.owner)
		if method := owner.Get(f.name); method.Type() == js.TypeFunction { // an old browser may lack one
			*f.function = method.Call("bind", owner)
		}
	}
	call := js.Global().Get("Function").Get("prototype").Get("call")
	for _, f := range []struct {
		function    *js.Value
		class, name string
	}{
		{&bind, "Function", "bind"},
		{&then, "Promise", "then"},
		{&textOf, "Response", "text"},
		{&hasOwn, "Object", "hasOwnProperty"},
		{&toSource, "Function", "toString"},
		{&toISOString, "Date", "toISOString"},
		{&toHref, "URL", "toString"},
	} {
		*f.function = call.Call("bind", js.Global().Get(f.class).Get("prototype").Get(f.name))
	}
	native := js.Global().Get("RegExp").New(`^function \w+\(\) \{\s+\[native code\]\s+\}$`)
	matchNative = native.Get("test").Call("bind", native)
	if registry := js.Global().Get("FinalizationRegistry"); registry.Type() == js.TypeFunction {
		abandoned = registry.New(onAbandoned.function())
	}
	resolved = resolve.Invoke()
	_ = try(func() {
		if locks := get(get(js.Global(), "navigator"), "locks"); locks.Type() == js.TypeObject {
			requestLock = locks.Get("request").Call("bind", locks)
		}
	})
}

// get reads a property of an object that is not the bridge's own. What throws in js.Value.Get, and in js.Value.Call where
// it looks for the method, gets past every recover; here it makes a panic, like every other exception.
func get(of js.Value, name any) js.Value { return reflectGet.Invoke(of, name) }

// callOf calls a method of such an object.
func callOf(object js.Value, method string, args ...any) js.Value {
	return reflectApply.Invoke(get(object, method), object, arrayOf.Invoke(args...))
}

// own returns a copy of an object that has no properties but its own.
func own(object js.Value) js.Value { return assign.Invoke(createObject.Invoke(js.Null()), object) }

// kindOf names the type of a value that may be anything: js.Value.Type panics for some, such as a BigInt.
func kindOf(v js.Value) (kind string) {
	defer func() {
		if recover() != nil {
			kind = "bigint" // the only one that it does not know
		}
	}()
	return v.Type().String()
}

// lengthOf returns the length of a string without copying it.
func lengthOf(text js.Value) int { return object.Invoke(text).Length() }

// now reads the page's clock, which begins at 0, where chatcore's must not.
func now() chatcore.Instant { return chatcore.Instant(monotonic.Invoke().Float()) + 1 }

// unixMs reads the computer's clock, which may be set at any time.
func unixMs() int { return int(unix.Invoke().Float()) }

// randomUint32 is for what need not be secret.
func randomUint32() uint32 { return uint32(random.Invoke().Float() * (1 << 32)) }
