package identity

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// Error is a response whose status is not 2xx.
type Error struct {
	Operation string // the method of Client that failed, such as "CreateUser"
	Status    int    // the HTTP status
	Code      string // the service's error code, such as "Unauthorized"; empty if the body has none
	Message   string // the service's message, for people to read; it may change
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

// newError reads Code and Message from a body such as {"error":{"code","message"}}. They stay empty if the body is empty or
// something else. encoding/json ignores the case of names, so it also reads the "Error", "Code" and "Message" that some
// services write.
func newError(operation string, status int, body []byte) *Error {
	var wrapper struct {
		Error struct{ Code, Message string }
	}
	_ = json.Unmarshal(body, &wrapper) // the status alone is enough for an error
	return &Error{operation, status, wrapper.Error.Code, wrapper.Error.Message}
}
