package chatcore

import (
	"acschat/chatcore/internal/ascii"
	"acschat/chatcore/internal/json"
)

// The service pushes changes only over a channel whose protocol is not published. A watch therefore polls. It needs only the list of
// messages: the message that was sent, edited or deleted last comes first, and its version is the highest.

// WatchMessagesOptions say where a watch starts, and how often it polls.
type WatchMessagesOptions struct {
	SinceMessageID string // changes since this message was sent. If this and SinceVersion are empty: changes from now on
	SinceVersion   string // changes with a higher version: the highest that the caller has seen
	IntervalMs     int    // the shortest time between two polls, at least 300; default 2000
	NextLink       string // of the previous result: the state of the watch, not a URL
}

func (o *WatchMessagesOptions) fields(to []field) []field {
	return appendFields(to, []field{
		{name: "sinceMessageId", value: &o.SinceMessageID, rule: wholeNumber},
		{name: "sinceVersion", value: &o.SinceVersion, rule: wholeNumber},
		{name: "intervalMs", value: &o.IntervalMs, rule: positive},
		{name: "nextLink", value: &o.NextLink, rule: watchPosition},
	}...)
}

func (o *WatchMessagesOptions) check() string {
	if o.SinceMessageID != "" && o.SinceVersion != "" {
		return "must name a message or a version to start from, not both"
	}
	return ""
}

// A watch stays within the documented limits for lists of messages: 200 a minute for one user in a thread, and 400 for all of its users.
// Watches use half of the 400.
const (
	defaultIntervalMs   = 2000
	minIntervalMs       = 300
	msPerParticipant    = 300
	idleIntervalMs      = 10_000 // in a thread without changes
	hiddenIntervalMs    = 60_000
	maxFailedIntervalMs = 30_000 // after several failures in a row
	maxRetryAfterMs     = 300_000

	pollPageSize         = 20
	backlogPageSize      = maxMessages // also of participants
	backlogAfterMs       = 30_000      // since the previous poll, unless hints announce the changes, and these are few
	maxPagesWithoutPause = 100
	maxKnown             = 1000
	maxPermanentFailures = 5 // in a row
	noVersion            = "0"
)

var (
	watchMessages = &operation{
		name: "watchMessages", httpMethod: "GET", apiVersion: stableVersion, idCount: 1, path: "/messages", success: 200,
		requestName: "options",
		newRequest:  func() model { return new(WatchMessagesOptions) },
		newResult:   func() Result { return new(ChatMessagesCollection) },
		prepare:     prepareWatchMessages, live: true,
		throttleGroup: listMessages.throttleGroup,
	}
	// countParticipants is the request by which a watch finds out how many users share the limits.
	countParticipants = &operation{
		name: "watchMessages", httpMethod: "GET", apiVersion: stableVersion, idCount: 1, path: "/participants", success: 200,
		requestName:   "options",
		newResult:     func() Result { return new(ChatParticipantsCollection) },
		throttleGroup: listParticipants.throttleGroup,
	}
)

// watchState is the state that one result passes to the next call in its NextLink.
type watchState struct {
	Version  string   // the highest seen; empty: none yet
	SeenAt   Instant  // Instant at which Version was first seen
	Floor    string   // changes up to this version were delivered, or happened before the watch
	Known    Metadata // versions above the floor that were delivered, by message id
	Members  int      // participants of the thread; 0: must be counted. While the call runs, the poller has the number
	PolledAt Instant  // Instant of the last poll
	PageSize int      // the largest whose pages were not too long; 0: no page was
}

func (s *watchState) fields(to []field) []field {
	return appendFields(to, []field{
		{name: "version", value: &s.Version},
		{name: "seenAt", value: (*int64)(&s.SeenAt)},
		{name: "floor", value: &s.Floor},
		{name: "known", value: &s.Known},
		{name: "members", value: &s.Members},
		{name: "polledAt", value: (*int64)(&s.PolledAt)},
		{name: "pageSize", value: &s.PageSize},
	}...)
}

// watch is the flow of a call that waits for changes in a thread. It takes part in polls until there are any.
type watch struct {
	call       *Call
	poller     *poller // shared by the watches of the thread
	next       *watch  // of the thread
	intervalMs Instant
	settleMs   Instant
	watchState
	poll                int            // number of the poll, or of the count of participants, in which the watch takes part; 0: it waits for one
	leads               bool           // the watch sends the requests for it
	counts              bool           // its next list, or the current one, is that of the participants
	requestReady        bool           // its next request is ready: a retry, or a further page
	pageAt              Instant        // when the wait for a further page began
	trail               Trail          // of the current list
	currentPageSize     int            // of the current list
	participantsCounted int            // on the pages so far
	found               []*ChatMessage // messages above the floor, in the service's order
	highest             string         // highest version on the first page
	countError          *Error         // why participants could not be counted: the watch fails with it after another poll without changes
	permanentFailures   int            // polls in a row with an error that may be permanent
}

// prepareWatchMessages checks the options and returns the request of the first poll.
func prepareWatchMessages(call *Call, r requestRules, m model) (model, error) {
	o := m.(*WatchMessagesOptions)
	if fault := r.check(o); fault != nil {
		return nil, call.op.invalidField(fault)
	}
	w := &watch{call: call, intervalMs: defaultIntervalMs, settleMs: Instant(*call.options.SettleMs)}
	if o.IntervalMs != 0 {
		w.intervalMs = Instant(max(o.IntervalMs, minIntervalMs))
	}
	if w.Version = o.SinceVersion; w.Version == "" {
		w.Version = o.SinceMessageID
	}
	if w.Floor = w.Version; w.Floor == "" {
		w.Floor = noVersion
	}
	if o.NextLink != "" {
		r := json.NewReader(o.NextLink)
		readModel(r, &w.watchState)
		if r.End() != nil || !ascii.ConsistsOf(w.Version, "0123456789") {
			return nil, call.op.invalid("nextLink", "must come from the previous batch")
		}
	}
	call.flow = w
	return &ListChatMessagesOptions{}, nil
}
