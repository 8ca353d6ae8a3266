//go:build !js

package chatcore_test

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"acschat/chatcore"
)

// scheduleHints schedules hints about a thread: true, late, doubled, false and hostile ones.
func (w *world) scheduleHints(d *driver, tm *threadModel) {
	if w.chance(0.3) {
		return
	}
	for range w.between(1, 30) {
		w.after(w.between(1000, activeMs+8000), func() {
			version := ""
			if messages := w.messagesOf(tm); w.chance(0.8) && len(messages) > 0 {
				version = messages[w.random.IntN(len(messages))]
			}
			if w.chance(0.2) {
				version = strconv.FormatInt(w.random.Int64N(1<<50), 10)
			}
			for range w.between(1, 2) {
				d.page.after(w.random.IntN(6000), func() { w.hint(d, tm.id, version) })
			}
		})
	}
	if w.chance(0.3) {
		w.logf("scene: flood of hints")
		start, step := w.between(1000, activeMs), pick(w, 4, 100)
		for n := range 1000 {
			w.after(start+n*step, func() {
				version := strconv.FormatInt(w.random.Int64N(1<<50), 10)
				d.page.run(func() { w.hint(d, tm.id, pick(w, version, "")) })
			})
		}
	}
}

func (w *world) hint(d *driver, threadID, version string) {
	if d.page.leftAt >= 0 || d.closed || w.now < w.machine.wakesAt {
		return
	}
	before := d.countPolls()
	d.client.Wake(w.instant(), threadID, chatcore.WakeOptions{Version: version})
	d.pump()
	if d.countPolls() > before {
		w.eventCounts["poll because of a hint"]++
	}
}

func (d *driver) countPolls() (n int) {
	for _, j := range d.jobs {
		if j.op == "watchMessages" {
			n += len(j.exchanges)
		}
	}
	return n
}

// messagesOf returns the versions of the messages in a thread.
func (w *world) messagesOf(tm *threadModel) (versions []string) {
	for _, thread := range w.service.Threads() {
		if thread.ID == tm.id {
			for _, m := range thread.Messages {
				versions = append(versions, m.Version)
			}
		}
	}
	return versions
}

// isPoll reports whether an exchange begins a poll.
func (x *exchange) isPoll() bool {
	return x.job.op == "watchMessages" && strings.Contains(x.request.URL, "/messages?") && !strings.Contains(x.request.URL, "syncState=")
}

// checkPolls checks that each client polls a thread once at a time, and keeps to its share of the service's limits: 400 polls a minute by
// the participants, 200 by the user, and bursts of at most 10. Threads with hints have 3 participants.
func (w *world) checkPolls() {
	const burst = 10
	type client struct {
		driver *driver
		thread *threadModel
	}
	polls, mostPerMinute := map[client][]*exchange{}, map[client]int{}
	for _, j := range w.jobs {
		for _, x := range j.exchanges {
			of := client{j.driver, j.thread}
			if x.isPoll() && j.thread.isWatched {
				polls[of] = append(polls[of], x)
			}
			if x.faults.spoiledBody != "" && strings.Contains(x.request.URL, "/participants") { // the client takes what it could read
				mostPerMinute[of] = 200
			}
		}
	}
	for of, exchanges := range polls {
		perMinute := cmp.Or(mostPerMinute[of], 400/3)
		slices.SortStableFunc(exchanges, func(a, b *exchange) int { return a.sentAt - b.sentAt })
		for i, x := range exchanges {
			if i > 0 && exchanges[i-1].endedAt > x.sentAt && exchanges[i-1].job != x.job {
				w.problem("client %d polls for #%d and #%d at once", of.driver.number, exchanges[i-1].job.number, x.job.number)
			}
			if before := i - perMinute; before >= 0 && x.sentAt-exchanges[before].sentAt < 60_000 {
				w.problem("client %d polls more than %d times in the minute before %d", of.driver.number, perMinute, x.sentAt)
				break
			}
			if before := i - burst; before >= 0 && x.sentAt-exchanges[before].sentAt < 60_000/perMinute {
				w.problem("client %d polls more than %d times in a burst before %d", of.driver.number, burst, x.sentAt)
				break
			}
			if before := i - 2*burst; before >= 0 && x.sentAt-exchanges[before].sentAt < burst*60_000/perMinute {
				w.problem("client %d polls faster than its share before %d", of.driver.number, x.sentAt)
				break
			}
		}
	}
}
