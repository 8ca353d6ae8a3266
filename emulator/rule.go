package emulator

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Rule is a fault to plant: which calls fail, and how. Its JSON is what POST /emulator/faults takes, and without the first
// three members what a request's header x-emulator-fault does.
//
// A call is a request to one of the operations, whether or not it would succeed. Preflights are none. Before the work, a
// fault comes before everything else, tokens and rate limits too.
//
// A rule has one of Refuse, Drop, Hang, Cut and Status, or none; then the operation answers for itself. TrickleMs, NoCORS
// and VisibleAfterMs may stand alone, or beside what leaves them something to do.
type Rule struct {
	// Operation is one of createThread, listThreads, getThread, updateThread, deleteThread, sendMessage, listMessages,
	// getMessage, updateMessage, deleteMessage, addParticipants, listParticipants, removeParticipant, sendTypingNotification,
	// sendReadReceipt, listReadReceipts, createIdentity, issueAccessToken, revokeAccessTokens, deleteIdentity. Empty means any.
	Operation string `json:"operation"`
	// Call says which call of the operation fails: 1 is the next one. 0 means every call.
	Call int `json:"call"`
	// Times says how many calls fail, one after another. 0 means one if Call is given, and otherwise no end.
	Times int `json:"times"`

	// Refuse resets the connection without a look at the request. That is as near as a server that runs can come to one that
	// refuses connections.
	Refuse bool `json:"refuse"`
	// Drop closes the connection with no answer at all. Over HTTP/2, where many requests share a connection, this and
	// every other break end the one request alone.
	Drop bool `json:"drop"`
	// Hang gives no answer until the client leaves, or for HangMs, and drops the call then. This is real time, whatever the
	// emulator's clock says. An httptest.Server cannot close before.
	Hang   bool `json:"hang"`
	HangMs int  `json:"hangMs"`
	// Cut breaks the connection in the middle of the body of the operation's own answer, whose headers promise all of it.
	// An answer that has no body is dropped. The work is done in any case.
	Cut bool `json:"cut"`
	// Status is answered in place of the operation's own answer: 400 to 599.
	Status int `json:"status"`
	// TrickleMs lets an answer come in pieces, the headers and then the body in four, with a pause of so many milliseconds
	// of real time before each. It may be the operation's own answer, also one that is cut, or that of Status.
	TrickleMs int `json:"trickleMs"`
	// NoCORS leaves the CORS headers out of the answer, which may be the operation's own or that of Status. Unless After
	// is set, the preflight goes without them too: the browser then sends no request, and the preflight counts as the call.
	// A rule in a header spares the preflight, which comes without it.
	NoCORS bool `json:"noCORS"`
	// VisibleAfterMs keeps a message that sendMessage has sent out of what listMessages and getMessage answer, to everybody,
	// for so many milliseconds of the emulator's clock. Then it is in its place, as if it had always been there. Threads
	// has it at once.
	VisibleAfterMs int `json:"visibleAfterMs"`
	// After lets the operation do its work first: Drop, Hang and Status take the place of its answer only. A Status is then
	// 408 or from 500 on, for no service does the work and answers another 4xx.
	After bool `json:"after"`

	// RetryAfter is the header Retry-After, in seconds. 0 means none.
	RetryAfter int `json:"retryAfter"`
	// ExposeRetryAfter lets pages see the header, which the service does not.
	ExposeRetryAfter bool `json:"exposeRetryAfter"`
	// Observed answers the error of a chat operation as Options.ObservedErrors does, whether or not that is set.
	Observed bool `json:"observed"`
	// Body and ContentType take the place of the error that the service would write for the status.
	Body        string `json:"body"`
	ContentType string `json:"contentType"`
	// Empty sends no body.
	Empty bool `json:"empty"`
}

// ParseRule reads the JSON of a Rule and says what is wrong with it, in the words of the JSON.
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

// maxRuleMs is the longest that a rule may take: a day.
const maxRuleMs = 24 * 60 * 60 * 1000

// check says what is wrong with a rule, in the words of its JSON.
func (r Rule) check() error {
	for _, err := range []error{r.checkCalls(), r.checkTimes(), r.checkFault(), r.checkAnswer()} {
		if err != nil {
			return err
		}
	}
	return nil
}

func (r Rule) checkCalls() error {
	switch {
	case r.Operation != "" && !slices.Contains(operationNames(), r.Operation):
		return fmt.Errorf("operation must be one of %s, or empty for any, not %q", strings.Join(operationNames(), ", "), r.Operation)
	case r.Call < 0:
		return errors.New("call must not be negative: 1 is the next call, 0 every call")
	case r.Times < 0:
		return errors.New("times must not be negative")
	}
	return nil
}

func (r Rule) checkTimes() error {
	for _, member := range []struct {
		name string
		ms   int
	}{{"hangMs", r.HangMs}, {"trickleMs", r.TrickleMs}, {"visibleAfterMs", r.VisibleAfterMs}} {
		if member.ms < 0 || member.ms > maxRuleMs {
			return fmt.Errorf("%s must be from 0 to %d, which is a day, not %d", member.name, maxRuleMs, member.ms)
		}
	}
	return nil
}

func (r Rule) checkFault() error {
	kinds := 0
	for _, there := range []bool{r.Refuse, r.Drop, r.Hang, r.Cut, r.Status != 0} {
		if there {
			kinds++
		}
	}
	switch {
	case kinds == 0 && r.TrickleMs == 0 && !r.NoCORS && r.VisibleAfterMs == 0:
		return errors.New("a rule needs one of refuse, drop, hang, cut, status, trickleMs, noCORS and visibleAfterMs")
	case kinds > 1:
		return errors.New("a rule has one of refuse, drop, hang, cut and status, not several")
	case r.Status != 0 && (r.Status < 400 || r.Status > 599):
		return fmt.Errorf("status must be from 400 to 599, not %d", r.Status)
	case r.HangMs != 0 && !r.Hang:
		return errors.New("hangMs needs hang")
	case (r.NoCORS || r.TrickleMs != 0) && (r.Refuse || r.Drop || r.Hang):
		return errors.New("noCORS and trickleMs cannot stand beside refuse, drop and hang: they need an answer")
	case r.After && r.Refuse:
		return errors.New("after cannot stand beside refuse, which does not look at the request")
	case r.After && r.Status >= 400 && r.Status < 500 && r.Status != 408:
		return fmt.Errorf("after cannot stand beside status %d: of 4xx, 408 alone may come when the work is done", r.Status)
	case r.VisibleAfterMs != 0 && r.Operation != "sendMessage":
		return errors.New("visibleAfterMs is for the operation sendMessage alone")
	case r.VisibleAfterMs != 0 && r.precedesWork():
		return errors.New("visibleAfterMs needs a message that is sent: beside drop, hang or status give after, and leave out refuse")
	}
	return nil
}

func (r Rule) checkAnswer() error {
	answers := r.RetryAfter != 0 || r.ExposeRetryAfter || r.Observed || r.Body != "" || r.ContentType != "" || r.Empty
	switch {
	case answers && r.Status == 0:
		return errors.New("retryAfter, exposeRetryAfter, observed, body, contentType and empty need a status")
	case r.RetryAfter < 0:
		return errors.New("retryAfter must not be negative")
	case r.ExposeRetryAfter && r.RetryAfter == 0:
		return errors.New("exposeRetryAfter needs retryAfter")
	case r.Observed && isIdentityOperation(r.Operation):
		return errors.New("observed is for chat operations")
	case r.Observed && (r.Empty || r.Body != "" || r.ContentType != ""):
		return errors.New("observed cannot stand beside body, contentType and empty")
	case r.Empty && (r.Body != "" || r.ContentType != ""):
		return errors.New("empty cannot stand beside body and contentType")
	case (r.Body == "") != (r.ContentType == ""):
		return errors.New("body and contentType need each other")
	}
	return nil
}

// replacesAnswer reports whether the fault is instead of the operation's own answer.
func (r Rule) replacesAnswer() bool { return r.Refuse || r.Drop || r.Hang || r.Status != 0 }

// precedesWork reports whether the operation does nothing.
func (r Rule) precedesWork() bool { return r.replacesAnswer() && !r.After }

func (r Rule) hangTime() time.Duration  { return milliseconds(r.HangMs) }
func (r Rule) pause() time.Duration     { return milliseconds(r.TrickleMs) }
func (r Rule) hiddenFor() time.Duration { return milliseconds(r.VisibleAfterMs) }
func milliseconds(n int) time.Duration  { return time.Duration(n) * time.Millisecond }
