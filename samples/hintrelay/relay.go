//go:build !js

// Hintrelay is a server that takes the chat events of Azure Event Grid and tells pages over server-sent events which threads
// have changed. It passes on no content: a hint is a thread's id and a version. docs/hints.md says how to run it.
package main

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// relay has two routes: Event Grid posts to events, and pages listen to hints.
type relay struct {
	// user returns the raw id of the signed-in user of a request, as the site knows it. An error refuses the request.
	user       func(*http.Request) (rawID string, err error)
	secretHash [sha256.Size]byte
	origin     string // of pages that are not on the relay's own origin
	listeners  listeners
	members    members
}

func (r *relay) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /events", r.receive)
	mux.HandleFunc("GET /hints", r.listen)
	return mux
}

// event is what the relay reads of an event. The rest, such as the text of a message, is dropped.
type event struct {
	EventType, Subject string
	Data               struct {
		ValidationCode, ThreadID         string
		Version                          json.Number            // a number or a string; json.Number takes both
		RecipientCommunicationIdentifier struct{ RawID string } // only in events for one user
	}
}

// hint is what pages get.
type hint struct {
	ThreadID string `json:"threadId"`
	Version  string `json:"version,omitempty"`
}

const (
	maxBodyBytes = 1 << 20          // Event Grid's limit
	maxThreadID  = 256              // bytes; the service's ids have 57
	readTime     = 30 * time.Second // for a body to arrive. As a limit of the server it would end the connections of listeners, too
)

// receive takes events from Event Grid. The secret in the URL shows that they come from there.
func (r *relay) receive(w http.ResponseWriter, request *http.Request) {
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(readTime))
	given := sha256.Sum256([]byte(request.URL.Query().Get("secret")))
	if subtle.ConstantTimeCompare(given[:], r.secretHash[:]) == 0 {
		http.NotFound(w, request)
		return
	}
	var texts []json.RawMessage
	if err := json.NewDecoder(http.MaxBytesReader(w, request.Body, maxBodyBytes)).Decode(&texts); err != nil {
		http.Error(w, "the body must be an array of events", http.StatusBadRequest)
		return
	}
	isValidation := request.Header.Get("aeg-event-type") == "SubscriptionValidation"
	for _, text := range texts {
		var e event
		if json.Unmarshal(text, &e) != nil {
			continue // a malformed event does not hold up the others
		}
		if isValidation {
			_ = json.NewEncoder(w).Encode(map[string]string{"validationResponse": e.Data.ValidationCode})
			return
		}
		r.forward(request.Context(), e)
	}
}

// forward sends the hint of an event to its recipient, or to the participants of its thread.
func (r *relay) forward(ctx context.Context, e event) {
	threadID, version := e.Data.ThreadID, e.Data.Version.String()
	_, err := strconv.ParseUint(version, 10, 64)
	if threadID == "" || len(threadID) > maxThreadID || version != "" && err != nil || !strings.HasPrefix(e.EventType, "Microsoft.Communication.Chat") {
		return
	}
	text, _ := json.Marshal(hint{threadID, version}) // never fails
	if recipient := e.Data.RecipientCommunicationIdentifier.RawID; recipient != "" {
		r.listeners.send(recipient, text)
		return
	}
	// The subject of an event for a thread is thread/ID/sender/RAWID, or names another user of the thread in the same place.
	insider := ""
	if parts := strings.Split(e.Subject, "/"); len(parts) == 4 {
		insider = parts[3]
	}
	haveChanged := strings.Contains(e.EventType, "Participant")
	for user := range r.members.of(ctx, threadID, insider, haveChanged) {
		r.listeners.send(user, text)
	}
}
