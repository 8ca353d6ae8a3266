//go:build !js

package chatcore_test

import (
	"slices"

	"acschat/chatcore"
)

// browserLocks are the Web Locks of the machine's browser. A lock is granted in the order of the requests.
type browserLocks struct {
	w       *world
	waiting map[string][]*lockRequest // by name; the first one has the lock
}

type lockRequest struct {
	job       *job
	granted   func(waited bool)
	isGranted bool
}

// request requests a lock. granted is called in the page when the job has it. waited means that it was not free at once.
func (l *browserLocks) request(j *job, name string, granted func(waited bool)) (release func()) {
	c := &lockRequest{job: j, granted: granted}
	l.waiting[name] = append(l.waiting[name], c)
	l.grant(name, false)
	return func() {
		l.waiting[name] = slices.DeleteFunc(l.waiting[name], func(other *lockRequest) bool { return other == c })
		l.grant(name, true)
	}
}

// grant grants a lock to the first request.
func (l *browserLocks) grant(name string, waited bool) {
	if len(l.waiting[name]) == 0 || l.waiting[name][0].isGranted {
		return
	}
	c := l.waiting[name][0]
	c.isGranted = true
	c.job.driver.page.after(l.w.random.IntN(5), func() { c.granted(waited) })
}

// requestLock requests the lock that a step needs, from the browser, or from the page if the browser has no locks.
func (d *driver) requestLock(j *job, step chatcore.Step) {
	w := d.w
	granted := func(waited bool) {
		d.page.run(func() {
			w.logf("#%d has its lock, waited: %v", j.number, waited)
			if waited {
				d.page.lockWaitedAt[step.Lock] = w.now
				w.eventCounts["waited for a lock"]++
			}
			j.lockWaitedAt = d.page.lockWaitedAt[step.Lock]
			j.call.Locked(w.instant(), step.Number, waited)
			d.pump()
		})
	}
	j.lockName = step.Lock
	if w.conditions.noLocks {
		j.release = d.page.locks.Request(step.Lock, granted)
	} else if k := d.page.takeKept(step.Lock); k != nil {
		j.release = k.release
		d.page.after(0, func() { granted(false) })
	} else {
		j.release = w.locks.request(j, step.Lock, granted)
	}
	if j.isOver() { // the lock was granted at once, and the call ended
		j.unlock()
	}
}

// keptLock is a lock that a page keeps after the call's end, until nothing that the call sent can be stored any more.
type keptLock struct{ release func() }

// takeKept removes and returns such a lock, nil if there is none.
func (p *browserPage) takeKept(name string) *keptLock {
	k := p.keptLocks[name]
	delete(p.keptLocks, name)
	return k
}

// keepLock keeps the lock of an ended job for some time.
func (j *job) keepLock(ms int) {
	p := j.driver.page
	if j.release == nil || ms <= 0 || p.w.conditions.noLocks {
		j.unlock()
		return
	}
	k := &keptLock{j.release}
	j.release = nil
	p.keptLocks[j.lockName] = k
	p.after(ms, func() {
		if p.keptLocks[j.lockName] == k {
			p.takeKept(j.lockName).release()
		}
	})
}

// unlock releases the lock of a job, or withdraws the request for it.
func (j *job) unlock() {
	if release := j.release; release != nil {
		j.release = nil
		release()
	}
}
