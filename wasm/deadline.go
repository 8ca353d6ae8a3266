//go:build js && wasm

package main

import "acschat/chatcore"

// deadlineTimer is one timer for the deadlines of all calls, and of kept locks: most calls end long before theirs, and a timer that
// is armed for the earliest serves the others as well. Since arming it is a good part of the cost of a short call, it first fires
// soon, and may do so for nothing when all calls have ended: then the next one finds it armed.
type deadlineTimer struct {
	due chatcore.Instant // 0 when the timer is not armed
}

var deadlines deadlineTimer

// elapsed tells every call the time, and sees to the deadlines of those that go on.
func elapsed() {
	deadlines.due = 0
	for _, call := range calls {
		call.client.run(call, func() { call.core.Elapsed(now()) })
	}
	for _, call := range calls {
		deadlines.arm(call.core.Step().Deadline)
	}
	_ = try(endKeptLocks)
}

// soonMs is how long the timer may stay armed for nothing.
const soonMs = 250

// add makes the timer fire at a deadline, or earlier.
func (t *deadlineTimer) add(deadline chatcore.Instant) {
	if t.due == 0 {
		deadline = min(deadline, now()+soonMs)
	}
	t.arm(deadline)
}

// arm makes it fire at a deadline, or earlier where that was asked for before.
func (t *deadlineTimer) arm(deadline chatcore.Instant) {
	if t.due == 0 || t.due > deadline {
		t.due = deadline
		current.arm(int(max(deadline-now(), 0)))
	}
}

// idle takes the timer away, unless it fires soon: no call is under way.
func (t *deadlineTimer) idle() {
	if t.due > lastNow+soonMs && len(keptLocks) == 0 {
		t.due = 0
		current.disarm()
	}
}
