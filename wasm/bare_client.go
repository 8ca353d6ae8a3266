//go:build js && wasm

package main

import (
	"syscall/js"

	"acschat/chatcore"
)

// What pages without chat.js call: createClient, the methods of a client, and lists. Their functions are bound to what they are of.

var callCreate, callMethod, callClose, callByPage, callIterate, callNext, callReturn, onForgotten *callback

func init() {
	// A client that could not be made rejects each call: Go cannot throw.
	callCreate = guard(func(args []js.Value) any {
		g := read([]js.Value{argument(args, 0)}, 0)
		id, err := newClient(g.arguments())
		failure := undefined
		if err != nil {
			failure = newChatError(err)
		} else {
			bareHost.clients[id] = g.options
		}
		client := parse.Invoke(`{"close":null}`)
		for i, m := range chatcore.Methods {
			client.Set(m.Name, callMethod.with(id, i, failure))
		}
		client.Set("close", callClose.with(id))
		return client
	})
	// callMethod is given the client, the method, what every call fails with, if at all, and the page's arguments.
	callMethod = guard(func(args []js.Value) any {
		m := chatcore.Methods[args[1].Int()]
		g := read(args[3:min(len(args), 4+m.OptionsIndex())], m.OptionsIndex())
		switch {
		case m.List:
			list := []any{args[0], args[1], args[2], g.options, g.attached, g.text, g.caught}
			if m.Live {
				return newIterable("{}", append(list, "", false))
			}
			iterable := newIterable(`{"byPage":null}`, append(list, "", false))
			iterable.Set("byPage", callByPage.with(list...))
			return iterable
		case !args[2].IsUndefined():
			return reject.Invoke(args[2])
		}
		promise, number := bareHost.keep(args[0].Int(), g.options)
		invoke(args[0].Int(), args[1].Int(), number, g.arguments())
		return promise
	})
	callClose = guard(func(args []js.Value) any {
		closeClient(args[0].Int())
		delete(bareHost.clients, args[0].Int())
		return nil
	})
	// callByPage is given what the list is of, and the page's settings.
	callByPage = guard(func(args []js.Value) any {
		settings := read([]js.Value{argument(args, 7)}, -1)
		if !settings.caught.IsUndefined() {
			args[6] = settings.caught
		}
		return newIterable("{}", []any{args[0], args[1], args[2], args[3], args[4], args[5], args[6], settings.text, true})
	})
	// callIterate is given the client, the method, what every call fails with, if at all, the options that are attached, their bits, the
	// arguments and what reading them threw, the settings, and whether it is by page.
	callIterate = guard(func(args []js.Value) any {
		iterator := parse.Invoke(`{"next":null,"return":null}`) // properties of its own, which those that are set may not become
		number := iterate(args[0].Int(), args[1].Int(), args[8].Bool(), argumentsOf(args[7].String()+"\n"+args[5].String(), args[4].Int()))
		iterator.Set("next", callNext.with(number, iterator, args[0], args[2], args[3], args[6]))
		iterator.Set("return", callReturn.with(number, iterator))
		reflectSet.Invoke(iterator, asyncIterator, bind.Invoke(object, undefined, iterator))
		if !forgotten.IsUndefined() {
			forgotten.Call("register", iterator, number)
		}
		return iterator
	})
	// callNext is given the iteration and its iterator, the client, what it fails with, if at all, the options, and what was thrown.
	callNext = guard(func(args []js.Value) any {
		if !args[3].IsUndefined() {
			return reject.Invoke(args[3])
		}
		isAborted := isAborted(args[4])
		bareHost.caught = args[5]
		promise, number := bareHost.keep(args[2].Int(), args[4])
		bareHost.promises[number].iterator = args[1]
		next(args[0].Int(), number, isAborted)
		return promise
	})
	// callReturn is given the iteration, its iterator, and the value.
	callReturn = guard(func(args []js.Value) any {
		leave(args[0].Int())
		result := parse.Invoke(`{"value":null,"done":true}`)
		result.Set("value", argument(args, 2))
		return resolve.Invoke(result)
	})
	onForgotten = guard(func(args []js.Value) any {
		leave(args[0].Int())
		return nil
	})
}

func argument(args []js.Value, i int) (v js.Value) {
	if i < len(args) {
		v = args[i]
	}
	return v
}

// newIterable makes an object, which is JSON before, whose iterations callIterate begins.
func newIterable(json string, list []any) js.Value {
	iterable := parse.Invoke(json)
	reflectSet.Invoke(iterable, asyncIterator, callIterate.with(list...))
	return iterable
}

// defineChatError makes a subclass of Error for pages without chat.js. It is a function that new works with: Reflect.construct makes
// the Error with the prototype of the subclass.
func defineChatError() js.Value {
	errorClass := js.Global().Get("Error")
	construct := js.Global().Get("Reflect").Get("construct")
	var class js.Func
	class = js.FuncOf(func(_ js.Value, args []js.Value) any {
		instance := construct.Invoke(errorClass, arrayOf.Invoke(argument(args, 0), argument(args, 1)), class) // with the cause, if it has one
		return assign.Invoke(instance, argument(args, 1))
	})
	prototype := object.Call("create", errorClass.Get("prototype"))
	prototype.Set("constructor", class)
	prototype.Set("name", "ChatError")
	class.Set("prototype", prototype)
	return class.Value
}
