// Package emulator is an Azure Communication Services Chat resource to run at home: an http.Handler that keeps threads,
// participants, messages, users and tokens and answers as the service's REST documentation says, CORS included. It has all
// operations but the three for images that one preview had, and keeps its state in memory unless it is given a [Store].
//
// It is strict. A request the documentation does not allow is refused with a message that names the field, so that a
// client's mistakes show here rather than in production. It shares no code with the clients it serves: an emulator built
// on a client's models would agree with that client's bugs.
//
// Chat operations take the user access tokens that the Identity operations (or [Emulator.NewUser]) hand out; Identity
// operations take HMAC signatures made with the resource's access key.
//
// Tests in Go plant faults, move the clock and start anew with the methods of [Emulator]. Tests in other languages do so
// over HTTP, from the same machine: GET /emulator/ready answers {"ready":true}, to anybody; POST /emulator/reset; POST /emulator/clock
// takes {"advanceMs":60000} and answers {"now":"…"}; POST /emulator/faults takes a [Rule], DELETE takes them all back.
//
// A request can bring a fault of its own, from a page of any origin too: the header x-emulator-fault, which no real
// service knows, holds a Rule such as {"drop":true,"after":true}. A browser asks with a preflight first, as for any such
// header; the answer to that closes its connection, so that the request is not on one that was used before.
package emulator

import (
	"cmp"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
)

// DefaultAccessKey is the access key of an emulator that was given none. It is published here and is no secret: it opens
// nothing but emulators.
const DefaultAccessKey = "VGhpcyBrZXkgb3BlbnMgbm90aGluZyBidXQgZW11bGF0b3Jz"

// Options configures [New] and [Open]. The zero value is ready to use.
type Options struct {
	// Clock tells the time of everything: createdOn, message ids, token lifetimes, signature ages, rate limits. Nil means
	// time.Now. It is asked from many goroutines at once. See also Advance.
	Clock func() time.Time
	// AccessKey is the resource's key in standard base64. Empty means DefaultAccessKey. Emulators with different keys are
	// different resources: each refuses the other's tokens and users.
	AccessKey string
	// RateLimits puts the rate limits in force that the service documents on its page Service limits, of all operations: for
	// a user, a thread, a user in a thread, and the resource; such as 10 messages that are sent, edited or deleted in a thread
	// in 10 s, and 30 in 60 s. What is too much is a 429 whose Retry-After pages cannot see, and it counts too.
	RateLimits bool
	// ObservedErrors answers the errors of chat operations as the service has been seen to:
	// {"CommunicationError":{"Code","Message","Details":[]}}, and a 401 with no body at all.
	ObservedErrors bool
	// EditsDropMetadata lets an updateMessage that changes something, and whose body has no metadata, drop what metadata the
	// message had. Otherwise the message keeps it, as a thread does. It is not known which of the two the service does.
	EditsDropMetadata bool
	// Store keeps the state beyond the life of the process: an operation that changes something is saved before it answers,
	// and answers 500 if it cannot be. Nil means that the memory is all there is. What a test does to an emulator (planted
	// faults, messages that are not visible yet, Advance) is not kept, nor are the counts of rate limits.
	Store Store
}

// Emulator is one chat resource. Its methods may be called from any number of goroutines.
type Emulator struct {
	clock             clock
	accessKey         string // as in connection strings: base64
	key               []byte // accessKey decoded: signs tokens, checks signatures
	resource          string // the GUID in every user id of this resource
	rateLimits        bool
	observedErrors    bool
	editsDropMetadata bool

	store Store // nil: none

	// gate guards what is asked of every request before its operation. Nobody holds it for long, as some hold mu while the
	// Store saves. Who needs both takes mu first.
	gate   sync.Mutex
	users  map[string]user
	faults []*fault                // in the order they were planted
	recent map[counter][]time.Time // when the latest calls were, oldest first

	mu          sync.Mutex // guards all below
	threads     map[string]*thread
	threadOrder []*thread // oldest first
	created     map[repeatedRequest]createdThread
	lastVersion int64             // of messages; their ids are versions too
	changes     map[string][]byte // what is not saved yet
	undo        []func()          // how to take it back, in the order it was done

	queue  sync.Mutex // guards queued
	queued []*write
}

// New makes a resource: empty, or with what options.Store has kept. It panics where Open fails.
func New(options Options) *Emulator {
	em, err := Open(options)
	if err != nil {
		panic(err.Error())
	}
	return em
}

// Open makes a resource: empty, or with what options.Store has kept. It fails if options.AccessKey is not standard base64,
// or the Store cannot be loaded or belongs to a resource with another key.
func Open(options Options) (*Emulator, error) {
	em := &Emulator{
		clock:             clock{source: options.Clock},
		accessKey:         cmp.Or(options.AccessKey, DefaultAccessKey),
		rateLimits:        options.RateLimits,
		observedErrors:    options.ObservedErrors,
		editsDropMetadata: options.EditsDropMetadata,
		store:             options.Store,
	}
	em.clear()
	if em.clock.source == nil {
		em.clock.source = time.Now
	}
	key, err := base64.StdEncoding.DecodeString(em.accessKey)
	if err != nil {
		return nil, errors.New("emulator: Options.AccessKey is not standard base64")
	}
	em.key = key
	// The resource follows from its key, so that it stays the same from run to run and differs between keys.
	em.resource = uuid.NewSHA1(uuid.NameSpaceURL, key).String()
	if em.store != nil {
		if err := em.load(); err != nil {
			return nil, fmt.Errorf("emulator: Options.Store: %w", err)
		}
	}
	return em, nil
}

// ConnectionString is what the resource's owner would copy from the Azure portal, for an emulator that is served at
// endpoint (a URL such as "http://localhost:8081"): "endpoint=http://localhost:8081/;accesskey=…".
func (em *Emulator) ConnectionString(endpoint string) string {
	return "endpoint=" + strings.TrimRight(endpoint, "/") + "/;accesskey=" + em.accessKey
}

// ServeHTTP answers one request to the resource. Failures are a status and the documented
// {"error":{"code","message","target"}}, but for Options.ObservedErrors. No request makes it panic, unless a fault is to
// break a connection that cannot be taken over: then it panics with http.ErrAbortHandler.
func (em *Emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if em.hasFaults() || bringsFault(r) {
		closeConnection(w.Header())
	}
	if isControl(r) {
		em.serveControl(w, r)
		return
	}
	allowAnyOrigin(w.Header(), r)
	w.Header().Set("MS-CV", newCorrelationVector())
	if isPreflight(r) {
		em.answerPreflight(w, r)
		return
	}
	route, parameters, failure := findRoute(r.Method, r.URL.EscapedPath(), w.Header())
	if failure != nil {
		em.writeError(w, r, failure)
		return
	}
	em.serveOperation(w, r, route, parameters)
}

func (em *Emulator) serveOperation(w http.ResponseWriter, r *http.Request, route *route, parameters map[string]string) {
	w.Header().Set("api-supported-versions", supportedVersions(route.api.versions))
	route.api.echoRequestID(w.Header(), r)
	rule, failure := em.nextFault(r, route.name)
	if rule.Refuse {
		refuse(w)
		return
	}
	// The body is read first of all: a connection with something unread in it is not closed, but reset.
	body, unreadable := receiveBody(w, r)
	if rule.NoCORS {
		forbidOrigins(w.Header())
	}
	c := &call{request: r, route: route, parameters: parameters, body: body, hiddenFor: rule.hiddenFor()}
	failure = cmp.Or(failure, unreadable)
	if !rule.Cut && rule.TrickleMs == 0 {
		em.answerOperation(w, c, rule, failure)
		return
	}
	held := &heldAnswer{ResponseWriter: w, status: http.StatusOK}
	em.answerOperation(held, c, rule, failure)
	held.send(r, rule)
}

// answerOperation does what a call asks for, unless there is a failure already or a fault comes first, and answers.
func (em *Emulator) answerOperation(w http.ResponseWriter, c *call, rule Rule, failure *communicationError) {
	if rule.precedesWork() {
		em.answerFault(w, c.request, rule)
		return
	}
	var answer response
	if failure == nil {
		answer, failure = em.perform(c)
	}
	if rule.replacesAnswer() {
		em.answerFault(w, c.request, rule)
		return
	}
	if failure != nil {
		em.writeError(w, c.request, failure)
		return
	}
	if answer.location != "" {
		w.Header().Set("Location", answer.location)
	}
	if answer.body == nil {
		w.WriteHeader(answer.status)
		return
	}
	writeJSON(w, answer.status, answer.body)
}

func (em *Emulator) perform(c *call) (response, *communicationError) {
	if failure := em.admit(c); failure != nil {
		return response{}, failure
	}
	return c.route.operation(em, c)
}

// newCorrelationVector makes a tracing header in the form of Microsoft's services: 22 base64 characters and a counter.
func newCorrelationVector() string {
	id := uuid.New()
	return base64.RawStdEncoding.EncodeToString(id[:]) + ".0"
}
