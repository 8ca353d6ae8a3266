package chatcore_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// samples are the samples of the REST documentation, unchanged, by their directory in testdata.
var samples = []struct {
	dir                    string
	threadID               string
	path, query            string // as documented
	repeatabilityRequestID string
	op                     operation
}{
	{
		dir:  "create-chat-thread",
		path: "/chat/threads", query: "api-version=2024-03-07",
		op: createThread,
	},
	{
		dir:  "create-chat-thread-with-repeatability-request-id",
		path: "/chat/threads", query: "api-version=2024-03-07",
		repeatabilityRequestID: uuid,
		op:                     createThread,
	},
	{
		dir: "add-chat-participants", threadID: threadID,
		path: "/chat/threads/19:f2167429acf6482880c6b7790a9086c1@thread.v2/participants/:add", query: "api-version=2024-03-15-preview",
		op: addParticipants,
	},
	{
		dir: "send-chat-message", threadID: "34adfa4f-cedf-4dc0-ba29-b6d1a69ab345",
		path: "/chat/threads/34adfa4f-cedf-4dc0-ba29-b6d1a69ab345/messages", query: "api-version=2024-03-15-preview",
		op: sendMessage,
	},
}

func TestSampleRequests(t *testing.T) {
	for _, sample := range samples {
		t.Run(sample.dir, func(t *testing.T) {
			text := readTestdata(t, sample.dir+"/request.json")
			req, err := sample.op.buildWith(testEndpoint(t), "", [2]string{sample.threadID + sample.repeatabilityRequestID}, text)
			require.NoError(t, err)
			assert.Equal(t, "POST", req.Method)

			u, err := url.Parse(req.URL)
			require.NoError(t, err)
			assert.Equal(t, origin, u.Scheme+"://"+u.Host)
			assert.Equal(t, sample.path, u.Path, "decoded")
			assert.Equal(t, sample.query, u.RawQuery)
			wire := sample.path
			if sample.threadID != "" {
				wire = strings.Replace(wire, sample.threadID, encodeURIComponent(sample.threadID), 1)
			}
			assert.Equal(t, origin+wire+"?"+sample.query, req.URL, "path as encodeURIComponent encodes it")

			want := map[string]string{"Content-Type": "application/json"}
			if sample.repeatabilityRequestID != "" {
				want["repeatability-request-id"] = sample.repeatabilityRequestID
			}
			assert.Equal(t, want, headerMap(t, req.Header))
			assert.JSONEq(t, text, req.Body)
		})
	}
}

func TestSampleResponses(t *testing.T) {
	for _, sample := range samples {
		t.Run(sample.dir, func(t *testing.T) {
			text := readTestdata(t, sample.dir+"/response-201.json")
			result, err := sample.op.parse(chatcore.Response{Status: 201, Body: text})
			require.NoError(t, err)
			assert.JSONEq(t, text, result.JSON())
		})
	}
}

func TestSampleErrors(t *testing.T) {
	for _, sample := range samples {
		for _, want := range []struct {
			status            int
			file              string
			code              chatcore.Code
			serviceCode, word string
		}{
			{401, "error-401.json", chatcore.Unauthorized, "Unauthorized", "Request is not authorized."},
			{403, "error-403.json", chatcore.Forbidden, "Forbidden", "User is not allowed to perform specified action."},
			{429, "error-429.json", chatcore.TooManyRequests, "TooManyRequests", "Rate limit exceeded."},
			{503, "error-503.json", chatcore.ServiceUnavailable, "ServiceUnavailable", "The server is currently unable to handle the request."},
		} {
			t.Run(sample.dir+"/"+want.file, func(t *testing.T) {
				_, err := sample.op.parse(chatcore.Response{Status: want.status, Body: readTestdata(t, sample.dir+"/"+want.file)})
				e := requireError(t, err)
				assert.Equal(t, sample.op.name, e.Operation)
				assert.Equal(t, want.code, e.Code)
				assert.Equal(t, want.status, e.Status)
				assert.Equal(t, want.serviceCode, e.ServiceCode)
				assert.Contains(t, e.Message, sample.op.name)
				assert.Contains(t, e.Message, want.word)
				assert.NotEmpty(t, e.Hint)
				assert.Nil(t, e.Cause)
			})
		}
	}
}

// sampleInvalidParticipants are the rejected participants in the samples' responses.
var sampleInvalidParticipants = []chatcore.CommunicationError{
	{Target: "8:acs:8540c0de-899f-5cce-acb5-3ec493af3800_a34d2d65-d72f-4c48-a12c-2d5c9ac75a1a", Code: "403", Message: "Permissions check failed"},
	{Target: "8:acs:8540c0de-899f-5cce-acb5-3ec493af3800_f6762773-e33a-4727-985f-50bd1d197c7b", Code: "404", Message: "Not found"},
}

func TestSampleResults(t *testing.T) {
	created, err := chatcore.ParseCreateChatThread(chatcore.Response{Status: 201, Body: readTestdata(t, "create-chat-thread/response-201.json")})
	require.NoError(t, err)
	assert.Equal(t, chatcore.CreateChatThreadResult{
		ChatThread: chatcore.ChatThreadProperties{
			ID: "19:uni01_zbnh3nt2dfuffezc3sox7dog7wfhk6y5qe2rwlnfhlhdzirihdpq@thread.v2", Topic: "Lunch",
			CreatedOn: "2020-06-06T05:55:41.6460000Z",
			CreatedByCommunicationIdentifier: chatcore.CommunicationIdentifierModel{
				RawID: jane, CommunicationUser: &chatcore.CommunicationUserIdentifierModel{ID: jane}},
		},
		InvalidParticipants: sampleInvalidParticipants,
	}, created)

	added, err := chatcore.ParseAddChatParticipants(chatcore.Response{Status: 201, Body: readTestdata(t, "add-chat-participants/response-201.json")})
	require.NoError(t, err)
	assert.Equal(t, chatcore.AddChatParticipantsResult{InvalidParticipants: sampleInvalidParticipants}, added)

	sent, err := chatcore.ParseSendChatMessage(chatcore.Response{Status: 201, Body: readTestdata(t, "send-chat-message/response-201.json")})
	require.NoError(t, err)
	assert.Equal(t, chatcore.SendChatMessageResult{ID: "1593072104708"}, sent)
}

func TestSampleRequestsDecoded(t *testing.T) {
	var create chatcore.CreateChatThreadRequest
	require.NoError(t, chatcore.Decode("createThread", readTestdata(t, "create-chat-thread/request.json"), &create))
	assert.Equal(t, "Lunch", create.Topic)
	require.Len(t, create.Participants, 4)
	assert.Equal(t, chatcore.ChatParticipant{CommunicationIdentifier: chatcore.RawIdentifier(jane), DisplayName: "Jane"}, create.Participants[0])

	var add chatcore.AddChatParticipantsRequest
	require.NoError(t, chatcore.Decode("addParticipants", readTestdata(t, "add-chat-participants/request.json"), &add))
	require.Len(t, add.Participants, 3)
	assert.Equal(t, chatcore.ChatParticipant{
		CommunicationIdentifier: chatcore.RawIdentifier(jane), DisplayName: "Alex", ShareHistoryTime: "2020-06-06T05:55:41Z",
	}, add.Participants[0])

	var send chatcore.SendChatMessageRequest
	require.NoError(t, chatcore.Decode("sendMessage", readTestdata(t, "send-chat-message/request.json"), &send))
	assert.Equal(t, chatcore.SendChatMessageRequest{
		Content: "Let's head out for lunch in 15 minutes.", SenderDisplayName: "Jane",
		Metadata: chatcore.Metadata{"someKey1": "someValue1", "someKey2": "someValue2"},
	}, send)
}
