package identity

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// Error is an answer of the service that is no success.
type Error struct {
	Operation string // the Client's method: "CreateUser"
	Status    int    // of HTTP
	Code      string // the service's, such as "Unauthorized"; empty if the answer named none
	Message   string // the service's words; not for programs to decide by
}

func (e *Error) Error() string {
	text := fmt.Sprintf("identity: %s: %d %s", e.Operation, e.Status, http.StatusText(e.Status))
	if e.Code != "" {
		text += ": " + e.Code
	}
	if e.Message != "" {
		text += ": " + e.Message
	}
	return text
}

// newError makes the best of a body that may be {"error":{"code","message"}}, something else, or nothing. encoding/json
// takes names in any case, and so the "Error", "Code" and "Message" that some services write.
func newError(operation string, status int, body []byte) *Error {
	var wrapper struct {
		Error struct{ Code, Message string }
	}
	_ = json.Unmarshal(body, &wrapper) // what cannot be read stays empty; the status says enough
	return &Error{operation, status, wrapper.Error.Code, wrapper.Error.Message}
}
