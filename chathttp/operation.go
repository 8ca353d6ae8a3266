package chathttp

import (
	"context"

	"acschat/chatcore"
)

// newCall creates the core's call of a method. Its caller holds the client's mu.
type newCall func(chatcore.CallOptions) *chatcore.Call

// do makes a call of an operation without a result, and waits for its end.
func do(ctx context.Context, c *Client, o callOptions, newCall newCall) error {
	_, err := c.run(ctx, o, newCall)
	return err
}

// resultOf makes a call of an operation whose result in chatcore is a *T, and waits for its end.
func resultOf[T any](ctx context.Context, c *Client, o callOptions, newCall newCall) (result T, err error) {
	done, err := c.run(ctx, o, newCall)
	if err != nil {
		return result, err
	}
	return *any(done).(*T), nil
}
