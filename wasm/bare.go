//go:build js && wasm

package main

import (
	"syscall/js"

	"acschat/chatcore"
)

// Built-ins that only this host uses.
var (
	objectKeys, getPrototypeOf, stringifyJSON, arrayOf, isArray, reflectApply, reflectSet, createObject, objectAssign js.Value
	promiseResolve, promiseAll, setTimeout, clearTimeout, matchesNative                                               js.Value
	abortController, domException, typeError, objectPrototype, asyncIterator                                          js.Value

	responseText, hasOwn, functionToString, toISOString, urlToString js.Value // these take the object as the first argument

	resolvedPromise  js.Value // its then queues a microtask
	iteratorRegistry js.Value // a FinalizationRegistry; undefined in an old browser
)

var bareBuiltIns = [...]builtIn{
	{&objectKeys, "Object", "keys", bound}, {&getPrototypeOf, "Object", "getPrototypeOf", bound}, {&createObject, "Object", "create", bound},
	{&objectAssign, "Object", "assign", bound}, {&objectPrototype, "Object", "prototype", plain}, {&hasOwn, "Object", "hasOwnProperty", method},
	{&arrayOf, "Array", "of", bound}, {&isArray, "Array", "isArray", bound}, {&stringifyJSON, "JSON", "stringify", bound},
	{&reflectApply, "Reflect", "apply", bound}, {&reflectSet, "Reflect", "set", bound}, {&responseText, "Response", "text", method},
	{&promiseResolve, "Promise", "resolve", bound}, {&promiseAll, "Promise", "all", bound}, {&asyncIterator, "Symbol", "asyncIterator", plain},
	{&functionToString, "Function", "toString", method}, {&toISOString, "Date", "toISOString", method}, {&urlToString, "URL", "toString", method},
	{&setTimeout, "globalThis", "setTimeout", bound}, {&clearTimeout, "globalThis", "clearTimeout", bound},
	{&abortController, "globalThis", "AbortController", plain}, {&domException, "globalThis", "DOMException", plain},
	{&typeError, "globalThis", "TypeError", plain}, {&iteratorRegistry, "globalThis", "FinalizationRegistry", plain},
}

func bindBare() {
	bindBuiltIns(bareBuiltIns[:])
	native := js.Global().Get("RegExp").New(`^function \w+\(\) \{\s+\[native code\]\s+\}$`)
	matchesNative = native.Get("test").Call("bind", native)
	resolvedPromise = promiseResolve.Invoke()
	if iteratorRegistry.Type() == js.TypeFunction {
		iteratorRegistry = iteratorRegistry.New(onIteratorCollected.function())
	}
}

// callOf calls a method of one of the page's objects.
func callOf(object js.Value, method string, args ...any) js.Value {
	return reflectApply.Invoke(get(object, method), object, arrayOf.Invoke(args...))
}

// bare is the host for pages that have only wasm_exec.js and chat.wasm. Everything crosses by package syscall/js.
type bare struct {
	promises         map[int]*barePromise // the promises that are not settled, by ID
	lastPromiseID    int
	clients          map[int]js.Value // the options of the clients that are not closed, by ID
	tokenControllers map[int]js.Value // the AbortControllers of the token callbacks in flight, by client ID
	timer            js.Value
	response, passed js.Value // what header and passedValue read
}

// barePromise is a promise, and what the page gave to its call.
type barePromise struct {
	resolve, reject js.Value
	clientID        int
	options         js.Value // the options that are not data, or undefined
	controller      js.Value // the AbortController of the fetch in flight
	step            int      // the step of that fetch, or 0
	listener        js.Value // the listener of the signal, or undefined
	iterator        js.Value // the iterator that returned the promise: it must not be collected before
}

var bareHost = &bare{promises: map[int]*barePromise{}, clients: map[int]js.Value{}, tokenControllers: map[int]js.Value{}}

// addPromise makes the promise of a call.
func (b *bare) addPromise(clientID int, options js.Value) (promise js.Value, id int) {
	promise, resolve, reject := newPromise()
	b.lastPromiseID++
	b.promises[b.lastPromiseID] = &barePromise{resolve: resolve, reject: reject, clientID: clientID, options: options}
	return promise, b.lastPromiseID
}

func newPromise() (promise, resolve, reject js.Value) {
	if promiseWithResolvers.IsUndefined() {
		executor := js.FuncOf(func(_ js.Value, args []js.Value) any {
			resolve, reject = args[0], args[1]
			return nil
		})
		defer executor.Release() // the constructor calls it at once
		return jsPromise.New(executor), resolve, reject
	}
	all := promiseWithResolvers.Invoke()
	return all.Get("promise"), all.Get("resolve"), all.Get("reject")
}

// removePromise removes and returns a promise, which the caller settles. For one that is settled already it returns one without effect.
func (b *bare) removePromise(id int) *barePromise {
	p := b.promises[id]
	if p == nil {
		return &barePromise{resolve: promiseResolve, reject: promiseResolve}
	}
	b.abortFetch(id)
	delete(b.promises, id)
	if !p.listener.IsUndefined() {
		_ = try(func() { callOf(p.options.Get("signal"), "removeEventListener", "abort", p.listener) })
	}
	return p
}

func (b *bare) resolve(promiseID int, json string) {
	result := js.Undefined()
	if json != "" {
		result = parseJSON.Invoke(json)
	}
	b.removePromise(promiseID).resolve.Invoke(result)
}

func (b *bare) reject(promiseID int, reason js.Value) {
	b.removePromise(promiseID).reject.Invoke(reason)
}

func (b *bare) rejectAborted(promiseID int) {
	reason := get(b.promises[promiseID].options.Get("signal"), "reason")
	if reason.IsUndefined() { // as in old browsers
		reason = domException.New("signal is aborted without reason", "AbortError")
	}
	b.reject(promiseID, reason)
}

func (b *bare) listenForAbort(promiseID int) {
	p := b.promises[promiseID]
	if !p.listener.IsUndefined() { // an empty page before this one added it
		return
	}
	listener := onAbort.bind(promiseID)
	callOf(p.options.Get("signal"), "addEventListener", "abort", listener)
	p.listener = listener
}

// option returns an option of a call. If the call does not set it, the client's counts.
func (b *bare) option(p *barePromise, name string) js.Value {
	if value := optionOf(p.options, name); !value.IsUndefined() {
		return value
	}
	return optionOf(b.clients[p.clientID], name)
}

func (b *bare) reportExchange(promiseID int, json string) {
	queueMicrotask.Invoke(functionBind.Invoke(b.option(b.promises[promiseID], "onExchange"), undefined, parseJSON.Invoke(json)))
}

// startFetch joins the promises of the response and of its text, so that JavaScript calls Go once for both. It makes a new init object
// for each fetch, because a wrapper of fetch may read it later.
func (b *bare) startFetch(promiseID, step int, _ bool, r chatcore.Request) {
	p := b.promises[promiseID]
	p.step = step
	var both js.Value
	err := try(func() {
		p.controller = abortController.New()
		json := fetchInit(r)
		init := parseJSON.Invoke(json[:len(json)-1] + `,"body":null,"signal":null}`) // own properties: Set alone would call an inherited setter
		init.Set("signal", p.controller.Get("signal"))
		init.Set("body", undefined)
		if r.Body != "" {
			init.Set("body", r.Body)
		}
		fetch := b.option(p, "fetch")
		if fetch.IsUndefined() {
			fetch = get(js.Global(), "fetch") // pages replace it at any time
		}
		response := promiseThen.Invoke(resolvedPromise, functionBind.Invoke(fetch, undefined, r.URL, init))
		text := promiseThen.Invoke(promiseThen.Invoke(response, responseText), undefined, arrayOf)
		both = promiseAll.Invoke(arrayOf.Invoke(response, text))
	})
	if err != nil {
		both = promiseReject.Invoke(err.(thrown).value)
	}
	promiseThen.Invoke(both, onResponse.bind(promiseID, step), onFetchFailed.bind(promiseID, step))
}

func (b *bare) abortFetch(promiseID int) {
	if p := b.promises[promiseID]; p != nil && p.step != 0 {
		p.step = 0
		abortSoon(p.controller)
	}
}

func (b *bare) header(name string) js.Value { return callOf(get(b.response, "headers"), "get", name) }

func (b *bare) passedValue() js.Value { return b.passed }

func (b *bare) requestToken(clientID, flight int, forceRefresh bool) {
	controller, context := abortController.New(), parseJSON.Invoke(`{"forceRefresh":false,"signal":null}`)
	b.tokenControllers[clientID] = controller
	context.Set("forceRefresh", forceRefresh)
	context.Set("signal", controller.Get("signal"))
	token := promiseThen.Invoke(resolvedPromise, functionBind.Invoke(b.clients[clientID].Get("token"), undefined, context))
	promiseThen.Invoke(token, onToken.bind(clientID, flight, false), onToken.bind(clientID, flight, true))
}

func (b *bare) abortTokenRequest(clientID int) {
	abortSoon(b.tokenControllers[clientID])
	delete(b.tokenControllers, clientID)
}

// abortSoon calls abort in a microtask, because that may call the page's listeners.
func abortSoon(controller js.Value) {
	queueMicrotask.Invoke(functionBind.Invoke(controller.Get("abort"), controller))
}

func (b *bare) setTimer(ms int) {
	b.clearTimer()
	b.timer = setTimeout.Invoke(onTimer.function(), ms)
}

func (b *bare) clearTimer() { clearTimeout.Invoke(b.timer) }

func (b *bare) trackLock(js.Value, bool) {} // without chat.js nobody notices that the program has ended

// fetchSettled calls settle, which tells the call about the outcome of its fetch, unless that fetch was aborted.
func (b *bare) fetchSettled(promiseID, step int, settle func(promiseID, step int)) {
	if p := b.promises[promiseID]; p != nil && p.step == step {
		p.step = 0
		calls[promiseID].client.run(calls[promiseID], func() { settle(promiseID, step) })
	}
}

func (b *bare) passResponse(promiseID, step int, response, text js.Value) {
	b.response = response
	var status int
	err := try(func() {
		if v := get(response, "status"); typeOf(v) == "number" {
			status = v.Int()
		}
	})
	switch {
	case err != nil:
		b.passed = err.(thrown).value
		fetchFailed(promiseID, step)
	case text.Type() != js.TypeString:
		responseReceived(promiseID, step, status, "", thrown{text.Index(0)})
	case stringLength(text) > chatcore.MaxResponseBytes:
		responseReceived(promiseID, step, status, "", chatcore.ErrTooLong)
	default:
		responseReceived(promiseID, step, status, text.String(), nil)
	}
	b.response = js.Undefined()
}

// onAbort has the argument promise ID.
var onAbort = &callback{run: func(args []js.Value) { abort(args[0].Int(), errAborted) }}

// onResponse has the arguments promise ID, step, and an array of the response and its text. If reading the text failed, the second item is an
// array of the reason.
var onResponse = &callback{run: func(args []js.Value) {
	bareHost.fetchSettled(args[0].Int(), args[1].Int(), func(promiseID, step int) {
		bareHost.passResponse(promiseID, step, args[2].Index(0), args[2].Index(1))
	})
}}

// onFetchFailed has the arguments promise ID, step, and the reason.
var onFetchFailed = &callback{run: func(args []js.Value) {
	bareHost.passed = args[2]
	bareHost.fetchSettled(args[0].Int(), args[1].Int(), fetchFailed)
}}

// onToken has the arguments client ID, flight, whether the token callback failed, and what it returned or threw.
var onToken = &callback{run: func(args []js.Value) {
	bareHost.passed = args[3]
	tokenSettled(args[0].Int(), args[1].Int(), args[2].Bool())
	bareHost.passed = js.Undefined() // it may be the token
}}

var onTimer = &callback{run: func([]js.Value) { timerFired() }}
