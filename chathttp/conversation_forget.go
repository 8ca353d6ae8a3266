package chathttp

import (
	"context"

	"acschat/chatcore"
	"acschat/chatstate"
)

// Forget erases what the client's Storage keeps of this user: messages that are not sent yet, and how far the user has read. Its
// conversations discard their queues. Call it when the user logs out.
//
// Other programs that share the Storage drop the user's messages within two minutes. One that is being sent may arrive. If no token is
// known yet, Forget makes a request to get one. The error has code StorageError if the Storage has failed, or is that of the request.
func (c *Client) Forget(ctx context.Context) error {
	const operation = "forget"
	user := c.UserID()
	if user == "" && c.storage != nil {
		for _, err := range c.ListThreadsByPage(ctx, chatcore.ListChatThreadsOptions{MaxPageSize: 1}, nil) {
			if user = c.UserID(); user == "" && err == nil {
				err = goError(chatcore.NewError(operation, chatcore.TokenError, "the access token does not tell its user"))
			}
			if user == "" {
				return err
			}
			break
		}
	}
	var open []conversation
	c.tell(func(now chatcore.Instant) {
		for _, conversation := range c.conversations {
			conversation.forget(now)
			open = append(open, conversation)
		}
		if c.inbox != nil {
			c.inbox.forget(now)
			open = append(open, c.inbox)
		}
	})
	for _, conversation := range open {
		conversation.drain()
	}
	if c.storage == nil {
		return nil
	}
	if err := c.storage.Forget(ctx, chatstate.QueuePrefix(c.core.Endpoint(), user)); err != nil {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		e := chatcore.NewError(operation, chatstate.StorageError, err.Error())
		e.Cause, e.Hint = err, "Check Options.Storage. errors.Is and errors.As find its error."
		return e
	}
	return nil
}
