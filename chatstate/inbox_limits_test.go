package chatstate_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"acschat/chatstate"
)

// documentedLimits are those of the service's page Service limits for what an inbox calls: calls in 10 s and in a minute. 0: there is no
// limit. Those of one user count in each thread, except for the list of threads.
var documentedLimits = map[string][2]int{
	"GET threads":       {50, 0},
	"GET messages":      {50, 200},
	"GET readReceipts":  {5, 0},
	"GET participants":  {10, 0},
	"POST readReceipts": {10, 30},
}

// manyThreads returns a world without faults with threads of one message each, and Jane's page.
func manyThreads(t *testing.T, count int) (*inboxWorld, *inboxPage) {
	w := newInboxWorld(1, nil)
	w.isCalm, w.durable, w.perList = true, true, 0
	w.listsLeft, w.missesThreads = false, false
	for i := range count {
		w.writes(w.alex, w.createThread(i%20 == 0))
		w.now += 60_000
	}
	t.Cleanup(func() { assert.Empty(t, w.problems) })
	return w, w.open()
}

// TestInboxLimits: with 200 threads of which 20 are active, the inbox keeps to the documented limits. The log says how many requests it
// makes.
func TestInboxLimits(t *testing.T) {
	w, p := manyThreads(t, 200)
	start := w.now
	w.runFor(20_000)
	started := len(p.requests)
	t.Logf("start: %d requests in 20 s: %v", started, p.counts)
	for _, thread := range p.inbox.Threads() {
		assert.Equal(t, 1, thread.UnreadCount)
		assert.False(t, thread.UnreadIsCapped)
	}
	const minutes = 5
	clear(p.counts)
	for second := range minutes * 60 {
		if second%3 == 0 { // each active thread has a message a minute
			w.writes(w.alex, w.threads[10*(second/3%20)])
		}
		w.runFor(1000)
	}
	t.Logf("20 of 200 threads are active: %.1f requests a minute: %v in %d minutes", float64(len(p.requests)-started)/minutes, p.counts, minutes)
	assert.Less(t, float64(len(p.requests)-started)/minutes, 200.0)
	w.runFor(10_000)
	p.checkEnd()
	p.checkLimits(t, start)
}

// checkLimits checks the requests of a page against the documented limits.
func (p *inboxPage) checkLimits(t *testing.T, start int) {
	recent := map[string][]int{} // times by what is counted
	for _, r := range p.requests {
		scope := r.kind + " " + r.thread
		recent[scope] = append(recent[scope], r.at)
	}
	for scope, times := range recent {
		kind := strings.Join(strings.Split(scope, " ")[:2], " ")
		limits, isKnown := documentedLimits[kind]
		assert.True(t, isKnown, kind)
		for i, window := range []int{10_000, 60_000} {
			if limits[i] == 0 {
				continue
			}
			for first, last := 0, 0; last < len(times); last++ {
				for times[last]-times[first] >= window {
					first++
				}
				if last-first+1 > limits[i] {
					t.Errorf("%s: %d requests in %d ms, at %d ms", scope, last-first+1, window, times[last]-start)
					return
				}
			}
		}
	}
}

// TestInboxOfALargeThread: the participants of a thread share its limits, so the inbox of each uses its part.
func TestInboxOfALargeThread(t *testing.T) {
	w, p := manyThreads(t, 1)
	w.runFor(10_000)
	clear(p.counts)
	for range 300 {
		w.writes(w.alex, w.threads[0])
		w.runFor(2000)
	}
	lists := p.counts["GET messages"]
	assert.LessOrEqual(t, lists, 10*200/24+2, "of 400 lists a minute that 24 participants share, inboxes use half")
	assert.Greater(t, lists, 60)
}

// TestInboxTruth plays a script of random steps in 20 of 200 threads. After each step, and the time in which the inbox must have noticed,
// all of them show the truth. The log says how many requests that takes.
func TestInboxTruth(t *testing.T) {
	w, p := manyThreads(t, 200)
	w.runFor(20_000)
	var active, quiet []*inboxThread
	for i, thread := range w.threads {
		if i%10 == 0 {
			active = append(active, thread)
		} else {
			quiet = append(quiet, thread)
		}
	}
	start, started, steps := w.now, len(p.requests), 80
	for step := range steps {
		thread := active[w.random.IntN(len(active))]
		wait := 16_000
		switch do := w.random.IntN(100); {
		case do < 40:
			for range 1 + w.random.IntN(5) {
				w.writes(w.alex, thread)
				w.now += w.random.IntN(700)
			}
		case do < 50:
			w.writes(w.jane, thread)
		case do < 60:
			w.alexNames(thread)
		case do < 75:
			p.markRead(thread)
			p.pump()
		case do < 85:
			w.alexRemoves(thread)
		case do < 90:
			active = append(active, w.createThread(w.chance(0.3)))
		case do < 95:
			w.alexChanges(thread)
			wait = rotation
		default:
			w.otherDeviceReads(thread)
			wait = rotation
		}
		w.runFor(wait)
		p.checkThreads(active)
		for _, thread := range quiet { // the emulator has one message of Alex in each, which nobody has read
			if shown := p.shown(thread.id); shown == nil || shown.UnreadCount != 1 || shown.UnreadIsCapped || shown.Left {
				w.problem("%s: nothing has happened there, and the page shows %+v", w.short(thread.id), shown)
			}
		}
		if len(w.problems) > 0 {
			t.Fatalf("step %d", step)
		}
	}
	minutes := float64(w.now-start) / 60_000
	t.Logf("%d steps in %.0f minutes: %.1f requests a minute", steps, minutes, float64(len(p.requests)-started)/minutes)
	p.checkEnd()
	p.checkLimits(t, start)
}

// TestInboxStartsWithPreviews: the threads and their last messages are shown before all unread messages were counted.
func TestInboxStartsWithPreviews(t *testing.T) {
	w, p := manyThreads(t, 150)
	for len(p.inbox.Threads()) == 0 {
		w.runFor(1)
	}
	status, _ := p.inbox.Status()
	assert.Equal(t, chatstate.Loading, status, "not all threads were listed")
	assert.Len(t, p.inbox.Threads(), 100)
	w.runFor(60_000)
	status, _ = p.inbox.Status()
	assert.Equal(t, chatstate.Live, status)
	assert.Len(t, p.inbox.Threads(), 150)
	for i, thread := range p.inbox.Threads() {
		assert.Equal(t, fmt.Sprintf("m%d", 300-2*i), thread.LastMessage.Content.Message)
	}
}

func TestWakeInbox(t *testing.T) {
	w, p := manyThreads(t, 3)
	w.runFor(20_000)
	woken := w.threads[1]
	looks := func() int { return p.counts["GET messages"] }
	for _, test := range []struct {
		name, thread, version string
		looks                 int
	}{
		{"an unknown thread", "unknown", "", 0},
		{"a version that was seen long ago", woken.id, "1", 0},
		{"a version that is not known", woken.id, fmt.Sprint(epoch + int64(w.now)), 1},
		{"no version", woken.id, "", 1},
		{"no number", woken.id, "x", 1},
	} {
		before := looks()
		p.inbox.Wake(w.instant(), test.thread, test.version)
		p.pump()
		w.runFor(3000)
		assert.Equal(t, test.looks, looks()-before, test.name)
	}

	w.writes(w.alex, woken)
	p.inbox.Wake(w.instant(), woken.id, "")
	p.pump()
	w.runFor(400)
	assert.Equal(t, 2, p.inbox.Threads()[0].UnreadCount, "before the next list")
	newest := p.inbox.Threads()[0]
	assert.Equal(t, woken.id, newest.ID)
	w.runFor(20_000)
	before := looks()
	p.inbox.Wake(w.instant(), woken.id, newest.LastMessage.Version)
	p.pump()
	w.runFor(3000)
	assert.Zero(t, looks()-before, "a second hint for a version that was read")

	before = looks()
	for range 60_000 {
		p.inbox.Wake(w.instant(), woken.id, "")
		p.pump()
		w.runFor(1)
	}
	assert.LessOrEqual(t, looks()-before, 63, "a flood of hints costs a look a second")
}

// TestMarkReadBeforeTheConversationKnows: what the inbox shows can be marked as read, also if an open conversation has not polled it yet.
func TestMarkReadBeforeTheConversationKnows(t *testing.T) {
	w, p := manyThreads(t, 1)
	thread := w.threads[0]
	for range 100 {
		w.runFor(5000)
		p.openConversation(thread)
		p.inbox.Wake(w.instant(), thread.id, "") // it looks while the conversation loads
		p.pump()
		for ms := 0; ms < 300; ms += 10 {
			w.writes(w.alex, thread)
			w.runFor(10)
			messages := p.conversations[thread.id].Messages()
			shown := p.shown(thread.id)
			if len(messages) == 0 || number(shown.LastMessage.ID) <= number(messages[len(messages)-1].ID) {
				continue
			}
			assert.Positive(t, shown.UnreadCount)
			p.markRead(thread)
			p.pump()
			assert.Zero(t, p.shown(thread.id).UnreadCount)
			w.runFor(100)
			assert.Equal(t, p.toldOf(thread.id).mark, w.markInStorage(thread))
			return
		}
		p.closeConversation(thread.id)
		p.pump()
	}
	t.Fatal("the inbox never knew more than the conversation")
}
