//go:build !js

package chatcore_test

import (
	"errors"

	"acschat/chatcore"
)

// window is a page with one client or several, and what these share.
type browserPage struct {
	w            *world
	number       int
	drivers      []*driver
	memory       *chatcore.SendMemory
	locks        chatcore.LockQueue   // where the browser has none
	tokensMade   map[string]int       // when idempotency tokens were made in the page
	lockWaitedAt map[string]int       // when a lock came that was not free at once
	keptLocks    map[string]*keptLock // locks of calls that have ended in doubt
	activeSince  int                  // since when: it was opened, or restored last
	leftAt       int                  // -1: it was not
	frozen       bool                 // nothing happens in it
	deferred     []func()             // what was to happen meanwhile
}

// open opens a page with a client in it.
func (w *world) openPage() *driver {
	p := &browserPage{w: w, number: len(w.pages) + 1, memory: chatcore.NewSendMemory(), tokensMade: map[string]int{}, lockWaitedAt: map[string]int{}, keptLocks: map[string]*keptLock{}, activeSince: w.now, leftAt: -1}
	w.pages = append(w.pages, p)
	w.logf("page %d opens", p.number)
	return p.newClient("chat")
}

// newClient makes one more client in a page, whose token has a scope.
func (p *browserPage) newClient(scope string) *driver {
	w := p.w
	d := &driver{w: w, page: p, number: len(w.drivers) + 1, scope: scope, knownMessages: map[string]bool{}}
	o := chatcore.Options{
		Endpoint: historyOrigin, Made: w.instant(), Memory: p.memory, TokenCallback: w.chance(0.5), UnixMs: w.unixMs, Random: w.random.Uint32,
		NewUUID: func() string { return w.uuid('4') }, NewIdempotencyToken: func() string { return w.uuid('7') },
		CallOptions: chatcore.CallOptions{SettleMs: &w.conditions.settleMs},
	}
	if !o.TokenCallback {
		o.Token = w.myAccessToken(86400, scope)
	}
	var err error
	if d.client, err = chatcore.NewClient(o); err != nil {
		panic(err)
	}
	w.drivers = append(w.drivers, d)
	p.drivers = append(p.drivers, d)
	w.logf("client %d in page %d", d.number, p.number)
	return d
}

// here makes something happen in the page: not while the machine sleeps or the page is frozen, and never once it is left.
func (p *browserPage) after(ms int, do func()) {
	p.w.afterWake(ms, func() { p.run(do) })
}

func (p *browserPage) run(do func()) {
	switch {
	case p.leftAt >= 0:
	case p.frozen:
		p.deferred = append(p.deferred, do)
	default:
		do()
	}
}

// leave ends the page. Nobody learns what became of its calls. Their requests end, too.
func (p *browserPage) leave() {
	w := p.w
	w.logf("page %d is left", p.number)
	p.leftAt = w.now
	for name := range p.keptLocks {
		p.takeKept(name).release()
	}
	for _, d := range p.drivers {
		for _, j := range d.jobs {
			if j.isOver() {
				continue
			}
			j.abandoned = true
			j.endedAt = w.now
			if x := j.lastExchange(); x != nil {
				x.end()
			}
			j.unlock()
		}
	}
}

// freeze stops the page, as the back/forward cache does. Its timers stand still, and so do its calls.
func (p *browserPage) freeze() {
	p.w.logf("page %d is frozen", p.number)
	p.frozen = true
}

// restore has the page go on. Its clients are told before anything else happens in it.
func (p *browserPage) restore() {
	w := p.w
	w.logf("page %d is restored", p.number)
	w.eventCounts["restored"]++
	p.frozen, p.activeSince = false, w.now
	for _, d := range p.drivers {
		d.client.Resumed(w.instant())
		d.pump()
	}
	deferred := p.deferred
	p.deferred = nil
	for _, do := range deferred {
		w.afterWake(0, func() { p.run(do) })
	}
}

var errLeft = errors.New("the user has pressed escape")

// abort aborts a job, if it is still under way.
func (w *world) abort(j *job) {
	if !j.isOver() {
		w.logf("#%d is aborted", j.number)
		j.aborted = true
		j.call.Abort(w.instant(), errLeft)
		j.driver.pump()
	}
}
