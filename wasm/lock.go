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

	onLock, onNoLock *callback
)

// lockRequest is a call's request for the lock of a step.
type lockRequest struct {
	key    int
	call   *call
	step   *chatcore.Step
	number int
	leave  func() // the queue, if it is in that
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
		}
		held := newDeferred()
		if loaded != nil { // which gives the lock back if this program ends before
			loaded.heldLocks.Call("add", held.resolve)
		}
		r.granted(args[1].Bool(), func() {
			if loaded != nil {
				loaded.heldLocks.Call("delete", held.resolve)
			}
			held.resolve.Invoke()
		})
		return held.promise
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
	r := &lockRequest{key: requests, call: c, step: step, number: step.Number}
	locking[r.key] = r
	c.unlock = func() {
		delete(locking, r.key)
		if r.leave != nil {
			r.leave()
		}
	}
	if requestLock.IsUndefined() || try(func() { r.ask(false) }) != nil {
		r.queue()
	}
}

// ask asks the browser: for a lock that is free, or for the next turn.
func (r *lockRequest) ask(waits bool) {
	options := object.New()
	options.Set("ifAvailable", !waits)
	then.Invoke(requestLock.Invoke(r.step.Lock, options, onLock.with(r.key, waits)), undefined, onNoLock.with(r.key))
}

// queue waits for the page's other clients.
func (r *lockRequest) queue() {
	r.leave = queue.Request(r.step.Lock, func(waited bool) {
		queueMicrotask.Invoke(onLock.with(r.key, waited, true))
	})
}

// granted gives the call its lock, until it ends.
func (r *lockRequest) granted(waited bool, release func()) {
	delete(locking, r.key)
	c := r.call
	c.unlock = release
	c.client.contain(c, func() { c.core.Locked(now(), r.number, waited) })
	c.client.contain(nil, c.client.perform)
}
