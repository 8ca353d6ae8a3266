package chathttp

import (
	"context"
	"iter"

	"acschat/chatcore"
)

// AddParticipants adds participants to a thread. Participants who are in it already stay unchanged.
//
// If the service rejects some of them, it still adds the others, and err is nil. InvalidParticipants in the result says whom it rejected,
// by the raw id in Target, and why.
//
// REST: Chat Thread - Add Chat Participants.
// https://learn.microsoft.com/rest/api/communication/chat/chat-thread/add-chat-participants
func (c *Client) AddParticipants(ctx context.Context, chatThreadID string, request chatcore.AddChatParticipantsRequest, o *CallOptions) (chatcore.AddChatParticipantsResult, error) {
	return resultOf[chatcore.AddChatParticipantsResult](ctx, c, o, func(o chatcore.CallOptions) *chatcore.Call {
		return c.core.AddParticipants(chatThreadID, request, o)
	})
}

// ListParticipants returns an iterator over the participants of a thread.
//
// REST: Chat Thread - List Chat Participants.
// https://learn.microsoft.com/rest/api/communication/chat/chat-thread/list-chat-participants
func (c *Client) ListParticipants(ctx context.Context, chatThreadID string, options chatcore.ListChatParticipantsOptions, o *CallOptions) iter.Seq2[chatcore.ChatParticipant, error] {
	return items(c.ListParticipantsByPage(ctx, chatThreadID, options, o))
}

// ListParticipantsByPage returns an iterator over the pages of ListParticipants.
func (c *Client) ListParticipantsByPage(ctx context.Context, chatThreadID string, options chatcore.ListChatParticipantsOptions, o *CallOptions) iter.Seq2[chatcore.ChatParticipantsCollection, error] {
	return pages[chatcore.ChatParticipantsCollection](ctx, c, o, "listParticipants", options.NextLink, func(nextLink string, o chatcore.CallOptions) *chatcore.Call {
		page := options
		page.NextLink = nextLink
		return c.core.ListParticipants(chatThreadID, page, o)
	})
}

// RemoveParticipant removes a participant from a thread. Callers may remove themselves.
//
// REST: Chat Thread - Remove Chat Participant.
// https://learn.microsoft.com/rest/api/communication/chat/chat-thread/remove-chat-participant
func (c *Client) RemoveParticipant(ctx context.Context, chatThreadID string, identifier chatcore.CommunicationIdentifierModel, o *CallOptions) error {
	return do(ctx, c, o, func(o chatcore.CallOptions) *chatcore.Call {
		return c.core.RemoveParticipant(chatThreadID, identifier, o)
	})
}
