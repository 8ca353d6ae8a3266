//go:build !js

package main

import (
	"net/http"
	"time"
)

// withWriteTimeout breaks off a response if writing one piece of it takes longer
// than limit, because the client does not read. Unlike http.Server.WriteTimeout
// it does not count the time that next takes before a piece.
func withWriteTimeout(limit time.Duration, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		timed := &timedResponse{w, http.NewResponseController(w), limit}
		defer timed.startTimer() // the server sends its buffer after next, and then clears the deadline itself
		next.ServeHTTP(timed, r)
	})
}

type timedResponse struct {
	http.ResponseWriter
	controller *http.ResponseController
	limit      time.Duration
}

// startTimer sets the deadline for the next piece. It fails only if a handler
// has taken over the connection, which needs no deadline.
func (t *timedResponse) startTimer() { _ = t.controller.SetWriteDeadline(time.Now().Add(t.limit)) }

func (t *timedResponse) stopTimer() { _ = t.controller.SetWriteDeadline(time.Time{}) }

func (t *timedResponse) Write(p []byte) (int, error) {
	t.startTimer()
	defer t.stopTimer()
	return t.ResponseWriter.Write(p)
}

func (t *timedResponse) FlushError() error {
	t.startTimer()
	defer t.stopTimer()
	return t.controller.Flush()
}

// Unwrap gives http.ResponseController access to the server's own writer.
func (t *timedResponse) Unwrap() http.ResponseWriter { return t.ResponseWriter }
