//go:build !js

package main

import (
	"log"
	"net/http"
	"time"
)

// logTraffic logs one line per request: method, path, status and duration. It
// logs no query, headers or body, because they may contain secrets. The status
// is 0 if next drops the connection, as the emulator does for a fault.
func logTraffic(log *log.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		method, path, start := r.Method, r.URL.EscapedPath(), time.Now()
		recorder := &statusRecorder{ResponseWriter: w}
		defer func() { // deferred, because next may panic to drop the connection
			log.Printf("%s %s %d %s", method, path, recorder.status, time.Since(start).Round(10*time.Microsecond))
		}()
		next.ServeHTTP(recorder, r)
	})
}

// statusRecorder remembers the status of a response.
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

// Unwrap gives http.ResponseController access to the server's own writer.
func (s *statusRecorder) Unwrap() http.ResponseWriter {
	return s.ResponseWriter
}
