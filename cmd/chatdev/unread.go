//go:build !js

package main

import (
	"net/http"
	"time"
)

// endUnread ends an answer when its client takes longer than limit to read a
// piece of it. It is no http.Server.WriteTimeout: next may wait between two
// pieces, or before the first, for any time.
func endUnread(limit time.Duration, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := &timedAnswer{w, http.NewResponseController(w), limit}
		defer answer.begin() // what is buffered is sent after next; then the server takes the limit back
		next.ServeHTTP(answer, r)
	})
}

type timedAnswer struct {
	http.ResponseWriter
	controller *http.ResponseController
	limit      time.Duration
}

// begin puts the limit in force. It fails only where the connection is no
// longer the server's.
func (a *timedAnswer) begin() { _ = a.controller.SetWriteDeadline(time.Now().Add(a.limit)) }

func (a *timedAnswer) end() { _ = a.controller.SetWriteDeadline(time.Time{}) }

func (a *timedAnswer) Write(p []byte) (int, error) {
	a.begin()
	defer a.end()
	return a.ResponseWriter.Write(p)
}

func (a *timedAnswer) FlushError() error {
	a.begin()
	defer a.end()
	return a.controller.Flush()
}

// Unwrap lets http.ResponseController reach what the server offers beyond
// http.ResponseWriter.
func (a *timedAnswer) Unwrap() http.ResponseWriter { return a.ResponseWriter }
