//go:build js && wasm

package main

import (
	"syscall/js"

	"acschat/chatcore"
)

// A call with an idempotency token holds a lock while it looks for the message and sends it, so that no other tab and no other client of
// the page sends with that token at the same time. It is a Web Lock. If the browser has none or refuses it, the lock counts for the
// clients of this page only.

var (
	sends      = chatcore.NewSendMemory() // shared by all clients of the page
	localLocks chatcore.LockQueue         // used where there are no Web Locks

	pendingLocks = map[int]*lockRequest{} // the requests that are not granted, by key
	lastLockKey  int

	keptLocks = map[string]*webLock{} // locks of calls that ended with an unknown outcome, by name

	onLockResult, onLockRefused *callback
)

// lockRequest is a call's request for the lock that its step needs.
type lockRequest struct {
	key        int
	call       *call
	name       string
	step       int      // the step's number
	leaveQueue func()   // releases the lock of localLocks; nil for a Web Lock
	inherited  *webLock // a kept lock that the call takes over, or nil
}

func init() {
	// onLockResult has the arguments key, whether the request waited, and the lock. The lock is null if it was asked for without
	// waiting and is not free. The browser holds a Web Lock until the returned promise is settled.
	onLockResult = &callback{call: func(args []js.Value) any {
		r := pendingLocks[args[0].Int()]
		switch {
		case r == nil: // the call has ended
			return nil
		case args[2].IsNull():
			r.requestWebLock(true)
			return nil
		case r.leaveQueue != nil:
			r.grant(args[1].Bool(), r.leaveQueue)
			return nil
		case r.inherited != nil:
			r.grantWebLock(r.inherited, false)
			return nil
		}
		held, release, _ := newPromise()
		currentHost.trackLock(release, true)
		r.grantWebLock(&webLock{name: r.name, release: release}, args[1].Bool())
		return held
	}}
	// onLockRefused has the argument key.
	onLockRefused = &callback{run: func(args []js.Value) {
		if r := pendingLocks[args[0].Int()]; r != nil {
			r.waitInQueue()
		}
	}}
}

// lock requests the lock of the call's step.
func (c *call) lock(step *chatcore.Step) {
	lastLockKey++
	r := &lockRequest{key: lastLockKey, call: c, name: step.Lock, step: step.Number}
	pendingLocks[r.key] = r
	c.unlock = func() {
		delete(pendingLocks, r.key)
		if r.leaveQueue != nil {
			r.leaveQueue()
		} else if r.inherited != nil {
			r.inherited.releaseAt(r.inherited.heldUntil)
		}
	}
	if kept := keptLocks[step.Lock]; kept != nil {
		delete(keptLocks, step.Lock)
		r.inherited = kept
		queueMicrotask.Invoke(onLockResult.bind(r.key, false, true))
		return
	}
	if requestLock.IsUndefined() || try(func() { r.requestWebLock(false) }) != nil {
		r.waitInQueue()
	}
}

func (r *lockRequest) requestWebLock(waits bool) {
	options := jsObject.New()
	options.Set("ifAvailable", !waits)
	promiseThen.Invoke(requestLock.Invoke(r.name, options, onLockResult.bind(r.key, waits)), undefined, onLockRefused.bind(r.key))
}

// waitInQueue requests the lock from localLocks.
func (r *lockRequest) waitInQueue() {
	r.leaveQueue = localLocks.Request(r.name, func(waited bool) {
		queueMicrotask.Invoke(onLockResult.bind(r.key, waited, true))
	})
}

func (r *lockRequest) grantWebLock(l *webLock, waited bool) {
	core := r.call.core
	r.grant(waited, func() {
		// The next attempt at a conversation's message knows of this one by its record, and waits by itself.
		if step := core.Step(); step.Kind == chatcore.Failed && r.call.ended == nil {
			l.releaseAt(max(l.heldUntil, step.LockUntil))
		} else {
			l.releaseAt(0)
		}
	})
}

// grant gives the call its lock. The call releases it when it ends.
func (r *lockRequest) grant(waited bool, release func()) {
	delete(pendingLocks, r.key)
	c := r.call
	c.unlock = release
	c.client.run(c, func() { c.core.Locked(now(), r.step, waited) })
}

// webLock is a Web Lock that this page holds.
type webLock struct {
	name      string
	release   js.Value         // resolves the promise that the browser waits for
	heldUntil chatcore.Instant // a message that was sent under the lock may be stored until then
}

// releaseAt releases the lock at a time: now if that has passed, else later.
func (l *webLock) releaseAt(due chatcore.Instant) {
	if l.heldUntil = due; due > now() {
		keptLocks[l.name] = l
		timer.fireBy(due)
		return
	}
	currentHost.trackLock(l.release, false)
	l.release.Invoke()
}

// releaseKeptLocks releases the kept locks that are due. It keeps the others, since a timer may fire early by a coarse clock.
func releaseKeptLocks() {
	for name, l := range keptLocks {
		delete(keptLocks, name)
		l.releaseAt(l.heldUntil)
	}
}
