package chathttp

import (
	"time"

	"acschat/chatcore"
)

// processStart is the zero of the process's clock.
var processStart = time.Now()

// clockOffset keeps the clock positive, because 0 means "no time" to chatcore. It is larger than the time between processStart and the
// year 2000, when the fake time of tests begins.
const clockOffset = 1 << 42

// now reads the process's clock, in milliseconds. It is monotonic: setting the computer's time does not change it.
func now() chatcore.Instant {
	return clockOffset + chatcore.Instant(time.Since(processStart).Milliseconds())
}

// clock is the clock of a client. All clients of a process count from the same zero, because they share the memory of sent messages. But
// each counts its milliseconds from its own start, so that timeUntil is exact.
type clock struct {
	startTime    time.Time
	startInstant chatcore.Instant
}

func newClock() clock { return clock{time.Now(), now()} }

func (c clock) now() chatcore.Instant {
	return c.startInstant + chatcore.Instant(time.Since(c.startTime).Milliseconds())
}

// timeUntil returns how long to wait for an instant.
func (c clock) timeUntil(i chatcore.Instant) time.Duration {
	return time.Until(c.startTime.Add(time.Duration(i-c.startInstant) * time.Millisecond))
}
