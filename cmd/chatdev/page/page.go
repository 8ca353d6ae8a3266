//go:build !js

// Package page serves the demo page: the files of a directory, and a token route
// from which the page gets a token for a user. It needs only an identity client,
// so it works with the emulator and with a real resource.
package page

import "net/http"

// New returns a handler that serves the files of dir and answers POST /token with
// tokens of users. If another server has the page, dir may lack index.html.
//
// The token route refuses requests whose Host header is none of these: localhost,
// a name under it, a loopback address, or one of hosts. hosts are names or
// addresses without a port, such as the one that the server listens on.
func New(dir string, users *Users, hosts ...string) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/token", tokenRoute{users: users, hosts: hosts})
	mux.Handle("/", files{dir: dir})
	return mux
}
