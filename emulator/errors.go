package emulator

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// communicationError is the REST CommunicationError: why a request failed, or why a participant was not added.
type communicationError struct {
	status     int    // HTTP status; unused in invalidParticipants
	retryAfter int    // header Retry-After, in seconds; 0: no header; unused in invalidParticipants
	Target     string `json:"target,omitempty"`
	Code       string `json:"code"`
	Message    string `json:"message"`
}

func newError(status int, target, code, message string) *communicationError {
	return &communicationError{status: status, Target: target, Code: code, Message: message}
}

// badRequest returns a 400. target is the path of the wrong field, or the name of the wrong query parameter or header; empty
// if it is none of these.
func badRequest(target, format string, args ...any) *communicationError {
	return newError(statusBadRequest, target, "BadRequest", fmt.Sprintf(format, args...))
}

func unauthorized(message string) *communicationError {
	return newError(statusUnauthorized, "", "Unauthorized", message)
}

func forbidden(message string) *communicationError {
	return newError(statusForbidden, "", "Forbidden", message)
}

func notFound(message string) *communicationError {
	return newError(statusNotFound, "", "NotFound", message)
}

// methodNotAllowed returns a 405 and sets Allow in header.
func methodNotAllowed(header Header, allowed []string) *communicationError {
	header.Set("Allow", strings.Join(allowed, ", "))
	message := "This path supports only " + strings.Join(allowed, ", ") + "."
	return newError(statusMethodNotAllowed, "", "MethodNotAllowed", message)
}

func bodyTooLarge(limit int64) *communicationError {
	message := fmt.Sprintf("The body is larger than %d bytes.", limit)
	return newError(statusRequestEntityTooLarge, "", "RequestEntityTooLarge", message)
}

func unsupportedMediaType(allowed []string) *communicationError {
	message := "Content-Type must be " + strings.Join(allowed, " or ") + "."
	return newError(statusUnsupportedMediaType, "Content-Type", "UnsupportedMediaType", message)
}

func tooManyRequests(retryAfter int) *communicationError {
	failure := newError(statusTooManyRequests, "", "TooManyRequests", "The rate limit is exceeded. Refused calls count too.")
	failure.retryAfter = retryAfter
	return failure
}

// writeError writes a failure in the documented form, or for chat operations with Options.ObservedErrors in the observed form.
func (em *Emulator) writeError(w ResponseWriter, r *Request, failure *communicationError) {
	if em.observedErrors && isChat(r) {
		writeObservedError(w, failure)
	} else {
		writeDocumentedError(w, failure)
	}
}

func isChat(r *Request) bool { return strings.HasPrefix(r.path(), "/chat/") }

// writeDocumentedError writes a failure as the REST CommunicationErrorResponse.
func writeDocumentedError(w ResponseWriter, failure *communicationError) {
	failure.setRetryAfter(w.Header())
	writeJSON(w, failure.status, map[string]*communicationError{"error": failure})
}

// observedError is the error of the chat service as it was observed. It differs from the documentation.
type observedError struct {
	Code    string
	Message string
	Details []string // always empty
}

func writeObservedError(w ResponseWriter, failure *communicationError) {
	failure.setRetryAfter(w.Header())
	if failure.status == statusUnauthorized {
		w.WriteHeader(failure.status)
		return
	}
	body := observedError{failure.Code, failure.Message, []string{}}
	writeJSON(w, failure.status, map[string]observedError{"CommunicationError": body})
}

func (e *communicationError) setRetryAfter(header Header) {
	if e.retryAfter > 0 {
		header.Set("Retry-After", strconv.Itoa(e.retryAfter))
	}
}

// writeJSON ignores the encoder's error. Our types can always be encoded, so an error means that the client has gone.
func writeJSON(w ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
