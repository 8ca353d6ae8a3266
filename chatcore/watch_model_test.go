package chatcore_test

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

var long = flag.Bool("long", false, "play all seeds of TestWatchModel under js, too")

// TestWatchModel compares a watch with a model of the thread. Messages are sent, edited and deleted at random times, even
// between two pages. The network and the service often fail. Changes become visible late and in any order, and a poll may show
// an older state of the thread than the poll before. The watch must return each change at most once, never after a later change
// of the same message, and the last change of every message.
func TestWatchModel(t *testing.T) {
	seeds := uint64(48)
	if runtime.GOOS == "js" && !*long {
		seeds = 12 // each paging mode with each settleMs
	}
	for seed := range seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			settleMs := []int{0, 1000, 5000, 20_000}[seed/3%4]
			late := settleMs * 3 / 4
			options := chatcore.Options{TokenCallback: true, CallOptions: chatcore.CallOptions{SettleMs: &settleMs}}
			w := &watchRun{
				t: t, random: rand.New(rand.NewPCG(seed, 9)), client: newClient(t, options), now: testStart, firstPageHighest: -1, settleMs: settleMs, maxStalenessMs: settleMs - late,
				thread: &messageThread{pagingMode: pagingModes[seed%uint64(len(pagingModes))], maxVisibilityDelayMs: late},
			}
			w.run()
		})
	}
}

// messageState is a message after one of its changes.
type messageState struct {
	id      string
	version int
	content string           // empty: deleted
	visible chatcore.Instant // visible from this time
}

// messageThread has all states of its messages, the last change last.
type messageThread struct {
	states               []messageState
	version              int // the time of the last change
	maxVisibilityDelayMs int // most milliseconds until a change is visible
	pagingMode           pagingMode
}

// view returns the messages as the service lists them at a time, the last change first.
func (m *messageThread) view(at chatcore.Instant) (all []messageState) {
	seen := map[string]bool{}
	for _, s := range slices.Backward(m.states) {
		if s.visible <= at && !seen[s.id] {
			seen[s.id] = true
			all = append(all, s)
		}
	}
	return all
}

// pagingMode returns what follows on the next page. How the service does it is not documented.
type pagingMode func(all []messageState, skipped int, last, bound int) []messageState

var pagingModes = []pagingMode{
	func(all []messageState, _, last, _ int) []messageState { // what is below the last version of the previous page
		return slices.DeleteFunc(slices.Clone(all), func(s messageState) bool { return s.version >= last })
	},
	func(all []messageState, _, last, bound int) []messageState { // the same without changes made after the first page
		return slices.DeleteFunc(slices.Clone(all), func(s messageState) bool { return s.version >= last || s.version > bound })
	},
	func(all []messageState, skipped, _, _ int) []messageState { return all[min(skipped, len(all)):] }, // by offset
}

// watchRun is a watch of a thread, and what it has returned.
type watchRun struct {
	t              *testing.T
	random         *rand.Rand
	client         *chatcore.Client
	call           *chatcore.Call
	now            chatcore.Instant
	thread         *messageThread
	settleMs       int
	maxStalenessMs int // most milliseconds that a poll may be behind

	since            int  // the last version that the watch must not return
	sinceKnown       bool // the watch has its starting version
	faults           int  // failed exchanges in a row
	faultsStopped    bool
	staleness        chatcore.Instant // of the poll in flight
	firstPageHighest int              // highest version on the poll's first page; higher ones belong to the next poll
	polled           []messageState   // messages that the poll has shown
	reported         map[string]int   // the last version returned, by message id; includes what the first poll showed
}

// changeThread makes some random changes.
func (w *watchRun) changeThread() {
	for range []int{0, 0, 1, 1, 2, 3, 5, 40}[w.random.IntN(8)] {
		latest := w.thread.view(w.now + 1_000_000)
		id, content := strconv.Itoa(len(latest)+1), "sent"
		if n := len(latest); n >= 100 || n > 0 && w.random.IntN(2) == 0 {
			id, content = latest[w.random.IntN(n)].id, ""
			if w.random.IntN(2) == 0 {
				content = "edited " + strconv.Itoa(w.thread.version)
			}
		}
		w.thread.version = max(int(w.now), w.thread.version+1+w.random.IntN(3))
		w.now = chatcore.Instant(w.thread.version)
		visible := w.now
		if w.random.IntN(2) == 0 {
			visible += chatcore.Instant(w.random.IntN(w.thread.maxVisibilityDelayMs + 1))
		}
		w.thread.states = append(w.thread.states, messageState{id, w.thread.version, content, visible})
	}
}

func (w *watchRun) run() {
	w.reported = map[string]int{}
	for range w.random.IntN(60) {
		w.changeThread()
		w.now += chatcore.Instant(w.random.IntN(500))
	}
	options := chatcore.WatchMessagesOptions{IntervalMs: 1 + w.random.IntN(3000)}
	if n := len(w.thread.states); n > 0 && w.random.IntN(2) == 0 {
		w.sinceKnown = true
		w.since = w.thread.states[w.random.IntN(n)].version - w.random.IntN(2)
		options.SinceVersion = strconv.Itoa(w.since)
	}
	w.call = startWatch(w.t, w.client, w.now, options)
	for range 200 {
		if w.random.IntN(3) == 0 {
			w.changeThread()
		}
		if w.random.IntN(20) == 0 {
			w.client.SetHidden(w.now, w.random.IntN(2) == 0)
		}
		w.step(options)
	}
	w.faultsStopped = true
	for quiet, before := 0, 0; quiet < 3; before = len(w.reported) {
		for range 20 {
			w.step(options)
		}
		if quiet++; len(w.reported) != before {
			quiet = 0
		}
	}
	for _, message := range w.thread.view(w.now) {
		if message.version > w.since {
			require.Equal(w.t, message.version, w.reported[message.id], "last state of %s", message.id)
		}
	}
}

func (w *watchRun) step(options chatcore.WatchMessagesOptions) {
	switch step := w.call.Step(); step.Kind {
	case chatcore.NeedToken:
		w.client.Token(w.now, step.Flight, "token."+strconv.Itoa(step.Flight))
	case chatcore.Wait:
		w.now = max(w.now, step.Deadline)
		w.call.Elapsed(w.now)
	case chatcore.Send:
		w.now += chatcore.Instant(w.random.IntN(300))
		if !w.failExchange() {
			w.respondPage(step.Request.URL)
		}
	case chatcore.Done:
		w.checkBatch(step.Result.(*chatcore.ChatMessagesCollection))
		options = chatcore.WatchMessagesOptions{IntervalMs: options.IntervalMs, NextLink: step.Result.(*chatcore.ChatMessagesCollection).NextLink}
		w.call = startWatch(w.t, w.client, w.now, options)
	case chatcore.Failed:
		require.NoError(w.t, step.Err)
	}
}

// failExchange makes some exchanges fail, and reports whether it did.
func (w *watchRun) failExchange() bool {
	if w.faultsStopped || w.faults == 4 || w.random.IntN(4) > 0 {
		w.faults = 0
		return false
	}
	w.faults++
	status := 0
	switch w.random.IntN(7) {
	case 0:
		w.call.NetworkFailed(w.now, w.call.Step().Number, errors.New("offline"))
		return true
	case 1:
		w.now = w.call.Step().Deadline
		w.call.Elapsed(w.now)
		return true
	case 2:
		status = 429
	case 3:
		status = 503
	case 4:
		status = 401
	case 5:
		status = 502
	case 6:
		status = 500
		if strings.Contains(w.call.Step().Request.URL, "/next?") {
			status, w.firstPageHighest = 404, -1 // the poll starts over
		}
	}
	retryAfter := []string{"", "1", "70"}[w.random.IntN(3)]
	w.call.Response(w.now, w.call.Step().Number, chatcore.Response{Status: status, Header: headerField("Retry-After", retryAfter)})
	return true
}

// respondPage answers a list request with a page.
func (w *watchRun) respondPage(url string) {
	if strings.Contains(url, "/participants?") {
		respondOK(w.call, w.now, participantsPage(1+w.random.IntN(10), ""))
		return
	}
	var size, skipped, last int
	_, query, next := strings.Cut(url, "/next?")
	if !next {
		_, query, _ := strings.Cut(url, "maxPageSize=")
		_, err := fmt.Sscanf(query, "%d", &size)
		require.NoError(w.t, err)
		w.noteFirstPoll()
		w.staleness, w.polled = chatcore.Instant(w.random.IntN(w.maxStalenessMs+1)), nil
	}
	all := w.thread.view(w.now - w.staleness)
	if next {
		_, err := fmt.Sscanf(query, "%d-%d-%d", &size, &skipped, &last)
		require.NoError(w.t, err)
		all = w.thread.pagingMode(all, skipped, last, w.firstPageHighest)
	} else if w.firstPageHighest = 0; len(all) > 0 {
		w.firstPageHighest = all[0].version
	}
	page, nextLink := all[:min(size, len(all))], ""
	if len(page) < len(all) {
		nextLink = fmt.Sprintf("%s/next?%d-%d-%d", origin, size, skipped+size, page[size-1].version)
	}
	for _, s := range page {
		if s.version <= w.firstPageHighest {
			w.polled = append(w.polled, s)
		}
	}
	var texts []string
	for _, m := range page {
		kind := "text"
		if m.version%17 == 0 {
			kind = "participantAdded"
		}
		texts = append(texts, fmt.Sprintf(`{"id":"%s","version":"%d","type":"%s","content":{"message":"%s"}}`, m.id, m.version, kind, m.content))
	}
	respondOK(w.call, w.now, fmt.Sprintf(`{"value":[%s],"nextLink":"%s"}`, strings.Join(texts, ","), nextLink))
}

// noteFirstPoll records what the first poll of a watch has shown, which the watch must not return.
func (w *watchRun) noteFirstPoll() {
	if w.sinceKnown || w.firstPageHighest < 0 {
		return
	}
	w.sinceKnown, w.since = true, w.firstPageHighest-w.settleMs
	for _, s := range w.polled {
		w.reported[s.id] = max(w.reported[s.id], s.version)
	}
}

// checkBatch compares a batch with what the poll has shown.
func (w *watchRun) checkBatch(page *chatcore.ChatMessagesCollection) {
	w.noteFirstPoll()
	news := map[string]messageState{}
	for _, s := range w.polled {
		if s.version > max(w.since, w.reported[s.id], news[s.id].version) {
			news[s.id] = s
		}
	}
	last := 0
	for _, message := range page.Value {
		version, err := strconv.Atoi(message.Version)
		require.NoError(w.t, err)
		require.Greater(w.t, version, last, "order")
		require.Greater(w.t, version, w.reported[message.ID], "returned before")
		s := news[message.ID]
		require.Equal(w.t, []any{version, message.Content.Message}, []any{s.version, s.content})
		last, w.reported[message.ID] = version, version
		delete(news, message.ID)
	}
	for _, s := range w.thread.view(w.now + 1_000_000) { // a message that has changed again may come with a later poll
		require.False(w.t, news[s.id] == s, "%v is missing", s)
	}
}
