package chathttp

import (
	"context"

	"acschat/chatcore"
)

// SendTypingNotification tells the other participants that the caller is typing. Threads with more than 20 participants have no
// typing notifications.
//
// REST: Chat Thread - Send Typing Notification.
// https://learn.microsoft.com/rest/api/communication/chat/chat-thread/send-typing-notification
func (c *Client) SendTypingNotification(ctx context.Context, chatThreadID string, request chatcore.SendTypingNotificationRequest, o *CallOptions) error {
	return do(ctx, c, o, func(o chatcore.CallOptions) *chatcore.Call {
		return c.core.SendTypingNotification(chatThreadID, request, o)
	})
}
