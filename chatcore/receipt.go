package chatcore

// SendReadReceiptRequest is the body of Send Chat Read Receipt.
type SendReadReceiptRequest struct {
	ChatMessageID string // required: the latest message that was read
}

func (request *SendReadReceiptRequest) fields(to []field) []field {
	return appendFields(to, field{name: "chatMessageId", value: &request.ChatMessageID, rule: required})
}

// ChatMessageReadReceipt tells up to which message a participant has read. There is one for each, the latest.
//
// REST: ChatMessageReadReceipt.
type ChatMessageReadReceipt struct {
	SenderCommunicationIdentifier CommunicationIdentifierModel
	ChatMessageID                 string
	ReadOn                        DateTime
}

func (receipt *ChatMessageReadReceipt) fields(to []field) []field {
	return appendFields(to, []field{
		{name: "senderCommunicationIdentifier", nested: onlyOf[CommunicationIdentifierModel, *CommunicationIdentifierModel]{&receipt.SenderCommunicationIdentifier}},
		{name: "chatMessageId", value: &receipt.ChatMessageID},
		{name: "readOn", value: &receipt.ReadOn},
	}...)
}

// BuildSendReadReceipt builds the request that tells the others in a thread what the caller has read. The service does
// not support it in threads of more than 20. An empty apiVersion means 2025-03-15. The error is an [*Error] with code
// InvalidArgument.
//
// REST: Chat Thread - Send Chat Read Receipt, POST {endpoint}/chat/threads/{chatThreadId}/readReceipts.
// https://learn.microsoft.com/rest/api/communication/chat/chat-thread/send-chat-read-receipt
func BuildSendReadReceipt(e Endpoint, apiVersion, chatThreadID string, request SendReadReceiptRequest) (Request, error) {
	return sendReadReceipt.build(e, requestRules{apiVersion: apiVersion, checkLimits: true}, pathIDs{chatThreadID}, "", &request)
}

// ParseSendReadReceipt reads the response of Send Chat Read Receipt. Success is 200. The error is an [*Error].
func ParseSendReadReceipt(resp Response) error { return sendReadReceipt.parse(resp, nil) }

// BuildListReadReceipts builds the request for a page of a thread's read receipts, the caller's own included. An empty
// apiVersion means 2025-03-15. The error is an [*Error] with code InvalidArgument.
//
// REST: Chat Thread - List Chat Read Receipts, GET {endpoint}/chat/threads/{chatThreadId}/readReceipts.
// https://learn.microsoft.com/rest/api/communication/chat/chat-thread/list-chat-read-receipts
func BuildListReadReceipts(e Endpoint, apiVersion, chatThreadID string, options ListChatReadReceiptsOptions) (Request, error) {
	return listReadReceipts.build(e, requestRules{apiVersion: apiVersion, checkLimits: true}, pathIDs{chatThreadID}, "", &options)
}

// ParseListReadReceipts reads the response of List Chat Read Receipts. Success is 200. The error is an [*Error].
func ParseListReadReceipts(resp Response) (page ChatMessageReadReceiptsCollection, err error) {
	err = listReadReceipts.parse(resp, &page)
	return page, err
}
