//go:build js && wasm

package main

import "acschat/chatcore"

// client is a client that the page has created.
type client struct {
	id          int
	core        *chatcore.Client
	attached    chatcore.Attached
	tokenFlight int   // the number of the token request in flight, or 0
	activeCall  *call // the call that the bridge works on: a panic ends only this one
}

var (
	clients      = map[int]*client{} // the clients that are not closed, by ID
	lastClientID int
)

// newClient creates a client from the page's argument, and returns its ID.
func newClient(a chatcore.Arguments) (id int, err error) {
	options, err := chatcore.DecodeArguments(a)
	if err != nil {
		return 0, err
	}
	options.Made, options.Memory = now(), sends
	options.NewUUID, options.NewIdempotencyToken = newUUID, newToken
	options.UnixMs, options.Random = unixMs, randomUint32
	core, err := chatcore.NewClient(options)
	if err != nil {
		return 0, err
	}
	lastClientID++
	c := &client{id: lastClientID, core: core, attached: a.Attached}
	clients[c.id] = c
	c.followNetwork()
	return c.id, nil
}

func closeClient(id int) {
	if c := clients[id]; c != nil {
		for _, l := range pageListeners {
			l.clientClosed(c)
		}
		c.run(nil, func() { c.core.Close(now()) })
		delete(clients, id)
	}
}

// wake tells a client and its inbox that a thread has changed.
func wake(clientID int, threadID, version string) {
	if c := clients[clientID]; c != nil {
		c.run(nil, func() { c.core.Wake(now(), threadID, chatcore.WakeOptions{Version: version}) })
		for _, l := range pageListeners {
			l.threadChanged(c, threadID, version)
		}
	}
}

// run calls notify, which tells the core what happened, and then does what the core asks for. A panic does not end the program. It ends
// the call that run is about, or every call of the client if about is nil, so that no promise stays pending.
func (c *client) run(about *call, notify func()) {
	outer := c.activeCall
	c.activeCall = about
	defer func() {
		if r := recover(); r != nil {
			c.handlePanic(panicError(r))
		}
		c.activeCall = outer
	}()
	notify()
	c.perform()
}

func (c *client) handlePanic(err *chatcore.Error) {
	about := c.activeCall
	for _, call := range calls {
		if call.client == c && (about == nil || about == call) {
			call.failAfterPanic(err)
		}
	}
	c.run(nil, func() {}) // the other calls continue
}

// findCall returns the call with chatcore's ID, or nil if it has ended.
func (c *client) findCall(id int) *call {
	for _, call := range calls {
		if call.client == c && call.core.ID() == id {
			return call
		}
	}
	return nil
}

// perform reports exchanges, and performs the step of every call that changed.
func (c *client) perform() {
	for e, ok := c.core.NextExchange(); ok; e, ok = c.core.NextExchange() {
		if c.activeCall = c.findCall(e.CallID); c.activeCall != nil {
			currentHost.reportExchange(c.activeCall.promiseID, e.JSON())
		}
	}
	for next := c.core.Next(); next != nil; next = c.core.Next() {
		if c.activeCall = next.Driver.(*call); calls[c.activeCall.promiseID] == c.activeCall {
			c.activeCall.perform(next.Step())
		}
	}
	c.activeCall = nil
	c.abortTokenRequestUnless(c.core.TokenFlight())
}

// requestToken makes the host call the token callback for a step. It aborts the request before that one.
func (c *client) requestToken(step *chatcore.Step) {
	c.abortTokenRequestUnless(step.Flight)
	c.tokenFlight = step.Flight
	currentHost.requestToken(c.id, step.Flight, step.ForceRefresh)
}

// abortTokenRequestUnless aborts the token request in flight, unless it has this number.
func (c *client) abortTokenRequestUnless(flight int) {
	if c.tokenFlight != 0 && c.tokenFlight != flight {
		c.tokenFlight = 0
		currentHost.abortTokenRequest(c.id)
	}
}

// tokenSettled tells the client what its token callback returned or, if it failed, threw.
func tokenSettled(clientID, flight int, failed bool) {
	c := clients[clientID]
	if c == nil {
		return
	}
	c.run(nil, func() {
		value := currentHost.passedValue()
		kind := typeOf(value)
		switch {
		case failed:
			c.core.TokenFailed(now(), flight, thrown{value})
		case kind != "string":
			c.core.InvalidToken(now(), flight, "must be a string, not "+kind)
		case stringLength(value) > maxLength:
			c.core.InvalidToken(now(), flight, "is longer than 1048576 characters")
		default:
			c.core.Token(now(), flight, value.String())
		}
	})
}
