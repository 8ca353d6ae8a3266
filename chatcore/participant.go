package chatcore

// ChatParticipant is a member of a chat thread.
//
// REST: ChatParticipant.
type ChatParticipant struct {
	CommunicationIdentifier CommunicationIdentifierModel // required
	DisplayName             string
	ShareHistoryTime        DateTime // the participant sees the history since this time; empty: all of it
	Metadata                Metadata // names and values at most 1 KiB in total; not in api-version 2024-03-07
}

func (p *ChatParticipant) fields(to []field) []field {
	return appendFields(to, []field{
		{name: "communicationIdentifier", nested: onlyOf[CommunicationIdentifierModel, *CommunicationIdentifierModel]{&p.CommunicationIdentifier}},
		{name: "displayName", value: &p.DisplayName},
		{name: "shareHistoryTime", value: &p.ShareHistoryTime},
		{name: "metadata", value: &p.Metadata, versions: v20240315preview | v20250315, limit: maxMetadata},
	}...)
}

// AddChatParticipantsRequest is the body of Add Chat Participants.
type AddChatParticipantsRequest struct {
	Participants []ChatParticipant // required, at most 200
}

func (request *AddChatParticipantsRequest) fields(to []field) []field {
	return appendFields(to, field{name: "participants", nested: participants{&request.Participants}, rule: required, limit: maxParticipants})
}

// Documented limits.
const (
	maxParticipants = 200
	maxMetadata     = 1024 // bytes of names and values, per participant or thread
)

type participants = listOf[ChatParticipant, *ChatParticipant]

// AddChatParticipantsResult is the answer to Add Chat Participants.
type AddChatParticipantsResult struct {
	InvalidParticipants []CommunicationError // participants that were not added: Target is the raw id; nil if all were added
}

func (result *AddChatParticipantsResult) fields(to []field) []field {
	return appendFields(to, field{name: "invalidParticipants", nested: communicationErrors{&result.InvalidParticipants}, rule: alwaysWritten})
}

// BuildAddChatParticipants builds the request that adds participants to a thread. Who is a member already stays as is.
// An empty apiVersion means 2024-03-15-preview. The error is an [*Error] with code InvalidArgument.
//
// REST: Chat Thread - Add Chat Participants, POST {endpoint}/chat/threads/{chatThreadId}/participants/:add.
// https://learn.microsoft.com/rest/api/communication/chat/chat-thread/add-chat-participants
func BuildAddChatParticipants(e Endpoint, apiVersion, chatThreadID string, request AddChatParticipantsRequest) (Request, error) {
	return addParticipants.build(e, requestRules{apiVersion: apiVersion, checkLimits: true}, pathIDs{chatThreadID}, "", &request)
}

// ParseAddChatParticipants reads the response of Add Chat Participants. Success is 201, even if some participants
// were rejected. The error is an [*Error].
func ParseAddChatParticipants(resp Response) (result AddChatParticipantsResult, err error) {
	err = addParticipants.parse(resp, &result)
	return result, err
}

// JSON returns the result as pages get it. It always has invalidParticipants.
func (result *AddChatParticipantsResult) JSON() string { return encode(result) }

// BuildListChatParticipants builds the request for a page of a thread's participants. An empty apiVersion means
// 2025-03-15. The error is an [*Error] with code InvalidArgument.
//
// REST: Chat Thread - List Chat Participants, GET {endpoint}/chat/threads/{chatThreadId}/participants.
// https://learn.microsoft.com/rest/api/communication/chat/chat-thread/list-chat-participants
func BuildListChatParticipants(e Endpoint, apiVersion, chatThreadID string, options ListChatParticipantsOptions) (Request, error) {
	return listParticipants.build(e, requestRules{apiVersion: apiVersion, checkLimits: true}, pathIDs{chatThreadID}, "", &options)
}

// ParseListChatParticipants reads the response of List Chat Participants. Success is 200. The error is an [*Error].
func ParseListChatParticipants(resp Response) (page ChatParticipantsCollection, err error) {
	err = listParticipants.parse(resp, &page)
	return page, err
}

// BuildRemoveChatParticipant builds the request that removes a participant from a thread, who may be the caller. An empty
// apiVersion means 2025-03-15. The error is an [*Error] with code InvalidArgument.
//
// REST: Chat Thread - Remove Chat Participant, POST {endpoint}/chat/threads/{chatThreadId}/participants/:remove.
// https://learn.microsoft.com/rest/api/communication/chat/chat-thread/remove-chat-participant
func BuildRemoveChatParticipant(e Endpoint, apiVersion, chatThreadID string, identifier CommunicationIdentifierModel) (Request, error) {
	return removeParticipant.build(e, requestRules{apiVersion: apiVersion, checkLimits: true}, pathIDs{chatThreadID}, "", &identifier)
}

// ParseRemoveChatParticipant reads the response of Remove Chat Participant. Success is 204. The error is an [*Error].
func ParseRemoveChatParticipant(resp Response) error { return removeParticipant.parse(resp, nil) }
