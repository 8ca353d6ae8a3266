package chathttp

import (
	"context"
	"iter"

	"acschat/chatcore"
)

// SendReadReceipt tells the other participants up to which message the caller has read. Threads with more than 20 participants
// have no read receipts.
//
// REST: Chat Thread - Send Chat Read Receipt.
// https://learn.microsoft.com/rest/api/communication/chat/chat-thread/send-chat-read-receipt
func (c *Client) SendReadReceipt(ctx context.Context, chatThreadID string, request chatcore.SendReadReceiptRequest, o *CallOptions) error {
	return do(ctx, c, o, func(o chatcore.CallOptions) *chatcore.Call {
		return c.core.SendReadReceipt(chatThreadID, request, o)
	})
}

// ListReadReceipts returns an iterator over the read receipts of a thread, including the caller's own.
//
// REST: Chat Thread - List Chat Read Receipts.
// https://learn.microsoft.com/rest/api/communication/chat/chat-thread/list-chat-read-receipts
func (c *Client) ListReadReceipts(ctx context.Context, chatThreadID string, options chatcore.ListChatReadReceiptsOptions, o *CallOptions) iter.Seq2[chatcore.ChatMessageReadReceipt, error] {
	return items(c.ListReadReceiptsByPage(ctx, chatThreadID, options, o))
}

// ListReadReceiptsByPage returns an iterator over the pages of ListReadReceipts.
func (c *Client) ListReadReceiptsByPage(ctx context.Context, chatThreadID string, options chatcore.ListChatReadReceiptsOptions, o *CallOptions) iter.Seq2[chatcore.ChatMessageReadReceiptsCollection, error] {
	return pages[chatcore.ChatMessageReadReceiptsCollection](ctx, c, o, "listReadReceipts", options.NextLink, func(nextLink string, o chatcore.CallOptions) *chatcore.Call {
		page := options
		page.NextLink = nextLink
		return c.core.ListReadReceipts(chatThreadID, page, o)
	})
}
