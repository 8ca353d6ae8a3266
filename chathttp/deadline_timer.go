package chathttp

import (
	"time"

	"acschat/chatcore"
)

// deadlineTimer fires at the deadline of a conversation or an inbox. The client's mu guards it.
type deadlineTimer struct {
	*time.Timer
	dueAt chatcore.Instant // 0: it is stopped, or has fired
}

func newDeadlineTimer(elapsed func()) deadlineTimer {
	t := deadlineTimer{Timer: time.AfterFunc(time.Hour, elapsed)}
	t.Stop()
	return t
}

// fireAt sets the deadline. 0 is none.
func (t *deadlineTimer) fireAt(due chatcore.Instant, c clock) {
	if due == t.dueAt {
		return
	}
	t.dueAt = due
	t.Stop()
	if due != 0 {
		t.Reset(c.timeUntil(due))
	}
}
