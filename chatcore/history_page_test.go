//go:build !js

package chatcore_test

import (
	"errors"

	"acschat/chatcore"
)

// browserPage is a page with one or more clients, and what they share.
type browserPage struct {
	w            *world
	number       int
	drivers      []*driver
	memory       *chatcore.SendMemory
	locks        chatcore.LockQueue   // used if the browser has no locks
	tokensMade   map[string]int       // when the page made its idempotency tokens
	lockWaitedAt map[string]int       // when the page last got a lock that was not free at once
	keptLocks    map[string]*keptLock // locks of calls that ended with an unknown outcome
	activeSince  int                  // when it was opened or last restored
	leftAt       int                  // -1: the page is open
	frozen       bool                 // in the back/forward cache
	deferred     []func()             // what was due while it was frozen
}

// openPage opens a page with a client.
func (w *world) openPage() *driver {
	p := &browserPage{w: w, number: len(w.pages) + 1, memory: chatcore.NewSendMemory(), tokensMade: map[string]int{}, lockWaitedAt: map[string]int{}, keptLocks: map[string]*keptLock{}, activeSince: w.now, leftAt: -1}
	w.pages = append(w.pages, p)
	w.logf("page %d opens", p.number)
	return p.newClient("chat")
}

// newClient adds a client to a page. scope is that of its access tokens.
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

// after runs do after so many milliseconds: later if the machine sleeps or the page is frozen, never once the page is left.
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

// leave ends the page. Its calls never settle, and it no longer waits for answers.
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

// freeze stops the page's timers and calls, as the back/forward cache does.
func (p *browserPage) freeze() {
	p.w.logf("page %d is frozen", p.number)
	p.frozen = true
}

// restore resumes a frozen page. Its clients are told first.
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

// abort aborts a job that has not ended.
func (w *world) abort(j *job) {
	if !j.isOver() {
		w.logf("#%d is aborted", j.number)
		j.aborted = true
		j.call.Abort(w.instant(), errLeft)
		j.driver.pump()
	}
}
