//go:build js && wasm

package main

import (
	"syscall/js"

	"acschat/chatcore"
)

// client is one client of the page: chatcore's, and what is the page's own.
type client struct {
	id     int
	core   *chatcore.Client
	page   pageOptions
	calls  map[int]*call // not settled, by chatcore's id
	flight tokenFlight
}

var (
	clients = map[int]*client{} // not closed, by id
	made    int                 // clients so far, and the id of the last

	callMethod, callClose *callback
)

func init() {
	callMethod, callClose = guard(invokeMethod), guard(closeByID)
}

// createClient makes a client from its options, as the page gives them.
func createClient(args []js.Value) (c *client, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = panicked(r)
		}
	}()
	page, text, err := readOptions("createClient", "", argument(args, 0), optionToken, optionFetch, optionOnExchange)
	if err != nil {
		return nil, err
	}
	return newClient(text, page)
}

// newClient makes a client from the JSON text of its options, and those that cannot be text.
func newClient(text string, page pageOptions) (*client, error) {
	options, err := chatcore.DecodeOptions(text)
	if err != nil {
		return nil, err
	}
	options.TokenCallback = !page[optionToken].IsUndefined()
	options.Made, options.Memory = now(), sends
	options.NewUUID, options.NewIdempotencyToken = newUUID, newToken
	options.UnixMs, options.Random = unixMs, randomUint32
	core, err := chatcore.NewClient(options)
	if err != nil {
		return nil, err
	}
	made++
	c := &client{id: made, core: core, page: page, calls: map[int]*call{}}
	clients[c.id] = c
	c.followNetwork()
	return c, nil
}

// object returns what the page calls methods of.
func (c *client) object() js.Value {
	return newClientObject(func(method int) js.Value {
		return callMethod.with(c.id, method, 0)
	}, callClose.with(c.id))
}

// newClientObject makes the object that the page calls methods of. They need no this, so that they can be passed on.
func newClientObject(method func(index int) js.Value, close js.Value) js.Value {
	obj := object.New()
	for i, m := range chatcore.Methods {
		obj.Set(m.Name, method(i))
	}
	obj.Set("close", close)
	return obj
}

// rejectingClient makes a client whose every method rejects, and that there is nothing to close of.
func rejectingClient(reason js.Value) js.Value {
	rejecting := bind.Invoke(reject, undefined, reason)
	return newClientObject(func(i int) js.Value {
		if chatcore.Methods[i].List {
			return callRejectingList.with(rejecting)
		}
		return rejecting
	}, callClose.with(0))
}

// invokeMethod is every method of every client: args are the client's id, the method's index, the number of the promise that
// the loader keeps for the call, or 0, and the page's own. It returns a list, or the promise if that has no number.
func invokeMethod(args []js.Value) any {
	m := chatcore.Methods[args[1].Int()]
	if m.List {
		return newList(m, args)
	}
	promise := deferred{number: args[2].Int()}
	if promise.number == 0 {
		promise = newDeferred()
	}
	defer promise.refusePanic()
	if c := clients[args[0].Int()]; c != nil {
		c.read(m, args[3:], "", promise)
	} else {
		promise.refuse(newChatError(chatcore.NewClosed(m.Name)))
	}
	return promise.promise
}

// closeByID is the method close of every client.
func closeByID(args []js.Value) any {
	if c, ok := clients[args[0].Int()]; ok {
		c.core.Close(now())
		c.perform()
		delete(clients, c.id)
	}
	return nil
}

// perform does what the core asks for, after anything it was told: it reports exchanges, and takes up the step of every
// call that changed.
func (c *client) perform() {
	for e, ok := c.core.NextExchange(); ok; e, ok = c.core.NextExchange() {
		if call := c.calls[e.CallID]; call != nil {
			c.contain(call, func() {
				queueMicrotask.Invoke(bind.Invoke(call.option(optionOnExchange), undefined, parse.Invoke(e.JSON())))
			})
		}
	}
	for next := c.core.Next(); next != nil; next = c.core.Next() {
		if call := c.calls[next.ID()]; call != nil {
			c.contain(call, func() { call.perform(next.Step()) })
		}
	}
	c.flight.endUnless(c.core.TokenFlight())
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
