//go:build !nohttp

package emulator

import (
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
)

var _ http.Handler = (*Emulator)(nil)

// ServeHTTP answers one request to the resource. An error is a status and the documented body
// {"error":{"code","message","target"}}, or the body that Options.ObservedErrors describes. To break a connection that cannot
// be hijacked, as with HTTP/2, a fault panics with http.ErrAbortHandler. ServeHTTP never panics otherwise.
//
// The build tag nohttp leaves this method out, and with it package net/http. Then programs use Serve.
func (em *Emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	em.Serve(httpResponseWriter{w}, newRequest(w, r))
}

func newRequest(w http.ResponseWriter, r *http.Request) *Request {
	return &Request{
		Method:     r.Method,
		Scheme:     scheme(r),
		Host:       r.Host,
		Target:     target(r),
		Header:     Header(r.Header),
		RemoteAddr: r.RemoteAddr, // empty if a program calls ServeHTTP itself
		Gone:       r.Context().Done(),
		ReadBody:   func() ([]byte, error) { return readBody(w, r) },
		Discard: func() {
			if r.Body != nil {
				_, _ = io.Copy(io.Discard, r.Body)
			}
		},
	}
}

func scheme(r *http.Request) string {
	if r.TLS != nil || r.URL.Scheme == "https" {
		return "https"
	}
	return "http"
}

// target returns the path and query of the request line, as the client has encoded them.
func target(r *http.Request) string {
	if strings.HasPrefix(r.RequestURI, "/") {
		return r.RequestURI
	}
	return r.URL.RequestURI() // a program calls ServeHTTP itself, or the request line has a whole URL
}

// readBody reads at most maxBodyBytes. If the body is larger, the server closes the connection after the response.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if r.Body == nil { // possible if a program calls ServeHTTP itself
		return nil, nil
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBodyBytes))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return nil, errBodyTooLarge
	}
	return body, err
}

// httpResponseWriter is a ResponseWriter that sends its response over net/http.
type httpResponseWriter struct{ w http.ResponseWriter }

func (h httpResponseWriter) Header() Header                    { return Header(h.w.Header()) }
func (h httpResponseWriter) WriteHeader(status int)            { h.w.WriteHeader(status) }
func (h httpResponseWriter) Write(p []byte) (n int, err error) { return h.w.Write(p) }

// Flush sends what has been written so far. If the writer cannot flush, the response is sent in one piece.
func (h httpResponseWriter) Flush() { _ = http.NewResponseController(h.w).Flush() }

// hijack takes the request's connection over from the server. If that is impossible, as with HTTP/2, it panics with
// http.ErrAbortHandler, which makes the server abort the request.
func (h httpResponseWriter) hijack() net.Conn {
	connection, _, err := http.NewResponseController(h.w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	return connection
}

func (h httpResponseWriter) Drop() { h.hijack().Close() }

// Reset resets the TCP connection. With TLS it does not send close_notify.
func (h httpResponseWriter) Reset() {
	connection := h.hijack()
	if secured, ok := connection.(interface{ NetConn() net.Conn }); ok {
		connection = secured.NetConn()
	}
	if tcp, ok := connection.(interface{ SetLinger(seconds int) error }); ok {
		_ = tcp.SetLinger(0) // fails only if the client has closed the connection already
	}
	connection.Close()
}
