package emulator

import (
	"bytes"
	"net/http"
	"strconv"
	"time"
)

// tricklePieces is in how many pieces a body trickles.
const tricklePieces = 4

// heldAnswer keeps what is written as an answer, to be sent otherwise than at once and whole.
type heldAnswer struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (h *heldAnswer) WriteHeader(status int) { h.status = status }

func (h *heldAnswer) Write(p []byte) (int, error) { return h.body.Write(p) }

// send sends the answer as the rule has it. It ends early if the client leaves.
func (h *heldAnswer) send(r *http.Request, rule Rule) {
	w, body := h.ResponseWriter, h.body.Bytes()
	if rule.Cut && len(body) == 0 {
		drop(w)
		return
	}
	if h.status != http.StatusNoContent {
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	}
	if rule.Cut {
		body = body[:len(body)/2]
	}
	wait(r, rule.pause())
	w.WriteHeader(h.status)
	flush(w)
	for i := range tricklePieces {
		piece := body[len(body)*i/tricklePieces : len(body)*(i+1)/tricklePieces]
		if len(piece) == 0 {
			continue
		}
		wait(r, rule.pause())
		_, _ = w.Write(piece) // the client may have gone
		flush(w)
	}
	if rule.Cut {
		drop(w)
	}
}

// wait lets time pass, and none once the client has left.
func wait(r *http.Request, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.Context().Done():
	}
}

// flush sends what was written so far. Without it, where a writer has no such thing, an answer comes whole.
func flush(w http.ResponseWriter) { _ = http.NewResponseController(w).Flush() }
