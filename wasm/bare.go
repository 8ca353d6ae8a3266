//go:build js && wasm

package main

import (
	"syscall/js"

	"acschat/chatcore"
)

// Built-ins that only this host needs.
var (
	keys, getPrototypeOf, stringify, arrayOf, isArray, reflectApply, reflectSet, createObject, assign js.Value
	resolve, all, setTimeout, clearTimeout, matchNative                                               js.Value
	textOf, hasOwn, toSource, toISOString, toHref                                                     js.Value // take their object as the first argument
	abortController, domException, typeError, plainPrototype, asyncIterator                           js.Value
	resolved                                                                                          js.Value // a promise to hang microtasks on
	forgotten                                                                                         js.Value // a FinalizationRegistry of iterators; undefined in an old browser
)

var bareBuiltIns = [...]builtIn{
	{&keys, "Object", "keys", bound}, {&getPrototypeOf, "Object", "getPrototypeOf", bound}, {&createObject, "Object", "create", bound},
	{&assign, "Object", "assign", bound}, {&plainPrototype, "Object", "prototype", plain}, {&hasOwn, "Object", "hasOwnProperty", method},
	{&arrayOf, "Array", "of", bound}, {&isArray, "Array", "isArray", bound}, {&stringify, "JSON", "stringify", bound},
	{&reflectApply, "Reflect", "apply", bound}, {&reflectSet, "Reflect", "set", bound}, {&textOf, "Response", "text", method},
	{&resolve, "Promise", "resolve", bound}, {&all, "Promise", "all", bound}, {&asyncIterator, "Symbol", "asyncIterator", plain},
	{&toSource, "Function", "toString", method}, {&toISOString, "Date", "toISOString", method}, {&toHref, "URL", "toString", method},
	{&setTimeout, "globalThis", "setTimeout", bound}, {&clearTimeout, "globalThis", "clearTimeout", bound},
	{&abortController, "globalThis", "AbortController", plain}, {&domException, "globalThis", "DOMException", plain},
	{&typeError, "globalThis", "TypeError", plain}, {&forgotten, "globalThis", "FinalizationRegistry", plain},
}

func bindBare() {
	bindBuiltIns(bareBuiltIns[:])
	native := js.Global().Get("RegExp").New(`^function \w+\(\) \{\s+\[native code\]\s+\}$`)
	matchNative = native.Get("test").Call("bind", native)
	resolved = resolve.Invoke()
	if forgotten.Type() == js.TypeFunction {
		forgotten = forgotten.New(onForgotten.function())
	}
}

// callOf calls a method of an object that is not the bridge's own.
func callOf(object js.Value, method string, args ...any) js.Value {
	return reflectApply.Invoke(get(object, method), object, arrayOf.Invoke(args...))
}

// bare is the host in a page that has only wasm_exec.js and chat.wasm: everything goes through syscall/js.
type bare struct {
	promises         map[int]*barePromise // that are not settled
	made             int                  // promises so far, and the number of the last
	clients          map[int]js.Value     // their options, unless they are closed
	asking           map[int]js.Value     // AbortControllers of the token callbacks under way, by client
	timer            js.Value
	response, caught js.Value // at hand
}

// barePromise is a promise with what the page gave its call.
type barePromise struct {
	resolve, reject js.Value
	client          int
	options         js.Value
	controller      js.Value // of the fetch under way, for a step
	step            int
	listener        js.Value // on the signal
	iterator        js.Value // that gave the promise, which is not forgotten meanwhile
}

var bareHost = &bare{promises: map[int]*barePromise{}, clients: map[int]js.Value{}, asking: map[int]js.Value{}}

// keep makes a promise for a call.
func (b *bare) keep(client int, options js.Value) (promise js.Value, number int) {
	promise, resolve, reject := newPromise()
	b.made++
	b.promises[b.made] = &barePromise{resolve: resolve, reject: reject, client: client, options: options}
	return promise, b.made
}

// newPromise makes a promise. A browser without Promise.withResolvers, from before 2024, takes the longer way.
func newPromise() (made, resolve, reject js.Value) {
	if promiseWithResolvers.IsUndefined() {
		executor := js.FuncOf(func(_ js.Value, args []js.Value) any {
			resolve, reject = args[0], args[1]
			return nil
		})
		defer executor.Release() // the constructor calls it at once
		return promise.New(executor), resolve, reject
	}
	all := promiseWithResolvers.Invoke()
	return all.Get("promise"), all.Get("resolve"), all.Get("reject")
}

// take returns a promise that is to be settled, and forgets it.
func (b *bare) take(promise int) *barePromise {
	p := b.promises[promise]
	if p == nil { // settled already
		return &barePromise{resolve: resolve, reject: resolve}
	}
	b.stop(promise)
	delete(b.promises, promise)
	if !p.listener.IsUndefined() {
		_ = try(func() { callOf(p.options.Get("signal"), "removeEventListener", "abort", p.listener) })
	}
	return p
}

func (b *bare) fulfil(promise int, text string) {
	result := js.Undefined()
	if text != "" {
		result = parse.Invoke(text)
	}
	b.take(promise).resolve.Invoke(result)
}

func (b *bare) refuse(promise int, reason js.Value) { b.take(promise).reject.Invoke(reason) }

func (b *bare) refuseAborted(promise int) {
	reason := get(b.promises[promise].options.Get("signal"), "reason")
	if reason.IsUndefined() { // an old signal has none
		reason = domException.New("signal is aborted without reason", "AbortError")
	}
	b.refuse(promise, reason)
}

func (b *bare) listen(promise int) {
	p := b.promises[promise]
	if !p.listener.IsUndefined() { // of the page before, which had no items
		return
	}
	listener := onAbort.with(promise)
	callOf(p.options.Get("signal"), "addEventListener", "abort", listener)
	p.listener = listener
}

// option returns an option of a call, or else of its client.
func (b *bare) option(p *barePromise, name string) js.Value {
	if value := optionOf(p.options, name); !value.IsUndefined() {
		return value
	}
	return optionOf(b.clients[p.client], name)
}

func (b *bare) report(promise int, exchange string) {
	queueMicrotask.Invoke(bind.Invoke(b.option(b.promises[promise], "onExchange"), undefined, parse.Invoke(exchange)))
}

// begin makes one promise of the response and its text, so that Go is entered once for both. The init object is made anew
// each time: a wrapper of fetch may read it later.
func (b *bare) begin(promise, step int, _ bool, r chatcore.Request) {
	p := b.promises[promise]
	p.step = step
	var both js.Value
	err := try(func() {
		p.controller = abortController.New()
		json := r.FetchInit()
		json = json[:len(json)-1] + `,"signal":null` // properties of its own
		if r.Body == "" {
			json += `,"body":null`
		}
		init := parse.Invoke(json + "}")
		init.Set("signal", p.controller.Get("signal"))
		if r.Body == "" {
			init.Set("body", undefined)
		}
		fetch := b.option(p, "fetch")
		if fetch.IsUndefined() {
			fetch = get(js.Global(), "fetch") // now, since a page may replace it at any time
		}
		response := then.Invoke(resolved, bind.Invoke(fetch, undefined, r.URL, init))
		text := then.Invoke(then.Invoke(response, textOf), undefined, arrayOf)
		both = all.Invoke(arrayOf.Invoke(response, text))
	})
	if err != nil {
		both = reject.Invoke(err.(thrown).value)
	}
	then.Invoke(both, onAnswer.with(promise, step), onNoAnswer.with(promise, step))
}

func (b *bare) stop(promise int) {
	if p := b.promises[promise]; p != nil && p.step != 0 {
		p.step = 0
		abortSoon(p.controller)
	}
}

func (b *bare) header(name string) js.Value { return callOf(get(b.response, "headers"), "get", name) }

func (b *bare) thrown() js.Value { return b.caught }

func (b *bare) askToken(client, flight int, forceRefresh bool) {
	controller, context := abortController.New(), parse.Invoke(`{"forceRefresh":false,"signal":null}`)
	b.asking[client] = controller
	context.Set("forceRefresh", forceRefresh)
	context.Set("signal", controller.Get("signal"))
	token := then.Invoke(resolved, bind.Invoke(b.clients[client].Get("token"), undefined, context))
	then.Invoke(token, onToken.with(client, flight, false), onToken.with(client, flight, true))
}

func (b *bare) stopAsking(client int) {
	abortSoon(b.asking[client])
	delete(b.asking, client)
}

// abortSoon makes an AbortController abort from a microtask: the page may listen.
func abortSoon(controller js.Value) {
	queueMicrotask.Invoke(bind.Invoke(controller.Get("abort"), controller))
}

func (b *bare) arm(ms int) {
	b.disarm()
	b.timer = setTimeout.Invoke(onElapsed.function(), ms)
}

func (b *bare) disarm() { clearTimeout.Invoke(b.timer) }

func (b *bare) holdLock(js.Value, bool) {} // the locks of a program that ends are the page's to worry about

// ended tells of the end of an exchange, unless it is not waited for any more.
func (b *bare) ended(promise, step int, tell func(promise, step int)) {
	if p := b.promises[promise]; p != nil && p.step == step {
		p.step = 0
		calls[promise].client.run(calls[promise], func() { tell(promise, step) })
	}
}

func (b *bare) answer(promise, step int, response, text js.Value) {
	b.response = response
	var status int
	err := try(func() {
		if v := get(response, "status"); kindOf(v) == "number" {
			status = v.Int()
		}
	})
	switch {
	case err != nil:
		b.caught = err.(thrown).value
		unanswered(promise, step)
	case text.Type() != js.TypeString:
		answered(promise, step, status, "", thrown{text.Index(0)})
	case lengthOf(text) > chatcore.MaxResponseBytes:
		answered(promise, step, status, "", chatcore.ErrTooLong)
	default:
		answered(promise, step, status, text.String(), nil)
	}
	b.response = js.Undefined()
}

var onAbort, onAnswer, onNoAnswer, onToken, onElapsed *callback

func init() {
	onAbort = guard(func(args []js.Value) any {
		abort(args[0].Int(), errAborted)
		return nil
	})
	// onAnswer is given promise and step, and an array of the response and its text, or [what its reading rejected with].
	onAnswer = guard(func(args []js.Value) any {
		bareHost.ended(args[0].Int(), args[1].Int(), func(promise, step int) {
			bareHost.answer(promise, step, args[2].Index(0), args[2].Index(1))
		})
		return nil
	})
	// onNoAnswer is given promise and step, and what fetch rejected with.
	onNoAnswer = guard(func(args []js.Value) any {
		bareHost.caught = args[2]
		bareHost.ended(args[0].Int(), args[1].Int(), unanswered)
		return nil
	})
	// onToken is given the client, the flight, whether the callback failed, and what it gave.
	onToken = guard(func(args []js.Value) any {
		bareHost.caught = args[3]
		tokenGiven(args[0].Int(), args[1].Int(), args[2].Bool())
		bareHost.caught = js.Undefined() // which may be the token
		return nil
	})
	onElapsed = guard(func([]js.Value) any {
		elapsed()
		return nil
	})
}
