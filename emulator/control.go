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

// controlPrefix begins the paths that are not the service's: what tests in Go do with methods, for tests in other
// languages.
const controlPrefix = "/emulator/"

// readyPath is for anybody: health checks come from outside, and what it says is no secret.
const readyPath = "/emulator/ready"

// controls are answered without CORS headers, and except readyPath to programs on this machine alone.
var controls = map[string]map[string]func(*Emulator, http.ResponseWriter, *call) *communicationError{
	readyPath:          {http.MethodGet: (*Emulator).controlReady, http.MethodHead: (*Emulator).controlReady},
	"/emulator/reset":  {http.MethodPost: (*Emulator).controlReset},
	"/emulator/clock":  {http.MethodPost: (*Emulator).controlClock},
	"/emulator/faults": {http.MethodPost: (*Emulator).controlFaults, http.MethodDelete: (*Emulator).controlNoFaults},
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
	methods := controls[r.URL.Path]
	if methods == nil {
		return notFound("There is nothing at this path.")
	}
	answer := methods[r.Method]
	if answer == nil {
		return methodNotAllowed(w.Header(), slices.Sorted(maps.Keys(methods)))
	}
	body, failure := receiveBody(w, r)
	if failure != nil {
		return failure
	}
	c := &call{request: r, body: body}
	// A page can send any site a POST of a form or of plain text. For JSON its browser asks first, and is not answered.
	if failure := c.checkMediaType("application/json"); failure != nil {
		return failure
	}
	return answer(em, w, c)
}

// checkLocal refuses requests that are not of programs on this machine.
func checkLocal(r *http.Request) *communicationError {
	if !isLocal(r) {
		return forbidden("Only programs on this machine may ask for this, at localhost or a loopback address.")
	}
	if !isOwnOrigin(r) {
		return forbidden("Pages of other origins may not ask for this.")
	}
	return nil
}

// isLocal looks at the Host as well, since a name that somebody else owns may lead to a loopback address. A request that
// came over no network has no RemoteAddr.
func isLocal(r *http.Request) bool {
	return r.RemoteAddr == "" || isLoopback(r.RemoteAddr) && isLoopback(r.Host)
}

// isLoopback takes a host with a port or without. Names that end in localhost are this machine's: RFC 6761 reserves them.
func isLoopback(address string) bool {
	host := address
	if h, _, err := net.SplitHostPort(address); err == nil {
		host = h
	}
	name := "." + strings.ToLower(strings.TrimSuffix(host, "."))
	return strings.HasSuffix(name, ".localhost") || net.ParseIP(strings.Trim(host, "[]")).IsLoopback()
}

func isOwnOrigin(r *http.Request) bool {
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
	var asked struct {
		AdvanceMs *int64 `json:"advanceMs"`
	}
	if failure := c.decode(&asked); failure != nil {
		return failure
	}
	const target = "advanceMs"
	switch {
	case asked.AdvanceMs == nil:
		return badRequest(target, "%s is required.", target)
	case *asked.AdvanceMs < 0 || *asked.AdvanceMs > math.MaxInt64/int64(time.Millisecond) || !em.clock.advance(time.Duration(*asked.AdvanceMs)*time.Millisecond):
		return badRequest(target, "%s must not be negative, nor lead further ahead than a century.", target)
	}
	writeJSON(w, http.StatusOK, map[string]string{"now": em.clock.now().UTC().Format(time.RFC3339Nano)})
	return nil
}

func (em *Emulator) controlFaults(w http.ResponseWriter, c *call) *communicationError {
	rule, err := ParseRule(string(c.body))
	if err != nil {
		return badRequest("", "The body is not a rule to plant: %v.", err)
	}
	em.plant(rule)
	closeConnection(w.Header())
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (em *Emulator) controlNoFaults(w http.ResponseWriter, _ *call) *communicationError {
	em.ClearFaults()
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (c *call) decode(into any) *communicationError {
	if err := decodeStrictly(c.body, into); err != nil {
		return badRequest("", "The body is not as it must be: %v.", err)
	}
	return nil
}

// decodeStrictly reads all of a JSON object into a struct: a field that is misspelt would otherwise plant another fault
// than meant.
func decodeStrictly(text []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	switch err := decoder.Decode(into); {
	case err == io.EOF:
		return errors.New("there is no JSON")
	case err != nil:
		return err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return errors.New("it goes on after its JSON object")
	}
	return nil
}
