package emulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// communicationError is the REST CommunicationError: why a request failed, or why one participant was left out.
type communicationError struct {
	status     int    // of the whole answer; unused in invalidParticipants, as is retryAfter
	retryAfter int    // seconds; 0: no Retry-After
	Target     string `json:"target,omitempty"`
	Code       string `json:"code"`
	Message    string `json:"message"`
}

func newError(status int, target, code, message string) *communicationError {
	return &communicationError{status: status, Target: target, Code: code, Message: message}
}

// badRequest refuses a request for what stands at target: the path of a field, a query parameter or a header.
func badRequest(target, format string, args ...any) *communicationError {
	return newError(http.StatusBadRequest, target, "BadRequest", fmt.Sprintf(format, args...))
}

func unauthorized(message string) *communicationError {
	return newError(http.StatusUnauthorized, "", "Unauthorized", message)
}

func forbidden(message string) *communicationError {
	return newError(http.StatusForbidden, "", "Forbidden", message)
}

func notFound(message string) *communicationError {
	return newError(http.StatusNotFound, "", "NotFound", message)
}

// methodNotAllowed sets Allow in header.
func methodNotAllowed(header http.Header, allow []string) *communicationError {
	header.Set("Allow", strings.Join(allow, ", "))
	message := "This path takes " + strings.Join(allow, ", ") + " only."
	return newError(http.StatusMethodNotAllowed, "", "MethodNotAllowed", message)
}

func bodyTooLarge(limit int64) *communicationError {
	message := fmt.Sprintf("The body is larger than %d bytes.", limit)
	return newError(http.StatusRequestEntityTooLarge, "", "RequestEntityTooLarge", message)
}

func unsupportedMediaType(want []string) *communicationError {
	message := "Content-Type must be " + strings.Join(want, " or ") + "."
	return newError(http.StatusUnsupportedMediaType, "Content-Type", "UnsupportedMediaType", message)
}

func tooManyRequests(retryAfter int) *communicationError {
	failure := newError(http.StatusTooManyRequests, "", "TooManyRequests", "The rate limit is exceeded. Refused calls count too.")
	failure.retryAfter = retryAfter
	return failure
}

// writeError answers what the documentation says, or with Options.ObservedErrors what the chat service does.
func (em *Emulator) writeError(w http.ResponseWriter, r *http.Request, failure *communicationError) {
	if em.observedErrors && isChat(r) {
		writeObservedError(w, failure)
	} else {
		writeDocumentedError(w, failure)
	}
}

func isChat(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/chat/") }

// writeDocumentedError answers a CommunicationErrorResponse.
func writeDocumentedError(w http.ResponseWriter, failure *communicationError) {
	failure.setRetryAfter(w.Header())
	writeJSON(w, failure.status, map[string]*communicationError{"error": failure})
}

// observedError is a failure as the chat service has been seen to write it, whatever its documentation says.
type observedError struct {
	Code    string
	Message string
	Details []string // never any
}

func writeObservedError(w http.ResponseWriter, failure *communicationError) {
	failure.setRetryAfter(w.Header())
	if failure.status == http.StatusUnauthorized {
		w.WriteHeader(failure.status)
		return
	}
	body := observedError{failure.Code, failure.Message, []string{}}
	writeJSON(w, failure.status, map[string]observedError{"CommunicationError": body})
}

func (e *communicationError) setRetryAfter(header http.Header) {
	if e.retryAfter > 0 {
		header.Set("Retry-After", strconv.Itoa(e.retryAfter))
	}
}

// writeJSON ignores the encoder's error: our own types always encode, so it can only be that the client has gone.
func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
