//go:build !js

package chatcore_test

import (
	"strings"

	"acschat/chatcore"
	"acschat/emulator"
)

// watcher is a page that follows a thread, from batch to batch.
type watcher struct {
	room  *room
	tab   *tab
	since string // the version it begins after, or nothing
	link  string // of the last batch
	given []chatcore.ChatMessage
	job   *job // the one under way
	stop  bool

	shown    int // when the first poll was answered, -1: it was not
	shownEnd int // and the last page of it
}

// calmAfter is when there is no trouble any more where a thread is watched, and watchedFor how long it is watched.
const (
	calmAfter  = span + 12_000
	watchedFor = calmAfter + 100_000
	catchUpMs  = 75_000 // within which a watch has seen all, once there is no trouble
)

func (wr *watcher) options() chatcore.WatchMessagesOptions {
	o := chatcore.WatchMessagesOptions{NextLink: wr.link}
	if wr.link == "" {
		o.SinceVersion = wr.since
	}
	return o
}

// watch has a page follow a thread in which things happen.
func (w *world) watch(t *tab) {
	w.weather.calm = calmAfter
	w.weather.hides = w.weather.settleMs > 100 && w.chance(0.8)
	r := w.newRoom(w.me, w.other, w.third)
	r.watched = true
	r.old, r.oldest = w.post(r, w.me, "old"), w.post(r, w.other, "old")
	wr := &watcher{room: r, tab: t, since: pick(w, "", "", "0", r.old), shown: -1}
	w.watchers = append(w.watchers, wr)
	t.page.here(w.between(100, 3000), func() { w.follow(wr) })
	w.here(watchedFor, func() { w.stopWatching(wr) })
	if w.chance(0.2) {
		hide := func(at int, hidden bool) {
			w.here(at, func() {
				t.page.now(func() {
					w.tell("client %d is hidden: %v", t.number, hidden)
					t.client.SetHidden(w.instant(), hidden)
					t.pump()
				})
			})
		}
		hide(w.random.IntN(span), true)
		hide(calmAfter, false)
	}
	for range w.between(2, 5) {
		j := w.newJob(pick(w, "sendMessage", "sendMessage", "sendMessage", "updateMessage", "deleteMessage", "updateThread", "addParticipants"))
		j.room, j.message, j.user = r, r.old, w.third.ID
		w.here(w.random.IntN(span), func() { w.start(j, t.current()) })
	}
	for range w.between(1, 6) {
		w.after(w.random.IntN(span), func() { w.postLate(r) })
	}
	if w.chance(0.5) {
		w.after(w.random.IntN(span), func() {
			w.somebodyIn(r, "edits", w.other, "PATCH", "/messages/"+r.oldest, `{"content":"old, edited"}`)
		})
	}
	if w.chance(0.2) {
		w.after(w.random.IntN(span), func() { w.somebodyIn(r, "deletes", w.other, "DELETE", "/messages/"+r.oldest, "") })
	}
}

// postLate has somebody send a message that may not be visible at once, and perhaps edit it meanwhile.
func (w *world) postLate(r *room) {
	hidden := 0
	if most := w.mostHidden(r); most > 0 && w.chance(0.6) {
		hidden = pick(w, w.between(1, most), w.between(max(1, most-500), most))
		w.service.Fail(emulator.Rule{Operation: "sendMessage", Call: 1, VisibleAfterMs: hidden})
	}
	id := w.post(r, w.other, "new")
	r.hidden[id] = w.now + hidden
	w.tell("other posts %s, hidden for %d", id, hidden)
	if w.chance(0.3) {
		w.after(w.random.IntN(3000), func() {
			w.somebodyIn(r, "edits", w.other, "PATCH", "/messages/"+id, `{"content":"new, edited"}`)
		})
	}
}

// mostHidden is how long a message of a room may be invisible. Where somebody watches it is not the last moment of the
// settling time: versions may be a little ahead of the service's clock.
func (w *world) mostHidden(r *room) int {
	switch {
	case !w.weather.hides:
		return 0
	case r.watched:
		return w.weather.settleMs - 50
	}
	return w.weather.settleMs - 1
}

// follow waits for the next batch.
func (w *world) follow(wr *watcher) {
	if !wr.lives() {
		return
	}
	j := w.newJob("watchMessages")
	j.room, j.watcher, wr.job = wr.room, wr, j
	if wr.link == "" {
		wr.shown = -1
	}
	w.start(j, wr.tab)
}

// lives tells whether the page is still there, and the client open.
func (wr *watcher) lives() bool { return wr.tab.page.leftAt < 0 && !wr.tab.closed }

// stopWatching ends it when it has had the time to catch up.
func (w *world) stopWatching(wr *watcher) {
	if w.now-w.machine.awake < catchUpMs {
		w.here(catchUpMs, func() { w.stopWatching(wr) })
		return
	}
	wr.stop = true
	if wr.job != nil {
		w.abort(wr.job)
	}
}

// watched takes up the end of a watch's call: the page goes on from the last batch, whatever happened.
func (w *world) watched(j *job) {
	wr := j.watcher
	if j.isDone() {
		batch := j.step.Result.(*chatcore.ChatMessagesCollection)
		for i, m := range batch.Value {
			w.tell("#%d gives %s, version %s", j.number, m.ID, m.Version)
			if i > 0 && m.Version <= batch.Value[i-1].Version {
				w.problem("#%d gives a batch that is not in order", j.number)
			}
		}
		wr.given = append(wr.given, batch.Value...)
		wr.link = batch.NextLink
	}
	if !wr.stop {
		wr.tab.page.here(pick(w, 0, 0, w.random.IntN(4000)), func() { w.follow(wr) })
	}
}

// polled takes down what the first poll of a watch has shown.
func (x *exchange) polled() {
	wr := x.job.watcher
	if wr == nil || x.told != 200 || !x.proper || !strings.Contains(x.request.URL, "/messages?") {
		return
	}
	switch follows := strings.Contains(x.request.URL, "syncState="); {
	case wr.shown < 0 && !follows:
		wr.shown, wr.shownEnd = x.workedAt, x.workedAt
	case follows && wr.link == "" && len(wr.given) == 0:
		wr.shownEnd = x.workedAt
	}
}

// checkWatch compares what a watch has given with what there is: of each message the last change is given once, unless it
// was there before, and no change is given twice.
func (w *world) checkWatch(wr *watcher, thread emulator.Thread) {
	given := map[string]string{} // the version that was given last
	seen := map[string]bool{}
	for _, m := range wr.given {
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
		visible := max(parseNumber(m.Version)-epoch-w.weather.skew, wr.room.hidden[m.ID])
		news := wr.since == "" && wr.shown >= 0 && visible > wr.shownEnd || wr.since == "0" || wr.since != "" && m.Version > wr.since
		old := wr.since == "" && visible < wr.shown
		if news && !seen[m.ID+" "+m.Version] && wr.lives() && wr.stop && visible < watchedFor-catchUpMs {
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
