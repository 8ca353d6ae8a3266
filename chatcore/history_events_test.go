//go:build !js

package chatcore_test

import "strings"

// requiredEvents must occur in the histories. Otherwise these do not cover the cases they were made for.
var requiredEvents = []string{
	"refused after an unknown attempt", "success confirmed by reading", "timed out behind an older write",
	"id in another 2xx", "another 2xx without an id", "3xx", "delivery unknown because of an edit",
	"waited for a lock", "restored", "answer after a late timer", "change watched", "late change watched", "poll shared", "poll because of a hint", // recorded by the world and by watches
}

// count counts the events of a job.
func (j *job) count(counts map[string]int) {
	message := ""
	if e := j.err(); e != nil {
		message = e.Message
	}
	latest := j.lastExchange()
	for event, happened := range map[string]bool{
		"refused after an unknown attempt":    strings.Contains(message, "may have succeeded"),
		"success confirmed by reading":        j.isDone() && j.op != "sendMessage" && j.isWrite() && latest != nil && latest.isLookup(),
		"timed out behind an older write":     j.target() != "" && strings.Contains(message, "nothing was sent"),
		"delivery unknown because of an edit": strings.Contains(message, "edited or deleted"),
	} {
		if happened {
			counts[event]++
		}
	}
	for _, x := range j.attempts() {
		switch {
		case j.op != "sendMessage" || x.seenStatus == 201 || x.seenStatus == 0 || x.seenStatus >= 400:
		case x.seenStatus >= 300:
			counts["3xx"]++
		case x.seenID != "":
			counts["id in another 2xx"]++
		default:
			counts["another 2xx without an id"]++
		}
	}
}

// count counts the changes that a watch has returned, and those of them with a lower version than a change before.
func (wr *watcher) count(counts map[string]int) {
	highest := ""
	for _, m := range wr.changes {
		counts["change watched"]++
		if m.Version < highest {
			counts["late change watched"]++
		}
		highest = max(highest, m.Version)
	}
}
