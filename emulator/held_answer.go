package emulator

import (
	"bytes"
	"net/http"
	"strconv"
	"time"
)

// tricklePieces is the number of pieces in which a body is sent.
const tricklePieces = 4

// heldAnswer buffers a response, so that it can be sent in pieces or cut off.
type heldAnswer struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (h *heldAnswer) WriteHeader(status int) { h.status = status }

func (h *heldAnswer) Write(p []byte) (int, error) { return h.body.Write(p) }

// send sends the response in pieces or cut off, as the rule says. It stops waiting if the client closes the connection.
func (h *heldAnswer) send(r *http.Request, rule Rule) {
	w, body := h.ResponseWriter, h.body.Bytes()
	if rule.Cut && len(body) == 0 {
		dropConnection(w)
		return
	}
	if h.status != http.StatusNoContent {
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	}
	if rule.Cut {
		body = body[:len(body)/2]
	}
	sleep(r, rule.trickleTime())
	w.WriteHeader(h.status)
	flush(w)
	for i := range tricklePieces {
		piece := body[len(body)*i/tricklePieces : len(body)*(i+1)/tricklePieces]
		if len(piece) == 0 {
			continue
		}
		sleep(r, rule.trickleTime())
		_, _ = w.Write(piece) // fails only if the client has gone
		flush(w)
	}
	if rule.Cut {
		dropConnection(w)
	}
}

// sleep waits for d, or until the client closes the connection.
func sleep(r *http.Request, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.Context().Done():
	}
}

// flush sends what has been written so far. If the writer cannot flush, the response is sent in one piece.
func flush(w http.ResponseWriter) { _ = http.NewResponseController(w).Flush() }
