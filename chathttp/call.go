package chathttp

import (
	"context"
	"errors"
	"time"

	"acschat/chatcore"
)

// call is one call in flight. The goroutine that called the client's method waits for it.
type call struct {
	client         *Client
	core           *chatcore.Call
	values         context.Context     // the caller's context without its cancellation: the core decides when the exchange stops
	unreported     []chatcore.Exchange // not yet passed to Options.OnExchange
	changed        chan struct{}       // has a value if the step has changed
	cancelExchange context.CancelFunc  // stops the exchange in flight, if there is one
	unlock         func()              // releases the lock that the call has or waits for

	// ended is told that a conversation's call has ended, with the client's mu held. It is nil for other calls.
	ended func(now chatcore.Instant)
}

var errAbandoned = errors.New("the caller no longer waits")

// contextError is the reason for which the core aborts a call when the caller's context ends. The type tells it from errors of the core:
// the cause of a context may be a [*chatcore.Error], too.
type contextError struct{ cause error }

func (e contextError) Error() string { return e.cause.Error() }

// run makes a call, waits for its end and returns the result. The result is nil if the operation has none.
//
// run tells the core when the deadline passes or ctx ends. Other goroutines tell it about responses, tokens and locks.
func (c *Client) run(ctx context.Context, o callOptions, newCall newCall) (chatcore.Result, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	options := o.core()
	call := c.start(ctx, func() *chatcore.Call { return newCall(options) })
	defer c.forget(call)
	return c.wait(ctx, call)
}

// wait performs a call to its end, on the goroutine that called the method.
func (c *Client) wait(ctx context.Context, call *call) (chatcore.Result, error) {
	for {
		step := call.step()
		switch step.Kind {
		case chatcore.Done:
			return step.Result, nil
		case chatcore.Failed:
			if e, ok := step.Err.(contextError); ok {
				return nil, e.cause
			}
			return nil, goError(step.Err)
		}
		select {
		case <-call.changed:
		case <-time.After(c.clock.timeUntil(step.Deadline)):
			c.tell(call.core.Elapsed)
		case <-ctx.Done():
			reason := contextError{context.Cause(ctx)}
			c.tell(func(now chatcore.Instant) { call.core.Abort(now, reason) })
		}
	}
}

// start creates a call and starts it.
func (c *Client) start(ctx context.Context, newCall func() *chatcore.Call) (started *call) {
	c.tell(func(now chatcore.Instant) {
		started = c.newCall(ctx, newCall(), nil)
		started.core.Start(now)
	})
	return started
}

// newCall adds a call to the client's calls, before it starts. The client's mu is held.
func (c *Client) newCall(ctx context.Context, core *chatcore.Call, ended func(now chatcore.Instant)) *call {
	call := &call{
		client: c, core: core, ended: ended, values: context.WithoutCancel(ctx),
		changed: make(chan struct{}, 1), cancelExchange: func() {}, unlock: func() {},
	}
	c.calls[core.ID()] = call
	if c.onExchange != nil {
		core.Observe()
	}
	return call
}

// forget removes a call from the client. If the call has not ended, because its goroutine panicked, forget aborts it.
func (c *Client) forget(call *call) {
	c.tell(func(now chatcore.Instant) { call.core.Abort(now, errAbandoned) })
	c.tell(func(chatcore.Instant) { delete(c.calls, call.core.ID()) })
}

// step calls OnExchange for the exchanges since the last step, and returns the current step.
func (c *call) step() chatcore.Step {
	c.client.mu.Lock()
	step, exchanges := *c.core.Step(), c.unreported
	c.unreported = nil
	c.client.mu.Unlock()
	for _, e := range exchanges {
		c.client.onExchange(e)
	}
	return step
}

// perform begins the call's new step. It stops the exchange of the step before, if it is still in flight. The caller holds the client's
// mu.
func (c *call) perform() {
	c.cancelExchange()
	switch step := c.core.Step(); step.Kind {
	case chatcore.NeedToken:
		c.client.flight.start(c, step)
	case chatcore.Send:
		var ctx context.Context
		ctx, c.cancelExchange = context.WithCancel(c.values)
		go c.send(ctx, step.Number, step.Request)
	case chatcore.NeedLock:
		c.lock(step.Lock, step.Number)
	case chatcore.Done, chatcore.Failed:
		c.unlock()
		if c.ended != nil {
			c.ended(c.client.clock.now())
		}
	}
	select {
	case c.changed <- struct{}{}:
	default: // the channel has a value already
	}
}

// send sends a request and tells the core the outcome.
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

// startCall starts a call of a conversation or an inbox, and the goroutine that waits for its end.
func (c *Client) startCall(now chatcore.Instant, core *chatcore.Call, ended func(now chatcore.Instant, core *chatcore.Call)) {
	call := c.newCall(context.Background(), core, func(now chatcore.Instant) { ended(now, core) })
	core.Start(now)
	go func() {
		defer c.forget(call)
		_, _ = c.wait(context.Background(), call) // ended has told the core already
	}()
}
