//go:build js && wasm

package main

import "acschat/chatcore"

// deadlineTimer is the only timer of the page. It fires at the earliest deadline of all calls and kept locks. Setting and clearing a
// timer is a good part of the cost of a short call, and most calls end long before their deadline. So the timer first fires
// within reuseMs, even if nothing is due then, and a call that starts before it fires does not set it again.
type deadlineTimer struct {
	due chatcore.Instant // 0 if the timer is not set
}

var timer deadlineTimer

// reuseMs is how long the timer may stay set without a call in flight.
const reuseMs = 250

// timerFired tells every call the time, and sets the timer for the calls that continue.
//
//go:wasmexport acschat.elapsed
func timerFired() {
	timer.due = 0
	for _, call := range calls {
		call.client.run(call, func() { call.core.Elapsed(now()) })
	}
	for _, call := range calls {
		timer.fireBy(call.core.Step().Deadline)
	}
	for _, l := range pageListeners {
		l.elapsed()
	}
	_ = try(releaseKeptLocks)
}

// addDeadline makes the timer fire at the deadline or earlier.
func (t *deadlineTimer) addDeadline(deadline chatcore.Instant) {
	if t.due == 0 {
		deadline = min(deadline, now()+reuseMs)
	}
	t.fireBy(deadline)
}

// fireBy makes the timer fire at the deadline, unless it fires earlier already.
func (t *deadlineTimer) fireBy(deadline chatcore.Instant) {
	if t.due == 0 || t.due > deadline {
		t.due = deadline
		currentHost.setTimer(int(max(deadline-now(), 0)))
	}
}

// stopIfIdle clears the timer if no lock is kept, unless the timer fires within reuseMs. No call is in flight.
func (t *deadlineTimer) stopIfIdle() {
	if t.due > lastNow+reuseMs && len(keptLocks) == 0 {
		t.due = 0
		currentHost.clearTimer()
	}
}
