//go:build js && wasm

package main

import (
	"syscall/js"

	"acschat/chatcore"
)

// host is what the bridge needs of the page. There are two: the loader's, where chat.js does the work, and the page's own, by
// syscall/js alone. Data crosses as text. A client, and a call by the number of its promise, stand for what is not data: the
// page's signals and functions. The host calls fetch, the token callback and onExchange from a microtask, never inside a Go frame.
type host interface {
	fulfil(promise int, text string) // with what the JSON text says, undefined for an empty one
	refuse(promise int, reason js.Value)
	refuseAborted(promise int) // with the reason of the page's signal
	listen(promise int)        // to the page's signal, for abort
	report(promise int, exchange string)

	// begin begins an exchange for a step of a call, and tells answered or unanswered of its end.
	begin(promise, step int, isSend bool, request chatcore.Request)
	stop(promise int)            // aborts the exchange
	header(name string) js.Value // of the response that answered is told of
	thrown() js.Value            // what the page threw, or its token callback gave

	askToken(client, flight int, forceRefresh bool) // tells tokenGiven
	stopAsking(client int)

	arm(ms int) // calls elapsed after so long, in place of what was armed before
	disarm()

	holdLock(release js.Value, isHeld bool) // a Web Lock, to be given back if the program ends
}

// current is the host in use.
var current host

// argumentsOf returns arguments as a host gives them.
func argumentsOf(text string, attached int) chatcore.Arguments {
	return chatcore.Arguments{Text: text, Attached: chatcore.Attached(attached), Thrown: func() error { return thrown{current.thrown()} }}
}
