//go:build js && wasm

package main

import (
	"slices"
	"strings"

	"acschat/emulator"
)

// passesPreflight does what a browser does before it sends a page's request to another origin: it asks the service whether
// pages may send it. Requests to the service carry an access token, so all of them need a preflight. A browser keeps the answer
// for an hour, but a rule that makes the preflight fail is meant for the next call.
func passesPreflight(r *emulator.Request) bool {
	x := &preflight{header: emulator.Header{}}
	resource.Serve(x, &emulator.Request{
		Method: "OPTIONS", Scheme: r.Scheme, Host: r.Host, Target: r.Target,
		Header: emulator.Header{
			"Origin":                        r.Header.Values("Origin"),
			"Access-Control-Request-Method": {r.Method},
		},
	})
	methods := append(strings.Split(x.header.Get("Access-Control-Allow-Methods"), ", "), "HEAD")
	return x.header.Get("Access-Control-Allow-Origin") != "" && slices.Contains(methods, r.Method)
}

// preflight is the ResponseWriter of a preflight, of which only the headers matter.
type preflight struct{ header emulator.Header }

func (p *preflight) Header() emulator.Header        { return p.header }
func (p *preflight) WriteHeader(int)                {}
func (p *preflight) Write(body []byte) (int, error) { return len(body), nil }
func (p *preflight) Flush()                         {}
func (p *preflight) Drop()                          {}
func (p *preflight) Reset()                         {}
