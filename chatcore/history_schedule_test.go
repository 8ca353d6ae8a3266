//go:build !js

package chatcore_test

import "acschat/chatcore"

// activeMs is how long new calls and events begin.
const activeMs = 8000

// schedule schedules the calls and events of a history.
func (w *world) schedule() {
	pages := []*driver{w.openPage()}
	if w.chance(0.25) {
		pages = append(pages, w.openPage())
	}
	for range w.between(1, 3) {
		j, d := w.newJob(w.drawOp()), pick(w, pages...)
		at := w.random.IntN(activeMs / 2)
		if j.token != "" && j.op == "sendMessage" && w.chance(0.3) {
			w.giveToken(j, d, at)
		}
		w.afterWake(at, func() { w.start(j, d.current()) })
		if j.token != "" && w.chance(0.2) {
			w.afterWake(at+w.random.IntN(activeMs/2), func() { w.start(w.repeat(j), d.current()) })
		}
	}
	w.scheduleScenes(pages[0])
	if w.chance(0.35) {
		d, at := pick(w, pages...), w.between(2000, activeMs)
		if w.chance(0.5) {
			w.sendWithFault(d, at, "late")
		}
		w.afterWake(at, func() { w.reload(d.current()) })
	}
	if w.chance(0.2) {
		w.machine.clockStopsAsleep = w.chance(0.6) && w.machine.maxWallErrorMs <= smallClockErrorMs
		w.after(w.random.IntN(activeMs), w.sleep)
	}
	for w.chance(0.3) {
		w.after(w.random.IntN(activeMs), w.setClock)
	}
	w.scheduleOthers()
	if w.chance(0.15) {
		at := w.between(2000, activeMs)
		w.sendWithFault(pages[0], at, "answer lost")
		w.after(at, w.removeMe)
	}
}

// scheduleScenes schedules combinations of events that random events would rarely produce.
func (w *world) scheduleScenes(d *driver) {
	if w.chance(0.15) {
		w.logf("scene: refuseCalls")
		w.refuseCalls(d)
	}
	if w.chance(0.15) {
		w.logf("scene: overlapWrites")
		w.overlapWrites(d)
	}
	if w.chance(0.12) {
		w.logf("scene: sendSameTokenTwice")
		w.sendSameTokenTwice(d)
	}
	if w.chance(0.06) {
		w.logf("scene: editBeforeLookup")
		w.editBeforeLookup(d)
	}
	if w.chance(0.1) {
		w.logf("scene: freezeAndRestore")
		w.freezeAndRestore()
	}
	switch n := w.random.IntN(100); { // at most one of these: a thread must not have many messages while it is watched
	case n < 5:
		w.logf("scene: sendAmongMany")
		w.sendAmongMany(d)
	case n < 9:
		w.logf("scene: fastClock")
		w.fastClock(d)
	case n < 19:
		w.logf("scene: watchThread")
		w.watchThread(d)
	}
}

// reload closes the client or leaves the page. Another client continues its sends.
func (w *world) reload(d *driver) {
	if d.page.leftAt >= 0 || d.page.frozen {
		return
	}
	closed := []*driver{d}
	if w.chance(0.3) {
		d.closed = true
		w.logf("client %d is closed", d.number)
		d.client.Close(w.instant())
		d.pump()
		if w.chance(0.2) {
			w.start(w.newJob(w.drawOp()), d)
		}
	} else {
		closed = d.page.drivers
		d.page.leave()
	}
	for w.chance(0.4) {
		w.after(w.random.IntN(3000), w.setClock)
	}
	w.afterWake(pick(w, 1, w.random.IntN(3000)), func() {
		var next *driver
		if d.page.leftAt < 0 && (w.conditions.noLocks || w.chance(0.6)) { // without locks, clients of two pages must not send the same message
			next = d.page.newClient("chat")
		} else {
			next = w.openPage()
		}
		for _, d := range closed {
			if d.replacement != nil {
				continue
			}
			d.replacement = next
			for _, j := range d.jobs {
				if j.token != "" && (!j.isDone() || w.chance(0.2)) {
					w.resume(j, pick(w, 0, 6000))
				}
			}
		}
	})
}

// resume repeats a job on the client that continues its client's sends.
func (w *world) resume(j *job, most int) {
	if j.resumption != nil || len(w.jobs) > 12 {
		return
	}
	j.resumption = w.repeat(j)
	w.afterWake(w.random.IntN(most+1), func() { w.start(j.resumption, j.driver.current()) })
}

// sleep puts the machine to sleep.
func (w *world) sleep() {
	if w.now < w.machine.wakesAt {
		return
	}
	ms := pick(w, w.between(1, 20_000), w.between(60_000, 400_000))
	w.machine.wakesAt = w.now + ms
	if w.machine.clockStopsAsleep {
		w.machine.missedMs += ms
	}
	w.logf("the machine sleeps for %d, its clock stops: %v", ms, w.machine.clockStopsAsleep)
	if w.chance(0.5) {
		w.after(w.random.IntN(ms), func() { w.actAs("posts", w.other, "POST", "/messages", `{"content":"new"}`) })
	}
}

// callEnded records the end of a call, and schedules what follows it.
func (w *world) callEnded(j *job, step chatcore.Step) {
	j.step, j.endedAt = step, w.now
	j.keepLock(int(step.LockUntil - w.instant()))
	last := j.thread.lastChange[j.messageID]
	j.threadWasDeleted, j.messageWasDeleted = j.thread.deleted, last != nil && last.content == ""
	j.userWasOut = !j.thread.members[j.userID] || j.thread.leftAt[j.userID] >= j.startedAt || j.thread.deleted
	if step.Err != nil {
		w.logf("#%d fails: %v", j.number, step.Err)
	} else {
		w.logf("#%d succeeds", j.number)
	}
	if j.op == "updateMessage" && j.isDone() && j.clientKnowsToken {
		j.driver.knownMessages[j.messageID] = true
	}
	if j.watcher != nil {
		w.watchCallEnded(j)
	}
	if j.op != "sendMessage" {
		return
	}
	if j.isDone() {
		id := step.Result.(*chatcore.SendChatMessageResult).ID
		if j.token != "" || j.options.Idempotent {
			j.driver.knownMessages[id] = true
		}
		if w.chance(0.25) {
			change := w.newJob(pick(w, "updateMessage", "updateMessage", "deleteMessage", "getMessage"))
			change.messageID, change.thread = id, j.thread
			w.afterWake(w.random.IntN(2000), func() { w.start(change, j.driver.current()) })
		}
	}
	if e := j.err(); j.token != "" || e != nil && e.IdempotencyToken != "" {
		if w.chance(0.7) {
			w.resume(j, pick(w, 0, 0, 3000, 20_000))
		}
	}
}

// sendWithFault sends a message shortly before a time, with a fault after which only a lookup can tell whether it was stored.
func (w *world) sendWithFault(d *driver, before int, how string) *job {
	j := w.newJob("sendMessage")
	j.token, j.options = "", chatcore.CallOptions{Idempotent: true}
	if w.chance(0.8) {
		j.firstFault = how
	}
	w.afterWake(before-w.random.IntN(2000), func() {
		if how == "late" { // another page will send it again
			j.token, j.options = w.uuid('7'), chatcore.CallOptions{}
		}
		w.start(j, d.current())
	})
	return j
}
