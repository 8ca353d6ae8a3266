//go:build !js

// Package page serves the demo page: the static files of a directory, and a
// token route that gives them a user of the resource to act as. It needs no
// more than an identity client, so it works alike with the emulator, with a
// real resource and in tests.
package page

import "net/http"

// New returns the handler of the page. dir holds index.html and what the build
// puts beside it, unless another server has the page; users answers POST /token.
//
// The token route answers requests for localhost, names under it and loopback
// addresses, and for hosts: names or addresses without a port, such as the one that the
// server was told to listen on.
func New(dir string, users *Users, hosts ...string) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/token", tokenRoute{users: users, hosts: hosts})
	mux.Handle("/", files{dir: dir})
	return mux
}
