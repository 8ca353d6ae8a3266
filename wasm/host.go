//go:build js && wasm

package main

import (
	"syscall/js"

	"acschat/chatcore"
)

// host is what the bridge needs from the page. The package comment describes its two implementations. Data crosses as JSON text. The page's
// signals and functions stay with the host, which finds them by the ID of a promise or of a client. The host calls fetch, the token
// callback and onExchange in a microtask, never inside a Go frame.
type host interface {
	resolve(promiseID int, json string) // with undefined if json is empty
	reject(promiseID int, reason js.Value)
	rejectAborted(promiseID int)  // with the reason of the call's signal
	listenForAbort(promiseID int) // calls abort when the call's signal aborts
	reportExchange(promiseID int, json string)

	startFetch(promiseID, step int, isSend bool, request chatcore.Request) // calls responseReceived or fetchFailed later
	abortFetch(promiseID int)
	header(name string) js.Value // a header of the response that responseReceived was called for
	passedValue() js.Value       // what the page threw or what its token callback returned, for the function that the host calls

	requestToken(clientID, flight int, forceRefresh bool) // calls tokenSettled later
	abortTokenRequest(clientID int)

	setTimer(ms int) // calls timerFired; replaces the timer that was set before
	clearTimer()

	trackLock(release js.Value, isHeld bool) // the host calls release of every held Web Lock if the program ends
}

// currentHost is the host in use.
var currentHost host

// newArguments returns the arguments of a call from the text and the bits that a host made of them.
func newArguments(text string, attached int) chatcore.Arguments {
	return chatcore.Arguments{Text: text, Attached: chatcore.Attached(attached), Thrown: func() error { return thrown{currentHost.passedValue()} }}
}
