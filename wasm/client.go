//go:build js && wasm

package main

import "acschat/chatcore"

// client is one client of the page.
type client struct {
	id       int
	core     *chatcore.Client
	attached chatcore.Attached
	calls    map[int]*call // not settled, by chatcore's id
	flight   int           // the question to the token callback under way, or 0
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
	c := &client{id: made, core: core, attached: a.Attached, calls: map[int]*call{}}
	clients[c.id] = c
	c.followNetwork()
	return c.id, nil
}

// closeClient is the method close of every client.
func closeClient(id int) {
	if c := clients[id]; c != nil {
		c.contain(nil, func() {
			c.core.Close(now())
			c.perform()
		})
		delete(clients, id)
	}
}

// perform does what the core asks for, after anything it was told: it reports exchanges, and takes up the step of every
// call that changed.
func (c *client) perform() {
	for e, ok := c.core.NextExchange(); ok; e, ok = c.core.NextExchange() {
		if call := c.calls[e.CallID]; call != nil {
			c.contain(call, func() { current.report(call.promise, e.JSON()) })
		}
	}
	for next := c.core.Next(); next != nil; next = c.core.Next() {
		if call := c.calls[next.ID()]; call != nil {
			c.contain(call, func() { call.perform(next.Step()) })
		}
	}
	c.stopAskingUnless(c.core.TokenFlight())
}

// contain runs f and keeps a panic from ending the program. The call that it was about ends with it, or every call of the
// client where it was about none, so that no promise stays pending.
func (c *client) contain(one *call, f func()) {
	defer func() {
		if r := recover(); r != nil {
			err := panicked(r)
			for _, call := range c.calls {
				if one == nil || one == call {
					call.crash(err)
				}
			}
		}
	}()
	f()
}
