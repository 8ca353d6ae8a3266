package chathttp

import (
	"context"
	"iter"

	"acschat/chatcore"
)

// SendMessage sends a message to a thread. It is sent once at most: where it may or may not have arrived, because no
// answer came or one that does not say, the error has code DeliveryUnknown, and the reason is its cause.
//
// REST: Chat Thread - Send Chat Message.
// https://learn.microsoft.com/rest/api/communication/chat/chat-thread/send-chat-message
func (c *Client) SendMessage(ctx context.Context, chatThreadID string, request chatcore.SendChatMessageRequest, o *SendOptions) (chatcore.SendChatMessageResult, error) {
	return resultOf[chatcore.SendChatMessageResult](ctx, c, o, func(o chatcore.CallOptions) *chatcore.Call {
		return c.core.SendMessage(chatThreadID, request, o)
	})
}

// ListMessages lists the messages of a thread, the service's own included. The newest comes first, and for that one which
// was edited or deleted is as new as the change.
//
// REST: Chat Thread - List Chat Messages.
// https://learn.microsoft.com/rest/api/communication/chat/chat-thread/list-chat-messages
func (c *Client) ListMessages(ctx context.Context, chatThreadID string, options chatcore.ListChatMessagesOptions, o *CallOptions) iter.Seq2[chatcore.ChatMessage, error] {
	return items(c.ListMessagesByPage(ctx, chatThreadID, options, o))
}

// ListMessagesByPage is ListMessages page by page.
func (c *Client) ListMessagesByPage(ctx context.Context, chatThreadID string, options chatcore.ListChatMessagesOptions, o *CallOptions) iter.Seq2[chatcore.ChatMessagesCollection, error] {
	return pages[chatcore.ChatMessagesCollection](ctx, c, o, "listMessages", options.NextLink, func(nextLink string, o chatcore.CallOptions) *chatcore.Call {
		page := options
		page.NextLink = nextLink
		return c.core.ListMessages(chatThreadID, page, o)
	})
}

// GetMessage gets one message of a thread.
//
// REST: Chat Thread - Get Chat Message.
// https://learn.microsoft.com/rest/api/communication/chat/chat-thread/get-chat-message
func (c *Client) GetMessage(ctx context.Context, chatThreadID, chatMessageID string, o *CallOptions) (chatcore.ChatMessage, error) {
	return resultOf[chatcore.ChatMessage](ctx, c, o, func(o chatcore.CallOptions) *chatcore.Call {
		return c.core.GetMessage(chatThreadID, chatMessageID, o)
	})
}

// UpdateMessage edits a message of the caller. What the request leaves out stays as it is.
//
// REST: Chat Thread - Update Chat Message.
// https://learn.microsoft.com/rest/api/communication/chat/chat-thread/update-chat-message
func (c *Client) UpdateMessage(ctx context.Context, chatThreadID, chatMessageID string, request chatcore.UpdateChatMessageRequest, o *CallOptions) error {
	return do(ctx, c, o, func(o chatcore.CallOptions) *chatcore.Call {
		return c.core.UpdateMessage(chatThreadID, chatMessageID, request, o)
	})
}

// DeleteMessage deletes a message of the caller. It stays in the thread without its content, and has a DeletedOn.
//
// REST: Chat Thread - Delete Chat Message.
// https://learn.microsoft.com/rest/api/communication/chat/chat-thread/delete-chat-message
func (c *Client) DeleteMessage(ctx context.Context, chatThreadID, chatMessageID string, o *CallOptions) error {
	return do(ctx, c, o, func(o chatcore.CallOptions) *chatcore.Call {
		return c.core.DeleteMessage(chatThreadID, chatMessageID, o)
	})
}

// WatchMessages gives the messages of a thread that are sent, edited or deleted while it is iterated, as they are after
// the change, in the order of the changes. Of several changes to one message between two questions to the service there is
// the last. A change that becomes visible up to Settle after one with a higher version comes when it appears.
//
// It goes on until ctx ends or the caller breaks off, also over failures that may pass; any other is the last pair. A later
// watch goes on where this one was with the highest Version as options.SinceVersion. It may miss late changes below that.
func (c *Client) WatchMessages(ctx context.Context, chatThreadID string, options chatcore.WatchMessagesOptions, o *CallOptions) iter.Seq2[chatcore.ChatMessage, error] {
	batches := pages[chatcore.ChatMessagesCollection](ctx, c, o, "", options.NextLink, func(nextLink string, o chatcore.CallOptions) *chatcore.Call {
		page := options
		page.NextLink = nextLink
		return c.core.WatchMessages(chatThreadID, page, o)
	})
	return items(batches)
}
