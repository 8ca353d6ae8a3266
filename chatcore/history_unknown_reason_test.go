//go:build !js

package chatcore_test

import "strings"

const day = 86_400_000

// checkReason looks at the reason that a call gives for its doubt after a look-up that went well.
func (w *world) checkReason(j *job) {
	last, message := j.latest(), j.err().Message
	if last == nil || !last.isLookUp() || !last.proper {
		return
	}
	switch {
	case strings.Contains(message, "edited or deleted"):
		for id := range j.room.lost {
			if parseNumber(id)-epoch-w.weather.skew >= w.firstSent(j) {
				return
			}
		}
		w.problem("#%d may be no message that was edited or deleted, for these are older, and yet: %v", j.number, j.err())
	case strings.Contains(message, "reach back far enough") && !j.room.cut && j.room.flood < 1000:
		w.problem("#%d was looked for in all there is, and yet: %v", j.number, j.err())
	}
}

// firstSent is when a message can have been sent first, as far as its client can tell: no earlier than its token, which
// another program may have made with another clock. The client tells the time of the service by its newest message, which
// may be old in a quiet thread.
func (w *world) firstSent(j *job) int {
	slack := 2*minute + 2*w.machine.wrong + w.machine.slept + w.now - j.room.changed
	if j.options.Idempotent {
		return j.startedAt - slack
	}
	if at, made := j.tab.page.made[j.token]; made {
		return at - slack
	}
	if len(j.token) != 36 {
		return ancient - day
	}
	return -day - slack - span
}
