package emulator

import "net/http"

// QueuedWrites returns how many writes wait for em.mu.
func (em *Emulator) QueuedWrites() int {
	em.queueMu.Lock()
	defer em.queueMu.Unlock()
	return len(em.queued)
}

// StatusCodes are the error codes of the statuses that a Rule can have.
var StatusCodes = statusCodes

// NameUUID returns the UUID of a name in the name space of URLs, and NewUUID a random one.
func NameUUID(name []byte) string { return nameUUID(uuidNameSpaceURL, name).String() }
func NewUUID() string             { return newUUID().String() }

// NewRequest returns what ServeHTTP passes to Serve for a request, and NewResponseWriter what it passes for a response.
func NewRequest(w http.ResponseWriter, r *http.Request) *Request { return newRequest(w, r) }
func NewResponseWriter(w http.ResponseWriter) ResponseWriter     { return httpResponseWriter{w} }
