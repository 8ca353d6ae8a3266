package chatstate_test

import (
	"runtime/debug"
	"strings"
	"testing"

	"acschat/chatstate"
)

// TestInboxHistories plays random histories of inboxes over faults, other users, threads that come and go, pages, conversations and failing
// storage, in virtual time.
func TestInboxHistories(t *testing.T) {
	if *onlySeed != 0 {
		var log strings.Builder
		w := playInbox(uint64(*onlySeed), &log)
		t.Log("\n" + log.String())
		for _, problem := range w.problems {
			t.Error(problem)
		}
		return
	}
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	count := *histories
	if testing.Short() {
		count /= 4
	}
	for seed := 1; seed <= count; seed++ {
		if w := playInbox(uint64(seed), nil); len(w.problems) > 0 {
			var log strings.Builder
			playInbox(uint64(seed), &log)
			text := log.String()
			if len(text) > 5000 {
				text = text[len(text)-5000:]
			}
			t.Fatalf("history %d (replay with -seed %d): %s\n%s", seed, seed, strings.Join(w.problems, "; "), text)
		}
	}
}

// playInbox plays a history: a time with faults, and then a calm one after which all pages must show what the service has.
func playInbox(seed uint64, log *strings.Builder) *inboxWorld {
	w := newInboxWorld(seed, log)
	for range 2 + w.random.IntN(5) {
		t := w.createThread(w.chance(0.25))
		for range w.random.IntN(12) {
			w.now += w.random.IntN(1500)
			w.writes(w.alex, t)
		}
	}
	w.open()
	if w.chance(0.4) {
		w.after(w.random.IntN(5000), func() { w.open() })
	}
	const length = 60_000
	for range 5 + w.random.IntN(40) {
		w.after(w.random.IntN(length), w.act())
	}
	w.runFor(length)
	if len(w.problems) == 0 {
		w.calmDown()
	}
	return w
}

// rotation is how long all threads are looked at once, with a margin.
const rotation = 300_000

// calmDown ends the faults, and checks what the pages show after that: everything after a rotation, new messages much earlier.
func (w *inboxWorld) calmDown() {
	w.isCalm, w.storage.fails = true, false
	w.goOffline(false)
	for _, p := range w.pages {
		if !p.isGone {
			p.wake()
			p.inbox.SetHidden(w.instant(), true) // fewer lists, to save time
			p.pump()
			p.each(func(c *chatstate.Conversation) {
				if w.chance(0.5) { // one that shows older messages does not tell the inbox the newest
					c.JumpToNewest(w.instant(), nil)
				}
			})
			p.pump()
		}
	}
	for range rotation / 10_000 {
		if w.runFor(10_000); len(w.problems) > 0 {
			return
		}
	}
	for _, p := range w.pages {
		if !p.isGone {
			p.inbox.SetHidden(w.instant(), false)
			p.pump()
		}
	}
	w.runFor(30_000)
	w.checkPages()
	for _, p := range w.pages {
		p.failLooks = w.random.IntN(3)
	}
	for range 3 { // a second message may come in the same second as the first
		t := w.threads[w.random.IntN(len(w.threads))]
		w.runFor(w.random.IntN(6000))
		for range 1 + w.random.IntN(3) {
			w.writes(w.alex, t)
			w.runFor(w.random.IntN(700))
		}
	}
	if t := w.threads[w.random.IntN(len(w.threads))]; !t.isRemoved && w.chance(0.5) {
		w.alexRemoves(t)
		if w.chance(0.3) {
			w.alexDeletes(t)
		}
	}
	wait := 25_000
	for _, p := range w.pages {
		if len(p.conversations) > 0 {
			wait = 70_000 // a watch that has learned to trust hints polls once a minute
		}
	}
	w.runFor(wait)
	w.checkPages()
}

// checkPages holds all pages against the service.
func (w *inboxWorld) checkPages() {
	for _, p := range w.pages {
		if !p.isGone && len(w.problems) == 0 {
			p.checkEnd()
		}
	}
}
