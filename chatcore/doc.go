// Package chatcore is a sans-I/O client of the Azure Communication Services (ACS) Chat service.
//
// It has two layers. The lower layer is the Build and Parse functions. A Build function turns the parameters of an operation
// into an HTTP [Request]; a Parse function turns the [Response] into a result. The upper layer is the [Client]. It represents
// each operation under way by a [Call], a state machine. A call says what it needs next (a token, a request to be sent, time to
// pass), and is told what happened. The call decides; a driver performs. There are two drivers: package wasm in a browser, and
// package chathttp over net/http.
//
// The package does no I/O, starts no goroutines, and has no clock and no source of random numbers. It is compiled into a
// download and therefore imports very little: not fmt, encoding/json, net/url or time.
package chatcore
