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
		w.here(w.random.IntN(span/2), func() { w.start(j, t.current()) })
		if j.token != "" && w.chance(0.2) {
			w.here(w.random.IntN(span/2), func() { w.start(w.again(j), t.current()) })
		}
	}
	if w.chance(0.35) {
		t, at := pick(w, pages...), w.between(2000, span)
		if w.chance(0.5) {
			w.sendUnluckily(t, at, "late")
		}
		w.here(at, func() { w.reload(t) })
	}
	if w.chance(0.2) {
		w.machine.stops = w.chance(0.6)
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
	if w.chance(0.05) {
		w.crowd(pages[0])
	}
}

// reload closes the client or leaves the page; another page takes up what was to be sent.
func (w *world) reload(t *tab) {
	if w.chance(0.3) {
		t.closed = true
		w.tell("the client is closed")
		t.client.Close(w.instant())
		t.pump()
		if w.chance(0.2) {
			w.start(w.newJob(w.drawOp()), t)
		}
	} else {
		w.tell("the page is left")
		t.leave()
	}
	for w.chance(0.4) {
		w.after(w.random.IntN(3000), w.setClock)
	}
	w.here(pick(w, 1, w.random.IntN(3000)), func() {
		t.next = w.open()
		for _, j := range t.jobs {
			if j.token != "" && !j.isDone() {
				w.resume(j, pick(w, 0, 6000))
			}
		}
	})
}

// setClock sets the machine's time of day, by 30 s at the most.
func (w *world) setClock() {
	w.machine.wall = w.between(-15_000, 15_000)
	w.tell("the time of day is set to %+d", w.machine.wall)
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
	j.unlock()
	j.wasOut = !j.room.there[j.user] || j.room.left[j.user] >= j.startedAt || j.room.deleted
	if step.Err != nil {
		w.tell("#%d fails: %v", j.number, step.Err)
	} else {
		w.tell("#%d is done", j.number)
	}
	if j.op == "updateMessage" && j.isDone() && j.knows {
		j.tab.edits[j.message] = true
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
			change.message = id
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
func (w *world) sendUnluckily(t *tab, before int, how string) {
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
}
