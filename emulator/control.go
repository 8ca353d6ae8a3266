package emulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"math"
	"net"
	"net/http"
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
var controlHandlers = map[string]map[string]func(*Emulator, http.ResponseWriter, *call) *communicationError{
	readyPath:          {http.MethodGet: (*Emulator).controlReady, http.MethodHead: (*Emulator).controlReady},
	"/emulator/reset":  {http.MethodPost: (*Emulator).controlReset},
	"/emulator/clock":  {http.MethodPost: (*Emulator).controlClock},
	"/emulator/faults": {http.MethodPost: (*Emulator).controlFaults, http.MethodDelete: (*Emulator).controlClearFaults},
}

func isControl(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, controlPrefix) }

func (em *Emulator) serveControl(w http.ResponseWriter, r *http.Request) {
	if failure := em.control(w, r); failure != nil {
		writeDocumentedError(w, failure)
	}
}

func (em *Emulator) control(w http.ResponseWriter, r *http.Request) *communicationError {
	if r.URL.Path != readyPath {
		if failure := checkLocal(r); failure != nil {
			return failure
		}
	}
	methods := controlHandlers[r.URL.Path]
	if methods == nil {
		return notFound("There is nothing at this path.")
	}
	handle := methods[r.Method]
	if handle == nil {
		return methodNotAllowed(w.Header(), slices.Sorted(maps.Keys(methods)))
	}
	body, failure := receiveBody(w, r)
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
func checkLocal(r *http.Request) *communicationError {
	if !isLocal(r) {
		return forbidden("Only programs on this machine may use this endpoint, at localhost or a loopback address.")
	}
	if !isSameOrigin(r) {
		return forbidden("Pages of other origins may not use this endpoint.")
	}
	return nil
}

// isLocal reports whether a request comes from this machine. It also checks Host because of DNS rebinding: an attacker's
// name can resolve to a loopback address. RemoteAddr is empty if a program calls ServeHTTP itself.
func isLocal(r *http.Request) bool {
	return r.RemoteAddr == "" || isLoopback(r.RemoteAddr) && isLoopback(r.Host)
}

// isLoopback reports whether a host, with or without a port, is this machine: a loopback address, localhost, or a name under
// localhost (RFC 6761).
func isLoopback(address string) bool {
	host := address
	if h, _, err := net.SplitHostPort(address); err == nil {
		host = h
	}
	name := "." + strings.ToLower(strings.TrimSuffix(host, "."))
	return strings.HasSuffix(name, ".localhost") || net.ParseIP(strings.Trim(host, "[]")).IsLoopback()
}

func isSameOrigin(r *http.Request) bool {
	for _, value := range r.Header.Values("Origin") {
		if value != origin(r) {
			return false
		}
	}
	return true
}

func (em *Emulator) controlReady(w http.ResponseWriter, _ *call) *communicationError {
	writeJSON(w, http.StatusOK, map[string]bool{"ready": true})
	return nil
}

func (em *Emulator) controlReset(w http.ResponseWriter, _ *call) *communicationError {
	if err := em.reset(); err != nil {
		return notSaved(err)
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (em *Emulator) controlClock(w http.ResponseWriter, c *call) *communicationError {
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
	writeJSON(w, http.StatusOK, map[string]string{"now": em.clock.now().UTC().Format(time.RFC3339Nano)})
	return nil
}

func (em *Emulator) controlFaults(w http.ResponseWriter, c *call) *communicationError {
	rule, err := ParseRule(string(c.body))
	if err != nil {
		return badRequest("", "The body must be a valid rule: %v.", err)
	}
	em.plant(rule)
	closeConnection(w.Header())
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (em *Emulator) controlClearFaults(w http.ResponseWriter, _ *call) *communicationError {
	em.ClearFaults()
	w.WriteHeader(http.StatusNoContent)
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
