package emulator

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// Rule is a fault to plant: which calls fail, and how. Its JSON is what POST /emulator/faults takes.
//
// A call is a request to one of the operations, whether or not it would succeed. Preflights are none. Before the work, a
// fault comes before everything else, tokens and rate limits too.
type Rule struct {
	// Operation is one of createThread, listThreads, getThread, updateThread, deleteThread, sendMessage, listMessages,
	// getMessage, updateMessage, deleteMessage, addParticipants, listParticipants, removeParticipant, sendTypingNotification,
	// sendReadReceipt, listReadReceipts, createIdentity, issueAccessToken, revokeAccessTokens, deleteIdentity. Empty means any.
	Operation string `json:"operation"`
	// Call says which call of the operation fails: 1 is the next one. 0 means every call.
	Call int `json:"call"`
	// Times says how many calls fail, one after another. 0 means one if Call is given, and otherwise no end.
	Times int `json:"times"`

	// Status is answered in place of the operation's own answer: 400 to 599.
	Status int `json:"status"`
	// Drop closes the connection with no answer at all.
	Drop bool `json:"drop"`
	// NoCORS leaves the CORS headers out of the answer, which may be the operation's own or that of Status. Unless After
	// is set, the preflight goes without them too: the browser then sends no request, and the preflight counts as the call.
	NoCORS bool `json:"noCORS"`
	// After lets the operation do its work first; what fails is the answer.
	After bool `json:"after"`

	// RetryAfter is the header Retry-After, in seconds. 0 means none.
	RetryAfter int `json:"retryAfter"`
	// ExposeRetryAfter lets pages see the header, which the service does not.
	ExposeRetryAfter bool `json:"exposeRetryAfter"`
	// Body and ContentType take the place of the error that the service would write for the status.
	Body        string `json:"body"`
	ContentType string `json:"contentType"`
	// Empty sends no body.
	Empty bool `json:"empty"`
}

// check says what is wrong with a rule, in the words of its JSON.
func (r Rule) check() error {
	answers := r.RetryAfter != 0 || r.ExposeRetryAfter || r.Body != "" || r.ContentType != "" || r.Empty
	switch {
	case r.Operation != "" && !slices.Contains(operationNames(), r.Operation):
		return fmt.Errorf("operation must be one of %s, or empty for any, not %q", strings.Join(operationNames(), ", "), r.Operation)
	case r.Call < 0:
		return errors.New("call must not be negative: 1 is the next call, 0 every call")
	case r.Times < 0:
		return errors.New("times must not be negative")
	case r.Status == 0 && !r.Drop && !r.NoCORS:
		return errors.New("a rule needs status, drop or noCORS")
	case r.Status != 0 && (r.Status < 400 || r.Status > 599):
		return fmt.Errorf("status must be from 400 to 599, not %d", r.Status)
	case r.Drop && (r.Status != 0 || r.NoCORS):
		return errors.New("drop cannot stand beside status and noCORS: it gives no answer")
	case answers && r.Status == 0:
		return errors.New("retryAfter, exposeRetryAfter, body, contentType and empty need a status")
	case r.RetryAfter < 0:
		return errors.New("retryAfter must not be negative")
	case r.ExposeRetryAfter && r.RetryAfter == 0:
		return errors.New("exposeRetryAfter needs retryAfter")
	case r.Empty && (r.Body != "" || r.ContentType != ""):
		return errors.New("empty cannot stand beside body and contentType")
	case (r.Body == "") != (r.ContentType == ""):
		return errors.New("body and contentType need each other")
	}
	return nil
}

// ends reports whether the fault is instead of the operation's own answer.
func (r Rule) ends() bool { return r.Drop || r.Status != 0 }

// fault is a planted rule.
type fault struct {
	Rule
	first int // the number of the first call that fails, counted from when the rule was planted
	times int // 0: without end
	seen  int // calls so far
}

// Fail plants a fault. It panics if the rule makes no sense, which is a programmer's error. Several rules may be planted;
// each counts its calls from its own planting, those that another one lets fail too, and where two are for the same call,
// the earlier is applied. A rule whose calls are over is gone.
//
// While a rule is planted, even one for a call far ahead, every answer closes its connection. For browsers send a request
// again, unasked, if a connection that they reuse is closed without an answer, and a dropped call would go unseen. A
// connection from before is still reused once: where browsers call, plant a rule before their first request.
func (em *Emulator) Fail(rule Rule) {
	if err := em.plant(rule); err != nil {
		panic("emulator: Fail: " + err.Error())
	}
}

func (em *Emulator) plant(rule Rule) error {
	if err := rule.check(); err != nil {
		return err
	}
	f := &fault{Rule: rule, first: max(rule.Call, 1), times: rule.Times}
	if rule.Call > 0 {
		f.times = max(rule.Times, 1)
	}
	em.gate.Lock()
	defer em.gate.Unlock()
	em.faults = append(em.faults, f)
	return nil
}

// ClearFaults takes back all that Fail has planted.
func (em *Emulator) ClearFaults() {
	em.gate.Lock()
	defer em.gate.Unlock()
	em.faults = nil
}

func (em *Emulator) hasFaults() bool {
	em.gate.Lock()
	defer em.gate.Unlock()
	return len(em.faults) > 0
}

func closeConnection(header http.Header) { header.Set("Connection", "close") }

// nextFault counts a call and gives the rule that it falls to; the zero Rule if there is none.
func (em *Emulator) nextFault(operation string) Rule {
	em.gate.Lock()
	defer em.gate.Unlock()
	return em.countCall(operation)
}

// preflightFails reports whether the call that a preflight announces falls to a rule that spares no preflight. It then
// counts as that call.
func (em *Emulator) preflightFails(operation string) bool {
	em.gate.Lock()
	defer em.gate.Unlock()
	i := slices.IndexFunc(em.faults, func(f *fault) bool { return f.isFor(operation) && f.covers(f.seen+1) })
	if i < 0 || !em.faults[i].NoCORS || em.faults[i].After {
		return false
	}
	em.countCall(operation)
	return true
}

// countCall is nextFault with em.gate held.
func (em *Emulator) countCall(operation string) Rule {
	var rule Rule
	for _, f := range em.faults {
		if !f.isFor(operation) {
			continue
		}
		f.seen++
		if rule == (Rule{}) && f.covers(f.seen) {
			rule = f.Rule
		}
	}
	em.faults = slices.DeleteFunc(em.faults, (*fault).over)
	return rule
}

func (f *fault) isFor(operation string) bool { return f.Operation == "" || f.Operation == operation }

// covers reports whether the n-th call falls to the rule, which is not over.
func (f *fault) covers(n int) bool { return n >= f.first }

func (f *fault) over() bool { return f.times > 0 && f.seen-f.first+1 >= f.times }

// answerFault gives a rule's answer, or none.
func (em *Emulator) answerFault(w http.ResponseWriter, r *http.Request, rule Rule) {
	if rule.Drop {
		drop(w)
		return
	}
	if rule.ExposeRetryAfter && !rule.NoCORS {
		w.Header().Set("Access-Control-Expose-Headers", "Location, Retry-After")
	}
	code := strings.ReplaceAll(http.StatusText(rule.Status), " ", "")
	failure := newError(rule.Status, "", cmp.Or(code, "Unknown"), "This is a planted fault.")
	failure.retryAfter = rule.RetryAfter
	if rule.Body == "" && !rule.Empty {
		em.writeError(w, r, failure)
		return
	}
	failure.setRetryAfter(w.Header())
	if rule.Body != "" {
		w.Header().Set("Content-Type", rule.ContentType)
	}
	w.WriteHeader(rule.Status)
	_, _ = w.Write([]byte(rule.Body)) // the client may have gone
}

// drop closes the connection without an answer. A panic with http.ErrAbortHandler is what servers have for connections
// that cannot be taken over, as those of HTTP/2.
func drop(w http.ResponseWriter) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	connection.Close()
}
