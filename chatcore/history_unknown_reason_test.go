//go:build !js

package chatcore_test

import "strings"

const msPerDay = 86_400_000

// checkReason looks at the reason that a call gives for its doubt after a look-up that went well.
func (w *world) checkUnknownReason(j *job) {
	last, message := j.lastExchange(), j.err().Message
	if last == nil || !last.isLookup() || !last.seenIntact {
		return
	}
	switch {
	case strings.Contains(message, "edited or deleted"):
		for id := range j.thread.tokenLost {
			if parseNumber(id)-epoch-w.conditions.serviceSkewMs >= w.earliestSendTime(j) {
				return
			}
		}
		w.problem("#%d may be no message that was edited or deleted, for these are older, and yet: %v", j.number, j.err())
	case strings.Contains(message, "reach back far enough") && !j.thread.wasRemoved && j.thread.bulkMessages < 1000:
		w.problem("#%d was looked for in all there is, and yet: %v", j.number, j.err())
	}
}

// firstSent is when a message can have been sent first, as far as its client can tell: no earlier than its token, which
// another program may have made with another clock. The client tells the time of the service by its newest message, which
// may be old in a quiet thread.
func (w *world) earliestSendTime(j *job) int {
	slack := 2*msPerMinute + 2*w.machine.maxWallErrorMs + w.machine.missedMs + w.now - j.thread.lastMessageChange
	if j.options.Idempotent {
		return j.startedAt - slack
	}
	if at, made := j.driver.page.tokensMade[j.token]; made {
		return at - slack
	}
	if len(j.token) != 36 {
		return ancientStart - msPerDay
	}
	return -msPerDay - slack - activeMs
}
