package chathttp

import (
	"time"

	"acschat/chatcore"
)

// started is when the program's clock began.
var started = time.Now()

// sinceEpoch keeps the clock positive, as zero is none to chatcore, also in tests whose fake time lies before the start.
const sinceEpoch = 1 << 42

// now reads the program's clock as chatcore takes it: milliseconds of the monotonic clock.
func now() chatcore.Instant {
	return sinceEpoch + chatcore.Instant(time.Since(started).Milliseconds())
}

// clock is a client's: the program's, since clients share a memory of what was sent, but counted from when the client was made,
// so that time limits are exact. Setting the computer's time moves no deadline.
type clock struct {
	start time.Time
	at    chatcore.Instant
}

func newClock() clock { return clock{time.Now(), now()} }

func (c clock) now() chatcore.Instant {
	return c.at + chatcore.Instant(time.Since(c.start).Milliseconds())
}

// until returns how long it takes for now to reach an instant.
func (c clock) until(i chatcore.Instant) time.Duration {
	return time.Until(c.start.Add(time.Duration(i-c.at) * time.Millisecond))
}
