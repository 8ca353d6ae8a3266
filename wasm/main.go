//go:build js && wasm

// Command wasm is the bridge between a page and package chatcore: it gives JavaScript the createClient function, and
// drives the calls of its clients with the page's own Promise, fetch, timers and AbortSignal. It decides nothing
// about chat.
//
// The loader, chat.js, hands over its ChatError class in an object under a symbol of globalThis and finds createClient
// there once the program runs. Without a loader the program publishes globalThis.acsChat = { createClient, ChatError,
// version }.
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

// start makes all that the bridge has of the page, but for callbacks, and publishes createClient.
//
//go:wasmexport acschat.start
func start() {
	bindHost()
	publish()
	followLifecycle()
}

// publish gives createClient to the loader, or to the page where there is none.
func publish() {
	published := get(js.Global(), js.Global().Get("Symbol").Call("for", loaderKey))
	if published.Type() == js.TypeObject {
		published.Set("version", chatcore.Version)
		chatError = published.Get("ChatError")
		loaded = newLoader(published)
		network = loaded
	} else {
		network = newBare()
		chatError = defineChatError()
		published = object.New()
		published.Set("version", chatcore.Version)
		published.Set("ChatError", chatError)
		js.Global().Set("acsChat", published)
	}
	published.Set("newIdempotencyToken", js.FuncOf(func(js.Value, []js.Value) (token any) {
		defer func() {
			if r := recover(); r != nil {
				token = newChatError(panicked(r)) // for the loader to throw
			}
		}()
		return newIdempotencyToken()
	}))
	published.Set("createClient", js.FuncOf(func(_ js.Value, args []js.Value) any {
		client, err := createClient(args)
		switch {
		case err != nil && loaded != nil:
			return newChatError(err) // for the loader to throw: Go cannot
		case err != nil:
			return rejectingClient(newChatError(err))
		case loaded != nil:
			return client.id
		}
		return client.object()
	}))
}
