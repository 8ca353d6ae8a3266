//go:build !js

package chatcore_test

import "acschat/chatcore"

// span is how long new things happen, in milliseconds.
const span = 8000

// plan has everything begin.
func (w *world) plan() {
	pages := []*tab{w.open()}
	if w.chance(0.25) {
		pages = append(pages, w.open())
	}
	for range w.between(1, 3) {
		j, t := w.newJob(w.drawOp()), pick(w, pages...)
		at := w.random.IntN(span / 2)
		if j.token != "" && j.op == "sendMessage" && w.chance(0.3) {
			w.draft(j, t, at)
		}
		w.here(at, func() { w.start(j, t.current()) })
		if j.token != "" && w.chance(0.2) {
			w.here(at+w.random.IntN(span/2), func() { w.start(w.again(j), t.current()) })
		}
	}
	w.scenes(pages[0])
	if w.chance(0.35) {
		t, at := pick(w, pages...), w.between(2000, span)
		if w.chance(0.5) {
			w.sendUnluckily(t, at, "late")
		}
		w.here(at, func() { w.reload(t.current()) })
	}
	if w.chance(0.2) {
		w.machine.stops = w.chance(0.6) && w.machine.wrong <= fewSeconds
		w.after(w.random.IntN(span), w.sleep)
	}
	for w.chance(0.3) {
		w.after(w.random.IntN(span), w.setClock)
	}
	w.people()
	if w.chance(0.15) {
		at := w.between(2000, span)
		w.sendUnluckily(pages[0], at, "answer lost")
		w.after(at, w.cut)
	}
}

// scenes has things happen that would not by chance.
func (w *world) scenes(t *tab) {
	if w.chance(0.15) {
		w.tell("scene: refused")
		w.refused(t)
	}
	if w.chance(0.15) {
		w.tell("scene: overlap")
		w.overlap(t)
	}
	if w.chance(0.12) {
		w.tell("scene: twins")
		w.twins(t)
	}
	if w.chance(0.06) {
		w.tell("scene: drop")
		w.drop(t)
	}
	if w.chance(0.1) {
		w.tell("scene: goBack")
		w.goBack()
	}
	switch n := w.random.IntN(100); { // one of these, for there must not be many messages where somebody watches
	case n < 5:
		w.tell("scene: crowd")
		w.crowd(t)
	case n < 9:
		w.tell("scene: fastClock")
		w.fastClock(t)
	case n < 19:
		w.tell("scene: watch")
		w.watch(t)
	}
}

// reload closes the client or leaves the page; another takes up what was to be sent.
func (w *world) reload(t *tab) {
	if t.page.leftAt >= 0 || t.page.frozen {
		return
	}
	closed := []*tab{t}
	if w.chance(0.3) {
		t.closed = true
		w.tell("client %d is closed", t.number)
		t.client.Close(w.instant())
		t.pump()
		if w.chance(0.2) {
			w.start(w.newJob(w.drawOp()), t)
		}
	} else {
		closed = t.page.tabs
		t.page.leave()
	}
	for w.chance(0.4) {
		w.after(w.random.IntN(3000), w.setClock)
	}
	w.here(pick(w, 1, w.random.IntN(3000)), func() {
		var next *tab
		if t.page.leftAt < 0 && (w.weather.noLocks || w.chance(0.6)) { // without locks its other clients must not meet those of another
			next = t.page.newClient("chat")
		} else {
			next = w.open()
		}
		for _, t := range closed {
			if t.next != nil {
				continue
			}
			t.next = next
			for _, j := range t.jobs {
				if j.token != "" && (!j.isDone() || w.chance(0.2)) {
					w.resume(j, pick(w, 0, 6000))
				}
			}
		}
	})
}

// resume does a job once more.
func (w *world) resume(j *job, most int) {
	if j.resumption != nil || len(w.jobs) > 12 {
		return
	}
	j.resumption = w.again(j)
	w.here(w.random.IntN(most+1), func() { w.start(j.resumption, j.tab.current()) })
}

// sleep has the machine sleep.
func (w *world) sleep() {
	if w.now < w.machine.awake {
		return
	}
	ms := pick(w, w.between(1, 20_000), w.between(60_000, 400_000))
	w.machine.awake = w.now + ms
	if w.machine.stops {
		w.machine.slept += ms
	}
	w.tell("the machine sleeps for %d, its clock stops: %v", ms, w.machine.stops)
	if w.chance(0.5) {
		w.after(w.random.IntN(ms), func() { w.somebody("posts", w.other, "POST", "/messages", `{"content":"new"}`) })
	}
}

// ended takes up the end of a call.
func (w *world) ended(j *job, step chatcore.Step) {
	j.step, j.endedAt = step, w.now
	j.keepLock(int(step.LockUntil - w.instant()))
	last := j.room.written[j.message]
	j.wasGone, j.wasDeleted = j.room.deleted, last != nil && last.content == ""
	j.wasOut = !j.room.there[j.user] || j.room.left[j.user] >= j.startedAt || j.room.deleted
	if step.Err != nil {
		w.tell("#%d fails: %v", j.number, step.Err)
	} else {
		w.tell("#%d is done", j.number)
	}
	if j.op == "updateMessage" && j.isDone() && j.knows {
		j.tab.edits[j.message] = true
	}
	if j.watcher != nil {
		w.watched(j)
	}
	if j.op != "sendMessage" {
		return
	}
	if j.isDone() {
		id := step.Result.(*chatcore.SendChatMessageResult).ID
		if j.token != "" || j.options.Idempotent {
			j.tab.edits[id] = true
		}
		if w.chance(0.25) {
			change := w.newJob(pick(w, "updateMessage", "updateMessage", "deleteMessage", "getMessage"))
			change.message, change.room = id, j.room
			w.here(w.random.IntN(2000), func() { w.start(change, j.tab.current()) })
		}
	}
	if e := j.err(); j.token != "" || e != nil && e.IdempotencyToken != "" {
		if w.chance(0.7) {
			w.resume(j, pick(w, 0, 0, 3000, 20_000))
		}
	}
}

// sendUnluckily sends a message of which only a look-up can tell, before something happens that makes that hard.
func (w *world) sendUnluckily(t *tab, before int, how string) *job {
	j := w.newJob("sendMessage")
	j.token, j.options = "", chatcore.CallOptions{Idempotent: true}
	if w.chance(0.8) {
		j.unlucky = how
	}
	w.here(before-w.random.IntN(2000), func() {
		if how == "late" { // and to be sent again by another page
			j.token, j.options = w.uuid('7'), chatcore.CallOptions{}
		}
		w.start(j, t.current())
	})
	return j
}
