//go:build !js

// Package page serves the demo page: the files of a directory, and a token route
// from which the page gets a token for a user. It needs only an identity client,
// so it works with the emulator and with a real resource.
package page

import "net/http"

// Page is an http.Handler. Set its fields before it serves.
type Page struct {
	// TrustProxy believes the headers in which a reverse proxy says what URL the
	// client has used, as package forwarded reads them.
	TrustProxy bool
	// Endpoint returns the endpoint for a page with this scheme and host, which
	// may have a port. Nil means that all pages get the endpoint of Users.
	Endpoint func(scheme, host string) string
	// Emulator answers the page's requests to the control endpoints of the emulator
	// beside it. It must check where they come from, as package emulator does. Nil
	// means that there is no emulator.
	Emulator http.Handler

	users *Users
	hosts []string
	mux   *http.ServeMux
}

// New returns a handler that serves the files of dir and answers POST /token with
// tokens of users. If another server has the page, dir may lack index.html.
//
// The token route refuses requests whose Host header is none of these: localhost,
// a name under it, a loopback address, or one of hosts. hosts are names or
// addresses without a port, such as the one that the server listens on.
func New(dir string, users *Users, hosts ...string) *Page {
	p := &Page{users: users, hosts: hosts, mux: http.NewServeMux()}
	p.mux.HandleFunc("/token", p.serveToken)
	p.mux.HandleFunc("/emulator/", p.serveControl)
	p.mux.Handle("/", files{dir: dir})
	return p
}

func (p *Page) serveControl(w http.ResponseWriter, r *http.Request) {
	if p.Emulator == nil {
		http.NotFound(w, r)
		return
	}
	p.Emulator.ServeHTTP(w, r)
}

func (p *Page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mux.ServeHTTP(w, r)
}
