//go:build js && wasm

package main

import (
	"syscall/js"

	"acschat/chatcore"
)

// The page's built-ins that the bridge uses. They are bound once, at the start: pages replace them later (tests replace the clock, zone.js
// replaces Promise), and calling a bound function is several times cheaper than finding a method by its name. Only fetch is looked up
// for each call.
var (
	jsObject, jsPromise, jsString, document              js.Value // document is undefined in a worker
	parseJSON, promiseReject, reflectGet, queueMicrotask js.Value
	performanceNow, dateNow, mathRandom, getRandomValues js.Value
	promiseWithResolvers                                 js.Value // undefined in browsers from before 2024
	requestLock                                          js.Value // undefined in an old browser and in an insecure page
	functionBind, promiseThen                            js.Value // these take the object as the first argument
	undefined                                            any      = js.Undefined()
)

// builtIn is a property that bindBuiltIns looks up: of a global object, or of its prototype.
type builtIn struct {
	target      *js.Value
	owner, name string
	form        builtInForm
}

type builtInForm int

const (
	plain  builtInForm = iota // the property's value
	bound                     // a function, bound to its owner
	method                    // a function of the owner's prototype, which takes the object as the first argument
)

var builtIns = [...]builtIn{
	{&jsObject, "globalThis", "Object", plain}, {&jsPromise, "globalThis", "Promise", plain}, {&document, "globalThis", "document", plain},
	{&jsString, "globalThis", "String", plain}, {&queueMicrotask, "globalThis", "queueMicrotask", bound}, {&parseJSON, "JSON", "parse", bound},
	{&promiseReject, "Promise", "reject", bound}, {&promiseWithResolvers, "Promise", "withResolvers", bound}, {&promiseThen, "Promise", "then", method},
	{&reflectGet, "Reflect", "get", bound}, {&functionBind, "Function", "bind", method}, {&getRandomValues, "crypto", "getRandomValues", bound},
	{&performanceNow, "performance", "now", bound}, {&dateNow, "Date", "now", bound}, {&mathRandom, "Math", "random", bound},
}

// bindBuiltIns looks up built-ins. One that the browser lacks is undefined.
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
			*b.target = value
		case b.form == bound:
			*b.target = value.Call("bind", owner)
		default:
			*b.target = call.Call("bind", value)
		}
	}
}

// get reads a property of one of the page's objects. If that throws, get panics, and the panic can be recovered. After an exception in
// js.Value.Get or js.Value.Call it cannot.
func get(object js.Value, name any) js.Value { return reflectGet.Invoke(object, name) }

// typeOf names the type of any value. js.Value.Type panics for a BigInt, the only type that it does not know.
func typeOf(v js.Value) (name string) {
	defer func() {
		if recover() != nil {
			name = "bigint"
		}
	}()
	return v.Type().String()
}

// stringLength returns the length of a string without copying it.
func stringLength(text js.Value) int { return jsObject.Invoke(text).Length() }

// now reads the page's monotonic clock. It adds 1 ms, because 0 is no valid chatcore.Instant.
func now() chatcore.Instant {
	lastNow = chatcore.Instant(performanceNow.Invoke().Float()) + 1
	return lastNow
}

var lastNow chatcore.Instant // what now returned last

// unixMs returns the time of day, in milliseconds since 1970.
func unixMs() int64 { return int64(dateNow.Invoke().Float()) }

// randomUint32 returns a random number that is not for secrets.
func randomUint32() uint32 { return uint32(mathRandom.Invoke().Float() * (1 << 32)) }

// newUUID returns a version 4 UUID (RFC 9562).
func newUUID() string { return chatcore.UUIDv4(randomBytes()) }

// newToken returns an idempotency token: a version 7 UUID, which begins with the time.
func newToken() string { return chatcore.UUIDv7(randomBytes(), unixMs()) }

// newSendToken returns an idempotency token, and notes that this program has made it just now.
func newSendToken() string {
	token := newToken()
	sends.Made(token, now(), unixMs())
	return token
}

var (
	randomWords js.Value // a Uint32Array of random numbers, which one call of Web Crypto fills
	unusedWords int      // how many of them, from the first, are not used
)

// randomBytes returns bytes from Web Crypto. It reads number by number, because js.CopyBytesToGo needs the page's present Uint8Array.
func randomBytes() (b [16]byte) {
	if unusedWords == 0 {
		unusedWords = getRandomValues.Invoke(randomWords).Length()
	}
	for i := 0; i < len(b); i += 4 {
		unusedWords--
		number := randomWords.Index(unusedWords).Int()
		b[i], b[i+1], b[i+2], b[i+3] = byte(number), byte(number>>8), byte(number>>16), byte(number>>24)
	}
	return b
}

// callback is a Go function that JavaScript calls: run or, if JavaScript needs a result, call. The js.Func is made once, when it is first needed.
type callback struct {
	run    func(args []js.Value)
	call   func(args []js.Value) any
	jsFunc js.Func
}

// function returns the callback as a JavaScript function. A panic would end the program for good, so the function recovers it and
// returns a rejected promise.
func (c *callback) function() js.Func {
	if c.jsFunc.IsUndefined() {
		c.jsFunc = js.FuncOf(func(_ js.Value, args []js.Value) (result any) {
			defer func() {
				if r := recover(); r != nil {
					result = promiseReject.Invoke(newChatError(panicError(r)))
				}
			}()
			if c.call != nil {
				return c.call(args)
			}
			c.run(args)
			return nil
		})
	}
	return c.jsFunc
}

// bind returns the function with its first arguments bound.
func (c *callback) bind(args ...any) js.Value {
	return functionBind.Invoke(append([]any{c.function(), undefined}, args...)...)
}
