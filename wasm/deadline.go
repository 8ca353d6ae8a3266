//go:build js && wasm

package main

import (
	"syscall/js"

	"acschat/chatcore"
)

// deadlineTimer is one timer for the deadlines of all calls: most calls end long before theirs, and a timer that is
// armed for the earliest serves the others as well.
type deadlineTimer struct {
	due    chatcore.Instant // 0 when the timer is not armed
	handle js.Value
}

var (
	deadlines  deadlineTimer
	onDeadline any
)

func init() {
	onDeadline = js.FuncOf(func(js.Value, []js.Value) any {
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
		deadlines.add(call.core.Step().Deadline)
	}
}

// add has the timer fire at a deadline, or earlier.
func (t *deadlineTimer) add(deadline chatcore.Instant) {
	if t.due != 0 && t.due <= deadline {
		return
	}
	t.clear()
	t.due = deadline
	t.handle = setTimeout.Invoke(onDeadline, int(max(deadline-now(), 0)))
}

// clear takes the timer away.
func (t *deadlineTimer) clear() {
	if t.due != 0 {
		clearTimeout.Invoke(t.handle)
		t.due = 0
	}
}
