package emulator

import (
	"sync/atomic"
	"time"
)

// maxAhead bounds what Advance may add up to: with it times keep four digits of year and message ids their 13.
const maxAhead = 100 * 365 * 24 * time.Hour

// clock is Options.Clock and how far Advance has moved the emulator ahead of it.
type clock struct {
	source func() time.Time
	ahead  atomic.Int64 // nanoseconds
}

func (c *clock) now() time.Time { return c.source().Add(time.Duration(c.ahead.Load())) }

// advance reports whether it could: time does not run backwards, nor beyond maxAhead.
func (c *clock) advance(d time.Duration) bool {
	for {
		ahead := c.ahead.Load()
		if d < 0 || d > maxAhead-time.Duration(ahead) {
			return false
		}
		if c.ahead.CompareAndSwap(ahead, ahead+int64(d)) {
			return true
		}
	}
}

// Advance moves the emulator's clock forward: tokens expire, rate limits' windows pass, and what is made from now on is
// dated later. It panics if d is negative, or leads further than a century ahead of Options.Clock. The one thing that
// stays at Options.Clock is the age of Identity operations' signatures, since a client signs with the time it has; so
// tokens can be had after Advance too.
func (em *Emulator) Advance(d time.Duration) {
	if !em.clock.advance(d) {
		panic("emulator: Advance takes a duration that is not negative and leads to a century ahead at most")
	}
}

// second is now as the chat service tells time: UTC, whole seconds. Versions may have run ahead of the clock, and nothing
// is older than what happened before it. em.mu is held.
func (em *Emulator) second() time.Time {
	return latestOf(em.clock.now(), time.UnixMilli(em.lastVersion+1)).UTC().Truncate(time.Second)
}
