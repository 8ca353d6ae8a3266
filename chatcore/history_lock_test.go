//go:build !js

package chatcore_test

import (
	"slices"

	"acschat/chatcore"
)

// locks are the Web Locks of the machine's browser. Who asks for one gets it when those have released it who asked before.
type locks struct {
	w       *world
	waiting map[string][]*claim // by name; the first has the lock
}

type claim struct {
	job       *job
	granted   func(waited bool)
	isGranted bool
}

// ask asks for a lock. granted is called in the page when the job has it; waited: it was not free at once.
func (l *locks) ask(j *job, name string, granted func(waited bool)) (release func()) {
	c := &claim{job: j, granted: granted}
	l.waiting[name] = append(l.waiting[name], c)
	l.grant(name, false)
	return func() {
		l.waiting[name] = slices.DeleteFunc(l.waiting[name], func(other *claim) bool { return other == c })
		l.grant(name, true)
	}
}

// grant gives a lock to whoever is first in line.
func (l *locks) grant(name string, waited bool) {
	if len(l.waiting[name]) == 0 || l.waiting[name][0].isGranted {
		return
	}
	c := l.waiting[name][0]
	c.isGranted = true
	c.job.tab.page.here(l.w.random.IntN(5), func() { c.granted(waited) })
}

// lock gets the lock that a step asks for: one of the browser's, or of the page alone.
func (t *tab) lock(j *job, step chatcore.Step) {
	w := t.w
	granted := func(waited bool) {
		t.page.now(func() {
			w.tell("#%d has its lock, waited: %v", j.number, waited)
			if waited {
				t.page.waited[step.Lock] = w.now
				w.happenings["waited for a lock"]++
			}
			j.lockedAfter = t.page.waited[step.Lock]
			j.call.Locked(w.instant(), step.Number, waited)
			t.pump()
		})
	}
	j.lockName = step.Lock
	if w.weather.noLocks {
		j.release = t.page.locks.Request(step.Lock, granted)
	} else if k := t.page.takeKept(step.Lock); k != nil {
		j.release = k.release
		t.page.here(0, func() { granted(false) })
	} else {
		j.release = w.locks.ask(j, step.Lock, granted)
	}
	if j.over() { // it was granted at once, and that was the end of the call
		j.unlock()
	}
}

// kept is a lock that its page keeps until nothing can be stored any more that was sent under it.
type kept struct{ release func() }

// takeKept takes over such a lock, if there is one.
func (p *window) takeKept(name string) *kept {
	k := p.kept[name]
	delete(p.kept, name)
	return k
}

// keepLock keeps the lock of a job that has ended for some time.
func (j *job) keepLock(ms int) {
	p := j.tab.page
	if j.release == nil || ms <= 0 || p.w.weather.noLocks {
		j.unlock()
		return
	}
	k := &kept{j.release}
	j.release = nil
	p.kept[j.lockName] = k
	p.here(ms, func() {
		if p.kept[j.lockName] == k {
			p.takeKept(j.lockName).release()
		}
	})
}

// unlock gives back the lock of a job, or leaves the line for it.
func (j *job) unlock() {
	if release := j.release; release != nil {
		j.release = nil
		release()
	}
}
