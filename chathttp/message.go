package chathttp

import (
	"context"
	"iter"

	"acschat/chatcore"
)

// SendMessage sends a message to a thread and returns its id.
//
// If the message may or may not have been sent, the error has code DeliveryUnknown, and its Cause is the failure. Without an idempotency
// token this happens after every lost or unclear answer, and the client does not send again: look at the thread before you do. With a token, see
// [SendOptions], the client looks by itself. If it cannot find out, call SendMessage again with the error's IdempotencyToken.
//
// REST: Chat Thread - Send Chat Message.
// https://learn.microsoft.com/rest/api/communication/chat/chat-thread/send-chat-message
func (c *Client) SendMessage(ctx context.Context, chatThreadID string, request chatcore.SendChatMessageRequest, o *SendOptions) (chatcore.SendChatMessageResult, error) {
	return resultOf[chatcore.SendChatMessageResult](ctx, c, o, func(o chatcore.CallOptions) *chatcore.Call {
		return c.core.SendMessage(chatThreadID, request, o)
	})
}

// ListMessages returns an iterator over the messages of a thread, the newest first. Messages that were edited or deleted move to the
// front. The list contains the service's own messages, such as one that says who was added.
//
// REST: Chat Thread - List Chat Messages.
// https://learn.microsoft.com/rest/api/communication/chat/chat-thread/list-chat-messages
func (c *Client) ListMessages(ctx context.Context, chatThreadID string, options chatcore.ListChatMessagesOptions, o *CallOptions) iter.Seq2[chatcore.ChatMessage, error] {
	return items(c.ListMessagesByPage(ctx, chatThreadID, options, o))
}

// ListMessagesByPage returns an iterator over the pages of ListMessages.
func (c *Client) ListMessagesByPage(ctx context.Context, chatThreadID string, options chatcore.ListChatMessagesOptions, o *CallOptions) iter.Seq2[chatcore.ChatMessagesCollection, error] {
	return pages[chatcore.ChatMessagesCollection](ctx, c, o, "listMessages", options.NextLink, func(nextLink string, o chatcore.CallOptions) *chatcore.Call {
		page := options
		page.NextLink = nextLink
		return c.core.ListMessages(chatThreadID, page, o)
	})
}

// GetMessage returns a message of a thread.
//
// REST: Chat Thread - Get Chat Message.
// https://learn.microsoft.com/rest/api/communication/chat/chat-thread/get-chat-message
func (c *Client) GetMessage(ctx context.Context, chatThreadID, chatMessageID string, o *CallOptions) (chatcore.ChatMessage, error) {
	return resultOf[chatcore.ChatMessage](ctx, c, o, func(o chatcore.CallOptions) *chatcore.Call {
		return c.core.GetMessage(chatThreadID, chatMessageID, o)
	})
}

// UpdateMessage edits a message. Only its sender may do this. Fields that the request lacks stay unchanged.
//
// REST: Chat Thread - Update Chat Message.
// https://learn.microsoft.com/rest/api/communication/chat/chat-thread/update-chat-message
func (c *Client) UpdateMessage(ctx context.Context, chatThreadID, chatMessageID string, request chatcore.UpdateChatMessageRequest, o *CallOptions) error {
	return do(ctx, c, o, func(o chatcore.CallOptions) *chatcore.Call {
		return c.core.UpdateMessage(chatThreadID, chatMessageID, request, o)
	})
}

// DeleteMessage deletes a message. Only its sender may do this. The message stays in the list, without its content and with DeletedOn.
//
// REST: Chat Thread - Delete Chat Message.
// https://learn.microsoft.com/rest/api/communication/chat/chat-thread/delete-chat-message
func (c *Client) DeleteMessage(ctx context.Context, chatThreadID, chatMessageID string, o *CallOptions) error {
	return do(ctx, c, o, func(o chatcore.CallOptions) *chatcore.Call {
		return c.core.DeleteMessage(chatThreadID, chatMessageID, o)
	})
}

// WatchMessages returns an iterator over the changes of a thread. It returns each message when it is sent, edited (with EditedOn) or
// deleted (with DeletedOn), the oldest change first. Messages of the caller and of the service are included. Of several changes of one
// message between two polls it returns the last. If a change becomes visible up to Settle after one with a higher Version, it returns it
// when it appears.
//
// The loop goes on until you leave it or ctx ends. It survives temporary failures, such as NetworkError, Timeout and TooManyRequests. The
// last iteration has any other error.
//
// To resume later, keep the highest Version and pass it as options.SinceVersion. The new watch may miss late changes with a lower version.
//
// REST: it polls Chat Thread - List Chat Messages, and counts the participants to find out how often it may.
// https://learn.microsoft.com/rest/api/communication/chat/chat-thread/list-chat-messages
func (c *Client) WatchMessages(ctx context.Context, chatThreadID string, options chatcore.WatchMessagesOptions, o *CallOptions) iter.Seq2[chatcore.ChatMessage, error] {
	batches := pages[chatcore.ChatMessagesCollection](ctx, c, o, "", options.NextLink, func(nextLink string, o chatcore.CallOptions) *chatcore.Call {
		page := options
		page.NextLink = nextLink
		return c.core.WatchMessages(chatThreadID, page, o)
	})
	return items(batches)
}
