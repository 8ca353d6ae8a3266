package emulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// communicationError is the REST CommunicationError: why a request failed, or why one participant was left out.
type communicationError struct {
	status  int    // of the whole answer; unused in invalidParticipants
	Target  string `json:"target,omitempty"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// badRequest refuses a request for what stands at target: the path of a field, a query parameter or a header.
func badRequest(target, format string, args ...any) *communicationError {
	return &communicationError{http.StatusBadRequest, target, "BadRequest", fmt.Sprintf(format, args...)}
}

func unauthorized(message string) *communicationError {
	return &communicationError{http.StatusUnauthorized, "", "Unauthorized", message}
}

func forbidden(message string) *communicationError {
	return &communicationError{http.StatusForbidden, "", "Forbidden", message}
}

func notFound(message string) *communicationError {
	return &communicationError{http.StatusNotFound, "", "NotFound", message}
}

func methodNotAllowed(allow []string) *communicationError {
	message := "This path takes " + strings.Join(allow, ", ") + " only."
	return &communicationError{http.StatusMethodNotAllowed, "", "MethodNotAllowed", message}
}

func bodyTooLarge(limit int64) *communicationError {
	message := fmt.Sprintf("The body is larger than %d bytes.", limit)
	return &communicationError{http.StatusRequestEntityTooLarge, "", "RequestEntityTooLarge", message}
}

func unsupportedMediaType(want string) *communicationError {
	return &communicationError{http.StatusUnsupportedMediaType, "Content-Type", "UnsupportedMediaType", "Content-Type must be " + want + "."}
}

// writeError answers a CommunicationErrorResponse.
func writeError(w http.ResponseWriter, failure *communicationError) {
	writeJSON(w, failure.status, map[string]*communicationError{"error": failure})
}

// writeJSON ignores the encoder's error: our own types always encode, so it can only be that the client has gone.
func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
