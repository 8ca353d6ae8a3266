// Package emulator is an Azure Communication Services Chat resource to run at home: an http.Handler that keeps threads,
// participants, messages, users and tokens in memory and answers as the service's REST documentation says, CORS included.
//
// It is strict. A request the documentation does not allow is refused with a message that names the field, so that a
// client's mistakes show here rather than in production. It shares no code with the clients it serves: an emulator built
// on a client's models would agree with that client's bugs.
//
// Chat operations take the user access tokens that the Identity operations (or [Emulator.NewUser]) hand out; Identity
// operations take HMAC signatures made with the resource's access key.
package emulator

import (
	"encoding/base64"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
)

// DefaultAccessKey is the access key of an emulator that was given none. It is published here and is no secret: it opens
// nothing but emulators.
const DefaultAccessKey = "VGhpcyBrZXkgb3BlbnMgbm90aGluZyBidXQgZW11bGF0b3Jz"

// Options configures [New]. The zero value is ready to use.
type Options struct {
	// Clock tells the time of everything: createdOn, message ids, token lifetimes, signature ages. Nil means time.Now.
	// It is asked from many goroutines at once.
	Clock func() time.Time
	// AccessKey is the resource's key in standard base64. Empty means DefaultAccessKey. Emulators with different keys are
	// different resources: each refuses the other's tokens and users.
	AccessKey string
}

// Emulator is one chat resource. Its methods may be called from any number of goroutines.
type Emulator struct {
	now       func() time.Time
	accessKey string // as in connection strings: base64
	key       []byte // accessKey decoded: signs tokens, checks signatures
	resource  string // the GUID in every user id of this resource

	mu            sync.Mutex // guards all below
	users         map[string]bool
	threads       map[string]*Thread
	threadOrder   []string // thread ids, oldest first
	created       map[repeatedRequest]createdThread
	lastMessageID int64
}

// New makes an empty resource. It panics if options.AccessKey is not standard base64, which is a programmer's error.
func New(options Options) *Emulator {
	em := &Emulator{
		now:       options.Clock,
		accessKey: options.AccessKey,
		users:     map[string]bool{},
		threads:   map[string]*Thread{},
		created:   map[repeatedRequest]createdThread{},
	}
	if em.now == nil {
		em.now = time.Now
	}
	if em.accessKey == "" {
		em.accessKey = DefaultAccessKey
	}
	key, err := base64.StdEncoding.DecodeString(em.accessKey)
	if err != nil {
		panic("emulator: Options.AccessKey is not standard base64")
	}
	em.key = key
	// The resource follows from its key, so that it stays the same from run to run and differs between keys.
	em.resource = uuid.NewSHA1(uuid.NameSpaceURL, key).String()
	return em
}

// ConnectionString is what the resource's owner would copy from the Azure portal, for an emulator that is served at
// endpoint (a URL such as "http://localhost:8081"): "endpoint=http://localhost:8081/;accesskey=…".
func (em *Emulator) ConnectionString(endpoint string) string {
	return "endpoint=" + strings.TrimRight(endpoint, "/") + "/;accesskey=" + em.accessKey
}

// ServeHTTP answers one request to the resource. Failures are a status and the documented
// {"error":{"code","message","target"}}; no request makes it panic.
func (em *Emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	allowAnyOrigin(w.Header())
	w.Header().Set("MS-CV", newCorrelationVector())
	if isPreflight(r) {
		answerPreflight(w, r)
		return
	}
	route, parameters, failure := findRoute(r, w.Header())
	if failure != nil {
		writeError(w, failure)
		return
	}
	w.Header().Set("api-supported-versions", supportedVersions(route.api.versions))
	call, failure := em.admit(w, r, route, parameters)
	if failure != nil {
		writeError(w, failure)
		return
	}
	answer, failure := route.operation(em, call)
	if failure != nil {
		writeError(w, failure)
		return
	}
	if answer.location != "" {
		w.Header().Set("Location", answer.location)
	}
	writeJSON(w, answer.status, answer.body)
}

// newCorrelationVector makes a tracing header in the form of Microsoft's services: 22 base64 characters and a counter.
func newCorrelationVector() string {
	id := uuid.New()
	return base64.RawStdEncoding.EncodeToString(id[:]) + ".0"
}
