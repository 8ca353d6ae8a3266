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

func (p *ChatParticipant) fields() []field {
	return []field{
		{name: "communicationIdentifier", value: &p.CommunicationIdentifier},
		{name: "displayName", value: &p.DisplayName},
		{name: "shareHistoryTime", value: &p.ShareHistoryTime},
		{name: "metadata", value: &p.Metadata, versions: v20240315preview | v20250315, limit: maxMetadata},
	}
}

// AddChatParticipantsRequest is the body of Add Chat Participants.
type AddChatParticipantsRequest struct {
	Participants []ChatParticipant // required, at most 200
}

func (request *AddChatParticipantsRequest) fields() []field {
	return []field{{name: "participants", value: participants{&request.Participants}, rule: required, limit: maxParticipants}}
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

func (result *AddChatParticipantsResult) fields() []field {
	return []field{{name: "invalidParticipants", value: communicationErrors{&result.InvalidParticipants}, rule: always}}
}

// BuildAddChatParticipants builds the request that adds participants to a thread. Who is a member already stays as is.
// An empty apiVersion stands for 2024-03-15-preview. The error is an [*Error] with code InvalidArgument.
//
// REST: Chat Thread - Add Chat Participants, POST {endpoint}/chat/threads/{chatThreadId}/participants/:add.
func BuildAddChatParticipants(e Endpoint, apiVersion, chatThreadID string, request AddChatParticipantsRequest) (Request, error) {
	return addParticipants.build(e, rules{apiVersion, true}, chatThreadID, "", &request)
}

// ParseAddChatParticipants reads the answer to Add Chat Participants. Success is 201, also where some participants
// were rejected. The error is an [*Error].
func ParseAddChatParticipants(resp Response) (result AddChatParticipantsResult, err error) {
	err = addParticipants.parse(resp, &result)
	return result, err
}

// DecodeAddChatParticipantsRequest reads the JSON form of a request, where every member must be known and a raw id
// string may stand for an identifier. The error is an [*Error] with code InvalidArgument.
func DecodeAddChatParticipantsRequest(text string) (request AddChatParticipantsRequest, err error) {
	err = addParticipants.decode("request", text, &request)
	return request, err
}

// JSON returns the result as pages see it; invalidParticipants is always there.
func (result *AddChatParticipantsResult) JSON() string { return text(result) }
