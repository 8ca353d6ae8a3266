//go:build js && wasm

package main

import (
	"syscall/js"

	"acschat/chatcore"
)

// The functions that pages without chat.js call: createClient, the methods of a client, and those of lists and iterators. Their first
// arguments are bound to them, so that the browser's garbage collector frees what belongs to a client or a list.

// createClientFunc returns a client. If the options are bad, each call of the client rejects: Go cannot throw.
var createClientFunc = &callback{call: func(args []js.Value) any {
	a := readArguments([]js.Value{argument(args, 0)}, 0)
	id, err := newClient(a.arguments())
	failure := undefined
	if err != nil {
		failure = newChatError(err)
	} else {
		bareHost.clients[id] = a.options
	}
	client := parseJSON.Invoke(`{"wake":null,"close":null}`)
	for i, m := range chatcore.Methods {
		client.Set(m.Name, methodFunc.bind(id, i, failure))
	}
	client.Set("wake", wakeFunc.bind(id))
	client.Set("close", closeFunc.bind(id))
	return client
}}

// methodFunc has the arguments client ID, method, the error of bad options or undefined, and the page's arguments.
var methodFunc = &callback{call: func(args []js.Value) any {
	m := chatcore.Methods[args[1].Int()]
	a := readArguments(args[3:min(len(args), 4+m.OptionsIndex())], m.OptionsIndex())
	switch {
	case m.List:
		list := []any{args[0], args[1], args[2], a.options, a.attached, a.text, a.thrown}
		if m.Live {
			return newIterable("{}", append(list, "", false))
		}
		iterable := newIterable(`{"byPage":null}`, append(list, "", false))
		iterable.Set("byPage", byPageFunc.bind(list...))
		return iterable
	case !args[2].IsUndefined():
		return promiseReject.Invoke(args[2])
	}
	promise, promiseID := bareHost.addPromise(args[0].Int(), a.options)
	invoke(args[0].Int(), args[1].Int(), promiseID, a.arguments())
	return promise
}}

// wakeFunc has the argument client ID, and the page's. It never throws, whatever these are.
var wakeFunc = &callback{run: func(args []js.Value) {
	threadID, version := argument(args, 1), ""
	if typeOf(threadID) == "string" {
		_ = try(func() { version = jsString.Invoke(get(argument(args, 2), "version")).String() })
		wake(args[0].Int(), threadID.String(), version)
	}
}}

// closeFunc has the argument client ID.
var closeFunc = &callback{run: func(args []js.Value) {
	closeClient(args[0].Int())
	delete(bareHost.clients, args[0].Int())
}}

// byPageFunc has the first seven arguments of iterateFunc, and the page's settings.
var byPageFunc = &callback{call: func(args []js.Value) any {
	settings := readArguments([]js.Value{argument(args, 7)}, -1)
	if !settings.thrown.IsUndefined() {
		args[6] = settings.thrown
	}
	return newIterable("{}", []any{args[0], args[1], args[2], args[3], args[4], args[5], args[6], settings.text, true})
}}

// iterateFunc returns an iterator. It has the arguments client ID, method, the error of bad options or undefined; then from the list's
// arguments the options that are not data, their bits, the text and what reading them threw; then the text of the settings of byPage, and
// whether to go by page.
var iterateFunc = &callback{call: func(args []js.Value) any {
	iterator := parseJSON.Invoke(`{"next":null,"return":null}`) // parsing defines own properties: Set alone would call an inherited setter
	id := newIteration(args[0].Int(), args[1].Int(), args[8].Bool(), newArguments(args[7].String()+"\n"+args[5].String(), args[4].Int()))
	iterator.Set("next", nextFunc.bind(id, iterator, args[0], args[2], args[3], args[6]))
	iterator.Set("return", returnFunc.bind(id, iterator))
	reflectSet.Invoke(iterator, asyncIterator, functionBind.Invoke(jsObject, undefined, iterator))
	if !iteratorRegistry.IsUndefined() {
		iteratorRegistry.Call("register", iterator, id)
	}
	return iterator
}}

// nextFunc has the arguments iteration ID, iterator, client ID, the error of bad options or undefined, the options that are not data, and
// what reading the arguments threw.
var nextFunc = &callback{call: func(args []js.Value) any {
	if !args[3].IsUndefined() {
		return promiseReject.Invoke(args[3])
	}
	isAborted := isAborted(args[4])
	bareHost.passed = args[5]
	promise, promiseID := bareHost.addPromise(args[2].Int(), args[4])
	bareHost.promises[promiseID].iterator = args[1]
	next(args[0].Int(), promiseID, isAborted)
	return promise
}}

// returnFunc has the arguments iteration ID, iterator (so that it is not collected before), and the page's value.
var returnFunc = &callback{call: func(args []js.Value) any {
	leave(args[0].Int())
	result := parseJSON.Invoke(`{"value":null,"done":true}`)
	result.Set("value", argument(args, 2))
	return promiseResolve.Invoke(result)
}}

// onIteratorCollected has the argument iteration ID.
var onIteratorCollected = &callback{run: func(args []js.Value) { leave(args[0].Int()) }}

// argument returns an argument, or undefined if the page did not give it.
func argument(args []js.Value, i int) (v js.Value) {
	if i < len(args) {
		v = args[i]
	}
	return v
}

// newIterable returns an object made of JSON whose iterators come from iterateFunc.
func newIterable(json string, list []any) js.Value {
	iterable := parseJSON.Invoke(json)
	reflectSet.Invoke(iterable, asyncIterator, iterateFunc.bind(list...))
	return iterable
}

// defineChatError returns a subclass of Error for pages without chat.js. It is a function that works with new: Reflect.construct makes an
// Error with the prototype of the subclass.
func defineChatError() js.Value {
	errorClass := js.Global().Get("Error")
	construct := js.Global().Get("Reflect").Get("construct")
	var class js.Func
	class = js.FuncOf(func(_ js.Value, args []js.Value) any {
		instance := construct.Invoke(errorClass, arrayOf.Invoke(argument(args, 0), argument(args, 1)), class) // sets cause
		return objectAssign.Invoke(instance, argument(args, 1))
	})
	prototype := jsObject.Call("create", errorClass.Get("prototype"))
	prototype.Set("constructor", class)
	prototype.Set("name", "ChatError")
	class.Set("prototype", prototype)
	return class.Value
}
