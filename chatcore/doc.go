// Package chatcore is the client of the Azure Communication Services (ACS) Chat service without its input and output.
//
// It has two layers. The Build and Parse functions turn a request of the REST API into a [Request] and a [Response]
// into a result; they stand alone. Above them a [Client] makes a [Call] of each operation: a state machine that says
// what it needs next (a token, an exchange of a request for a response, time) and is told what happened. The Call
// decides; a driver waits, reads clocks and opens connections. There are two drivers: package wasm, in a browser,
// and package chathttp, over net/http.
//
// The package does no I/O, starts no goroutine, reads no clock and draws no random number. It imports next to nothing,
// because it is compiled into a download: no fmt, no encoding/json, no net/url, no time.
package chatcore
