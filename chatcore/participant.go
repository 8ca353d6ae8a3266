package chatcore

// ChatParticipant is a member of a chat thread.
//
// REST: ChatParticipant.
type ChatParticipant struct {
	CommunicationIdentifier CommunicationIdentifierModel // required
	DisplayName             string
	ShareHistoryTime        DateTime // from when on they see the thread's history; empty: all of it
	Metadata                Metadata // at most 1 KB in all; not in api-version 2024-03-07
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

// Documented limits, per call, and per participant or thread.
const (
	maxParticipants = 200
	maxMetadata     = 1024 // bytes of all names and values
)

type participants = listOf[ChatParticipant, *ChatParticipant]

// AddChatParticipantsResult is the answer to Add Chat Participants.
type AddChatParticipantsResult struct {
	InvalidParticipants []CommunicationError // who was not added and why; Target is the raw id. Nil: all were added
}

func (result *AddChatParticipantsResult) fields(to []field) []field {
	return appendFields(to, field{name: "invalidParticipants", nested: communicationErrors{&result.InvalidParticipants}, rule: alwaysWritten})
}

// BuildAddChatParticipants builds the request that adds participants to a thread. Who is a member already stays as is.
// An empty apiVersion stands for 2024-03-15-preview. The error is an [*Error] with code InvalidArgument.
//
// REST: Chat Thread - Add Chat Participants, POST {endpoint}/chat/threads/{chatThreadId}/participants/:add.
func BuildAddChatParticipants(e Endpoint, apiVersion, chatThreadID string, request AddChatParticipantsRequest) (Request, error) {
	return addParticipants.build(e, requestRules{apiVersion: apiVersion, checkLimits: true}, pathIDs{chatThreadID}, "", &request)
}

// ParseAddChatParticipants reads the answer to Add Chat Participants. Success is 201, also where some participants
// were rejected. The error is an [*Error].
func ParseAddChatParticipants(resp Response) (result AddChatParticipantsResult, err error) {
	err = addParticipants.parse(resp, &result)
	return result, err
}

// JSON returns the result as pages see it; invalidParticipants is always there.
func (result *AddChatParticipantsResult) JSON() string { return encode(result) }

// BuildListChatParticipants builds the request for a page of a thread's participants. An empty apiVersion stands for
// 2025-03-15. The error is an [*Error] with code InvalidArgument.
//
// REST: Chat Thread - List Chat Participants, GET {endpoint}/chat/threads/{chatThreadId}/participants.
func BuildListChatParticipants(e Endpoint, apiVersion, chatThreadID string, options ListChatParticipantsOptions) (Request, error) {
	return listParticipants.build(e, requestRules{apiVersion: apiVersion, checkLimits: true}, pathIDs{chatThreadID}, "", &options)
}

// ParseListChatParticipants reads the answer to List Chat Participants. Success is 200. The error is an [*Error].
func ParseListChatParticipants(resp Response) (page ChatParticipantsCollection, err error) {
	err = listParticipants.parse(resp, &page)
	return page, err
}

// BuildRemoveChatParticipant builds the request that removes a participant from a thread, who may be the caller. An empty
// apiVersion stands for 2025-03-15. The error is an [*Error] with code InvalidArgument.
//
// REST: Chat Thread - Remove Chat Participant, POST {endpoint}/chat/threads/{chatThreadId}/participants/:remove.
func BuildRemoveChatParticipant(e Endpoint, apiVersion, chatThreadID string, identifier CommunicationIdentifierModel) (Request, error) {
	return removeParticipant.build(e, requestRules{apiVersion: apiVersion, checkLimits: true}, pathIDs{chatThreadID}, "", &identifier)
}

// ParseRemoveChatParticipant reads the answer to Remove Chat Participant. Success is 204. The error is an [*Error].
func ParseRemoveChatParticipant(resp Response) error { return removeParticipant.parse(resp, nil) }
