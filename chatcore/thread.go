package chatcore

// CreateChatThreadRequest is the body of Create Chat Thread.
type CreateChatThreadRequest struct {
	Topic           string               // required
	Participants    []ChatParticipant    // at most 200; the service adds the caller
	Metadata        Metadata             // names and values at most 1 KiB in total; not in api-version 2024-03-07
	RetentionPolicy *ChatRetentionPolicy // not in api-version 2024-03-07
}

func (request *CreateChatThreadRequest) fields(to []field) []field {
	return appendFields(to, []field{
		{name: "topic", value: &request.Topic, rule: required},
		{name: "participants", nested: participants{&request.Participants}, limit: maxParticipants},
		{name: "metadata", value: &request.Metadata, versions: v20240315preview | v20250315, limit: maxMetadata},
		{name: "retentionPolicy", nested: retentionPolicy{&request.RetentionPolicy}, versions: v20240315preview | v20250315},
	}...)
}

// CreateChatThreadResult is the answer to Create Chat Thread.
type CreateChatThreadResult struct {
	ChatThread          ChatThreadProperties
	InvalidParticipants []CommunicationError // participants that were not added: Target is the raw id; nil if all were added
}

func (result *CreateChatThreadResult) fields(to []field) []field {
	return appendFields(to, []field{
		{name: "chatThread", nested: onlyOf[ChatThreadProperties, *ChatThreadProperties]{&result.ChatThread}},
		{name: "invalidParticipants", nested: communicationErrors{&result.InvalidParticipants}, rule: alwaysWritten},
	}...)
}

func (result *CreateChatThreadResult) check() string {
	if result.ChatThread.ID == "" {
		return "chatThread.id is missing"
	}
	return ""
}

// ChatThreadProperties is a chat thread.
//
// REST: ChatThreadProperties.
type ChatThreadProperties struct {
	ID                               string // as in 19:…@thread.v2
	Topic                            string
	CreatedOn                        DateTime
	CreatedByCommunicationIdentifier CommunicationIdentifierModel
	DeletedOn                        DateTime             // empty while the thread exists
	Metadata                         Metadata             // not in api-version 2024-03-07
	RetentionPolicy                  *ChatRetentionPolicy // not in api-version 2024-03-07
}

func (thread *ChatThreadProperties) fields(to []field) []field {
	return appendFields(to, []field{
		{name: "id", value: &thread.ID},
		{name: "topic", value: &thread.Topic, rule: alwaysWritten},
		{name: "createdOn", value: &thread.CreatedOn},
		{name: "createdByCommunicationIdentifier", nested: onlyOf[CommunicationIdentifierModel, *CommunicationIdentifierModel]{&thread.CreatedByCommunicationIdentifier}},
		{name: "deletedOn", value: &thread.DeletedOn},
		{name: "metadata", value: &thread.Metadata},
		{name: "retentionPolicy", nested: retentionPolicy{&thread.RetentionPolicy}},
	}...)
}

func (thread *ChatThreadProperties) check() string {
	if thread.ID == "" {
		return "id is missing"
	}
	return ""
}

// JSON returns the thread as pages get it.
func (thread *ChatThreadProperties) JSON() string { return encode(thread) }

// ChatThreadItem is a thread in a list.
//
// REST: ChatThreadItem.
type ChatThreadItem struct {
	ID                    string
	Topic                 string
	DeletedOn             DateTime // empty while the thread exists
	LastMessageReceivedOn DateTime // not always the time of the newest message
}

func (thread *ChatThreadItem) fields(to []field) []field {
	return appendFields(to, []field{
		{name: "id", value: &thread.ID},
		{name: "topic", value: &thread.Topic, rule: alwaysWritten},
		{name: "deletedOn", value: &thread.DeletedOn},
		{name: "lastMessageReceivedOn", value: &thread.LastMessageReceivedOn},
	}...)
}

// UpdateChatThreadRequest is the body of Update Chat Thread Properties. Empty fields are not changed.
type UpdateChatThreadRequest struct {
	Topic           string
	Metadata        Metadata             // adds or replaces names; names and values at most 1 KiB in total; not in api-version 2024-03-07
	RetentionPolicy *ChatRetentionPolicy // not in api-version 2024-03-07
}

func (request *UpdateChatThreadRequest) fields(to []field) []field {
	return appendFields(to, []field{
		{name: "topic", value: &request.Topic, rule: notEmpty},
		{name: "metadata", value: &request.Metadata, rule: notEmpty, versions: v20240315preview | v20250315, limit: maxMetadata},
		{name: "retentionPolicy", nested: retentionPolicy{&request.RetentionPolicy}, rule: notEmpty, versions: v20240315preview | v20250315},
	}...)
}

// BuildCreateChatThread builds the request that creates a thread. If several requests have the same repeatabilityRequestID, the
// service creates one thread. Recommended: a version 4 UUID; empty means none. An empty apiVersion means 2024-03-07. The error is an
// [*Error] with code InvalidArgument.
//
// REST: Chat - Create Chat Thread, POST {endpoint}/chat/threads.
// https://learn.microsoft.com/rest/api/communication/chat/chat/create-chat-thread
func BuildCreateChatThread(e Endpoint, apiVersion, repeatabilityRequestID string, request CreateChatThreadRequest) (Request, error) {
	return createThread.build(e, requestRules{apiVersion: apiVersion, checkLimits: true}, pathIDs{}, repeatabilityRequestID, &request)
}

// ParseCreateChatThread reads the response of Create Chat Thread. Success is 201, also where some participants were
// rejected. The error is an [*Error].
func ParseCreateChatThread(resp Response) (result CreateChatThreadResult, err error) {
	err = createThread.parse(resp, &result)
	return result, err
}

// JSON returns the result as pages get it. It always has invalidParticipants.
func (result *CreateChatThreadResult) JSON() string { return encode(result) }

// BuildListChatThreads builds the request for a page of the caller's threads. An empty apiVersion means 2025-03-15.
// The error is an [*Error] with code InvalidArgument.
//
// REST: Chat - List Chat Threads, GET {endpoint}/chat/threads.
// https://learn.microsoft.com/rest/api/communication/chat/chat/list-chat-threads
func BuildListChatThreads(e Endpoint, apiVersion string, options ListChatThreadsOptions) (Request, error) {
	return listThreads.build(e, requestRules{apiVersion: apiVersion, checkLimits: true}, pathIDs{}, "", &options)
}

// ParseListChatThreads reads the response of List Chat Threads. Success is 200. The error is an [*Error].
func ParseListChatThreads(resp Response) (page ChatThreadsItemCollection, err error) {
	err = listThreads.parse(resp, &page)
	return page, err
}

// BuildGetChatThreadProperties builds the request for a thread's properties. An empty apiVersion means 2025-03-15. The
// error is an [*Error] with code InvalidArgument.
//
// REST: Chat Thread - Get Chat Thread Properties, GET {endpoint}/chat/threads/{chatThreadId}.
// https://learn.microsoft.com/rest/api/communication/chat/chat-thread/get-chat-thread-properties
func BuildGetChatThreadProperties(e Endpoint, apiVersion, chatThreadID string) (Request, error) {
	return getThread.build(e, requestRules{apiVersion: apiVersion}, pathIDs{chatThreadID}, "", nil)
}

// ParseGetChatThreadProperties reads the response of Get Chat Thread Properties. Success is 200. The error is an [*Error].
func ParseGetChatThreadProperties(resp Response) (thread ChatThreadProperties, err error) {
	err = getThread.parse(resp, &thread)
	return thread, err
}

// BuildUpdateChatThreadProperties builds the request that changes a thread's properties. An empty apiVersion means
// 2025-03-15. The error is an [*Error] with code InvalidArgument.
//
// REST: Chat Thread - Update Chat Thread Properties, PATCH {endpoint}/chat/threads/{chatThreadId}.
// https://learn.microsoft.com/rest/api/communication/chat/chat-thread/update-chat-thread-properties
func BuildUpdateChatThreadProperties(e Endpoint, apiVersion, chatThreadID string, request UpdateChatThreadRequest) (Request, error) {
	return updateThread.build(e, requestRules{apiVersion: apiVersion, checkLimits: true}, pathIDs{chatThreadID}, "", &request)
}

// ParseUpdateChatThreadProperties reads the response of Update Chat Thread Properties. Success is 204. The error is an
// [*Error].
func ParseUpdateChatThreadProperties(resp Response) error { return updateThread.parse(resp, nil) }

// BuildDeleteChatThread builds the request that deletes a thread, for good. An empty apiVersion means 2025-03-15. The
// error is an [*Error] with code InvalidArgument.
//
// REST: Chat - Delete Chat Thread, DELETE {endpoint}/chat/threads/{chatThreadId}.
// https://learn.microsoft.com/rest/api/communication/chat/chat/delete-chat-thread
func BuildDeleteChatThread(e Endpoint, apiVersion, chatThreadID string) (Request, error) {
	return deleteThread.build(e, requestRules{apiVersion: apiVersion}, pathIDs{chatThreadID}, "", nil)
}

// ParseDeleteChatThread reads the response of Delete Chat Thread. Success is 204. The error is an [*Error].
func ParseDeleteChatThread(resp Response) error { return deleteThread.parse(resp, nil) }
