//go:build !js

package chatcore_test

import (
	"errors"

	"acschat/chatcore"
)

// window is a page with one client or several, and what these share.
type window struct {
	w        *world
	number   int
	tabs     []*tab
	memory   *chatcore.SendMemory
	locks    chatcore.LockQueue // where the browser has none
	made     map[string]int     // when idempotency tokens were made in the page
	waited   map[string]int     // when a lock came that was not free at once
	kept     map[string]*kept   // locks of calls that have ended in doubt
	live     int                // since when: it was opened, or restored last
	leftAt   int                // -1: it was not
	frozen   bool               // nothing happens in it
	deferred []func()           // what was to happen meanwhile
}

// open opens a page with a client in it.
func (w *world) open() *tab {
	p := &window{w: w, number: len(w.pages) + 1, memory: chatcore.NewSendMemory(), made: map[string]int{}, waited: map[string]int{}, kept: map[string]*kept{}, live: w.now, leftAt: -1}
	w.pages = append(w.pages, p)
	w.tell("page %d opens", p.number)
	return p.newClient("chat")
}

// newClient makes one more client in a page, whose token has a scope.
func (p *window) newClient(scope string) *tab {
	w := p.w
	t := &tab{w: w, page: p, number: len(w.tabs) + 1, scope: scope, edits: map[string]bool{}}
	o := chatcore.Options{
		Endpoint: histOrigin, Made: w.instant(), Memory: p.memory, TokenCallback: w.chance(0.5), UnixMs: w.unixMs, Random: w.random.Uint32,
		NewUUID: func() string { return w.uuid('4') }, NewIdempotencyToken: func() string { return w.uuid('7') },
		CallOptions: chatcore.CallOptions{SettleMs: &w.weather.settleMs},
	}
	if !o.TokenCallback {
		o.Token = w.token(86400, scope)
	}
	var err error
	if t.client, err = chatcore.NewClient(o); err != nil {
		panic(err)
	}
	w.tabs = append(w.tabs, t)
	p.tabs = append(p.tabs, t)
	w.tell("client %d in page %d", t.number, p.number)
	return t
}

// here makes something happen in the page: not while the machine sleeps or the page is frozen, and never once it is left.
func (p *window) here(ms int, do func()) {
	p.w.here(ms, func() { p.now(do) })
}

func (p *window) now(do func()) {
	switch {
	case p.leftAt >= 0:
	case p.frozen:
		p.deferred = append(p.deferred, do)
	default:
		do()
	}
}

// leave ends the page. Nobody learns what became of its calls. Their requests end, too.
func (p *window) leave() {
	w := p.w
	w.tell("page %d is left", p.number)
	p.leftAt = w.now
	for name := range p.kept {
		p.takeKept(name).release()
	}
	for _, t := range p.tabs {
		for _, j := range t.jobs {
			if j.over() {
				continue
			}
			j.abandoned = true
			j.endedAt = w.now
			if x := j.latest(); x != nil {
				x.end()
			}
			j.unlock()
		}
	}
}

// freeze stops the page, as the back/forward cache does. Its timers stand still, and so do its calls.
func (p *window) freeze() {
	p.w.tell("page %d is frozen", p.number)
	p.frozen = true
}

// restore has the page go on. Its clients are told before anything else happens in it.
func (p *window) restore() {
	w := p.w
	w.tell("page %d is restored", p.number)
	w.happenings["restored"]++
	p.frozen, p.live = false, w.now
	for _, t := range p.tabs {
		t.client.Resumed(w.instant())
		t.pump()
	}
	deferred := p.deferred
	p.deferred = nil
	for _, do := range deferred {
		w.here(0, func() { p.now(do) })
	}
}

var errLeft = errors.New("the user has pressed escape")

// abort aborts a job, if it is still under way.
func (w *world) abort(j *job) {
	if !j.over() {
		w.tell("#%d is aborted", j.number)
		j.aborted = true
		j.call.Abort(w.instant(), errLeft)
		j.tab.pump()
	}
}
