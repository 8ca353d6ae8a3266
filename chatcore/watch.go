package chatcore

import (
	"acschat/chatcore/internal/ascii"
	"acschat/chatcore/internal/json"
)

// The service pushes changes only over a channel whose protocol is not published, so that a thread is watched by asking.
// The list of messages is enough for it: what was sent, edited or deleted last stands in front, with a version that is
// higher than all before.

// WatchMessagesOptions say where a watch begins, and how often it asks.
type WatchMessagesOptions struct {
	SinceMessageID string // changes after this message was sent; empty with SinceVersion: changes from now on
	SinceVersion   string // changes after this version, the highest that was seen
	IntervalMs     int    // the shortest time between two questions; default 2000
	NextLink       string // of the batch before, which this one follows
}

func (o *WatchMessagesOptions) fields(to []field) []field {
	return appendFields(to, []field{
		{name: "sinceMessageId", value: &o.SinceMessageID, rule: wholeNumber},
		{name: "sinceVersion", value: &o.SinceVersion, rule: wholeNumber},
		{name: "intervalMs", value: &o.IntervalMs, rule: positive},
		{name: "nextLink", value: &o.NextLink, rule: cursor},
	}...)
}

func (o *WatchMessagesOptions) check() string {
	if o.SinceMessageID != "" && o.SinceVersion != "" {
		return "must not have both sinceMessageId and sinceVersion"
	}
	return ""
}

// A watch asks within the documented limits: 200 lists a minute for a user in a thread, and 400 for all who are in it, of
// which half is left to whatever else they list.
const (
	defaultIntervalMs   = 2000
	minIntervalMs       = 300
	msPerParticipant    = 300
	idleIntervalMs      = 10_000 // where nothing has happened for a while
	hiddenIntervalMs    = 60_000
	maxFailedIntervalMs = 30_000 // at most, after a row of failures
	maxRetryAfterMs     = 300_000

	pollPageSize         = 20
	backlogPageSize      = maxMessages
	backlogAfterMs       = 30_000 // since the poll before
	maxPagesWithoutPause = 100
	maxKnown             = 1000
	maxPermanentFailures = 5 // in a row, of those that may not pass by themselves
	participantsPageSize = 200
	noVersion            = "0"
)

var (
	watchMessages = &operation{
		name: "watchMessages", method: "GET", apiVersion: stableVersion, idCount: 1, path: "/messages", success: 200,
		requestName: "options",
		newRequest:  func() model { return new(WatchMessagesOptions) },
		newResult:   func() Result { return new(ChatMessagesCollection) },
		prepare:     prepareWatchMessages, live: true,
		throttleGroup: listMessages.throttleGroup,
	}
	// countParticipants is how a watch finds out with how many it shares the limits.
	countParticipants = &operation{
		name: "watchMessages", method: "GET", apiVersion: stableVersion, idCount: 1, path: "/participants", success: 200,
		requestName:   "options",
		newResult:     func() Result { return new(ChatParticipantsCollection) },
		throttleGroup: listParticipants.throttleGroup,
	}
)

// watchState is what one batch of changes leaves to the next.
type watchState struct {
	Version  string   // the highest that was seen; empty: none yet
	SeenAt   int      // the Instant when it was first seen
	Floor    string   // changes up to this version are not news
	Known    Metadata // the versions above the floor that were seen, by message id
	Members  int      // participants of the thread; 0: to be counted
	PolledAt int      // an Instant
	PageSize int      // the longest that was not too long; 0: none was
}

func (s *watchState) fields(to []field) []field {
	return appendFields(to, []field{
		{name: "version", value: &s.Version},
		{name: "seenAt", value: &s.SeenAt},
		{name: "floor", value: &s.Floor},
		{name: "known", value: &s.Known},
		{name: "members", value: &s.Members},
		{name: "polledAt", value: &s.PolledAt},
		{name: "pageSize", value: &s.PageSize},
	}...)
}

// watch is the plan of a call that waits for changes in a thread. It polls until there are any.
type watch struct {
	call       *Call
	intervalMs int
	watchState
	requestReady        bool          // the exchange that comes next is a repetition, or for a next page
	isNextPage          bool          // it is for a next page
	pagesFollowed       int           // that were followed
	trail               Trail         // of the list under way
	currentPageSize     int           // of its pages
	participantsCounted int           // participants of the pages so far
	pollStart           Instant       // of the poll under way
	found               []ChatMessage // by it above the floor, as they came
	firstPageHighest    string        // version when it began: that of its first page; empty before
	idlePolls           int           // polls in a row that brought nothing
	failures            int           // attempts in a row that failed
	countError          *Error        // of a count of participants: the watch ends with it after another poll without news
	permanentFailures   int           // polls in a row that failed in a way that may not pass by itself
	retryAfterMs        int           // what the service asked for after the last
}

// prepareWatchMessages checks the options of a watch. What it returns is the request of the first poll.
func prepareWatchMessages(call *Call, r requestRules, m model) (model, error) {
	o := m.(*WatchMessagesOptions)
	if fault := r.check(o); fault != nil {
		return nil, call.op.invalidField(fault)
	}
	w := &watch{call: call, intervalMs: max(firstOf(o.IntervalMs, defaultIntervalMs), minIntervalMs)}
	w.Version = firstOf(o.SinceVersion, o.SinceMessageID)
	if o.NextLink != "" {
		r := json.NewReader(o.NextLink)
		readModel(r, &w.watchState)
		if r.End() != nil || !ascii.ConsistsOf(w.Version, "0123456789") {
			return nil, call.op.invalid("nextLink", "must be that of the batch before")
		}
	}
	w.Floor = firstOf(w.Floor, w.Version, noVersion)
	call.flow = w
	return &ListChatMessagesOptions{}, nil
}
