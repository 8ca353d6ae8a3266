//go:build js && wasm

package main

import (
	"syscall/js"

	"acschat/chatcore"
)

// call is one call under way: chatcore's, and the promise that the page holds.
type call struct {
	id       int // chatcore's
	client   *client
	core     *chatcore.Call
	page     pageOptions
	sends    bool   // a message
	sent     string // the body with that message, once its exchange has begun
	promise  deferred
	listener *listener // on the page's signal, or nil
	exchange int       // the key of the one under way, or 0
	unlock   func()    // gives back the lock that it has or asks for
}

var underWay int // calls whose promise is pending

// read makes a call of a method with the page's arguments, or with those and the address of the page that a list is at. It
// returns nil, and rejects the promise, if it cannot read the arguments.
func (c *client) read(m chatcore.Method, args []js.Value, nextLink string, promise deferred) *call {
	a, err := readArguments(m, args)
	if err != nil {
		promise.refuse(newChatError(err))
		return nil
	}
	return c.start(m, a, nextLink, promise)
}

// start makes a call, with a promise for the page.
func (c *client) start(m chatcore.Method, a arguments, nextLink string, promise deferred) *call {
	call := &call{client: c, core: m.Call(c.core, a.ids, a.request, a.options, nextLink), page: a.page, sends: m.Name == "sendMessage", promise: promise}
	call.id = call.core.ID()
	c.calls[call.id] = call
	underWay++
	c.contain(call, func() {
		if !call.option(optionOnExchange).IsUndefined() {
			call.core.Observe()
		}
		if signal := call.page[optionSignal]; !signal.IsUndefined() {
			if get(signal, "aborted").Truthy() {
				call.abort()
			} else {
				call.listen(signal)
			}
		}
		call.core.Start(now()) // to no effect where it is aborted already
	})
	c.contain(nil, c.perform)
	return call
}

// option returns an option of the call, or else of its client.
func (c *call) option(i int) js.Value {
	if c.page[i].IsUndefined() {
		return c.client.page[i]
	}
	return c.page[i]
}

// abort ends the call with the reason of the page's signal, unchanged. An old signal has none.
func (c *call) abort() {
	reason := get(c.page[optionSignal], "reason")
	if reason.IsUndefined() {
		reason = domException.New("signal is aborted without reason", "AbortError")
	}
	c.core.Abort(now(), thrown{reason})
}

// perform takes up a step. A step ends the one before it, and with it a fetch that is still under way.
func (c *call) perform(step *chatcore.Step) {
	c.stopExchange()
	switch step.Kind {
	case chatcore.NeedToken:
		c.client.flight.begin(c.client, step)
	case chatcore.NeedLock:
		c.lock(step)
	case chatcore.Send:
		c.send(step)
	case chatcore.Done:
		text := "" // where the operation has no result
		if step.Result != nil {
			text = step.Result.JSON()
		}
		c.settle(func() { c.promise.fulfil(text) })
		return
	case chatcore.Failed:
		reason, aborted := step.Err.(thrown)
		if !aborted {
			reason.value = newChatError(step.Err)
		}
		c.settle(func() { c.promise.refuse(reason.value) })
		return
	}
	deadlines.add(step.Deadline)
}

// settle ends the call: it resolves or rejects its promise, before anything of the page's own can go wrong. If even that
// panics, the call is still among the client's, so that contain finds it.
func (c *call) settle(promise func()) {
	promise()
	delete(c.client.calls, c.id)
	if underWay--; underWay == 0 {
		deadlines.idle()
	}
	if c.unlock != nil {
		c.unlock()
	}
	c.stopExchange()
	c.unlisten()
}

// crash ends the call after a panic, which the core may be the cause of.
func (c *call) crash(err *chatcore.Error) {
	defer func() {
		if recover() != nil && c.client.calls[c.id] != nil {
			c.settle(func() { c.promise.refuse(newChatError(err)) })
		}
	}()
	err = c.afterSending(err)
	c.core.Abort(now(), err)
	c.settle(func() { c.promise.refuse(newChatError(err)) })
}

// afterSending returns the error of a call that a bug has ended: if its message was handed to fetch, it may have arrived.
func (c *call) afterSending(err *chatcore.Error) *chatcore.Error {
	if c.sent == "" {
		return err
	}
	token := ""
	if v := own(own(parse.Invoke(c.sent)).Get("metadata")).Get("acschat.idempotencyToken"); kindOf(v) == "string" {
		token = v.String()
	}
	return chatcore.NewDeliveryUnknown(err, token)
}
