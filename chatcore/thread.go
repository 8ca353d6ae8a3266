package chatcore

// CreateChatThreadRequest is the body of Create Chat Thread.
type CreateChatThreadRequest struct {
	Topic        string            // required
	Participants []ChatParticipant // at most 200, beside the caller, who is always one
	Metadata     Metadata          // at most 1 KB in all; not in api-version 2024-03-07
}

func (request *CreateChatThreadRequest) fields() []field {
	return []field{
		{name: "topic", value: &request.Topic, rule: required},
		{name: "participants", value: participants{&request.Participants}, limit: maxParticipants},
		{name: "metadata", value: &request.Metadata, versions: v20240315preview | v20250315, limit: maxMetadata},
	}
}

// CreateChatThreadResult is the answer to Create Chat Thread.
type CreateChatThreadResult struct {
	ChatThread          ChatThreadProperties
	InvalidParticipants []CommunicationError // who was not added and why; Target is the raw id. Nil: all were added
}

func (result *CreateChatThreadResult) fields() []field {
	return []field{
		{name: "chatThread", value: &result.ChatThread},
		{name: "invalidParticipants", value: communicationErrors{&result.InvalidParticipants}, rule: always},
	}
}

func (result *CreateChatThreadResult) check() string {
	if result.ChatThread.ID == "" {
		return "chatThread.id is missing"
	}
	return ""
}

// ChatThreadProperties describes a chat thread.
//
// REST: ChatThreadProperties.
type ChatThreadProperties struct {
	ID                               string // as in 19:…@thread.v2
	Topic                            string
	CreatedOn                        DateTime
	CreatedByCommunicationIdentifier CommunicationIdentifierModel
	DeletedOn                        DateTime // empty while the thread exists
	Metadata                         Metadata // not in api-version 2024-03-07
}

func (thread *ChatThreadProperties) fields() []field {
	return []field{
		{name: "id", value: &thread.ID},
		{name: "topic", value: &thread.Topic, rule: always},
		{name: "createdOn", value: &thread.CreatedOn},
		{name: "createdByCommunicationIdentifier", value: &thread.CreatedByCommunicationIdentifier},
		{name: "deletedOn", value: &thread.DeletedOn},
		{name: "metadata", value: &thread.Metadata},
	}
}

// BuildCreateChatThread builds the request that creates a thread. Requests with one repeatability request id, by
// choice a version 4 UUID, make one thread however often they arrive; it is left out where it is empty. An empty
// apiVersion stands for 2024-03-07. The error is an [*Error] with code InvalidArgument.
//
// REST: Chat - Create Chat Thread, POST {endpoint}/chat/threads.
func BuildCreateChatThread(e Endpoint, apiVersion, repeatabilityRequestID string, request CreateChatThreadRequest) (Request, error) {
	return createThread.build(e, rules{apiVersion, true}, "", repeatabilityRequestID, &request)
}

// ParseCreateChatThread reads the answer to Create Chat Thread. Success is 201, also where some participants were
// rejected. The error is an [*Error].
func ParseCreateChatThread(resp Response) (result CreateChatThreadResult, err error) {
	err = createThread.parse(resp, &result)
	return result, err
}

// DecodeCreateChatThreadRequest reads the JSON form of a request, where every member must be known and a raw id
// string may stand for an identifier. The error is an [*Error] with code InvalidArgument.
func DecodeCreateChatThreadRequest(text string) (request CreateChatThreadRequest, err error) {
	err = createThread.decode("request", text, &request)
	return request, err
}

// JSON returns the result as pages see it; invalidParticipants is always there.
func (result *CreateChatThreadResult) JSON() string { return text(result) }
