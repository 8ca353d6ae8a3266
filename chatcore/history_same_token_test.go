//go:build !js

package chatcore_test

import "slices"

// sendSameTokenTwice makes two clients, in one page or two, send with the same token at about the same time.
func (w *world) sendSameTokenTwice(d *driver) {
	var twin *driver
	if w.conditions.noLocks || w.chance(0.4) {
		twin = d.page.newClient("chat")
	} else {
		twin = w.openPage()
	}
	j := w.newJob("sendMessage")
	j.options.Idempotent = false
	at, lag := w.random.IntN(2*activeMs), pick(w, 0, 0, w.random.IntN(50), w.random.IntN(4000))
	if w.chance(0.5) {
		j.firstFault = pick(w, "answer lost", "503 after", "504 late", "late", "late")
		if w.chance(0.5) {
			j.options.TotalTimeoutMs = w.between(500, 3000)
		}
	}
	w.giveToken(j, d, at)
	w.afterWake(at, func() { w.start(j, d.current()) })
	w.afterWake(at+lag, func() {
		again := w.repeat(j)
		if j.options.TotalTimeoutMs > 0 && w.chance(0.5) { // it gets the lock, but has no time left for a lookup
			again.options.TotalTimeoutMs = max(1, j.options.TotalTimeoutMs-lag+w.between(50, 500))
		}
		w.start(again, twin.current())
	})
}

// giveToken gives a job a token. Its page may make the token shortly before the job starts at time `at`.
func (w *world) giveToken(j *job, d *driver, at int) {
	j.token = w.uuid('7')
	if w.chance(0.5) {
		w.afterWake(max(0, at-pick(w, 0, w.random.IntN(1000), w.random.IntN(5000))), func() {
			p := d.current().page
			if p.leftAt < 0 && j.number == 0 {
				j.token = w.uuid('7')
				p.makeToken(j.token)
			}
		})
	}
}

// makeToken records that the page has made a token.
func (p *browserPage) makeToken(token string) {
	p.w.logf("page %d makes the token %s", p.number, token)
	p.tokensMade[token] = p.w.now
	p.memory.Made(token, p.w.instant(), p.w.unixMs())
}

// freezeAndRestore puts a page into the back/forward cache while another page sends the same message. When the first page is
// restored, it sends the message too.
func (w *world) freezeAndRestore() {
	d := w.openPage()
	j := w.newJob("sendMessage")
	j.options.Idempotent, j.options.TotalTimeoutMs = false, 0
	at := w.conditions.settleMs + w.random.IntN(3000)
	w.giveToken(j, d, at)
	if w.chance(0.5) {
		w.afterWake(max(0, at-pick(w, w.random.IntN(at+1), 0)), func() { w.start(j, d) })
	}
	w.afterWake(at+1+w.random.IntN(100), func() {
		sending := func(a *job) bool { return a.sendKey() == j.sendKey() && !a.isOver() && len(a.attempts()) > 0 }
		if w.conditions.noLocks && slices.ContainsFunc(w.jobs, sending) {
			return // without locks, nothing tells the other page
		}
		d.page.freeze()
		w.afterWake(w.random.IntN(500), func() { w.sendFromOtherPage(d, j) })
	})
}

// sendFromOtherPage makes another page send a job's message. Then that page is left, and the frozen page is restored and sends
// it too.
func (w *world) sendFromOtherPage(frozen *driver, j *job) {
	next := w.openPage()
	again := w.repeat(j)
	again.firstFault = pick(w, "late", "late", "answer lost", "")
	back := func() {
		if next.page.leftAt >= 0 {
			return
		}
		next.page.leave()
		w.afterWake(w.random.IntN(300), func() {
			frozen.page.restore()
			w.start(w.repeat(j), frozen)
		})
	}
	again.onFirstSend = func() { w.afterWake(w.random.IntN(500), back) }
	w.afterWake(msPerMinute, back)
	w.start(again, next)
}

// mayBeStoredTwice reports whether a message may be stored twice, as documented: a page sends it less than settleMs after
// another page sent it with success or was left while sending it, and nothing told the page, as it was not opened or restored
// since and has not waited for the lock.
func (w *world) mayBeStoredTwice(j *job) bool {
	for _, a := range w.jobs {
		for _, b := range w.jobs {
			if a.sendKey() != j.sendKey() || b.sendKey() != j.sendKey() || a.driver.page == b.driver.page {
				continue
			}
			if !a.isDone() && !a.abandoned && a.driver.page.leftAt < 0 {
				continue // the other page still keeps the lock
			}
			if max(b.driver.page.activeSince, b.lockWaitedAt) < a.endedAt && b.startedAt >= a.endedAt && b.startedAt < a.endedAt+w.conditions.settleMs {
				return true
			}
		}
	}
	return false
}
