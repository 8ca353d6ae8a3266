package chatcore

import "acschat/chatcore/internal/json"

// The service pushes changes only over a channel whose protocol is not published, so that a thread is watched by asking.
// The list of messages is enough for it: what was sent, edited or deleted last stands in front, with a version that is
// higher than all before.

// WatchMessagesOptions say where a watch begins, and how often it asks.
type WatchMessagesOptions struct {
	SinceMessageID string // changes after this message was sent; empty with SinceVersion: changes from now on
	SinceVersion   string // changes after this version, that of the last change which was seen
	IntervalMs     int    // the shortest time between two questions; default 2000
	NextLink       string // of the batch before, which this one follows
}

func (o *WatchMessagesOptions) fields() []field {
	return []field{
		{name: "sinceMessageId", value: &o.SinceMessageID, rule: wholeNumber},
		{name: "sinceVersion", value: &o.SinceVersion, rule: wholeNumber},
		{name: "intervalMs", value: &o.IntervalMs, rule: positive},
		{name: "nextLink", value: &o.NextLink, rule: cursor},
	}
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
	defaultIntervalMs = 2000
	leastIntervalMs   = 300
	msPerParticipant  = 300
	idleIntervalMs    = 10_000 // where nothing has happened for a while
	hiddenIntervalMs  = 60_000
	failedIntervalMs  = 30_000 // at most, after a row of failures

	pageOfNews     = 20
	pageOfBacklog  = maxMessages
	backlogAfterMs = 30_000 // since the poll before
	mostFailures   = 5      // in a row, of those that may not pass by themselves
	ofParticipants = 200
	noVersion      = "0"
)

var (
	watchMessages = &operation{
		name: "watchMessages", method: "GET", apiVersion: stable, ids: 1, path: "/messages", success: 200, argument: "options",
		newRequest: func() model { return new(WatchMessagesOptions) },
		newResult:  func() Result { return new(ChatMessagesCollection) },
	}
	// countParticipants is how a watch finds out with how many it shares the limits.
	countParticipants = &operation{
		name: "watchMessages", method: "GET", apiVersion: stable, ids: 1, path: "/participants", success: 200, argument: "options",
		newResult: func() Result { return new(ChatParticipantsCollection) },
	}
)

// watchState is what one batch of changes leaves to the next.
type watchState struct {
	Version  string // the highest that was seen; empty: none yet
	Members  int    // participants of the thread; 0: to be counted
	PolledAt int    // an Instant
}

func (s *watchState) fields() []field {
	return []field{
		{name: "version", value: &s.Version},
		{name: "members", value: &s.Members},
		{name: "polledAt", value: &s.PolledAt},
	}
}

// watch is the plan of a call that waits for changes in a thread. It polls until there are any.
type watch struct {
	call       *Call
	at         ids
	intervalMs int
	watchState
	counted  int           // participants of the pages so far
	follows  bool          // the exchange is for a next page
	changes  []ChatMessage // of the poll under way, as they came
	highest  string        // version of all, and of the poll under way
	idle     int           // polls in a row that brought nothing
	failures int           // attempts in a row that failed
	retryMs  int           // what the service asked for after the last
}

// newWatch checks the options of a watch and plans it.
func newWatch(call *Call, in rules, at ids, o *WatchMessagesOptions) (*watch, error) {
	if fault := in.check(o); fault != nil {
		return nil, call.op.refuse(fault)
	}
	w := &watch{call: call, at: at, intervalMs: max(firstOf(o.IntervalMs, defaultIntervalMs), leastIntervalMs)}
	w.Version = firstOf(o.SinceVersion, o.SinceMessageID)
	if o.NextLink != "" {
		readModel(json.NewReader(o.NextLink), &w.watchState)
	}
	return w, w.ask(watchMessages, &ListChatMessagesOptions{})
}

// ask prepares the next exchange.
func (w *watch) ask(op *operation, m model) (err error) {
	c := w.call
	c.asking = op
	c.request, err = op.build(c.client.endpoint, rules{apiVersion: c.options.APIVersion}, w.at, "", m)
	return err
}

func (w *watch) begin(now Instant) {
	if w.PolledAt != 0 && w.Members == 0 { // the first poll is not kept waiting
		w.counted, w.follows = 0, false
		_ = w.ask(countParticipants, &ListChatParticipantsOptions{MaxPageSize: ofParticipants})
		w.call.authorize(now)
		return
	}
	size := pageOfNews
	switch {
	case w.Version == "":
		size = 1 // it is only to tell which is the last
	case w.PolledAt == 0 || int(now)-w.PolledAt > backlogAfterMs:
		size = pageOfBacklog
	}
	w.changes, w.highest, w.follows = nil, firstOf(w.Version, noVersion), false
	_ = w.ask(watchMessages, &ListChatMessagesOptions{MaxPageSize: size})
	w.elapsed(now)
}

// elapsed begins the exchange that was prepared, at once or when it is due.
func (w *watch) elapsed(now Instant) {
	if due := w.due(); now < due {
		w.call.wait(due)
		return
	}
	w.PolledAt = int(now)
	w.call.authorize(now)
}

// due returns when the next poll may begin.
func (w *watch) due() Instant {
	if w.PolledAt == 0 {
		return 0
	}
	ms := max(w.intervalMs, w.Members*msPerParticipant)
	ms = min(ms+ms*w.idle/4, max(ms, idleIntervalMs))
	if w.failures > 0 {
		ms = max(ms, min(w.intervalMs<<min(w.failures, 10), failedIntervalMs), w.retryMs)
	}
	if w.call.client.hidden {
		ms = max(ms, hiddenIntervalMs)
	}
	return Instant(w.PolledAt + ms)
}

func (w *watch) succeeded(now Instant, result Result) {
	w.failures, w.retryMs = 0, 0
	nextLink := ""
	switch page := result.(type) {
	case *ChatParticipantsCollection:
		w.counted += len(page.Value)
		if w.follow(now, page.NextLink) {
			return
		}
		w.Members = max(w.counted, 1)
		w.begin(now)
		return
	case *ChatMessagesCollection:
		if nextLink = page.NextLink; w.collect(page.Value) || w.Version == "" {
			nextLink = ""
		}
	}
	if !w.follow(now, nextLink) {
		w.conclude(now)
	}
}

// follow goes on with the next page, if there is one on the endpoint's own origin.
func (w *watch) follow(now Instant, nextLink string) bool {
	c := w.call
	if nextLink == "" || !isOnOrigin(nextLink, c.client.endpoint.origin) {
		return false
	}
	c.request.URL, w.follows = nextLink, true
	c.authorize(now)
	return true
}

// collect keeps what is new on a page, and tells whether anything on it is not: then the rest is not new either.
func (w *watch) collect(page []ChatMessage) (old bool) {
	for _, message := range page {
		if isHigher(message.Version, w.highest) {
			w.highest = message.Version
		}
		if w.Version != "" && isHigher(message.Version, w.Version) {
			w.changes = append(w.changes, message)
		} else {
			old = true
		}
	}
	return old
}

// conclude ends a poll: the call is done if it has brought anything.
func (w *watch) conclude(now Instant) {
	w.Version = w.highest
	if len(w.changes) == 0 {
		w.idle++
		w.begin(now)
		return
	}
	changes := inOrder(w.changes)
	for _, message := range changes {
		if message.Type == ChatMessageTypeParticipantAdded || message.Type == ChatMessageTypeParticipantRemoved {
			w.Members = 0
		}
	}
	w.call.move(Step{Kind: Done, Result: &ChatMessagesCollection{Value: changes, NextLink: text(&w.watchState)}})
}

// inOrder returns changes as they happened, the newest last. They come in the opposite order, more or less, and what
// changed between two pages may be there twice: the later state counts.
func inOrder(changes []ChatMessage) []ChatMessage {
	for i, message := range changes {
		for ; i > 0 && isHigher(message.Version, changes[i-1].Version); i-- {
			changes[i] = changes[i-1]
		}
		changes[i] = message
	}
	seen := map[string]bool{}
	i := len(changes)
	ordered := make([]ChatMessage, i)
	for _, message := range changes {
		if !seen[message.ID] {
			seen[message.ID] = true
			i--
			ordered[i] = message
		}
	}
	return ordered[i:]
}

// failed has the watch live on where the failure may pass: for any time if it is one of the way to the service, and a few
// times if it may be another.
func (w *watch) failed(now Instant, e *Error) bool {
	w.failures++
	w.retryMs = e.RetryAfterMs
	passes := e.outcomeUnknown() || e.Code == TooManyRequests
	mayPass := e.Code == TokenError || e.Code == ParseError || e.Code == Unauthorized && !w.call.client.tokens.fixed
	if !passes && (!mayPass && !w.follows || w.failures > mostFailures) {
		return false
	}
	w.PolledAt = int(now)
	if passes || mayPass {
		w.elapsed(now)
	} else {
		w.begin(now) // the address of a next page may have become too old
	}
	return true
}

// isHigher compares versions, which are whole numbers in text.
func isHigher(a, b string) bool {
	if len(a) != len(b) {
		return len(a) > len(b)
	}
	return a > b
}
