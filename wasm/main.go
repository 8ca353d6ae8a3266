//go:build js && wasm

// Command wasm is the bridge between a page and package chatcore. It gives JavaScript the function createClient, and drives
// the calls of its clients with the page's Promise, fetch, timers and AbortSignal. Package chatcore decides everything about
// chat.
//
// The interface host is all that the bridge needs of the page. Data passes through it as text. Numbers of calls and clients
// stand for the page's signals and functions. There are two hosts:
//
//   - With chat.js, type loader: chat.js makes the promise of each call, and chat.js calls fetch. Both cost less there. chat.js
//     leaves an object under a symbol of globalThis while the program starts. Text crosses in the program's memory. Signals,
//     functions and iterators stay in JavaScript.
//   - Without chat.js, type bare: the page has only wasm_exec.js, chat.wasm and three lines of script. Go makes the promise of
//     each call, and Go calls fetch. Everything crosses by package syscall/js. The program publishes
//     globalThis.acsChat = { createClient, newIdempotencyToken, ChatError, version }.
//
// Everything else is written once, and the tests run on both hosts.
//
// Rules that the code keeps to:
//   - Nothing blocks and no goroutine is started: everything happens inside callbacks from JavaScript.
//   - Functions for JavaScript are made once, except by newPromise in old browsers. The arguments of one call are bound to
//     them, and the browser's garbage collector frees these.
//   - Nothing of JavaScript's is touched before start.
//   - The page's own functions (fetch, the token callback, onExchange) run from a microtask, never inside a Go frame.
package main

import (
	"syscall/js"

	"acschat/chatcore"
)

// loaderKey names the property of globalThis that the loader sets while the program starts.
const loaderKey = "acschat.loader"

// startsLater is not empty if main must not start the bridge: then postlink takes a snapshot of the waiting program, and a page goes on
// from there with acschat.start.
var startsLater string

func main() {
	if startsLater == "" {
		start()
	}
	select {}
}

// start makes all that the bridge has of the page, and publishes createClient.
//
//go:wasmexport acschat.start
func start() {
	bindBuiltIns(builtIns[:])
	drawn = js.Global().Get("Uint32Array").New(256)
	_ = try(func() {
		if locks := get(get(js.Global(), "navigator"), "locks"); locks.Type() == js.TypeObject {
			requestLock = locks.Get("request").Call("bind", locks)
		}
	})
	publish()
	followLifecycle()
}

// publish gives createClient to chat.js or, without it, to the page.
func publish() {
	if border := get(js.Global(), js.Global().Get("Symbol").Call("for", loaderKey)); border.Type() == js.TypeObject {
		chatError = border.Get("ChatError")
		current = newLoader(border)
		publishTo(border)
		return
	}
	bindBare()
	chatError = defineChatError()
	current = bareHost
	acsChat := object.New()
	acsChat.Set("ChatError", chatError)
	acsChat.Set("createClient", callCreate.function())
	publishTo(acsChat)
	js.Global().Set("acsChat", acsChat)
}

func publishTo(object js.Value) {
	object.Set("version", chatcore.Version)
	object.Set("newIdempotencyToken", js.FuncOf(func(js.Value, []js.Value) (token any) {
		defer func() {
			if r := recover(); r != nil {
				token = newChatError(panicked(r)) // for chat.js to throw: Go cannot
			}
		}()
		return newIdempotencyToken()
	}))
}
