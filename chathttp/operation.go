package chathttp

import (
	"context"

	"acschat/chatcore"
)

// CreateThread makes a chat thread, with the caller and others as participants. It is a success also where some were
// rejected: they are in the result's InvalidParticipants, whose Target is the raw id.
//
// The service makes one thread of all requests with one o.IdempotencyToken, by choice a version 4 UUID; without one,
// every call has its own.
//
// REST: Chat - Create Chat Thread.
func (c *Client) CreateThread(ctx context.Context, request chatcore.CreateChatThreadRequest, o *chatcore.CallOptions) (chatcore.CreateChatThreadResult, error) {
	return do[chatcore.CreateChatThreadResult](ctx, c, o, func(o chatcore.CallOptions) *chatcore.Call {
		return c.core.CreateThread(request, o)
	})
}

// AddParticipants adds participants to a thread. Who is a member already stays as is. It is a success also where some
// were rejected: they are in the result's InvalidParticipants, whose Target is the raw id.
//
// REST: Chat Thread - Add Chat Participants.
func (c *Client) AddParticipants(ctx context.Context, chatThreadID string, request chatcore.AddChatParticipantsRequest, o *chatcore.CallOptions) (chatcore.AddChatParticipantsResult, error) {
	return do[chatcore.AddChatParticipantsResult](ctx, c, o, func(o chatcore.CallOptions) *chatcore.Call {
		return c.core.AddParticipants(chatThreadID, request, o)
	})
}

// SendMessage sends a message to a thread. It is sent once at most: where it may or may not have arrived, because no
// answer came or one that does not say, the error has code DeliveryUnknown, and the reason is its cause.
//
// REST: Chat Thread - Send Chat Message.
func (c *Client) SendMessage(ctx context.Context, chatThreadID string, request chatcore.SendChatMessageRequest, o *chatcore.CallOptions) (chatcore.SendChatMessageResult, error) {
	return do[chatcore.SendChatMessageResult](ctx, c, o, func(o chatcore.CallOptions) *chatcore.Call {
		return c.core.SendMessage(chatThreadID, request, o)
	})
}

// do makes a call of an operation whose result is a *T, and waits for its end. Nil options stand for none.
func do[T any](ctx context.Context, c *Client, o *chatcore.CallOptions, newCall func(chatcore.CallOptions) *chatcore.Call) (result T, err error) {
	var options chatcore.CallOptions
	if o != nil {
		options = *o
	}
	done, err := c.run(ctx, func() *chatcore.Call { return newCall(options) })
	if err != nil {
		return result, err
	}
	return *any(done).(*T), nil
}
