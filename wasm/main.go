//go:build js && wasm

// Command wasm is the bridge between a web page and package chatcore. It gives JavaScript the function createClient, and does what the
// calls of a client need: promises, fetch, timers and AbortSignals. Package chatcore decides everything about chat.
//
// The interface host lists what the bridge needs from the page. There are two implementations:
//
//   - Type loader, for pages that use chat.js: chat.js makes the promises and calls fetch. Both cost less in JavaScript than in Go.
//     While the program starts, chat.js sets a property of globalThis whose key is a symbol, and the program finds chat.js there.
//   - Type bare, for pages that have only wasm_exec.js, chat.wasm and three lines of script: Go makes the promises and calls fetch,
//     through package syscall/js. The program sets globalThis.acsChat = { createClient, newIdempotencyToken, ChatError, version }.
//
// All other code is the same for both hosts, and the tests run on both.
//
// The code follows these rules:
//   - Nothing blocks and no goroutine is started: all code runs in callbacks from JavaScript.
//   - A js.Func is made once and kept, except by newPromise in old browsers. Arguments of a call are bound to it. The browser's garbage
//     collector frees the bound function.
//   - The program uses nothing of JavaScript before start, because the build takes a snapshot of its memory there.
//   - The page's own functions (fetch, the token callback, onExchange) run in a microtask, never inside a Go frame.
package main

import (
	"syscall/js"

	"acschat/chatcore"
)

// loaderKey is the description of the symbol under which chat.js waits in globalThis while the program starts.
const loaderKey = "acschat.loader"

// startsLater is not empty if the build sets it: then main does not call start. The build takes a snapshot of the waiting program, and
// pages begin with that snapshot and call the export acschat.start.
var startsLater string

func main() {
	if startsLater == "" {
		start()
	}
	select {}
}

// start binds the page's built-ins and publishes createClient.
//
//go:wasmexport acschat.start
func start() {
	bindBuiltIns(builtIns[:])
	randomWords = js.Global().Get("Uint32Array").New(256)
	_ = try(func() {
		if locks := get(get(js.Global(), "navigator"), "locks"); locks.Type() == js.TypeObject {
			requestLock = locks.Get("request").Call("bind", locks)
		}
	})
	publish()
	followPageLifecycle()
}

// publish gives createClient to chat.js or, without chat.js, to the page.
func publish() {
	if border := get(js.Global(), js.Global().Get("Symbol").Call("for", loaderKey)); border.Type() == js.TypeObject {
		chatError = border.Get("ChatError")
		currentHost = newLoader(border)
		publishTo(border)
		return
	}
	bindBare()
	chatError = defineChatError()
	currentHost = bareHost
	acsChat := jsObject.New()
	acsChat.Set("ChatError", chatError)
	acsChat.Set("createClient", createClientFunc.function())
	publishTo(acsChat)
	js.Global().Set("acsChat", acsChat)
}

func publishTo(object js.Value) {
	object.Set("version", chatcore.Version)
	object.Set("newIdempotencyToken", js.FuncOf(func(js.Value, []js.Value) (result any) {
		defer func() {
			if r := recover(); r != nil {
				result = newChatError(panicError(r)) // chat.js throws it: Go cannot throw
			}
		}()
		return newSendToken()
	}))
}
