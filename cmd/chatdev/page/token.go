//go:build !js

package page

import (
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net"
	"net/http"
	"slices"
	"strings"

	"acschat/cmd/chatdev/forwarded"
	"acschat/cmd/chatdev/loopback"
)

// maxTokenRequest limits the body, in bytes. A request with the longest name is
// far shorter.
const maxTokenRequest = 1 << 10

// serveToken answers POST /token with a Grant for the user in the body, such as
// {"user": "jane"}. It is for development: whoever can reach it can act as any
// user. It keeps other web pages out in three ways: it sends no CORS headers, it
// requires a content type that forms cannot send, and it checks Origin and Host.
func (p *Page) serveToken(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cache-Control", "no-store")
	scheme, host := "http", r.Host
	if p.TrustProxy {
		scheme, host = forwarded.Origin(r)
	}
	// A page on a rebound name can send a proxy's headers itself, but not another Host.
	for _, name := range []string{r.Host, host} {
		if !p.trusts(name) {
			writeError(w, http.StatusForbidden, "Forbidden",
				fmt.Sprintf("there are no tokens for host %q: open the page as localhost, or start chatdev with that host in -host or -page", name))
			return
		}
	}
	if origin := r.Header.Get("Origin"); origin != "" && !strings.EqualFold(origin, scheme+"://"+host) {
		writeError(w, http.StatusForbidden, "Forbidden", fmt.Sprintf("there are no tokens for pages of %q: only this server's own page gets them, which is at %s://%s", origin, scheme, host))
		return
	}
	if r.Method != http.MethodPost {
		header.Set("Allow", http.MethodPost)
		writeError(w, http.StatusMethodNotAllowed, "MethodNotAllowed", "use POST to get a token")
		return
	}
	if mediaType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || mediaType != "application/json" {
		writeError(w, http.StatusUnsupportedMediaType, "UnsupportedMediaType", "send the user's name as application/json")
		return
	}
	var body struct {
		User string `json:"user"`
	}
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxTokenRequest))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&body); err != nil {
		writeError(w, http.StatusBadRequest, "BadRequest", `the body must be a JSON object such as {"user":"jane"}: `+err.Error())
		return
	}
	if err := CheckName(body.User); err != nil {
		writeError(w, http.StatusBadRequest, "BadRequest", err.Error())
		return
	}

	grant, err := p.users.Grant(r.Context(), body.User)
	switch {
	case errors.Is(err, errTooManyUsers):
		writeError(w, http.StatusTooManyRequests, "TooManyRequests", err.Error())
	case err != nil:
		writeError(w, http.StatusBadGateway, "BadGateway", "the resource issued no token: "+err.Error())
	default:
		if p.Endpoint != nil {
			grant.Endpoint = p.Endpoint(scheme, host)
		}
		writeJSON(w, http.StatusOK, grant)
	}
}

// trusts reports whether a Host header names this server. Checking Origin is not
// enough because of DNS rebinding: if an attacker's name resolves to this
// machine, the browser treats the attacker's page as same-origin.
func (p *Page) trusts(hostport string) bool {
	host := WithoutPort(hostport)
	return loopback.Is(host) ||
		slices.ContainsFunc(p.hosts, func(h string) bool { return h != "" && strings.EqualFold(h, host) })
}

// WithoutPort returns the name or the address in a Host header.
func WithoutPort(hostport string) string {
	if host, _, err := net.SplitHostPort(hostport); err == nil {
		return host
	}
	return strings.Trim(hostport, "[]")
}

func writeError(w http.ResponseWriter, status int, code, message string) {
	type detail struct {
		Code    string `json:"code"`
		Message string `json:"message"`
	}
	writeJSON(w, status, map[string]detail{"error": {Code: code, Message: message}})
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // fails only if the client has closed the connection
}
