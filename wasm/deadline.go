//go:build js && wasm

package main

import (
	"syscall/js"

	"acschat/chatcore"
)

// deadlineTimer is one timer for the deadlines of all calls: most calls end long before theirs, and a timer that is
// armed for the earliest serves the others as well. Since arming it is a good part of the cost of a short call, it first
// fires soon, and may do so for nothing when all calls have ended: then the next one finds it armed.
type deadlineTimer struct {
	due    chatcore.Instant // 0 when the timer is not armed
	handle js.Value
}

var (
	deadlines  deadlineTimer
	onDeadline *callback
)

func init() {
	onDeadline = guard(func([]js.Value) any {
		deadlines.due = 0
		for _, c := range clients {
			c.contain(nil, c.elapsed)
		}
		return nil
	})
}

// elapsed tells every call the time, and sees to the deadlines of those that go on.
func (c *client) elapsed() {
	for _, call := range c.calls {
		call.core.Elapsed(now())
	}
	c.perform()
	for _, call := range c.calls {
		deadlines.arm(call.core.Step().Deadline)
	}
}

// soonMs is how long the timer may stay armed for nothing.
const soonMs = 250

// add has the timer fire at a deadline, or earlier.
func (t *deadlineTimer) add(deadline chatcore.Instant) {
	if t.due == 0 {
		deadline = min(deadline, now()+soonMs)
	}
	t.arm(deadline)
}

// arm has it fire at a deadline, or earlier where that was asked for before.
func (t *deadlineTimer) arm(deadline chatcore.Instant) {
	if t.due != 0 && t.due <= deadline {
		return
	}
	t.clear()
	t.due = deadline
	t.handle = setTimeout.Invoke(onDeadline.function(), int(max(deadline-now(), 0)))
}

// idle takes the timer away, unless it fires soon: no call is under way.
func (t *deadlineTimer) idle() {
	if t.due > now()+soonMs {
		t.clear()
	}
}

func (t *deadlineTimer) clear() {
	if t.due != 0 {
		clearTimeout.Invoke(t.handle)
		t.due = 0
	}
}
