//go:build js && wasm

package main

import (
	"syscall/js"

	"acschat/chatcore"
)

// A Web Lock keeps other tabs, and other clients of the page, from sending a message with the same token at the same time. Where
// the browser has none, or refuses them to the page, the page's own clients take turns.

var (
	sends = chatcore.NewSendMemory() // of all clients of the page
	queue chatcore.LockQueue         // for locks that are not Web Locks

	locking  = map[int]*lockRequest{} // not granted yet, by key
	requests int                      // so far, and the key of the last

	keptLocks = map[string]*webLock{} // of calls that have ended in doubt, by name

	onLock, onNoLock *callback
)

// lockRequest is a call's request for the lock of a step.
type lockRequest struct {
	key    int
	call   *call
	name   string
	number int      // the step's
	leave  func()   // the queue, if it is in that
	kept   *webLock // that the call takes over
}

func init() {
	// onLock is given the key, whether the request waited, and the lock: null if it was not to wait and the lock is not free. A
	// Web Lock is held until the promise that it returns is fulfilled.
	onLock = guard(func(args []js.Value) any {
		r := locking[args[0].Int()]
		switch {
		case r == nil: // the call has ended
			return nil
		case args[2].IsNull():
			r.ask(true)
			return nil
		case r.leave != nil:
			r.granted(args[1].Bool(), r.leave)
			return nil
		case r.kept != nil:
			r.hold(r.kept, false)
			return nil
		}
		held, release, _ := newPromise()
		current.holdLock(release, true)
		r.hold(&webLock{name: r.name, release: release}, args[1].Bool())
		return held
	})
	// onNoLock is given the key, when the browser refuses the lock.
	onNoLock = guard(func(args []js.Value) any {
		if r := locking[args[0].Int()]; r != nil {
			r.queue()
		}
		return nil
	})
}

// lock asks for the lock of the call's step.
func (c *call) lock(step *chatcore.Step) {
	requests++
	r := &lockRequest{key: requests, call: c, name: step.Lock, number: step.Number}
	locking[r.key] = r
	c.unlock = func() {
		delete(locking, r.key)
		if r.leave != nil {
			r.leave()
		} else if r.kept != nil {
			r.kept.end(r.kept.until)
		}
	}
	if k := keptLocks[step.Lock]; k != nil { // the call goes on where the one before it was
		delete(keptLocks, step.Lock)
		r.kept = k
		queueMicrotask.Invoke(onLock.with(r.key, false, true))
		return
	}
	if requestLock.IsUndefined() || try(func() { r.ask(false) }) != nil {
		r.queue()
	}
}

// ask asks the browser: for a lock that is free, or for the next turn.
func (r *lockRequest) ask(waits bool) {
	options := object.New()
	options.Set("ifAvailable", !waits)
	then.Invoke(requestLock.Invoke(r.name, options, onLock.with(r.key, waits)), undefined, onNoLock.with(r.key))
}

// queue waits for the page's other clients.
func (r *lockRequest) queue() {
	r.leave = queue.Request(r.name, func(waited bool) {
		queueMicrotask.Invoke(onLock.with(r.key, waited, true))
	})
}

// hold gives the call a Web Lock.
func (r *lockRequest) hold(l *webLock, waited bool) {
	core := r.call.core
	r.granted(waited, func() {
		if step := core.Step(); step.Kind == chatcore.Failed {
			l.end(max(l.until, step.LockUntil))
		} else {
			l.end(0)
		}
	})
}

// granted gives the call its lock, until it ends.
func (r *lockRequest) granted(waited bool, release func()) {
	delete(locking, r.key)
	c := r.call
	c.unlock = release
	c.client.run(c, func() { c.core.Locked(now(), r.number, waited) })
}

// webLock is a Web Lock that the page holds. Its release ends the promise that the browser waits for.
type webLock struct {
	name    string
	release js.Value
	until   chatcore.Instant // when nothing can be stored any more that was sent under it
}

// end gives the lock back when its call has ended: at once, or later if the call ended in doubt.
func (l *webLock) end(until chatcore.Instant) {
	if l.until = until; until > now() {
		keptLocks[l.name] = l
		deadlines.arm(until)
		return
	}
	current.holdLock(l.release, false)
	l.release.Invoke()
}

// endKeptLocks ends those whose time is over. The timer may have been early by a browser's coarse clock.
func endKeptLocks() {
	for name, l := range keptLocks {
		delete(keptLocks, name)
		l.end(l.until)
	}
}
