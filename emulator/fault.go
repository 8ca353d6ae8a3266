package emulator

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
)

// faultHeader holds the JSON of a Rule for the request that it comes with. The service has no such header.
const faultHeader = "x-emulator-fault"

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
// connection from before is still reused once: where browsers call, plant a rule before their first request. Over HTTP/2
// none of this matters: there Chromium does not send a request again.
func (em *Emulator) Fail(rule Rule) {
	if err := rule.check(); err != nil {
		panic("emulator: Fail: " + err.Error())
	}
	em.plant(rule)
}

func (em *Emulator) plant(rule Rule) {
	f := &fault{Rule: rule, first: max(rule.Call, 1), times: rule.Times}
	if rule.Call > 0 {
		f.times = max(rule.Times, 1)
	}
	em.gate.Lock()
	defer em.gate.Unlock()
	em.faults = append(em.faults, f)
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

// bringsFault reports whether a request has a fault of its own in its header, or is the preflight of one that has.
func bringsFault(r *http.Request) bool {
	asked := strings.Split(r.Header.Get("Access-Control-Request-Headers"), ",")
	return r.Header.Values(faultHeader) != nil ||
		slices.ContainsFunc(asked, func(name string) bool { return strings.EqualFold(strings.TrimSpace(name), faultHeader) })
}

func closeConnection(header http.Header) { header.Set("Connection", "close") }

// nextFault counts a call and gives the rule that it falls to; the zero Rule if there is none. One in the request's header
// comes before all others.
func (em *Emulator) nextFault(r *http.Request, operation string) (Rule, *communicationError) {
	em.gate.Lock()
	planted := em.countCall(operation)
	em.gate.Unlock()
	values := r.Header.Values(faultHeader)
	if len(values) == 0 {
		return planted, nil
	}
	if len(values) > 1 {
		return Rule{}, badRequest(faultHeader, "%s must be there once.", faultHeader)
	}
	var rule Rule
	if err := decodeStrictly([]byte(values[0]), &rule); err != nil {
		return Rule{}, badRequest(faultHeader, "%s must be the JSON of a rule: %v.", faultHeader, err)
	}
	if rule.Operation != "" || rule.Call != 0 || rule.Times != 0 {
		return Rule{}, badRequest(faultHeader, "%s is for its own request: leave out operation, call and times.", faultHeader)
	}
	rule.Operation = operation
	if err := rule.check(); err != nil {
		return Rule{}, badRequest(faultHeader, "%s makes no sense: %v.", faultHeader, err)
	}
	return rule, nil
}

// preflightFails reports whether the call that a preflight announces falls to a rule that spares no preflight. It then
// counts as that call. What the call will have in its header nobody knows yet.
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

// countCall counts a call and gives the planted rule that it falls to. em.gate is held.
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
	switch {
	case rule.Drop:
		drop(w)
		return
	case rule.Hang:
		hang(w, r, rule.hangTime())
		return
	}
	if rule.ExposeRetryAfter && !rule.NoCORS && isOfPage(r) {
		w.Header().Set("Access-Control-Expose-Headers", "Location, Retry-After")
	}
	code := strings.ReplaceAll(http.StatusText(rule.Status), " ", "")
	failure := newError(rule.Status, "", cmp.Or(code, "Unknown"), "This is a planted fault.")
	failure.retryAfter = rule.RetryAfter
	switch {
	case rule.Body != "" || rule.Empty:
		failure.setRetryAfter(w.Header())
		if rule.Body != "" {
			w.Header().Set("Content-Type", rule.ContentType)
		}
		w.WriteHeader(rule.Status)
		_, _ = w.Write([]byte(rule.Body)) // the client may have gone
	case rule.Observed && isChat(r):
		writeObservedError(w, failure)
	default:
		em.writeError(w, r, failure)
	}
}
