package chathttp

import (
	"context"

	"acschat/chatcore"
)

// newCall has the core make the call of a method. It runs when the call begins, with the client's mu held.
type newCall func(chatcore.CallOptions) *chatcore.Call

// do makes a call of an operation that has no result, and waits for its end.
func do(ctx context.Context, c *Client, o callOptions, newCall newCall) error {
	_, err := c.run(ctx, o, newCall)
	return err
}

// resultOf makes a call of an operation whose result is a *T, and waits for its end.
func resultOf[T any](ctx context.Context, c *Client, o callOptions, newCall newCall) (result T, err error) {
	done, err := c.run(ctx, o, newCall)
	if err != nil {
		return result, err
	}
	return *any(done).(*T), nil
}
