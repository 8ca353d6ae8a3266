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
		b := bareHost
		g := b.read([]js.Value{argument(args, 0)}, 0)
		id, err := newClient(argumentsOf(g.text, g.attached))
		failure := undefined
		if err != nil {
			failure = newChatError(err)
		}
		if err == nil {
			b.clients[id] = g.options
		}
		client := object.New()
		for i, m := range chatcore.Methods {
			client.Set(m.Name, callMethod.with(id, i, failure))
		}
		client.Set("close", callClose.with(id))
		return client
	})
	// callMethod is given the client, the method, what every call fails with, if at all, and the page's arguments.
	callMethod = guard(func(args []js.Value) any {
		b, m := bareHost, chatcore.Methods[args[1].Int()]
		g := b.read(args[3:], m.OptionsAt())
		switch {
		case m.List:
			return newList(m, args, g)
		case !args[2].IsUndefined():
			return reject.Invoke(args[2])
		}
		promise, number := b.keep(args[0].Int(), g.options)
		invoke(args[0].Int(), args[1].Int(), number, argumentsOf(g.text, g.attached))
		return promise
	})
	callClose = guard(func(args []js.Value) any {
		closeClient(args[0].Int())
		delete(bareHost.clients, args[0].Int())
		return nil
	})
	// callByPage is given the list and the page's settings.
	callByPage = guard(func(args []js.Value) any {
		return newIterable(args[0], bareHost.read([]js.Value{argument(args, 1)}, -1).text, true)
	})
	// callIterate is given the list, the settings as text, and whether it is by page.
	callIterate = guard(func(args []js.Value) any {
		list, iterator := args[0], object.New()
		number := iterate(list.Get("client").Int(), list.Get("method").Int(), args[2].Bool(), argumentsOf(args[1].String()+"\n"+list.Get("text").String(), list.Get("attached").Int()))
		iterator.Set("next", callNext.with(list, number, iterator))
		iterator.Set("return", callReturn.with(number, iterator))
		reflectSet.Invoke(iterator, asyncIterator, bind.Invoke(object, undefined, iterator))
		if !forgotten.IsUndefined() {
			forgotten.Call("register", iterator, number)
		}
		return iterator
	})
	// callNext is given the list, the iteration, and its iterator, which lives as long as this.
	callNext = guard(func(args []js.Value) any {
		b, list := bareHost, args[0]
		if failure := list.Get("failure"); !failure.IsUndefined() {
			return reject.Invoke(failure)
		}
		b.caught = list.Get("caught")
		options := list.Get("options")
		promise, number := b.keep(list.Get("client").Int(), options)
		b.promises[number].iterator = args[2]
		next(args[1].Int(), number, isAborted(options))
		return promise
	})
	// callReturn is given the iteration, its iterator, and the value.
	callReturn = guard(func(args []js.Value) any {
		leave(args[0].Int())
		result := parse.Invoke(`{"value":null,"done":true}`) // properties of its own, which those that are set may not become
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

// newList makes a list. What it is of is in an object that inherits nothing.
func newList(m chatcore.Method, args []js.Value, g *given) js.Value {
	list := createObject.Invoke(js.Null())
	for i, name := range []string{"client", "method", "failure"} {
		list.Set(name, args[i])
	}
	list.Set("text", g.text)
	list.Set("attached", g.attached)
	list.Set("caught", bareHost.caught)
	list.Set("options", g.options)
	iterable := newIterable(list, "", false)
	if !m.Live {
		iterable.Set("byPage", callByPage.with(list))
	}
	return iterable
}

func newIterable(list js.Value, settings string, byPage bool) js.Value {
	iterable := object.New()
	reflectSet.Invoke(iterable, asyncIterator, callIterate.with(list, settings, byPage))
	return iterable
}

// defineChatError makes a subclass of Error for pages without the loader. The function is one that new can be used
// with, and its result is an Error made by Error itself, but for its prototype.
func defineChatError() js.Value {
	errorClass := js.Global().Get("Error")
	construct := js.Global().Get("Reflect").Get("construct")
	var class js.Func
	class = js.FuncOf(func(_ js.Value, args []js.Value) any {
		instance := construct.Invoke(errorClass, arrayOf.Invoke(argument(args, 0)), class)
		return assign.Invoke(instance, argument(args, 1))
	})
	prototype := object.Call("create", errorClass.Get("prototype"))
	prototype.Set("constructor", class)
	prototype.Set("name", "ChatError")
	class.Set("prototype", prototype)
	return class.Value
}
