//go:build !js

package main

import (
	"log"
	"net/http"
	"time"
)

// logTraffic logs a line for every request that next answers: its method, path
// and status, and none of what may hold a secret. The status is 0 where next
// drops the connection, as the emulator does to simulate a fault.
func logTraffic(log *log.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		method, path, start := r.Method, r.URL.EscapedPath(), time.Now()
		recorder := &statusRecorder{ResponseWriter: w}
		defer func() { // deferred because a connection is dropped with a panic
			log.Printf("%s %s %d %s", method, path, recorder.status, time.Since(start).Round(10*time.Microsecond))
		}()
		next.ServeHTTP(recorder, r)
	})
}

// statusRecorder remembers the status of an answer.
type statusRecorder struct {
	http.ResponseWriter
	status int
}

func (s *statusRecorder) WriteHeader(status int) {
	s.status = status
	s.ResponseWriter.WriteHeader(status)
}

func (s *statusRecorder) Write(p []byte) (int, error) {
	if s.status == 0 {
		s.status = http.StatusOK
	}
	return s.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController reach what the server offers beyond
// http.ResponseWriter.
func (s *statusRecorder) Unwrap() http.ResponseWriter {
	return s.ResponseWriter
}
