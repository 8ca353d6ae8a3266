package chathttp

import (
	"time"

	"acschat/chatcore"
)

// clock reads the time as chatcore takes it: milliseconds since the client was made, counted from 1, as 0 is none.
// It goes by the monotonic clock, so that setting the computer's time moves no deadline.
type clock struct{ start time.Time }

func (c clock) now() chatcore.Instant {
	return 1 + chatcore.Instant(time.Since(c.start).Milliseconds())
}

// until returns how long it takes for now to reach an instant.
func (c clock) until(i chatcore.Instant) time.Duration {
	return time.Until(c.start.Add(time.Duration(i-1) * time.Millisecond))
}
