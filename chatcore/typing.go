package chatcore

// SendTypingNotificationRequest is the body of Send Typing Notification.
type SendTypingNotificationRequest struct {
	SenderDisplayName string // shown in push notifications
}

func (request *SendTypingNotificationRequest) fields(to []field) []field {
	return appendFields(to, field{name: "senderDisplayName", value: &request.SenderDisplayName})
}

// BuildSendTypingNotification builds the request that tells the others in a thread that the caller is typing. The service
// does not support it in threads of more than 20. An empty apiVersion means 2025-03-15. The error is an [*Error] with
// code InvalidArgument.
//
// REST: Chat Thread - Send Typing Notification, POST {endpoint}/chat/threads/{chatThreadId}/typing.
// https://learn.microsoft.com/rest/api/communication/chat/chat-thread/send-typing-notification
func BuildSendTypingNotification(e Endpoint, apiVersion, chatThreadID string, request SendTypingNotificationRequest) (Request, error) {
	return sendTypingNotification.build(e, requestRules{apiVersion: apiVersion, checkLimits: true}, pathIDs{chatThreadID}, "", &request)
}

// ParseSendTypingNotification reads the response of Send Typing Notification. Success is 200. The error is an [*Error].
func ParseSendTypingNotification(resp Response) error { return sendTypingNotification.parse(resp, nil) }
