package chathttp

import (
	"context"
	"iter"

	"acschat/chatcore"
)

// CreateThread creates a chat thread. The caller becomes a participant.
//
// If the service rejects some of the other participants, it still creates the thread, and err is nil. InvalidParticipants in the result
// says whom it rejected, by the raw id in Target, and why.
//
// REST: Chat - Create Chat Thread.
// https://learn.microsoft.com/rest/api/communication/chat/chat/create-chat-thread
func (c *Client) CreateThread(ctx context.Context, request chatcore.CreateChatThreadRequest, o *CreateThreadOptions) (chatcore.CreateChatThreadResult, error) {
	return resultOf[chatcore.CreateChatThreadResult](ctx, c, o, func(o chatcore.CallOptions) *chatcore.Call {
		return c.core.CreateThread(request, o)
	})
}

// ListThreads returns an iterator over the threads in which the caller is a participant.
//
// REST: Chat - List Chat Threads.
// https://learn.microsoft.com/rest/api/communication/chat/chat/list-chat-threads
func (c *Client) ListThreads(ctx context.Context, options chatcore.ListChatThreadsOptions, o *CallOptions) iter.Seq2[chatcore.ChatThreadItem, error] {
	return items(c.ListThreadsByPage(ctx, options, o))
}

// ListThreadsByPage returns an iterator over the pages of ListThreads.
func (c *Client) ListThreadsByPage(ctx context.Context, options chatcore.ListChatThreadsOptions, o *CallOptions) iter.Seq2[chatcore.ChatThreadsItemCollection, error] {
	return pages[chatcore.ChatThreadsItemCollection](ctx, c, o, "listThreads", options.NextLink, func(nextLink string, o chatcore.CallOptions) *chatcore.Call {
		page := options
		page.NextLink = nextLink
		return c.core.ListThreads(page, o)
	})
}

// GetThread returns the properties of a thread.
//
// REST: Chat Thread - Get Chat Thread Properties.
// https://learn.microsoft.com/rest/api/communication/chat/chat-thread/get-chat-thread-properties
func (c *Client) GetThread(ctx context.Context, chatThreadID string, o *CallOptions) (chatcore.ChatThreadProperties, error) {
	return resultOf[chatcore.ChatThreadProperties](ctx, c, o, func(o chatcore.CallOptions) *chatcore.Call {
		return c.core.GetThread(chatThreadID, o)
	})
}

// UpdateThread changes properties of a thread. Properties that the request lacks stay unchanged.
//
// REST: Chat Thread - Update Chat Thread Properties.
// https://learn.microsoft.com/rest/api/communication/chat/chat-thread/update-chat-thread-properties
func (c *Client) UpdateThread(ctx context.Context, chatThreadID string, request chatcore.UpdateChatThreadRequest, o *CallOptions) error {
	return do(ctx, c, o, func(o chatcore.CallOptions) *chatcore.Call {
		return c.core.UpdateThread(chatThreadID, request, o)
	})
}

// DeleteThread deletes a thread. It cannot be restored.
//
// REST: Chat - Delete Chat Thread.
// https://learn.microsoft.com/rest/api/communication/chat/chat/delete-chat-thread
func (c *Client) DeleteThread(ctx context.Context, chatThreadID string, o *CallOptions) error {
	return do(ctx, c, o, func(o chatcore.CallOptions) *chatcore.Call {
		return c.core.DeleteThread(chatThreadID, o)
	})
}
