package emulator

import (
	"bytes"
	"strconv"
	"time"
)

// tricklePieces is the number of pieces in which a body is sent.
const tricklePieces = 4

// heldAnswer buffers a response, so that it can be sent in pieces or cut off.
type heldAnswer struct {
	ResponseWriter
	status int
	body   bytes.Buffer
}

func (h *heldAnswer) WriteHeader(status int) { h.status = status }

func (h *heldAnswer) Write(p []byte) (int, error) { return h.body.Write(p) }

// send sends the response in pieces or cut off, as the rule says. It stops waiting if the client closes the connection.
func (h *heldAnswer) send(r *Request, rule Rule) {
	w, body := h.ResponseWriter, h.body.Bytes()
	if rule.Cut && len(body) == 0 {
		w.Drop()
		return
	}
	if h.status != statusNoContent {
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	}
	if rule.Cut {
		body = body[:len(body)/2]
	}
	sleep(r, rule.trickleTime())
	w.WriteHeader(h.status)
	w.Flush()
	for i := range tricklePieces {
		piece := body[len(body)*i/tricklePieces : len(body)*(i+1)/tricklePieces]
		if len(piece) == 0 {
			continue
		}
		sleep(r, rule.trickleTime())
		_, _ = w.Write(piece) // fails only if the client has gone
		w.Flush()
	}
	if rule.Cut {
		w.Drop()
	}
}

// sleep waits for d, or until the client has gone.
func sleep(r *Request, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.Gone:
	}
}

// hang waits until the client has gone or limit has passed. A limit of 0 means no limit.
func hang(r *Request, limit time.Duration) {
	if r.Discard != nil {
		r.Discard()
	}
	if limit > 0 {
		sleep(r, limit)
	} else {
		<-r.Gone
	}
}
