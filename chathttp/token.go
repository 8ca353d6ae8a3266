package chathttp

import (
	"context"

	"acschat/chatcore"
)

// tokenFlight is the call of TokenFunc in flight, if there is one. It belongs to the client: it may outlive the method call that needed
// the token first.
type tokenFlight struct {
	number int // Step.Flight of the core; 0: no call of TokenFunc is in flight
	cancel context.CancelFunc
}

// start calls TokenFunc on a new goroutine, for a NeedToken step. The caller holds the client's mu.
func (f *tokenFlight) start(c *call, step *chatcore.Step) {
	f.cancelUnless(step.Flight)
	ctx, cancel := context.WithCancel(c.values)
	f.number, f.cancel = step.Flight, cancel
	go c.client.askToken(ctx, step.Flight, step.ForceRefresh)
}

// cancelUnless cancels TokenFunc's ctx, unless the core still waits for it: unless its number is the given one. The caller holds the
// client's mu.
func (f *tokenFlight) cancelUnless(number int) {
	if f.number != 0 && f.number != number {
		f.cancel()
		*f = tokenFlight{}
	}
}

// askToken calls TokenFunc and tells the core its result.
func (c *Client) askToken(ctx context.Context, flight int, forceRefresh bool) {
	token, err := c.tokenFunc(ctx, forceRefresh)
	c.tell(func(now chatcore.Instant) {
		if err != nil {
			c.core.TokenFailed(now, flight, err)
			return
		}
		c.core.Token(now, flight, token)
	})
}
