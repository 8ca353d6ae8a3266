package emulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"time"
)

// controlPrefix is the prefix of the control endpoints, which the real service does not have. They give tests in other
// languages what tests in Go do with methods.
const controlPrefix = "/emulator/"

// readyPath is the one control endpoint that answers anybody, because health checks may come from other machines. Its
// response contains no secrets.
const readyPath = "/emulator/ready"

// controlHandlers holds the handlers of the control endpoints by path and method. They send no CORS headers, and all except
// readyPath answer only programs on this machine.
var controlHandlers = map[string]map[string]func(*Emulator, ResponseWriter, *call) *communicationError{
	readyPath:          {methodGet: (*Emulator).controlReady, methodHead: (*Emulator).controlReady},
	"/emulator/reset":  {methodPost: (*Emulator).controlReset},
	"/emulator/clock":  {methodPost: (*Emulator).controlClock},
	"/emulator/faults": {methodPost: (*Emulator).controlFaults, methodDelete: (*Emulator).controlClearFaults},
}

func isControl(r *Request) bool { return strings.HasPrefix(r.path(), controlPrefix) }

func (em *Emulator) serveControl(w ResponseWriter, r *Request) {
	if failure := em.control(w, r); failure != nil {
		writeDocumentedError(w, failure)
	}
}

func (em *Emulator) control(w ResponseWriter, r *Request) *communicationError {
	if r.path() != readyPath {
		if failure := checkLocal(r); failure != nil {
			return failure
		}
	}
	methods := controlHandlers[r.path()]
	if methods == nil {
		return notFound("There is nothing at this path.")
	}
	handle := methods[r.Method]
	if handle == nil {
		return methodNotAllowed(w.Header(), slices.Sorted(maps.Keys(methods)))
	}
	body, failure := r.body()
	if failure != nil {
		return failure
	}
	c := &call{request: r, body: body}
	// Requiring JSON keeps pages of other origins out: for JSON their browser sends a preflight, which fails here. Forms and
	// plain text need no preflight.
	if failure := c.checkMediaType("application/json"); failure != nil {
		return failure
	}
	return handle(em, w, c)
}

// checkLocal refuses requests from other machines, and from pages of other origins.
func checkLocal(r *Request) *communicationError {
	if !isLocal(r) {
		return forbidden("Only programs on this machine may use this endpoint, at localhost or a loopback address and not through a proxy.")
	}
	if !isSameOrigin(r) {
		return forbidden("Pages of other origins may not use this endpoint.")
	}
	return nil
}

func isSameOrigin(r *Request) bool {
	for _, value := range r.Header.Values("Origin") {
		if value != r.origin() {
			return false
		}
	}
	return true
}

func (em *Emulator) controlReady(w ResponseWriter, _ *call) *communicationError {
	writeJSON(w, statusOK, map[string]bool{"ready": true})
	return nil
}

func (em *Emulator) controlReset(w ResponseWriter, _ *call) *communicationError {
	if err := em.reset(); err != nil {
		return notSaved(err)
	}
	w.WriteHeader(statusNoContent)
	return nil
}

func (em *Emulator) controlClock(w ResponseWriter, c *call) *communicationError {
	var body struct {
		AdvanceMs *int64 `json:"advanceMs"`
	}
	if failure := c.decode(&body); failure != nil {
		return failure
	}
	const target = "advanceMs"
	switch {
	case body.AdvanceMs == nil:
		return badRequest(target, "%s is required.", target)
	case *body.AdvanceMs < 0 || *body.AdvanceMs > math.MaxInt64/int64(time.Millisecond) || !em.clock.advance(time.Duration(*body.AdvanceMs)*time.Millisecond):
		return badRequest(target, "%s must not be negative, and the sum of all advances must be at most 100 years.", target)
	}
	writeJSON(w, statusOK, map[string]string{"now": em.clock.now().UTC().Format(time.RFC3339Nano)})
	return nil
}

func (em *Emulator) controlFaults(w ResponseWriter, c *call) *communicationError {
	rule, err := ParseRule(string(c.body))
	if err != nil {
		return badRequest("", "The body must be a valid rule: %v.", err)
	}
	em.plant(rule)
	closeConnection(w.Header())
	w.WriteHeader(statusNoContent)
	return nil
}

func (em *Emulator) controlClearFaults(w ResponseWriter, _ *call) *communicationError {
	em.ClearFaults()
	w.WriteHeader(statusNoContent)
	return nil
}

func (c *call) decode(target any) *communicationError {
	if err := decodeStrictly(c.body, target); err != nil {
		return badRequest("", "The body is invalid: %v.", err)
	}
	return nil
}

// decodeStrictly decodes a JSON object into a struct. Unknown fields are errors: a misspelt field would otherwise plant a
// different fault than intended.
func decodeStrictly(text []byte, target any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	switch err := decoder.Decode(target); {
	case err == io.EOF:
		return errors.New("it is empty, but must be a JSON object")
	case err != nil:
		return err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return errors.New("there is extra text after the JSON object")
	}
	return nil
}
