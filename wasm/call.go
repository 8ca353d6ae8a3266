//go:build js && wasm

package main

import (
	"errors"

	"acschat/chatcore"
)

// call is one call under way.
type call struct {
	promise  int // its number, by which the host knows the call
	client   *client
	core     *chatcore.Call
	list     *iteration // that it is a page for, or nil
	sends    bool       // a message
	sent     string     // the body with that message, once its exchange has begun
	exchange int        // the step whose exchange is under way, or 0
	unlock   func()     // gives back the lock that it has or asks for
}

var (
	calls = map[int]*call{} // not settled, by promise

	errAborted = errors.New("aborted") // by the page: the host knows the reason
	errLeft    = errors.New("left")    // the iteration
)

// invoke calls a method, which is not that of a list, for a promise.
func invoke(id, method, promise int, a chatcore.Arguments) {
	defer refusePanic(promise)
	m, c := chatcore.Methods[method], clients[id]
	if c == nil {
		current.refuse(promise, newChatError(chatcore.NewClosed(m.Name)))
		return
	}
	c.start(&call{promise: promise, core: m.Invoke(c.core, a), sends: m.Name == "sendMessage"}, a.Attached)
}

// start starts a call for a promise.
func (c *client) start(call *call, attached chatcore.Attached) {
	call.client, call.core.Driver = c, call
	calls[call.promise] = call
	c.run(call, func() {
		if (attached|c.attached)&chatcore.OnExchange != 0 {
			call.core.Observe()
		}
		if attached&chatcore.SignalAborted != 0 {
			call.core.Abort(now(), errAborted)
		} else if attached&chatcore.Signal != 0 {
			current.listen(call.promise)
		}
		call.core.Start(now()) // to no effect where it is aborted
	})
}

// abort aborts a call, if it has not ended.
func abort(promise int, reason error) {
	if c := calls[promise]; c != nil {
		c.client.run(c, func() { c.core.Abort(now(), reason) })
	}
}

// perform takes up a step. A step ends the one before it, and with it an exchange that is still under way.
func (c *call) perform(step *chatcore.Step) {
	c.stopExchange()
	switch step.Kind {
	case chatcore.NeedToken:
		c.client.askToken(step)
	case chatcore.NeedLock:
		c.lock(step)
	case chatcore.Send:
		c.send(step)
	case chatcore.Done:
		c.succeed(step.Result)
		c.end()
		if c.list != nil {
			c.list.load()
		}
		return
	case chatcore.Failed:
		c.fail(step.Err)
		c.end()
		return
	}
	deadlines.add(step.Deadline)
}

// succeed and fail settle the promise, before anything of the page's own can go wrong. If even that panics, the call is still
// there, so that it is found.
func (c *call) succeed(result chatcore.Result) {
	switch {
	case c.list != nil:
		c.list.take()
	case result == nil: // the operation has none
		current.fulfil(c.promise, "")
	default:
		current.fulfil(c.promise, result.JSON())
	}
}

func (c *call) fail(err error) {
	switch err {
	case errLeft:
		current.fulfil(c.promise, over)
	case errAborted:
		current.refuseAborted(c.promise)
	default:
		current.refuse(c.promise, newChatError(err))
	}
	if c.list != nil {
		c.list.fail()
	}
}

// end forgets a call that is settled.
func (c *call) end() {
	delete(calls, c.promise)
	if len(calls) == 0 {
		deadlines.idle()
	}
	if c.unlock != nil {
		c.unlock()
	}
}

// crash ends the call after a panic, which the core may be the cause of. A message that was handed to fetch may have arrived.
func (c *call) crash(err *chatcore.Error) {
	if c.sent != "" {
		err = chatcore.NewDeliveryUnknown(err, chatcore.TokenOf(c.sent))
	}
	defer func() {
		if recover() != nil && calls[c.promise] == c {
			c.fail(err)
			c.end()
		}
	}()
	c.core.Abort(now(), err)
	c.fail(err)
	c.end()
}
