//go:build js && wasm

// Command wasm is the bridge between a page and package chatcore: it gives JavaScript the createClient function, and
// drives the calls of its clients with the page's own Promise, fetch, timers and AbortSignal. It decides nothing
// about chat.
//
// There are two forms. With chat.js, which leaves an object under a symbol of globalThis while the program starts, chat.js makes
// the promises and calls fetch, since both are cheaper there. In a page that has only wasm_exec.js and chat.wasm the program does
// all of that itself, and publishes globalThis.acsChat = { createClient, newIdempotencyToken, ChatError, version }. What the
// bridge needs of either is the interface host; all else is the same.
//
// Rules that the code keeps to:
//   - Nothing blocks and no goroutine is started: everything happens inside callbacks from JavaScript.
//   - Functions given to JavaScript are made once. What belongs to a call is bound to them by numbers, which the browser's
//     garbage collector deals with.
//   - Nothing of JavaScript's is touched before start.
//   - The page's own functions (fetch, the token callback, onExchange) run from a microtask, never inside a Go frame.
package main

import (
	"syscall/js"

	"acschat/chatcore"
)

// loaderKey names the property of globalThis that the loader sets while the program starts.
const loaderKey = "acschat.loader"

// startsLater is not empty where main is not to start: the build has it wait before, and postlink a page begin there.
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
