//go:build js && wasm

package main

import (
	"syscall/js"

	"acschat/chatcore"
)

// A list is an object that can be iterated over any number of times, item by item or, by its byPage, page by page. What
// an iteration knows is in a JavaScript object of its own, so that one that is abandoned leaves nothing behind here.

var (
	callByPage, callIterate, callNext, callReturn, callRejectingList *callback
	onTurn, onPage, onNoPage                                         *callback
)

func init() {
	// callByPage is given the list's call, and the page's settings.
	callByPage = guard(func(args []js.Value) any { return byPage(args[0], argument(args, 1)) })
	// callIterate is given the list's call, whether it is by page, where it begins, and what it fails with, if at all.
	callIterate = guard(func(args []js.Value) any { return newIteration(args[0], args[1].Bool(), args[2], args[3]) })
	callNext = guard(func(args []js.Value) any { return iteration{args[0]}.next() })
	callReturn = guard(func(args []js.Value) any { return iteration{args[0]}.end(argument(args, 1)) })
	onTurn = guard(func(args []js.Value) any { return iteration{args[0]}.advance() })
	onPage = guard(func(args []js.Value) any { return iteration{args[0]}.turn(args[1]) })
	onNoPage = guard(func(args []js.Value) any { return iteration{args[0]}.fail(args[1]) })
	callRejectingList = guard(func(args []js.Value) any { return rejectingList(args[0]) })
}

// newList makes the list that a method returns. Its call is an array of invokeMethod's arguments.
func newList(m chatcore.Method, args []js.Value) js.Value {
	values := make([]any, len(args))
	for i, v := range args {
		values[i] = v
	}
	call := arrayOf.Invoke(values...)
	list := newIterable(call, false, "", undefined)
	if !m.Live {
		list.Set("byPage", callByPage.with(call))
	}
	return list
}

func newIterable(call js.Value, byPage bool, nextLink, failure any) js.Value {
	iterable := object.New()
	reflectSet.Invoke(iterable, asyncIterator, callIterate.with(call, byPage, nextLink, failure))
	return iterable
}

// byPage returns the pages of a list, from the one that the settings name. What is wrong with them, an iteration tells.
func byPage(call, settings js.Value) js.Value {
	var nextLink, failure = "", undefined
	if !settings.IsUndefined() {
		var err error
		if nextLink, err = readNextLink(chatcore.Methods[call.Index(1).Int()].Name, settings); err != nil {
			failure = newChatError(err)
		}
	}
	return newIterable(call, true, nextLink, failure)
}

// readNextLink reads the settings of byPage: an object with nextLink or nothing in it.
func readNextLink(operation string, settings js.Value) (nextLink string, err error) {
	what, problem := "byPage", ""
	thrown := try(func() {
		if kind := kindOf(settings); kind != "object" {
			problem = "takes an object, not " + kind
			return
		}
		for names, i := keys.Invoke(settings), 0; i < names.Length(); i++ {
			name := names.Index(i).String()
			value := get(settings, name)
			if kind := kindOf(value); name != "nextLink" {
				what, problem = "byPage."+name, "is not a known field: only nextLink is"
			} else if kind == "string" && lengthOf(value) > maxLength {
				what, problem = "nextLink", problemTooLong
			} else if kind == "string" {
				nextLink = value.String()
			} else if kind != "undefined" {
				what, problem = "nextLink", "must be a string, not "+kind
			}
		}
	})
	if thrown != nil {
		problem = "cannot be read: " + thrown.Error()
	}
	if problem != "" {
		return "", chatcore.NewInvalidArgument(operation, what, problem, thrown)
	}
	return nextLink, nil
}

// rejectingList makes a list of a client whose every method rejects.
func rejectingList(rejecting js.Value) js.Value {
	iterator := object.New()
	iterator.Set("next", rejecting)
	list := object.New()
	reflectSet.Invoke(list, asyncIterator, returning(iterator))
	list.Set("byPage", returning(list))
	return list
}
