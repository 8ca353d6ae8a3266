//go:build !js

package chatcore_test

import "strings"

const msPerDay = 86_400_000

// checkUnknownReason checks the reason that a DeliveryUnknown error gives after a lookup without faults.
func (w *world) checkUnknownReason(j *job) {
	last, message := j.lastExchange(), j.err().Message
	if last == nil || !last.isLookup() || !last.seenIntact {
		return
	}
	switch {
	case strings.Contains(message, "edited or deleted"):
		for id := range j.thread.tokenLost {
			if sinceEpoch(id)-w.conditions.serviceSkewMs >= w.earliestSendTime(j) {
				return
			}
		}
		w.problem("#%d: all edited and deleted messages are older than its message, but it says: %v", j.number, j.err())
	case strings.Contains(message, "reach back far enough") && !j.thread.wasRemoved && j.thread.bulkMessages < 1000:
		w.problem("#%d: its lookup could read the whole thread, but it says: %v", j.number, j.err())
	}
}

// earliestSendTime returns the earliest time at which a message can have been sent, as far as its client can tell: when its
// token was made, perhaps by another program with another clock. The client knows the service's time from the newest message
// only, which may be old in a quiet thread.
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
