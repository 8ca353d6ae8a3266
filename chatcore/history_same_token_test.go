//go:build !js

package chatcore_test

import "slices"

// twins has two clients use one token at the same time, in one page or in two.
func (w *world) twins(t *tab) {
	var twin *tab
	if w.weather.noLocks || w.chance(0.4) {
		twin = t.page.newClient("chat")
	} else {
		twin = w.open()
	}
	j := w.newJob("sendMessage")
	j.options.Idempotent = false
	at, lag := w.random.IntN(2*span), pick(w, 0, 0, w.random.IntN(50), w.random.IntN(4000))
	if w.chance(0.5) {
		j.unlucky = pick(w, "answer lost", "503 after", "504 late", "late", "late")
		if w.chance(0.5) {
			j.options.TotalTimeoutMs = w.between(500, 3000)
		}
	}
	w.draft(j, t, at)
	w.here(at, func() { w.start(j, t.current()) })
	w.here(at+lag, func() {
		again := w.again(j)
		if j.options.TotalTimeoutMs > 0 && w.chance(0.5) { // it gets the lock, and has no time to look
			again.options.TotalTimeoutMs = max(1, j.options.TotalTimeoutMs-lag+w.between(50, 500))
		}
		w.start(again, twin.current())
	})
}

// draft gives a job a token that a page makes, not long before it is used, or one that comes from elsewhere.
func (w *world) draft(j *job, t *tab, at int) {
	j.token = w.uuid('7')
	if w.chance(0.5) {
		w.here(max(0, at-pick(w, 0, w.random.IntN(1000), w.random.IntN(5000))), func() {
			p := t.current().page
			if p.leftAt < 0 && j.number == 0 {
				j.token = w.uuid('7')
				p.make(j.token)
			}
		})
	}
}

// make notes that the page has made a token.
func (p *window) make(token string) {
	p.w.tell("page %d makes the token %s", p.number, token)
	p.made[token] = p.w.now
	p.memory.Made(token, p.w.instant(), p.w.unixMs())
}

// goBack has a page stand in the back/forward cache while another sends its draft. When it comes back, it sends that, too.
func (w *world) goBack() {
	t := w.open()
	j := w.newJob("sendMessage")
	j.options.Idempotent, j.options.TotalTimeoutMs = false, 0
	at := w.weather.settleMs + w.random.IntN(3000)
	w.draft(j, t, at)
	if w.chance(0.5) {
		w.here(max(0, at-pick(w, w.random.IntN(at+1), 0)), func() { w.start(j, t) })
	}
	w.here(at+1+w.random.IntN(100), func() {
		sending := func(a *job) bool { return a.key() == j.key() && !a.over() && len(a.attempts()) > 0 }
		if w.weather.noLocks && slices.ContainsFunc(w.jobs, sending) {
			return // nothing would tell the other page
		}
		t.page.freeze()
		w.here(w.random.IntN(500), func() { w.replace(t, j) })
	})
}

// replace has another page send a job's message, and be left; then the frozen one is restored, and sends it, too.
func (w *world) replace(frozen *tab, j *job) {
	next := w.open()
	again := w.again(j)
	again.unlucky = pick(w, "late", "late", "answer lost", "")
	back := func() {
		if next.page.leftAt >= 0 {
			return
		}
		next.page.leave()
		w.here(w.random.IntN(300), func() {
			frozen.page.restore()
			w.start(w.again(j), frozen)
		})
	}
	again.whenSent = func() { w.here(w.random.IntN(500), back) }
	w.here(minute, back)
	w.start(again, next)
}

// mayDouble tells whether a message may be there twice: where a page sends what another has sent with success less than the
// settling time before, or was left with, and there is nothing that would tell it of that: it was not opened or restored since,
// and has not waited for the lock. The documents say so.
func (w *world) mayDouble(j *job) bool {
	for _, a := range w.jobs {
		for _, b := range w.jobs {
			if a.key() != j.key() || b.key() != j.key() || a.tab.page == b.tab.page {
				continue
			}
			if !a.isDone() && !a.abandoned && a.tab.page.leftAt < 0 {
				continue // the page keeps the lock
			}
			if max(b.tab.page.live, b.lockedAfter) < a.endedAt && b.startedAt >= a.endedAt && b.startedAt < a.endedAt+w.weather.settleMs {
				return true
			}
		}
	}
	return false
}
