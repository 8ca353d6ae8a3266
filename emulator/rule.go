package emulator

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Rule describes a fault: which calls fail, and how. POST /emulator/faults takes its JSON. The request header
// x-emulator-fault also takes its JSON, without operation, call and times.
//
// Here a call is one request to an operation, whether or not it would succeed. A retry of the client is another call. A preflight
// is not a call. Without After, a fault comes before every check, including those of tokens and rate limits.
//
// A rule has at most one of Refuse, Drop, Hang, Cut and Status. Without any of them the operation's own response is sent.
// TrickleMs, NoCORS, VisibleAfterMs and the members about events change the response, the message or the events. They can be
// used alone, or with a fault that leaves a response, a message or events to change.
type Rule struct {
	// Operation is one of createThread, listThreads, getThread, updateThread, deleteThread, sendMessage, listMessages,
	// getMessage, updateMessage, deleteMessage, addParticipants, listParticipants, removeParticipant, sendTypingNotification,
	// sendReadReceipt, listReadReceipts, createIdentity, issueAccessToken, revokeAccessTokens, deleteIdentity. Empty means all.
	Operation string `json:"operation"`
	// Call is the number of the call of the operation that fails. 1 is the next call, 0 means every call.
	Call int `json:"call"`
	// Times is how many consecutive calls fail. 0 means one call if Call is set, and otherwise all calls.
	Times int `json:"times"`

	// Refuse resets the connection without reading the request. This resembles a server that refuses connections, which a
	// running server cannot do.
	Refuse bool `json:"refuse"`
	// Drop closes the connection without a response. Over HTTP/2, where requests share a connection, this and all other faults
	// that break connections abort only the one request.
	Drop bool `json:"drop"`
	// Hang sends no response until the client closes the connection, or until HangMs milliseconds have passed if HangMs is not
	// 0. Then it drops the connection. HangMs is real time, not the emulator's. httptest.Server.Close waits for hanging calls.
	Hang   bool `json:"hang"`
	HangMs int  `json:"hangMs"`
	// Cut performs the operation, and closes the connection after half of the response's body. The headers announce the whole
	// body. If the response has no body, nothing is sent.
	Cut bool `json:"cut"`
	// Status is sent in place of the operation's own response: 400 to 599.
	Status int `json:"status"`
	// TrickleMs sends the response in pieces: the headers, then the body in four. Before each piece it waits this many
	// milliseconds of real time. It applies to the operation's own response, with Cut as well, and to the one of Status.
	TrickleMs int `json:"trickleMs"`
	// NoCORS leaves the CORS headers out of the response, be it the operation's own or the one of Status. Unless After is set,
	// it also leaves them out of the response to the preflight. Then the browser does not send the request, and the preflight
	// counts as the call. A rule in a request's header cannot affect the preflight, which does not contain it.
	NoCORS bool `json:"noCORS"`
	// VisibleAfterMs hides the message that sendMessage sends from listMessages and getMessage, for all users, for this many
	// milliseconds of the emulator's clock. Then the message appears at the position that it would have had anyway.
	// Emulator.Threads contains it at once.
	VisibleAfterMs int `json:"visibleAfterMs"`
	// After performs the operation first, so that Drop, Hang and Status replace only its response. The Status must then be 408
	// or 500 to 599, because no service performs an operation and answers another 4xx.
	After bool `json:"after"`

	// EventsTwice delivers each event of the call twice, to Options.Events and to webhooks.
	EventsTwice bool `json:"eventsTwice"`
	// EventsAfterMs delivers the events of the call this many milliseconds of real time later. So events of later calls
	// overtake them.
	EventsAfterMs int `json:"eventsAfterMs"`
	// EventsUnordered delivers each event of the call after a random part of EventsAfterMs. So the events of the calls to which
	// the rule applies overtake each other.
	EventsUnordered bool `json:"eventsUnordered"`
	// EventsLost delivers no event of the call.
	EventsLost bool `json:"eventsLost"`

	// RetryAfter is the value of the header Retry-After, in seconds. 0 means no header.
	RetryAfter int `json:"retryAfter"`
	// ExposeRetryAfter lets pages read the header. The real service does not.
	ExposeRetryAfter bool `json:"exposeRetryAfter"`
	// Observed sends the error of a chat operation in the observed form, even if Options.ObservedErrors is not set.
	Observed bool `json:"observed"`
	// Body and ContentType replace the body that the service would send with the status.
	Body        string `json:"body"`
	ContentType string `json:"contentType"`
	// Empty sends the status without a body.
	Empty bool `json:"empty"`
}

// ParseRule decodes the JSON of a Rule. If the rule is invalid, the error names the JSON member and says what to change.
func ParseRule(text string) (Rule, error) {
	var rule Rule
	if err := decodeStrictly([]byte(text), &rule); err != nil {
		return Rule{}, err
	}
	if err := rule.check(); err != nil {
		return Rule{}, err
	}
	return rule, nil
}

// maxRuleMs limits the durations of a rule to a day.
const maxRuleMs = 24 * 60 * 60 * 1000

// check returns an error if the rule is invalid. The error uses the names of the JSON members.
func (r Rule) check() error {
	for _, err := range []error{r.checkCalls(), r.checkDurations(), r.checkKind(), r.checkEvents(), r.checkResponse()} {
		if err != nil {
			return err
		}
	}
	return nil
}

func (r Rule) checkCalls() error {
	switch {
	case r.Operation != "" && !slices.Contains(operationNames(), r.Operation):
		return fmt.Errorf("operation must be one of %s, or empty for all, not %q", strings.Join(operationNames(), ", "), r.Operation)
	case r.Call < 0:
		return errors.New("call must not be negative: 1 is the next call, 0 every call")
	case r.Times < 0:
		return errors.New("times must not be negative")
	}
	return nil
}

func (r Rule) checkDurations() error {
	for _, member := range []struct {
		name string
		ms   int
	}{{"hangMs", r.HangMs}, {"trickleMs", r.TrickleMs}, {"visibleAfterMs", r.VisibleAfterMs}, {"eventsAfterMs", r.EventsAfterMs}} {
		if member.ms < 0 || member.ms > maxRuleMs {
			return fmt.Errorf("%s must be from 0 to %d (one day), not %d", member.name, maxRuleMs, member.ms)
		}
	}
	return nil
}

func (r Rule) checkKind() error {
	kinds := 0
	for _, isSet := range []bool{r.Refuse, r.Drop, r.Hang, r.Cut, r.Status != 0} {
		if isSet {
			kinds++
		}
	}
	switch {
	case kinds == 0 && r.TrickleMs == 0 && !r.NoCORS && r.VisibleAfterMs == 0 && !r.changesEvents():
		return errors.New("a rule needs one of refuse, drop, hang, cut, status, trickleMs, noCORS, visibleAfterMs, eventsTwice, eventsAfterMs or eventsLost")
	case kinds > 1:
		return errors.New("a rule can have only one of refuse, drop, hang, cut and status")
	case r.Status != 0 && (r.Status < 400 || r.Status > 599):
		return fmt.Errorf("status must be from 400 to 599, not %d", r.Status)
	case r.HangMs != 0 && !r.Hang:
		return errors.New("hangMs needs hang")
	case (r.NoCORS || r.TrickleMs != 0) && (r.Refuse || r.Drop || r.Hang):
		return errors.New("noCORS and trickleMs cannot be combined with refuse, drop or hang, which send no response")
	case r.After && r.Refuse:
		return errors.New("after cannot be combined with refuse, which does not read the request")
	case r.After && r.Status >= 400 && r.Status < 500 && r.Status != 408:
		return fmt.Errorf("after cannot be combined with status %d: the only 4xx after the operation was performed is 408", r.Status)
	case r.VisibleAfterMs != 0 && r.Operation != "sendMessage":
		return errors.New("visibleAfterMs needs the operation sendMessage")
	case r.VisibleAfterMs != 0 && r.preventsOperation():
		return errors.New("visibleAfterMs needs a message that is sent: with drop, hang or status set after, too, and leave out refuse")
	}
	return nil
}

// publishing lists the operations that publish events.
var publishing = []string{"createThread", "updateThread", "deleteThread", "sendMessage", "updateMessage", "deleteMessage", "addParticipants", "removeParticipant"}

func (r Rule) changesEvents() bool {
	return r.EventsTwice || r.EventsAfterMs != 0 || r.EventsUnordered || r.EventsLost
}

func (r Rule) checkEvents() error {
	switch {
	case !r.changesEvents():
		return nil
	case r.Operation != "" && !slices.Contains(publishing, r.Operation):
		return fmt.Errorf("eventsTwice, eventsAfterMs, eventsUnordered and eventsLost need an operation that publishes events: one of %s, or empty for all", strings.Join(publishing, ", "))
	case r.preventsOperation():
		return errors.New("eventsTwice, eventsAfterMs, eventsUnordered and eventsLost need a call that is performed: with drop, hang or status set after, too, and leave out refuse")
	case r.EventsUnordered && r.EventsAfterMs == 0:
		return errors.New("eventsUnordered needs eventsAfterMs: the longest time by which an event may be late")
	case r.EventsLost && (r.EventsTwice || r.EventsAfterMs != 0):
		return errors.New("eventsLost cannot be combined with eventsTwice, eventsAfterMs or eventsUnordered")
	}
	return nil
}

func (r Rule) checkResponse() error {
	describesResponse := r.RetryAfter != 0 || r.ExposeRetryAfter || r.Observed || r.Body != "" || r.ContentType != "" || r.Empty
	switch {
	case describesResponse && r.Status == 0:
		return errors.New("retryAfter, exposeRetryAfter, observed, body, contentType and empty need a status")
	case r.RetryAfter < 0:
		return errors.New("retryAfter must not be negative")
	case r.ExposeRetryAfter && r.RetryAfter == 0:
		return errors.New("exposeRetryAfter needs retryAfter")
	case r.Observed && isIdentityOperation(r.Operation):
		return errors.New("observed needs a chat operation")
	case r.Observed && (r.Empty || r.Body != "" || r.ContentType != ""):
		return errors.New("observed cannot be combined with body, contentType or empty")
	case r.Empty && (r.Body != "" || r.ContentType != ""):
		return errors.New("empty cannot be combined with body or contentType")
	case (r.Body == "") != (r.ContentType == ""):
		return errors.New("body and contentType must be given together")
	}
	return nil
}

// replacesResponse reports whether the operation's own response is not sent.
func (r Rule) replacesResponse() bool { return r.Refuse || r.Drop || r.Hang || r.Status != 0 }

// preventsOperation reports whether the operation is not performed.
func (r Rule) preventsOperation() bool { return r.replacesResponse() && !r.After }

func (r Rule) hangTime() time.Duration    { return milliseconds(r.HangMs) }
func (r Rule) trickleTime() time.Duration { return milliseconds(r.TrickleMs) }
func (r Rule) hiddenFor() time.Duration   { return milliseconds(r.VisibleAfterMs) }
func milliseconds(n int) time.Duration    { return time.Duration(n) * time.Millisecond }
