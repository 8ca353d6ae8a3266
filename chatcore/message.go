package chatcore

// ChatMessageType is the type of a message. Users send text and html; the service sends the others.
//
// REST: ChatMessageType.
type ChatMessageType string

const (
	ChatMessageTypeText               ChatMessageType = "text"
	ChatMessageTypeHTML               ChatMessageType = "html"
	ChatMessageTypeTopicUpdated       ChatMessageType = "topicUpdated"
	ChatMessageTypeParticipantAdded   ChatMessageType = "participantAdded"
	ChatMessageTypeParticipantRemoved ChatMessageType = "participantRemoved"
)

// ChatAttachmentType is the type of an attachment.
//
// REST: ChatAttachmentType.
type ChatAttachmentType string

const (
	ChatAttachmentTypeImage ChatAttachmentType = "image"
	ChatAttachmentTypeFile  ChatAttachmentType = "file"
)

// ChatAttachment is a file or an image with a message. Only conversations with Microsoft Teams have attachments.
//
// REST: ChatAttachment.
type ChatAttachment struct {
	ID             string             // required
	AttachmentType ChatAttachmentType // required
	Name           string
	URL            string // where the attachment can be downloaded
	PreviewURL     string // where its preview can be downloaded
}

func (a *ChatAttachment) fields(to []field) []field {
	return appendFields(to, []field{
		{name: "id", value: &a.ID, rule: required},
		{name: "attachmentType", value: (*string)(&a.AttachmentType), rule: attachmentType},
		{name: "name", value: &a.Name},
		{name: "url", value: &a.URL},
		{name: "previewUrl", value: &a.PreviewURL},
	}...)
}

type attachments = listOf[ChatAttachment, *ChatAttachment]

// ChatMessage is a message in a thread. System messages have no sender.
//
// REST: ChatMessage.
type ChatMessage struct {
	ID                            string // time of creation in milliseconds since 1970
	Type                          ChatMessageType
	SequenceID                    string // a whole number, which grows with every message and every change
	Version                       string // time of the last change in milliseconds since 1970
	Content                       *ChatMessageContent
	SenderDisplayName             string
	CreatedOn                     DateTime
	SenderCommunicationIdentifier *CommunicationIdentifierModel
	DeletedOn                     DateTime // empty unless the message was deleted
	EditedOn                      DateTime // empty unless the message was edited
	Metadata                      Metadata
}

func (message *ChatMessage) fields(to []field) []field {
	return appendFields(to, []field{
		{name: "id", value: &message.ID},
		{name: "type", value: (*string)(&message.Type)},
		{name: "sequenceId", value: &message.SequenceID},
		{name: "version", value: &message.Version},
		{name: "content", nested: optionalOf[ChatMessageContent, *ChatMessageContent]{&message.Content}},
		{name: "senderDisplayName", value: &message.SenderDisplayName},
		{name: "createdOn", value: &message.CreatedOn},
		{name: "senderCommunicationIdentifier", nested: optionalOf[CommunicationIdentifierModel, *CommunicationIdentifierModel]{&message.SenderCommunicationIdentifier}},
		{name: "deletedOn", value: &message.DeletedOn},
		{name: "editedOn", value: &message.EditedOn},
		{name: "metadata", value: &message.Metadata},
	}...)
}

func (message *ChatMessage) check() string {
	if message.ID == "" {
		return "id is missing"
	}
	return ""
}

// JSON returns the message as pages get it.
func (message *ChatMessage) JSON() string { return encode(message) }

// ChatMessageContent is the content of a message. Messages of users have Message, which is empty once the message was deleted. System
// messages have Topic or Participants, and the initiator of the change.
//
// REST: ChatMessageContent.
type ChatMessageContent struct {
	Message                          string
	Topic                            string
	Participants                     []ChatParticipant
	Attachments                      []ChatAttachment
	InitiatorCommunicationIdentifier *CommunicationIdentifierModel
}

func (content *ChatMessageContent) fields(to []field) []field {
	message, topic := field{name: "message", value: &content.Message}, field{name: "topic", value: &content.Topic}
	switch {
	case content.Participants != nil || content.Topic != "":
	case content.InitiatorCommunicationIdentifier != nil:
		topic.rule = alwaysWritten // the topic was removed
	default:
		message.rule = alwaysWritten // the message was deleted
	}
	return appendFields(to, []field{
		message,
		topic,
		{name: "participants", nested: participants{&content.Participants}},
		{name: "attachments", nested: attachments{&content.Attachments}},
		{name: "initiatorCommunicationIdentifier", nested: optionalOf[CommunicationIdentifierModel, *CommunicationIdentifierModel]{&content.InitiatorCommunicationIdentifier}},
	}...)
}

// CompareIDs compares two ids or versions of messages, which are whole numbers of any length in text: it is negative if a is lower than b,
// positive if it is higher, and 0 if they are equal. Messages in the order of their ids are in the order of their creation.
func CompareIDs(a, b string) int {
	a, b = withoutZeros(a), withoutZeros(b)
	switch {
	case len(a) != len(b):
		return len(a) - len(b)
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func withoutZeros(number string) string {
	for number != "" && number[0] == '0' {
		number = number[1:]
	}
	return number
}

// SendChatMessageRequest is the body of Send Chat Message.
type SendChatMessageRequest struct {
	Content           string          // required, at most 28 KiB
	SenderDisplayName string          // shown in push notifications
	Type              ChatMessageType // text or html; default text
	Metadata          Metadata
	Attachments       []ChatAttachment // api-version 2024-03-15-preview only
}

func (request *SendChatMessageRequest) fields(to []field) []field {
	return appendFields(to, []field{
		{name: "content", value: &request.Content, rule: required, limit: maxContent},
		{name: "senderDisplayName", value: &request.SenderDisplayName},
		{name: "type", value: (*string)(&request.Type), rule: userType},
		{name: "metadata", value: &request.Metadata},
		{name: "attachments", nested: attachments{&request.Attachments}, versions: v20240315preview},
	}...)
}

// JSON returns the request as it is sent.
func (request *SendChatMessageRequest) JSON() string { return encode(request) }

// DecodeMessage reads a request of sendMessage from JSON. The error is an [*Error] with code InvalidArgument.
func DecodeMessage(text string) (request SendChatMessageRequest, err error) {
	err = sendMessage.decode("request", text, &request)
	return request, err
}

// maxContent is the limit that the documentation calls "approximately 28 KB".
const maxContent = 28 * 1024

// checkUserType returns what is wrong with the type of a message to send, or "".
func checkUserType(messageType string) string {
	switch ChatMessageType(messageType) {
	case "", ChatMessageTypeText, ChatMessageTypeHTML:
		return ""
	}
	return `must be "text" or "html": other types are the service's own`
}

// UpdateChatMessageRequest is the body of Update Chat Message. Empty fields are not changed.
type UpdateChatMessageRequest struct {
	Content     string           // at most 28 KiB
	Metadata    Metadata         // an empty value removes the name
	Attachments []ChatAttachment // api-version 2024-03-15-preview only
}

func (request *UpdateChatMessageRequest) fields(to []field) []field {
	return appendFields(to, []field{
		{name: "content", value: &request.Content, rule: notEmpty, limit: maxContent},
		{name: "metadata", value: &request.Metadata, rule: notEmpty},
		{name: "attachments", nested: attachments{&request.Attachments}, rule: notEmpty, versions: v20240315preview},
	}...)
}

// SendChatMessageResult is the answer to Send Chat Message.
type SendChatMessageResult struct {
	ID string // time of creation in milliseconds since 1970
}

func (result *SendChatMessageResult) fields(to []field) []field {
	return appendFields(to, field{name: "id", value: &result.ID})
}

func (result *SendChatMessageResult) check() string {
	if result.ID == "" {
		return "id is missing"
	}
	return ""
}

// BuildSendChatMessage builds the request that sends a message to a thread. An empty apiVersion means
// 2024-03-15-preview. The error is an [*Error] with code InvalidArgument.
//
// REST: Chat Thread - Send Chat Message, POST {endpoint}/chat/threads/{chatThreadId}/messages.
// https://learn.microsoft.com/rest/api/communication/chat/chat-thread/send-chat-message
func BuildSendChatMessage(e Endpoint, apiVersion, chatThreadID string, request SendChatMessageRequest) (Request, error) {
	return sendMessage.build(e, requestRules{apiVersion: apiVersion, checkLimits: true}, pathIDs{chatThreadID}, "", &request)
}

// ParseSendChatMessage reads the response of Send Chat Message. Success is 201. The error is an [*Error].
func ParseSendChatMessage(resp Response) (result SendChatMessageResult, err error) {
	err = sendMessage.parse(resp, &result)
	return result, err
}

// JSON returns the result as pages get it.
func (result *SendChatMessageResult) JSON() string { return encode(result) }

// BuildListChatMessages builds the request for a page of a thread's messages, the newest first; edited and deleted
// messages are moved to the front. An empty apiVersion means 2025-03-15. The error is an [*Error] with code
// InvalidArgument.
//
// REST: Chat Thread - List Chat Messages, GET {endpoint}/chat/threads/{chatThreadId}/messages.
// https://learn.microsoft.com/rest/api/communication/chat/chat-thread/list-chat-messages
func BuildListChatMessages(e Endpoint, apiVersion, chatThreadID string, options ListChatMessagesOptions) (Request, error) {
	return listMessages.build(e, requestRules{apiVersion: apiVersion, checkLimits: true}, pathIDs{chatThreadID}, "", &options)
}

// ParseListChatMessages reads the response of List Chat Messages. Success is 200. The error is an [*Error].
func ParseListChatMessages(resp Response) (page ChatMessagesCollection, err error) {
	err = listMessages.parse(resp, &page)
	return page, err
}

// BuildGetChatMessage builds the request for one message. An empty apiVersion means 2025-03-15. The error is an
// [*Error] with code InvalidArgument.
//
// REST: Chat Thread - Get Chat Message, GET {endpoint}/chat/threads/{chatThreadId}/messages/{chatMessageId}.
// https://learn.microsoft.com/rest/api/communication/chat/chat-thread/get-chat-message
func BuildGetChatMessage(e Endpoint, apiVersion, chatThreadID, chatMessageID string) (Request, error) {
	return getMessage.build(e, requestRules{apiVersion: apiVersion}, pathIDs{chatThreadID, chatMessageID}, "", nil)
}

// ParseGetChatMessage reads the response of Get Chat Message. Success is 200. The error is an [*Error].
func ParseGetChatMessage(resp Response) (message ChatMessage, err error) {
	err = getMessage.parse(resp, &message)
	return message, err
}

// BuildUpdateChatMessage builds the request that edits a message of the caller. An empty apiVersion means 2025-03-15.
// The error is an [*Error] with code InvalidArgument.
//
// REST: Chat Thread - Update Chat Message, PATCH {endpoint}/chat/threads/{chatThreadId}/messages/{chatMessageId}.
// https://learn.microsoft.com/rest/api/communication/chat/chat-thread/update-chat-message
func BuildUpdateChatMessage(e Endpoint, apiVersion, chatThreadID, chatMessageID string, request UpdateChatMessageRequest) (Request, error) {
	return updateMessage.build(e, requestRules{apiVersion: apiVersion, checkLimits: true}, pathIDs{chatThreadID, chatMessageID}, "", &request)
}

// ParseUpdateChatMessage reads the response of Update Chat Message. Success is 204. The error is an [*Error].
func ParseUpdateChatMessage(resp Response) error { return updateMessage.parse(resp, nil) }

// BuildDeleteChatMessage builds the request that deletes a message of the caller; it stays in the list, without its
// content. An empty apiVersion means 2025-03-15. The error is an [*Error] with code InvalidArgument.
//
// REST: Chat Thread - Delete Chat Message, DELETE {endpoint}/chat/threads/{chatThreadId}/messages/{chatMessageId}.
// https://learn.microsoft.com/rest/api/communication/chat/chat-thread/delete-chat-message
func BuildDeleteChatMessage(e Endpoint, apiVersion, chatThreadID, chatMessageID string) (Request, error) {
	return deleteMessage.build(e, requestRules{apiVersion: apiVersion}, pathIDs{chatThreadID, chatMessageID}, "", nil)
}

// ParseDeleteChatMessage reads the response of Delete Chat Message. Success is 204. The error is an [*Error].
func ParseDeleteChatMessage(resp Response) error { return deleteMessage.parse(resp, nil) }
