package chathttp

import (
	"context"
	"iter"

	"acschat/chatcore"
)

// AddParticipants adds participants to a thread. Who is a member already stays as is. It is a success also where some
// were rejected: they are in the result's InvalidParticipants, whose Target is the raw id.
//
// REST: Chat Thread - Add Chat Participants.
// https://learn.microsoft.com/rest/api/communication/chat/chat-thread/add-chat-participants
func (c *Client) AddParticipants(ctx context.Context, chatThreadID string, request chatcore.AddChatParticipantsRequest, o *CallOptions) (chatcore.AddChatParticipantsResult, error) {
	return resultOf[chatcore.AddChatParticipantsResult](ctx, c, o, func(o chatcore.CallOptions) *chatcore.Call {
		return c.core.AddParticipants(chatThreadID, request, o)
	})
}

// ListParticipants lists the participants of a thread.
//
// REST: Chat Thread - List Chat Participants.
// https://learn.microsoft.com/rest/api/communication/chat/chat-thread/list-chat-participants
func (c *Client) ListParticipants(ctx context.Context, chatThreadID string, options chatcore.ListChatParticipantsOptions, o *CallOptions) iter.Seq2[chatcore.ChatParticipant, error] {
	return items(c.ListParticipantsByPage(ctx, chatThreadID, options, o))
}

// ListParticipantsByPage is ListParticipants page by page.
func (c *Client) ListParticipantsByPage(ctx context.Context, chatThreadID string, options chatcore.ListChatParticipantsOptions, o *CallOptions) iter.Seq2[chatcore.ChatParticipantsCollection, error] {
	return pages[chatcore.ChatParticipantsCollection](ctx, c, o, "listParticipants", options.NextLink, func(nextLink string, o chatcore.CallOptions) *chatcore.Call {
		page := options
		page.NextLink = nextLink
		return c.core.ListParticipants(chatThreadID, page, o)
	})
}

// RemoveParticipant removes a participant from a thread, who may be the caller.
//
// REST: Chat Thread - Remove Chat Participant.
// https://learn.microsoft.com/rest/api/communication/chat/chat-thread/remove-chat-participant
func (c *Client) RemoveParticipant(ctx context.Context, chatThreadID string, identifier chatcore.CommunicationIdentifierModel, o *CallOptions) error {
	return do(ctx, c, o, func(o chatcore.CallOptions) *chatcore.Call {
		return c.core.RemoveParticipant(chatThreadID, identifier, o)
	})
}
