//go:build !js

package chatcore_test

import (
	"strings"

	"acschat/chatcore"
	"acschat/emulator"
)

// watcher watches a thread, batch after batch.
type watcher struct {
	thread   *threadModel
	driver   *driver
	since    string // sinceVersion of its first call, or ""
	nextLink string // the last batch's
	changes  []chatcore.ChatMessage
	call     *job // the call in flight
	stopped  bool

	firstPollFrom  int // when the service answered the first page of the first poll; -1: not yet
	firstPollUntil int // when it answered the last page of that poll
}

// In histories with a watch there are no faults after faultsEnd, and the watch ends at watchEnds.
const (
	faultsEnd = activeMs + 12_000
	watchEnds = faultsEnd + 100_000
	catchUpMs = 75_000 // within this time a watch without faults must have returned all changes
)

func (wr *watcher) options() chatcore.WatchMessagesOptions {
	o := chatcore.WatchMessagesOptions{NextLink: wr.nextLink}
	if wr.nextLink == "" {
		o.SinceVersion = wr.since
	}
	return o
}

// watchThread makes a page watch a thread with changes.
func (w *world) watchThread(d *driver) {
	w.conditions.faultsEndAt = faultsEnd
	w.conditions.delaysVisibility = w.conditions.settleMs > 100 && w.chance(0.8)
	tm := w.newThread(w.me, w.other, w.third)
	tm.isWatched = true
	tm.myMessage, tm.otherMessage = w.post(tm, w.me, "old"), w.post(tm, w.other, "old")
	for more := true; more; more = w.chance(0.3) { // several watches share their polls
		wr := &watcher{thread: tm, driver: d, since: pick(w, "", "", "0", tm.myMessage), firstPollFrom: -1}
		w.watchers = append(w.watchers, wr)
		d.page.after(w.between(100, 3000), func() { w.watchNextBatch(wr) })
		w.afterWake(watchEnds, func() { w.stopWatching(wr) })
	}
	w.scheduleHints(d, tm)
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

// postLate makes another user send a message that may become visible late, and perhaps edit it meanwhile.
func (w *world) postLate(tm *threadModel) {
	hidden := 0
	if most := w.maxHiddenMs(tm); most > 0 && w.chance(0.6) {
		hidden = pick(w, w.between(1, most), w.between(max(1, most-500), most))
		w.service.Fail(emulator.Rule{Operation: "sendMessage", Call: 1, VisibleAfterMs: hidden})
	}
	id := w.post(tm, w.other, "new")
	tm.visibleFrom[id] = w.now + hidden
	w.logf("another user posts %s, visible after %d ms", id, hidden)
	if w.chance(0.3) {
		w.after(w.random.IntN(3000), func() {
			w.actAsIn(tm, "edits", w.other, "PATCH", "/messages/"+id, `{"content":"new, edited"}`)
		})
	}
}

// maxHiddenMs returns how late a message of a thread may become visible. In a watched thread it is a little less than settleMs,
// since versions may be slightly ahead of the service's clock.
func (w *world) maxHiddenMs(tm *threadModel) int {
	switch {
	case !w.conditions.delaysVisibility:
		return 0
	case tm.isWatched:
		return w.conditions.settleMs - 50
	}
	return w.conditions.settleMs - 1
}

// watchNextBatch starts the call for the next batch.
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

// isLive reports whether the page and the client are open.
func (wr *watcher) isLive() bool { return wr.driver.page.leftAt < 0 && !wr.driver.closed }

// stopWatching ends a watch once it has had the time to catch up.
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

// watchCallEnded records the end of a watch's call. The watch continues after its last batch, even after an error.
func (w *world) watchCallEnded(j *job) {
	wr := j.watcher
	if j.isDone() {
		batch := j.step.Result.(*chatcore.ChatMessagesCollection)
		for i, m := range batch.Value {
			w.logf("#%d returns %s, version %s", j.number, m.ID, m.Version)
			if i > 0 && m.Version <= batch.Value[i-1].Version {
				w.problem("#%d returns a batch that is not in order", j.number)
			}
		}
		wr.changes = append(wr.changes, batch.Value...)
		wr.nextLink = batch.NextLink
	}
	if !wr.stopped {
		wr.driver.page.after(pick(w, 0, 0, w.random.IntN(4000)), func() { w.watchNextBatch(wr) })
	}
}

// recordFirstPolls records when the first poll of each watch was answered.
func (x *exchange) recordFirstPolls() {
	if x.job.watcher == nil || x.seenStatus != 200 || !x.seenIntact || !strings.Contains(x.request.URL, "/messages?") {
		return
	}
	for _, wr := range x.driver.w.watchers {
		if wr.call != nil && chatcore.SharePoll(x.job.call, wr.call.call) {
			if wr.call != x.job {
				x.driver.w.eventCounts["poll shared"]++
			}
			wr.recordFirstPoll(x)
		}
	}
}

func (wr *watcher) recordFirstPoll(x *exchange) {
	switch follows := strings.Contains(x.request.URL, "syncState="); {
	case wr.firstPollFrom < 0 && !follows:
		wr.firstPollFrom, wr.firstPollUntil = x.servedAt, x.servedAt
	case follows && wr.nextLink == "" && len(wr.changes) == 0:
		wr.firstPollUntil = x.servedAt
	}
}

// checkWatch compares what a watch has returned with the thread. The watch must return the last change of each message, except
// changes from before the watch, and must return no change twice.
func (w *world) checkWatch(wr *watcher, thread emulator.Thread) {
	returned := map[string]string{} // the last version returned
	seen := map[string]bool{}
	for _, m := range wr.changes {
		if change := m.ID + " " + m.Version; seen[change] {
			w.problem("the watch returns %s, version %s, twice", m.ID, m.Version)
		} else {
			seen[change] = true
		}
		if m.Version < returned[m.ID] {
			w.problem("the watch returns %s, version %s, after version %s", m.ID, m.Version, returned[m.ID])
		}
		returned[m.ID] = m.Version
		if wr.since != "" && wr.since != "0" && m.Version <= wr.since {
			w.problem("the watch returns %s, version %s, which is not after sinceVersion %s", m.ID, m.Version, wr.since)
		}
	}
	for _, m := range thread.Messages {
		visible := max(sinceEpoch(m.Version)-w.conditions.serviceSkewMs, wr.thread.visibleFrom[m.ID])
		news := wr.since == "" && wr.firstPollFrom >= 0 && visible > wr.firstPollUntil || wr.since == "0" || wr.since != "" && m.Version > wr.since
		old := wr.since == "" && visible < wr.firstPollFrom
		if news && !seen[m.ID+" "+m.Version] && wr.isLive() && wr.stopped && visible < watchEnds-catchUpMs {
			w.problem("the watch does not return %s, version %s, visible at %d", m.ID, m.Version, visible)
		}
		if old && seen[m.ID+" "+m.Version] {
			w.problem("the watch returns %s, version %s, which existed before its first poll", m.ID, m.Version)
		}
	}
}

func sinceEpoch(text string) int {
	var n int64
	for _, digit := range text {
		n = n*10 + int64(digit-'0')
	}
	return int(n - epoch)
}
