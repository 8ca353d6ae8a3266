package chatcore

// ChatMessageType is the kind of a message. Users send text and html; the others are the service's own.
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

// ChatAttachmentType is the kind of an attachment.
//
// REST: ChatAttachmentType.
type ChatAttachmentType string

const (
	ChatAttachmentTypeImage ChatAttachmentType = "image"
	ChatAttachmentTypeFile  ChatAttachmentType = "file"
)

// ChatAttachment is a file or picture beside a message, in conversations with Microsoft Teams only.
//
// REST: ChatAttachment.
type ChatAttachment struct {
	ID             string             // required
	AttachmentType ChatAttachmentType // required
	Name           string
	URL            string // where the attachment can be downloaded
	PreviewURL     string // where its preview can be downloaded
}

func (a *ChatAttachment) fields() []field {
	return []field{
		{name: "id", value: &a.ID, rule: required},
		{name: "attachmentType", value: (*string)(&a.AttachmentType), rule: attachmentType},
		{name: "name", value: &a.Name},
		{name: "url", value: &a.URL},
		{name: "previewUrl", value: &a.PreviewURL},
	}
}

// SendChatMessageRequest is the body of Send Chat Message.
type SendChatMessageRequest struct {
	Content           string          // required, at most 28 KB
	SenderDisplayName string          // shown in push notifications
	Type              ChatMessageType // text, which is the default, or html
	Metadata          Metadata
	Attachments       []ChatAttachment // api-version 2024-03-15-preview only
}

func (request *SendChatMessageRequest) fields() []field {
	return []field{
		{name: "content", value: &request.Content, rule: required, limit: maxContent},
		{name: "senderDisplayName", value: &request.SenderDisplayName},
		{name: "type", value: (*string)(&request.Type), rule: userType},
		{name: "metadata", value: &request.Metadata},
		{name: "attachments", value: listOf[ChatAttachment, *ChatAttachment]{&request.Attachments}, versions: v20240315preview},
	}
}

// maxContent is what the documentation calls about 28 KB.
const maxContent = 28 * 1024

// checkUserType returns what is wrong with the type of a message that a user sends.
func checkUserType(messageType string) string {
	switch ChatMessageType(messageType) {
	case "", ChatMessageTypeText, ChatMessageTypeHTML:
		return ""
	}
	return `must be "text" or "html": other types are the service's own`
}

// SendChatMessageResult is the answer to Send Chat Message.
type SendChatMessageResult struct {
	ID string // made by the service: its time in milliseconds since 1970
}

func (result *SendChatMessageResult) fields() []field {
	return []field{{name: "id", value: &result.ID}}
}

func (result *SendChatMessageResult) check() string {
	if result.ID == "" {
		return "id is missing"
	}
	return ""
}

// BuildSendChatMessage builds the request that sends a message to a thread. An empty apiVersion stands for
// 2024-03-15-preview. The error is an [*Error] with code InvalidArgument.
//
// REST: Chat Thread - Send Chat Message, POST {endpoint}/chat/threads/{chatThreadId}/messages.
func BuildSendChatMessage(e Endpoint, apiVersion, chatThreadID string, request SendChatMessageRequest) (Request, error) {
	return sendMessage.build(e, rules{apiVersion, true}, chatThreadID, "", &request)
}

// ParseSendChatMessage reads the answer to Send Chat Message. Success is 201. The error is an [*Error].
func ParseSendChatMessage(resp Response) (result SendChatMessageResult, err error) {
	err = sendMessage.parse(resp, &result)
	return result, err
}

// DecodeSendChatMessageRequest reads the JSON form of a request, where every member must be known. The error is an
// [*Error] with code InvalidArgument.
func DecodeSendChatMessageRequest(text string) (request SendChatMessageRequest, err error) {
	err = sendMessage.decode("request", text, &request)
	return request, err
}

// JSON returns the result as pages see it.
func (result *SendChatMessageResult) JSON() string { return text(result) }
