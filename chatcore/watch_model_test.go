package chatcore_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// TestWatchAgainstAModel watches a thread in which messages are sent, edited and deleted at any time, also between two
// pages, through a network and a service that often fail. The watch tells of the last state of whatever its polls could
// see, in order and once, and in the end of the last state of everything.
func TestWatchAgainstAModel(t *testing.T) {
	for seed := range uint64(24) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			w := &watched{
				t: t, random: rand.New(rand.NewPCG(seed, 9)), client: callbackClient(t), now: start,
				thread: &messageThread{version: 95, paging: pagings[seed%uint64(len(pagings))]},
			}
			w.run()
		})
	}
}

// state is a message as it was after its last change.
type state struct {
	id      string
	version int
	content string // empty: deleted
}

// messageThread keeps messages as the service lists them: the last change first.
type messageThread struct {
	messages []state
	version  int
	paging   paging
}

// paging is how a page goes on where the one before ended. It is not known how the service does it.
type paging func(all []state, skipped int, last, bound int) []state

var pagings = []paging{
	func(all []state, _, last, _ int) []state { // below the last version of the page before
		return slices.DeleteFunc(slices.Clone(all), func(s state) bool { return s.version >= last })
	},
	func(all []state, _, last, bound int) []state { // and of what has not changed since the first page
		return slices.DeleteFunc(slices.Clone(all), func(s state) bool { return s.version >= last || s.version > bound })
	},
	func(all []state, skipped, _, _ int) []state { return all[min(skipped, len(all)):] }, // after so many
}

func (m *messageThread) send() { m.change(state{id: strconv.Itoa(m.version + 1)}, "sent") }

func (m *messageThread) change(message state, content string) {
	m.version++
	message.version, message.content = m.version, content
	m.messages = slices.Insert(slices.DeleteFunc(m.messages, func(s state) bool { return s.id == message.id }), 0, message)
}

// happen has something change, or nothing.
func (m *messageThread) happen(random *rand.Rand) {
	for range []int{0, 0, 1, 1, 2, 3, 5, 40}[random.IntN(8)] {
		m.version += random.IntN(3)
		switch n := len(m.messages); {
		case n == 0 || n < 100 && random.IntN(2) == 0:
			m.send()
		case random.IntN(2) == 0:
			m.change(m.messages[random.IntN(n)], "edited "+strconv.Itoa(m.version))
		default:
			m.change(m.messages[random.IntN(n)], "")
		}
	}
}

// watched is a watch of a thread, and what it has told of it.
type watched struct {
	t      *testing.T
	random *rand.Rand
	client *chatcore.Client
	call   *chatcore.Call
	now    chatcore.Instant
	thread *messageThread

	since  int // the last version that is no news
	last   int // version that was told
	faults int // in a row
	calm   bool
	begun  bool           // it knows from where on changes are news
	bound  int            // the version of the last change when the poll under way began: later ones are the next poll's
	polled []state        // by it, with what is not news
	told   map[string]int // the last version, by id
}

func (w *watched) run() {
	w.told = map[string]int{}
	for range w.random.IntN(60) {
		w.thread.happen(w.random)
	}
	w.since = w.thread.version // from now on, or:
	options := chatcore.WatchMessagesOptions{IntervalMs: 1 + w.random.IntN(3000)}
	if w.random.IntN(2) == 0 {
		w.since = 90 + w.random.IntN(w.since-89)
		options.SinceVersion = strconv.Itoa(w.since)
	}
	w.last = w.since
	w.begun = options.SinceVersion != ""
	w.call = watching(w.t, w.client, w.now, options)
	for range 150 {
		if w.begun && w.random.IntN(3) == 0 {
			w.thread.happen(w.random)
		}
		if w.random.IntN(20) == 0 {
			w.client.SetHidden(w.now, w.random.IntN(2) == 0)
		}
		w.step(options)
	}
	w.calm = true
	for quiet := 0; quiet < 3; {
		before := w.last
		for range 20 {
			w.step(options)
		}
		if quiet++; w.last != before {
			quiet = 0
		}
	}
	for _, message := range w.thread.messages {
		if message.version > w.since {
			require.Equal(w.t, message.version, w.told[message.id], "the last state of %s", message.id)
		}
	}
}

func (w *watched) step(options chatcore.WatchMessagesOptions) {
	switch step := w.call.Step(); step.Kind {
	case chatcore.NeedToken:
		w.client.Token(w.now, step.Flight, "token."+strconv.Itoa(step.Flight))
	case chatcore.Wait:
		w.now = max(w.now, step.Deadline)
		w.call.Elapsed(w.now)
	case chatcore.Send:
		w.now += chatcore.Instant(w.random.IntN(300))
		if !w.fault() {
			w.answer(step.Request.URL)
		}
	case chatcore.Done:
		w.tell(step.Result.(*chatcore.ChatMessagesCollection))
		options = chatcore.WatchMessagesOptions{IntervalMs: options.IntervalMs, NextLink: step.Result.(*chatcore.ChatMessagesCollection).NextLink}
		w.call = watching(w.t, w.client, w.now, options)
	case chatcore.Failed:
		require.NoError(w.t, step.Err)
	}
}

// fault lets an exchange fail, now and then.
func (w *watched) fault() bool {
	if w.calm || w.faults == 4 || w.random.IntN(4) > 0 {
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
		if status = 404; !strings.Contains(w.call.Step().Request.URL, "/next?") {
			status = 500
		}
	}
	retryAfter := []string{"", "1", "70"}[w.random.IntN(3)]
	w.call.Response(w.now, w.call.Step().Number, chatcore.Response{Status: status, Header: header("Retry-After", retryAfter)})
	return true
}

// answer answers a list request with a page.
func (w *watched) answer(url string) {
	if strings.Contains(url, "/participants?") {
		list(w.call, w.now, members(1+w.random.IntN(10), ""))
		return
	}
	all := w.thread.messages
	var size, skipped, last, bound int
	if _, query, next := strings.Cut(url, "/next?"); next {
		_, err := fmt.Sscanf(query, "%d-%d-%d-%d", &size, &skipped, &last, &bound)
		require.NoError(w.t, err)
		all = w.thread.paging(all, skipped, last, bound)
	} else {
		_, query, _ := strings.Cut(url, "maxPageSize=")
		_, err := fmt.Sscanf(query, "%d", &size)
		require.NoError(w.t, err)
		bound, w.bound, w.polled = w.thread.version, w.thread.version, nil
	}
	w.begun = true
	page, nextLink := all[:min(size, len(all))], ""
	if len(page) < len(all) {
		nextLink = fmt.Sprintf("%s/next?%d-%d-%d-%d", origin, size, skipped+size, page[size-1].version, bound)
	}
	w.polled = append(w.polled, page...)
	var texts []string
	for _, m := range page {
		kind := "text"
		if m.version%17 == 0 {
			kind = "participantAdded"
		}
		texts = append(texts, fmt.Sprintf(`{"id":"%s","version":"%d","type":"%s","content":{"message":"%s"}}`, m.id, m.version, kind, m.content))
	}
	list(w.call, w.now, fmt.Sprintf(`{"value":[%s],"nextLink":"%s"}`, strings.Join(texts, ","), nextLink))
}

// tell compares a batch of changes with what the poll could see.
func (w *watched) tell(page *chatcore.ChatMessagesCollection) {
	latest := map[string]state{}
	for _, s := range w.polled {
		if s.version > max(w.last, latest[s.id].version) && s.version <= w.bound {
			latest[s.id] = s
		}
	}
	require.Len(w.t, page.Value, len(latest))
	for _, message := range page.Value {
		version, err := strconv.Atoi(message.Version)
		require.NoError(w.t, err)
		require.Greater(w.t, version, w.last, "in order, and once")
		require.Equal(w.t, state{message.ID, version, message.Content.Message}, latest[message.ID])
		w.last, w.told[message.ID] = version, version
	}
}
