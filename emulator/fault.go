package emulator

import (
	"cmp"
	"slices"
	"strings"
)

// faultHeader is the request header that holds the JSON of a Rule for that request. The real service does not know it.
const faultHeader = "x-emulator-fault"

// fault is a planted rule.
type fault struct {
	Rule
	firstCall int // number of the first call that fails; the first call after planting is 1
	times     int // how many calls fail; 0: all
	calls     int // how many calls there have been since planting
}

// Fail plants a fault. It panics if the rule is invalid. Several rules can be planted. Each counts the calls of its operation
// from the time it was planted, including calls that another rule makes fail. If two rules match a call, the one that was
// planted first applies. A rule is removed after its last call.
//
// While any rule is planted, every response closes its connection. The reason is that browsers resend a request by
// themselves if a reused connection closes without a response, so that the page would not notice a dropped call. A connection
// from before the planting is still reused once. So plant a rule before the browser's first request. Over HTTP/2 this does
// not matter, because Chromium does not resend requests there.
func (em *Emulator) Fail(rule Rule) {
	if err := rule.check(); err != nil {
		panic("emulator: Fail: " + err.Error())
	}
	em.plant(rule)
}

func (em *Emulator) plant(rule Rule) {
	f := &fault{Rule: rule, firstCall: max(rule.Call, 1), times: rule.Times}
	if rule.Call > 0 {
		f.times = max(rule.Times, 1)
	}
	em.admissionMu.Lock()
	defer em.admissionMu.Unlock()
	em.faults = append(em.faults, f)
}

// ClearFaults removes all planted faults.
func (em *Emulator) ClearFaults() {
	em.admissionMu.Lock()
	defer em.admissionMu.Unlock()
	em.faults = nil
}

func (em *Emulator) hasFaults() bool {
	em.admissionMu.Lock()
	defer em.admissionMu.Unlock()
	return len(em.faults) > 0
}

// hasFaultHeader reports whether a request has faultHeader, or is the preflight of a request that has it.
func hasFaultHeader(r *Request) bool {
	requested := strings.Split(r.Header.Get("Access-Control-Request-Headers"), ",")
	return r.Header.Values(faultHeader) != nil ||
		slices.ContainsFunc(requested, func(name string) bool { return strings.EqualFold(strings.TrimSpace(name), faultHeader) })
}

func closeConnection(header Header) { header.Set("Connection", "close") }

// nextFault counts a call and returns the rule that applies to it, or the zero Rule. A rule in the request's header takes
// precedence over planted ones.
func (em *Emulator) nextFault(r *Request, operation string) (Rule, *communicationError) {
	em.admissionMu.Lock()
	planted := em.matchFault(operation)
	em.admissionMu.Unlock()
	values := r.Header.Values(faultHeader)
	if len(values) == 0 {
		return planted, nil
	}
	if len(values) > 1 {
		return Rule{}, badRequest(faultHeader, "%s must be given only once.", faultHeader)
	}
	var rule Rule
	if err := decodeStrictly([]byte(values[0]), &rule); err != nil {
		return Rule{}, badRequest(faultHeader, "%s must be the JSON of a rule: %v.", faultHeader, err)
	}
	if rule.Operation != "" || rule.Call != 0 || rule.Times != 0 {
		return Rule{}, badRequest(faultHeader, "%s applies to its own request only: leave out operation, call and times.", faultHeader)
	}
	rule.Operation = operation
	if err := rule.check(); err != nil {
		return Rule{}, badRequest(faultHeader, "%s must be a valid rule: %v.", faultHeader, err)
	}
	return rule, nil
}

// preflightFails reports whether a planted rule makes the preflight of a call fail. If so, the preflight counts as the call.
// A rule in the call's header cannot apply, because a preflight does not contain the value of the header.
func (em *Emulator) preflightFails(operation string) bool {
	em.admissionMu.Lock()
	defer em.admissionMu.Unlock()
	i := slices.IndexFunc(em.faults, func(f *fault) bool { return f.appliesTo(operation) && f.failsCall(f.calls+1) })
	if i < 0 || !em.faults[i].NoCORS || em.faults[i].After {
		return false
	}
	em.matchFault(operation)
	return true
}

// matchFault counts a call and returns the planted rule that applies to it, or the zero Rule. em.admissionMu is held.
func (em *Emulator) matchFault(operation string) Rule {
	var rule Rule
	for _, f := range em.faults {
		if !f.appliesTo(operation) {
			continue
		}
		f.calls++
		if rule == (Rule{}) && f.failsCall(f.calls) {
			rule = f.Rule
		}
	}
	em.faults = slices.DeleteFunc(em.faults, (*fault).isSpent)
	return rule
}

func (f *fault) appliesTo(operation string) bool {
	return f.Operation == "" || f.Operation == operation
}

// failsCall reports whether the rule makes the n-th call fail. The rule must not be spent.
func (f *fault) failsCall(n int) bool { return n >= f.firstCall }

func (f *fault) isSpent() bool { return f.times > 0 && f.calls-f.firstCall+1 >= f.times }

// writeFault does what a rule has in place of the operation's response: it drops the connection, hangs, or writes the
// rule's status.
func (em *Emulator) writeFault(w ResponseWriter, r *Request, rule Rule) {
	switch {
	case rule.Drop:
		w.Drop()
		return
	case rule.Hang:
		hang(r, rule.hangTime())
		w.Drop()
		return
	}
	if rule.ExposeRetryAfter && !rule.NoCORS && isFromPage(r) {
		w.Header().Set("Access-Control-Expose-Headers", "Location, Retry-After")
	}
	failure := newError(rule.Status, "", cmp.Or(statusCodes[rule.Status], "Unknown"), "This is a planted fault.")
	failure.retryAfter = rule.RetryAfter
	switch {
	case rule.Body != "" || rule.Empty:
		failure.setRetryAfter(w.Header())
		if rule.Body != "" {
			w.Header().Set("Content-Type", rule.ContentType)
		}
		w.WriteHeader(rule.Status)
		_, _ = w.Write([]byte(rule.Body)) // fails only if the client has gone
	case rule.Observed && isChat(r):
		writeObservedError(w, failure)
	default:
		em.writeError(w, r, failure)
	}
}
