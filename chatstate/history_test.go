package chatstate_test

import (
	"flag"
	"runtime/debug"
	"strings"
	"testing"
)

var (
	histories = flag.Int("histories", 2000, "how many random histories TestHistories plays")
	onlySeed  = flag.Int("seed", 0, "play only the history with this number, and log it")
)

// TestHistories plays random histories of conversations over faults, other users, tabs, reloads and failing storage, in virtual time.
func TestHistories(t *testing.T) {
	if *onlySeed != 0 {
		var log strings.Builder
		w := play(uint64(*onlySeed), &log)
		t.Log("\n" + log.String())
		for _, problem := range w.problems {
			t.Error(problem)
		}
		return
	}
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	for seed := 1; seed <= *histories; seed++ {
		if w := play(uint64(seed), nil); len(w.problems) > 0 {
			var log strings.Builder
			play(uint64(seed), &log)
			text := log.String()
			if len(text) > 5000 {
				text = text[len(text)-5000:]
			}
			t.Fatalf("history %d (replay with -seed %d): %s\n%s", seed, seed, strings.Join(w.problems, "; "), text)
		}
	}
}

// play plays a history: a time with faults, and then a calm one in which all must come to its end.
func play(seed uint64, log *strings.Builder) *world {
	w := newWorld(seed, log)
	w.durable = w.chance(0.6)
	for range w.random.IntN(60) {
		w.alexWrites()
		w.now += w.random.IntN(3000)
	}
	w.open()
	if w.durable && w.chance(0.5) {
		w.after(w.random.IntN(5000), func() { w.open() })
	}
	const length = 45_000
	for range 5 + w.random.IntN(40) {
		w.after(w.random.IntN(length), w.act())
	}
	w.run(w.now + length)
	w.calmDown()
	return w
}

// calmDown lets the history come to its end, and holds that against the service.
func (w *world) calmDown() {
	w.isCalm, w.storage.fails = true, false
	w.goOffline(false)
	for _, t := range w.tabs {
		if t.isGone {
			continue
		}
		w.wake(t)
		t.changeUser(&w.jane)
	}
	for range 40 {
		w.run(w.now + 10_000)
		if len(w.problems) > 0 {
			return
		}
		isDone := true
		for _, t := range w.tabs {
			if !t.isGone && !t.retryBlocked() {
				isDone = false
			}
		}
		if isDone {
			break
		}
	}
	for range 6 { // an answer may still be lost
		w.run(w.now + 15_000)
		if len(w.problems) > 0 {
			return
		}
		if w.checkEnd(); len(w.problems) == 0 {
			return
		}
		w.endProblems, w.problems = w.problems, nil
	}
	w.problems = w.endProblems
}
