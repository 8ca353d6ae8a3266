// Package emulator emulates an Azure Communication Services Chat resource, for development and tests. The emulator is an
// http.Handler with threads, participants, messages, users and tokens. It answers as the service's REST documentation says,
// CORS included. It has all operations, except the three for images that existed in one preview version. It keeps its state
// in memory, or in a [Store].
//
// It is strict: it refuses a request that the documentation does not allow, with a message that names the field. So a
// client's mistakes show here rather than in production. It shares no code with the clients it serves, because an emulator
// built on a client's models would also have that client's bugs.
//
// Chat operations require a user access token, from an Identity operation or [Emulator.NewUser]. Identity operations
// require an HMAC signature made with the resource's access key.
//
// Tests in Go use the methods of [Emulator] to plant faults, move the clock and reset the state. Tests in other languages
// do so over HTTP:
//
//	GET    /emulator/ready   answers {"ready":true}
//	POST   /emulator/reset   does the same as Reset
//	POST   /emulator/clock   takes {"advanceMs":60000}, does the same as Advance and answers {"now":"…"}
//	POST   /emulator/faults  takes a [Rule] and does the same as Fail
//	DELETE /emulator/faults  does the same as ClearFaults
//
// Anybody can call /emulator/ready. The others answer only programs on the same machine, and none whose request has come
// through a proxy.
//
// A request can carry a fault for itself in the header x-emulator-fault, which holds a Rule such as
// {"drop":true,"after":true}. Pages of any origin may send it; the real service does not know it. A browser sends a
// preflight for this header. The response to the preflight closes its connection, so that the request itself gets a new one:
// browsers resend a request by themselves if a reused connection breaks.
package emulator

import (
	"cmp"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// DefaultAccessKey is the access key of an emulator if Options.AccessKey is empty. It is not a secret: it works with
// emulators only.
const DefaultAccessKey = "VGhpcyBrZXkgb3BlbnMgbm90aGluZyBidXQgZW11bGF0b3Jz"

// Options configures [New] and [Open]. The zero value is ready to use.
type Options struct {
	// Clock returns the current time. The emulator uses it for everything: createdOn, message ids, token lifetimes,
	// signature ages and rate limits. It must be safe for concurrent use. Nil means time.Now. See also Advance.
	Clock func() time.Time
	// AccessKey is the resource's access key in standard base64. Empty means DefaultAccessKey. Emulators with different
	// keys are different resources: each refuses the other's tokens and users.
	AccessKey string
	// RateLimits enforces the rate limits of all operations from the service's page Service limits. There are limits per
	// user, per thread, per user and thread, and per resource. For example, users can send, edit and delete 10 messages of
	// a thread in 10 s, and 30 in 60 s. A call beyond a limit gets a 429 with a Retry-After that pages cannot read. Such
	// calls count, too.
	RateLimits bool
	// ObservedErrors answers errors of chat operations in the form observed at the real service, rather than the documented
	// one: {"CommunicationError":{"Code","Message","Details":[]}}, and 401 without a body.
	ObservedErrors bool
	// EditsDropMetadata makes updateMessage remove the message's metadata if the request changes something and has no
	// metadata. Otherwise the message keeps its metadata, as a thread does. It is not known which of the two the service does.
	EditsDropMetadata bool
	// Store keeps the state across restarts. An operation that changes something saves the change before it answers, and
	// answers 500 if saving fails. Nil keeps the state in memory. Faults, messages that are not visible yet, Advance and
	// the counters of rate limits are never saved.
	Store Store
	// Events receives the events that the service publishes through Azure Event Grid when threads, participants and messages
	// change. It is called after the change is stored and before the call is answered, also if a fault then drops the answer.
	// Several calls may call it at the same time. Calls wait for it, so it must return quickly; it may use the Emulator.
	// Package webhook delivers events over HTTP. Nil publishes nothing.
	Events func(Event)
}

// Emulator is one chat resource. It is safe for concurrent use.
type Emulator struct {
	clock             clock
	accessKey         string // as in connection strings: base64
	key               []byte // accessKey decoded; signs tokens and verifies signatures
	resource          string // the resource's GUID, part of every user id
	rateLimits        bool
	observedErrors    bool
	editsDropMetadata bool

	store Store // nil: the state is only in memory

	events func(Event)  // nil: no events
	era    atomic.Int64 // how often the emulator was reset; events that are late are not published after a reset

	// admissionMu guards what every request needs before its operation starts. It is separate from mu, because mu is held
	// while the Store saves. Code that needs both locks mu first.
	admissionMu sync.Mutex
	users       map[string]user
	faults      []*fault                    // oldest first
	recentCalls map[rateCounter][]time.Time // times of the latest calls, oldest first

	mu             sync.Mutex // guards the fields below
	threads        map[string]*thread
	threadOrder    []*thread // oldest first
	createdThreads map[repeatabilityKey]createdThread
	lastVersion    int64             // the latest version of any message; message ids are versions, too
	unsaved        map[string][]byte // records that are not saved yet
	rollback       []func()          // undoes the unsaved changes, in reverse order

	queueMu sync.Mutex // guards queued
	queued  []*queuedWrite
}

// New returns a resource like [Open], and panics if Open returns an error.
func New(options Options) *Emulator {
	em, err := Open(options)
	if err != nil {
		panic(err.Error())
	}
	return em
}

// Open returns a resource with the state of options.Store, or an empty one. It returns an error if options.AccessKey is not
// standard base64, or if the Store cannot be loaded or belongs to a resource with another key.
func Open(options Options) (*Emulator, error) {
	em := &Emulator{
		clock:             clock{source: options.Clock},
		accessKey:         cmp.Or(options.AccessKey, DefaultAccessKey),
		rateLimits:        options.RateLimits,
		observedErrors:    options.ObservedErrors,
		editsDropMetadata: options.EditsDropMetadata,
		store:             options.Store,
		events:            options.Events,
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
	// The GUID is derived from the key, so that it is the same in every run and differs between keys.
	em.resource = nameUUID(uuidNameSpaceURL, key).String()
	if em.store != nil {
		if err := em.load(); err != nil {
			return nil, fmt.Errorf("emulator: Options.Store: %w", err)
		}
	}
	return em, nil
}

// ConnectionString returns the resource's connection string, in the form that the Azure portal shows. endpoint is the URL
// at which the emulator is served: "http://localhost:8081" gives "endpoint=http://localhost:8081/;accesskey=…".
func (em *Emulator) ConnectionString(endpoint string) string {
	return "endpoint=" + strings.TrimRight(endpoint, "/") + "/;accesskey=" + em.accessKey
}

// Serve answers one request to the resource, for programs that do without net/http. ServeHTTP calls it. After Drop or Reset it
// does not use w any more.
func (em *Emulator) Serve(w ResponseWriter, r *Request) {
	if em.hasFaults() || hasFaultHeader(r) {
		closeConnection(w.Header())
	}
	if isControl(r) {
		em.serveControl(w, r)
		return
	}
	setCORSHeaders(w.Header(), r)
	w.Header().Set("MS-CV", newCorrelationVector())
	if isPreflight(r) {
		em.answerPreflight(w, r)
		return
	}
	route, parameters, failure := findRoute(r.Method, r.path(), w.Header())
	if failure != nil {
		em.writeError(w, r, failure)
		return
	}
	em.serveOperation(w, r, route, parameters)
}

func (em *Emulator) serveOperation(w ResponseWriter, r *Request, route *route, parameters map[string]string) {
	w.Header().Set("api-supported-versions", supportedVersions(route.api.versions))
	route.api.echoRequestID(w.Header(), r)
	rule, failure := em.nextFault(r, route.name)
	if rule.Refuse {
		w.Reset()
		return
	}
	// Read the body first: closing a connection with unread data would reset it.
	body, unreadable := r.body()
	if rule.NoCORS {
		removeCORSHeaders(w.Header())
	}
	c := &call{request: r, route: route, parameters: parameters, body: body, rule: rule}
	failure = cmp.Or(failure, unreadable)
	if !rule.Cut && rule.TrickleMs == 0 {
		em.answerOperation(w, c, rule, failure)
		return
	}
	held := &heldAnswer{ResponseWriter: w, status: statusOK}
	em.answerOperation(held, c, rule, failure)
	held.send(r, rule)
}

// answerOperation performs a call and writes the response. It does not perform the call if there already is a failure, or if
// the rule prevents it.
func (em *Emulator) answerOperation(w ResponseWriter, c *call, rule Rule, failure *communicationError) {
	if rule.preventsOperation() {
		em.writeFault(w, c.request, rule)
		return
	}
	var result response
	if failure == nil {
		result, failure = em.perform(c)
	}
	if rule.replacesResponse() {
		em.writeFault(w, c.request, rule)
		return
	}
	if failure != nil {
		em.writeError(w, c.request, failure)
		return
	}
	if result.location != "" {
		w.Header().Set("Location", result.location)
	}
	if result.body == nil {
		w.WriteHeader(result.status)
		return
	}
	writeJSON(w, result.status, result.body)
}

func (em *Emulator) perform(c *call) (response, *communicationError) {
	if failure := em.admit(c); failure != nil {
		return response{}, failure
	}
	result, failure := c.route.operation(em, c)
	if failure == nil {
		em.publish(c)
	}
	return result, failure
}

// newCorrelationVector returns a value for the tracing header MS-CV, as Microsoft's services write it: 22 base64 characters
// and a counter.
func newCorrelationVector() string {
	id := newUUID()
	return base64.RawStdEncoding.EncodeToString(id[:]) + ".0"
}
