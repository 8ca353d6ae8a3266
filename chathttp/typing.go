package chathttp

import (
	"context"

	"acschat/chatcore"
)

// SendTypingNotification tells the others in a thread that the caller is typing. The service does not support it in
// threads of more than 20.
//
// REST: Chat Thread - Send Typing Notification.
// https://learn.microsoft.com/rest/api/communication/chat/chat-thread/send-typing-notification
func (c *Client) SendTypingNotification(ctx context.Context, chatThreadID string, request chatcore.SendTypingNotificationRequest, o *CallOptions) error {
	return do(ctx, c, o, func(o chatcore.CallOptions) *chatcore.Call {
		return c.core.SendTypingNotification(chatThreadID, request, o)
	})
}
