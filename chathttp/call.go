package chathttp

import (
	"context"
	"errors"
	"time"

	"acschat/chatcore"
)

// call is one call under way: chatcore's, and what its caller's goroutine waits for.
type call struct {
	client    *Client
	core      *chatcore.Call
	values    context.Context     // the caller's, but for its end, which the core is to be told of first
	exchanges []chatcore.Exchange // not reported yet
	changed   chan struct{}       // holds one when the step has changed
	stop      context.CancelFunc  // ends the exchange under way, if there is one
	unlock    func()              // gives back the lock that it has or asks for
}

var errLeft = errors.New("nobody waits any more")

// endOfContext is the reason of a call that its caller's context has ended.
type endOfContext struct{ cause error }

func (e endOfContext) Error() string { return e.cause.Error() }

// run makes a call and waits for its end. Its result is nil where the operation has none.
//
// Of the step's deadline and the end of ctx it tells the core itself; of all else, the goroutine that brings it about does.
func (c *Client) run(ctx context.Context, o callOptions, newCall newCall) (chatcore.Result, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	options := o.core()
	call := c.start(ctx, func() *chatcore.Call { return newCall(options) })
	defer c.leave(call)
	for {
		step := call.step()
		switch step.Kind {
		case chatcore.Done:
			return step.Result, nil
		case chatcore.Failed:
			if ended, ok := step.Err.(endOfContext); ok {
				return nil, ended.cause
			}
			return nil, worded(step.Err)
		}
		select {
		case <-call.changed:
		case <-time.After(c.clock.until(step.Deadline)):
			c.tell(call.core.Elapsed)
		case <-ctx.Done():
			reason := endOfContext{context.Cause(ctx)}
			c.tell(func(now chatcore.Instant) { call.core.Abort(now, reason) })
		}
	}
}

// start begins a call.
func (c *Client) start(ctx context.Context, newCall func() *chatcore.Call) *call {
	call := &call{client: c, values: context.WithoutCancel(ctx), changed: make(chan struct{}, 1), stop: func() {}, unlock: func() {}}
	c.tell(func(now chatcore.Instant) {
		call.core = newCall()
		c.calls[call.core.ID()] = call
		if c.onExchange != nil {
			call.core.Observe()
		}
		call.core.Start(now)
	})
	return call
}

// leave forgets a call, and ends it first if a panic of its goroutine is the reason.
func (c *Client) leave(call *call) {
	c.tell(func(now chatcore.Instant) { call.core.Abort(now, errLeft) })
	c.tell(func(chatcore.Instant) { delete(c.calls, call.core.ID()) })
}

// step returns what the call needs at present, after it has reported the exchanges so far.
func (c *call) step() chatcore.Step {
	c.client.mu.Lock()
	step, exchanges := *c.core.Step(), c.exchanges
	c.exchanges = nil
	c.client.mu.Unlock()
	for _, e := range exchanges {
		c.client.onExchange(e)
	}
	return step
}

// perform takes up a step. A step ends the one before it, and with it an exchange that is still under way. The client's
// mu is held.
func (c *call) perform() {
	c.stop()
	switch step := c.core.Step(); step.Kind {
	case chatcore.NeedToken:
		c.client.flight.begin(c, step)
	case chatcore.Send:
		var ctx context.Context
		ctx, c.stop = context.WithCancel(c.values)
		go c.send(ctx, step.Number, step.Request)
	case chatcore.NeedLock:
		c.lock(step.Lock, step.Number)
	case chatcore.Done, chatcore.Failed:
		c.unlock()
	}
	select {
	case c.changed <- struct{}{}:
	default: // one is there already
	}
}

// send exchanges a request for a response, and tells the core.
func (c *call) send(ctx context.Context, number int, request chatcore.Request) {
	response, err := exchange(ctx, c.client.http, request)
	c.client.tell(func(now chatcore.Instant) {
		switch {
		case isDialError(err):
			c.core.NotSent(now, number, err)
			return
		case err != nil:
			c.core.NetworkFailed(now, number, err)
			return
		}
		c.core.Response(now, number, response)
	})
}
