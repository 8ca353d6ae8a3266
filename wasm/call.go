//go:build js && wasm

package main

import (
	"errors"

	"acschat/chatcore"
)

// call is a call of a client's method, until its promise is settled.
type call struct {
	promiseID int // also the ID by which the host knows the call
	client    *client
	core      *chatcore.Call
	iteration *iteration // the iteration that this call loads a page for, or nil
	ended     func()     // of a call that the page does not see: called when it has ended; otherwise nil
	isSend    bool       // the method is sendMessage
	sentBody  string     // the request body with the message, once fetch was called
	fetchStep int        // the number of the step whose fetch is in flight, or 0
	unlock    func()     // releases the lock, or withdraws the request for it; nil if there is neither
}

var (
	calls = map[int]*call{} // the calls whose promise is not settled, by its ID

	errAborted          = errors.New("aborted") // the page aborted: the host knows the reason
	errIteratorReturned = errors.New("left")    // the page called the iterator's return
)

// invoke calls a method that does not return a list.
func invoke(clientID, method, promiseID int, a chatcore.Arguments) {
	defer rejectOnPanic(promiseID)
	m, c := chatcore.Methods[method], clients[clientID]
	if c == nil {
		currentHost.reject(promiseID, newChatError(chatcore.NewClosed(m.Name)))
		return
	}
	c.start(&call{promiseID: promiseID, core: m.Invoke(c.core, a), isSend: m.Name == "sendMessage"}, a.Attached)
}

// start starts a call.
func (c *client) start(call *call, attached chatcore.Attached) {
	call.client, call.core.Driver = c, call
	calls[call.promiseID] = call
	c.run(call, func() {
		if (attached|c.attached)&chatcore.OnExchange != 0 {
			call.core.Observe()
		}
		if attached&chatcore.SignalAborted != 0 {
			call.core.Abort(now(), errAborted)
		} else if attached&chatcore.Signal != 0 {
			currentHost.listenForAbort(call.promiseID)
		}
		call.core.Start(now()) // does nothing after Abort
	})
}

// abort aborts a call, unless it has ended.
func abort(promiseID int, reason error) {
	if c := calls[promiseID]; c != nil {
		c.client.run(c, func() { c.core.Abort(now(), reason) })
	}
}

// perform performs a step. Each step replaces the one before, so a fetch in flight is aborted first.
func (c *call) perform(step *chatcore.Step) {
	if c.fetchStep != 0 {
		c.fetchStep = 0
		currentHost.abortFetch(c.promiseID)
	}
	switch step.Kind {
	case chatcore.NeedToken:
		c.client.requestToken(step)
	case chatcore.NeedLock:
		c.lock(step)
	case chatcore.Send:
		c.fetchStep = step.Number
		isSend := c.isSend && step.Request.Method == "POST" // a lookup is a GET
		if isSend {
			c.sentBody = step.Request.Body
		}
		currentHost.startFetch(c.promiseID, step.Number, isSend, step.Request)
	case chatcore.Done:
		c.succeed(step.Result)
		c.end()
		if c.iteration != nil {
			c.iteration.load()
		}
		return
	case chatcore.Failed:
		c.fail(step.Err)
		c.end()
		return
	}
	timer.addDeadline(step.Deadline)
}

// responseReceived tells a call about its response: the status, or 0 if the response has none, and the body or the error of reading it.
func responseReceived(promiseID, step, status int, body string, err error) {
	c := calls[promiseID]
	if c == nil {
		return
	}
	c.fetchStep = 0
	c.client.run(c, func() {
		if status == 0 { // for example, Response.error()
			c.core.NetworkFailed(now(), step, errors.New("fetch gave a response without a status"))
			return
		}
		c.core.Response(now(), step, chatcore.Response{Status: status, Header: responseHeader, Body: body, Err: err})
	})
}

// fetchFailed tells a call that fetch threw or rejected.
func fetchFailed(promiseID, step int) {
	if c := calls[promiseID]; c != nil {
		c.fetchStep = 0
		c.client.run(c, func() { c.core.NetworkFailed(now(), step, thrown{currentHost.passedValue()}) })
	}
}

// responseHeader returns a header of the response that the call is told about, or "" if it is missing or cannot be read.
func responseHeader(name string) (value string) {
	_ = try(func() {
		if v := currentHost.header(name); typeOf(v) == "string" {
			value = v.String()
		}
	})
	return value
}

// succeed and fail settle the promise first. If that panics, the call is still in calls, and failAfterPanic rejects it.
func (c *call) succeed(result chatcore.Result) {
	switch {
	case c.iteration != nil:
		c.iteration.addPage()
	case c.ended != nil:
		currentHost.resolve(c.promiseID, "")
	case result == nil: // the method resolves with undefined
		currentHost.resolve(c.promiseID, "")
	default:
		currentHost.resolve(c.promiseID, result.JSON())
	}
}

func (c *call) fail(err error) {
	switch {
	case c.ended != nil:
		currentHost.resolve(c.promiseID, "")
	case err == errIteratorReturned:
		currentHost.resolve(c.promiseID, doneJSON)
	case err == errAborted:
		currentHost.rejectAborted(c.promiseID)
	default:
		currentHost.reject(c.promiseID, newChatError(err))
	}
	if c.iteration != nil {
		c.iteration.fail()
	}
}

// end removes a call whose promise is settled.
func (c *call) end() {
	delete(calls, c.promiseID)
	if len(calls) == 0 && len(pageListeners) == 0 {
		timer.stopIfIdle()
	}
	if c.unlock != nil {
		c.unlock()
	}
	if c.ended != nil {
		c.ended()
	}
}

// failAfterPanic ends the call after a panic. The panic may come from the core, so Abort may panic again. A message that was given to
// fetch may have arrived.
func (c *call) failAfterPanic(err *chatcore.Error) {
	if c.sentBody != "" {
		err = chatcore.NewDeliveryUnknown(err, chatcore.TokenOf(c.sentBody))
	}
	defer func() {
		if recover() != nil && calls[c.promiseID] == c {
			c.fail(err)
			c.end()
		}
	}()
	c.core.Abort(now(), err)
	c.fail(err)
	c.end()
}
