//go:build !js

package chatcore_test

import (
	"strings"

	"acschat/chatcore"
	"acschat/emulator"
)

// watcher is a page that follows a thread, from batch to batch.
type watcher struct {
	thread   *threadModel
	driver   *driver
	since    string // the version it begins after, or nothing
	nextLink string // of the last batch
	changes  []chatcore.ChatMessage
	call     *job // the one under way
	stopped  bool

	firstPollFrom  int // when the first poll was answered, -1: it was not
	firstPollUntil int // and the last page of it
}

// calmAfter is when there is no trouble any more where a thread is watched, and watchedFor how long it is watched.
const (
	faultsEnd = activeMs + 12_000
	watchEnds = faultsEnd + 100_000
	catchUpMs = 75_000 // within which a watch has seen all, once there is no trouble
)

func (wr *watcher) options() chatcore.WatchMessagesOptions {
	o := chatcore.WatchMessagesOptions{NextLink: wr.nextLink}
	if wr.nextLink == "" {
		o.SinceVersion = wr.since
	}
	return o
}

// watch has a page follow a thread in which things happen.
func (w *world) watchThread(d *driver) {
	w.conditions.faultsEndAt = faultsEnd
	w.conditions.delaysVisibility = w.conditions.settleMs > 100 && w.chance(0.8)
	tm := w.newThread(w.me, w.other, w.third)
	tm.isWatched = true
	tm.myMessage, tm.otherMessage = w.post(tm, w.me, "old"), w.post(tm, w.other, "old")
	wr := &watcher{thread: tm, driver: d, since: pick(w, "", "", "0", tm.myMessage), firstPollFrom: -1}
	w.watchers = append(w.watchers, wr)
	d.page.after(w.between(100, 3000), func() { w.watchNextBatch(wr) })
	w.afterWake(watchEnds, func() { w.stopWatching(wr) })
	if w.chance(0.2) {
		hide := func(at int, hidden bool) {
			w.afterWake(at, func() {
				d.page.run(func() {
					w.logf("client %d is hidden: %v", d.number, hidden)
					d.client.SetHidden(w.instant(), hidden)
					d.pump()
				})
			})
		}
		hide(w.random.IntN(activeMs), true)
		hide(faultsEnd, false)
	}
	for range w.between(2, 5) {
		j := w.newJob(pick(w, "sendMessage", "sendMessage", "sendMessage", "updateMessage", "deleteMessage", "updateThread", "addParticipants"))
		j.thread, j.messageID, j.userID = tm, tm.myMessage, w.third.ID
		w.afterWake(w.random.IntN(activeMs), func() { w.start(j, d.current()) })
	}
	for range w.between(1, 6) {
		w.after(w.random.IntN(activeMs), func() { w.postLate(tm) })
	}
	if w.chance(0.5) {
		w.after(w.random.IntN(activeMs), func() {
			w.actAsIn(tm, "edits", w.other, "PATCH", "/messages/"+tm.otherMessage, `{"content":"old, edited"}`)
		})
	}
	if w.chance(0.2) {
		w.after(w.random.IntN(activeMs), func() { w.actAsIn(tm, "deletes", w.other, "DELETE", "/messages/"+tm.otherMessage, "") })
	}
}

// postLate has somebody send a message that may not be visible at once, and perhaps edit it meanwhile.
func (w *world) postLate(tm *threadModel) {
	hidden := 0
	if most := w.maxHiddenMs(tm); most > 0 && w.chance(0.6) {
		hidden = pick(w, w.between(1, most), w.between(max(1, most-500), most))
		w.service.Fail(emulator.Rule{Operation: "sendMessage", Call: 1, VisibleAfterMs: hidden})
	}
	id := w.post(tm, w.other, "new")
	tm.visibleFrom[id] = w.now + hidden
	w.logf("other posts %s, hidden for %d", id, hidden)
	if w.chance(0.3) {
		w.after(w.random.IntN(3000), func() {
			w.actAsIn(tm, "edits", w.other, "PATCH", "/messages/"+id, `{"content":"new, edited"}`)
		})
	}
}

// mostHidden is how long a message of a room may be invisible. Where somebody watches it is not the last moment of the
// settling time: versions may be a little ahead of the service's clock.
func (w *world) maxHiddenMs(tm *threadModel) int {
	switch {
	case !w.conditions.delaysVisibility:
		return 0
	case tm.isWatched:
		return w.conditions.settleMs - 50
	}
	return w.conditions.settleMs - 1
}

// follow waits for the next batch.
func (w *world) watchNextBatch(wr *watcher) {
	if !wr.isLive() {
		return
	}
	j := w.newJob("watchMessages")
	j.thread, j.watcher, wr.call = wr.thread, wr, j
	if wr.nextLink == "" {
		wr.firstPollFrom = -1
	}
	w.start(j, wr.driver)
}

// lives tells whether the page is still there, and the client open.
func (wr *watcher) isLive() bool { return wr.driver.page.leftAt < 0 && !wr.driver.closed }

// stopWatching ends it when it has had the time to catch up.
func (w *world) stopWatching(wr *watcher) {
	if w.now-w.machine.wakesAt < catchUpMs {
		w.afterWake(catchUpMs, func() { w.stopWatching(wr) })
		return
	}
	wr.stopped = true
	if wr.call != nil {
		w.abort(wr.call)
	}
}

// watched takes up the end of a watch's call: the page goes on from the last batch, whatever happened.
func (w *world) watchCallEnded(j *job) {
	wr := j.watcher
	if j.isDone() {
		batch := j.step.Result.(*chatcore.ChatMessagesCollection)
		for i, m := range batch.Value {
			w.logf("#%d gives %s, version %s", j.number, m.ID, m.Version)
			if i > 0 && m.Version <= batch.Value[i-1].Version {
				w.problem("#%d gives a batch that is not in order", j.number)
			}
		}
		wr.changes = append(wr.changes, batch.Value...)
		wr.nextLink = batch.NextLink
	}
	if !wr.stopped {
		wr.driver.page.after(pick(w, 0, 0, w.random.IntN(4000)), func() { w.watchNextBatch(wr) })
	}
}

// polled takes down what the first poll of a watch has shown.
func (x *exchange) recordFirstPoll() {
	wr := x.job.watcher
	if wr == nil || x.seenStatus != 200 || !x.seenIntact || !strings.Contains(x.request.URL, "/messages?") {
		return
	}
	switch follows := strings.Contains(x.request.URL, "syncState="); {
	case wr.firstPollFrom < 0 && !follows:
		wr.firstPollFrom, wr.firstPollUntil = x.servedAt, x.servedAt
	case follows && wr.nextLink == "" && len(wr.changes) == 0:
		wr.firstPollUntil = x.servedAt
	}
}

// checkWatch compares what a watch has given with what there is: of each message the last change is given once, unless it
// was there before, and no change is given twice.
func (w *world) checkWatch(wr *watcher, thread emulator.Thread) {
	given := map[string]string{} // the version that was given last
	seen := map[string]bool{}
	for _, m := range wr.changes {
		if change := m.ID + " " + m.Version; seen[change] {
			w.problem("the watch gives %s, version %s, twice", m.ID, m.Version)
		} else {
			seen[change] = true
		}
		if m.Version < given[m.ID] {
			w.problem("the watch gives %s, version %s, after %s", m.ID, m.Version, given[m.ID])
		}
		given[m.ID] = m.Version
		if wr.since != "" && wr.since != "0" && m.Version <= wr.since {
			w.problem("the watch gives %s, version %s, which is not after %s", m.ID, m.Version, wr.since)
		}
	}
	for _, m := range thread.Messages {
		visible := max(parseNumber(m.Version)-epoch-w.conditions.serviceSkewMs, wr.thread.visibleFrom[m.ID])
		news := wr.since == "" && wr.firstPollFrom >= 0 && visible > wr.firstPollUntil || wr.since == "0" || wr.since != "" && m.Version > wr.since
		old := wr.since == "" && visible < wr.firstPollFrom
		if news && !seen[m.ID+" "+m.Version] && wr.isLive() && wr.stopped && visible < watchEnds-catchUpMs {
			w.problem("the watch does not give %s, version %s, visible at %d", m.ID, m.Version, visible)
		}
		if old && seen[m.ID+" "+m.Version] {
			w.problem("the watch gives %s, version %s, which its first poll has shown", m.ID, m.Version)
		}
	}
}

func parseNumber(text string) (n int) {
	for _, digit := range text {
		n = n*10 + int(digit-'0')
	}
	return n
}
