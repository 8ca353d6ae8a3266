//go:build js && wasm && !withoutconversations

package main

import (
	"acschat/chatcore"
	"acschat/chatstate"
)

// This file calls the conversation or the inbox of a driver. An interface would add its types, 1 KB, to chat.wasm.

func (d *stateDriver) next() (chatstate.Effect, bool) {
	if d.inbox != nil {
		return d.inbox.core.Next()
	}
	return d.conversation.core.Next()
}

func (d *stateDriver) report() (hadChanges bool) {
	if d.inbox != nil {
		return d.inbox.report()
	}
	return d.conversation.report()
}

func (d *stateDriver) ended(now chatcore.Instant, call *chatcore.Call) {
	if d.inbox != nil {
		d.inbox.core.Ended(now, call)
	} else {
		d.conversation.core.Ended(now, call)
	}
}

func (d *stateDriver) answered(now chatcore.Instant, number int, a chatstate.Answer) {
	if d.inbox != nil {
		d.inbox.core.Answered(now, number, a)
	} else {
		d.conversation.core.Answered(now, number, a)
	}
}

// announced takes what another tab has announced. For a conversation, name is the id of the message. For an inbox it is the queue in which
// something has changed; no queue means that the storage may be lost.
func (d *stateDriver) announced(now chatcore.Instant, key, name string, isGone bool) {
	switch {
	case d.conversation != nil:
		d.conversation.core.Announced(now, key, name, isGone)
	case name == "":
		d.inbox.core.CheckStorage()
	default:
		d.inbox.core.Announced(name, key)
	}
}

func (d *stateDriver) deadline() chatcore.Instant {
	if d.inbox != nil {
		return d.inbox.core.Deadline()
	}
	return d.conversation.core.Deadline()
}

func (d *stateDriver) elapse(now chatcore.Instant) {
	if d.inbox != nil {
		d.inbox.core.Elapsed(now)
	} else {
		d.conversation.core.Elapsed(now)
	}
}

// suspended makes a conversation release its lock.
func (d *stateDriver) suspended() {
	if d.conversation != nil {
		d.run(d.conversation.core.Freeze)
	}
}

// resumed makes an inbox list the threads at once.
func (d *stateDriver) resumed() {
	if d.inbox != nil {
		d.networkChanged()
	} else {
		d.run(d.conversation.core.Resume)
	}
}

func (d *stateDriver) networkChanged() {
	d.run(func(now chatcore.Instant) { d.setOnline(now, isOnline()) })
}

func (d *stateDriver) setOnline(now chatcore.Instant, isOnline bool) {
	if d.inbox != nil {
		d.inbox.core.SetOnline(now, isOnline)
	} else {
		d.conversation.core.SetOnline(now, isOnline)
	}
}

// visibilityChanged tells an inbox. For a conversation, the client slows its watch down.
func (d *stateDriver) visibilityChanged() {
	if d.inbox != nil {
		d.run(func(now chatcore.Instant) { d.inbox.core.SetHidden(now, isHidden()) })
	}
}

func (d *stateDriver) forget(now chatcore.Instant) {
	if d.inbox != nil {
		d.inbox.core.Forget()
	} else {
		d.conversation.core.Forget(now)
	}
}

func (d *stateDriver) closeCore(now chatcore.Instant) {
	if d.inbox != nil {
		d.inbox.core.Close(now)
	} else {
		d.conversation.core.Close(now)
	}
}
