package chathttp

import (
	"context"

	"acschat/chatcore"
)

// tokenFlight is the question to TokenFunc under way, if any. It belongs to the client, not to the call that asked.
type tokenFlight struct {
	number int // chatcore's, 0 for none
	cancel context.CancelFunc
}

// begin asks TokenFunc for a token, for the step of a call. The client's mu is held.
func (f *tokenFlight) begin(c *call, step *chatcore.Step) {
	f.endUnless(step.Flight)
	ctx, cancel := context.WithCancel(c.values)
	f.number, f.cancel = step.Flight, cancel
	go c.client.askToken(ctx, step.Flight, step.ForceRefresh)
}

// endUnless tells TokenFunc, through its ctx, that its answer is no longer wanted, unless it is the one of the given
// number that is still waited for. The client's mu is held.
func (f *tokenFlight) endUnless(number int) {
	if f.number != 0 && f.number != number {
		f.cancel()
		*f = tokenFlight{}
	}
}

// askToken has TokenFunc give a token, and tells the core.
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
