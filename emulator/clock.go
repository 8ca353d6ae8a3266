package emulator

import (
	"sync/atomic"
	"time"
)

// maxAdvance limits the sum of all calls of Advance. Within it years have four digits and message ids 13.
const maxAdvance = 100 * 365 * 24 * time.Hour

// clock is Options.Clock plus what Advance has added.
type clock struct {
	source func() time.Time
	offset atomic.Int64 // the sum of all advances, in nanoseconds
}

func (c *clock) now() time.Time { return c.source().Add(time.Duration(c.offset.Load())) }

// advance moves the clock forward. It returns false and does nothing if d is negative or the sum would exceed maxAdvance.
func (c *clock) advance(d time.Duration) bool {
	for {
		offset := c.offset.Load()
		if d < 0 || d > maxAdvance-time.Duration(offset) {
			return false
		}
		if c.offset.CompareAndSwap(offset, offset+int64(d)) {
			return true
		}
	}
}

// Advance moves the emulator's clock forward: tokens expire, the windows of rate limits pass, and everything created later
// has a later time. Advances add up. It panics if d is negative or the sum exceeds 100 years.
//
// The age of an Identity operation's signature is still measured with Options.Clock, because clients sign with the real
// time. So clients can get tokens after Advance, too.
func (em *Emulator) Advance(d time.Duration) {
	if !em.clock.advance(d) {
		panic("emulator: Advance: the duration must not be negative, and the sum of all advances must be at most 100 years")
	}
}

// currentSecond returns the current time in whole seconds, UTC, as the chat service writes times. Versions may be ahead of
// the clock. Then it returns the time of the next version, so that times never decrease. em.mu is held.
func (em *Emulator) currentSecond() time.Time {
	return latestOf(em.clock.now(), time.UnixMilli(em.lastVersion+1)).UTC().Truncate(time.Second)
}
