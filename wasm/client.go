//go:build js && wasm

package main

import "acschat/chatcore"

// client is one client of the page.
type client struct {
	id       int
	core     *chatcore.Client
	attached chatcore.Attached
	flight   int   // the question to the token callback under way, or 0
	about    *call // that the bridge is at work on, for what panics
}

var (
	clients = map[int]*client{} // not closed, by id
	made    int                 // clients so far, and the id of the last
)

// newClient makes a client of the page's argument, and returns its id.
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
	made++
	c := &client{id: made, core: core, attached: a.Attached}
	clients[c.id] = c
	c.followNetwork()
	return c.id, nil
}

// closeClient is the method close of every client.
func closeClient(id int) {
	if c := clients[id]; c != nil {
		c.run(nil, func() { c.core.Close(now()) })
		delete(clients, id)
	}
}

// run tells the core something, and does what it asks for then. A panic does not end the program but the call that it was about,
// or every call of the client where it was about none, so that no promise stays pending.
func (c *client) run(about *call, tell func()) {
	before := c.about
	c.about = about
	defer func() {
		if r := recover(); r != nil {
			c.crash(panicked(r))
		}
		c.about = before
	}()
	tell()
	c.perform()
}

func (c *client) crash(err *chatcore.Error) {
	about := c.about
	for _, call := range calls {
		if call.client == c && (about == nil || about == call) {
			call.crash(err)
		}
	}
	c.run(nil, func() {}) // the others go on
}

// observed returns a call that has an onExchange, by chatcore's id; nil if it has ended.
func (c *client) observed(id int) *call {
	for _, call := range calls {
		if call.client == c && call.core.ID() == id {
			return call
		}
	}
	return nil
}

// perform reports exchanges, and takes up the step of every call that changed.
func (c *client) perform() {
	for e, ok := c.core.NextExchange(); ok; e, ok = c.core.NextExchange() {
		if c.about = c.observed(e.CallID); c.about != nil {
			current.report(c.about.promise, e.JSON())
		}
	}
	for next := c.core.Next(); next != nil; next = c.core.Next() {
		if c.about = next.Driver.(*call); calls[c.about.promise] == c.about {
			c.about.perform(next.Step())
		}
	}
	c.about = nil
	c.stopAskingUnless(c.core.TokenFlight())
}
