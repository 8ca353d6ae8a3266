//go:build !js

package chatcore_test

import "strings"

// happenings have to occur in the histories, or these would not find what they are for.
var requiredEvents = []string{
	"refused after an unknown attempt", "done by what was read", "out of time behind an older write",
	"id in another 2xx", "another 2xx without an id", "3xx", "in doubt because of an edit",
	"waited for a lock", "restored", "answer after a late timer", "change watched", "late change watched",
}

// count counts what a job has met.
func (j *job) count(counts map[string]int) {
	message := ""
	if e := j.err(); e != nil {
		message = e.Message
	}
	latest := j.lastExchange()
	for event, happened := range map[string]bool{
		"refused after an unknown attempt":  strings.Contains(message, "may have succeeded"),
		"done by what was read":             j.isDone() && j.op != "sendMessage" && j.isWrite() && latest != nil && latest.isLookup(),
		"out of time behind an older write": j.target() != "" && strings.Contains(message, "nothing was sent"),
		"in doubt because of an edit":       strings.Contains(message, "edited or deleted"),
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

// count counts the changes that a watch has given, and those among them that others overtook.
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
