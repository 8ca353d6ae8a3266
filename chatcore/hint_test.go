package chatcore_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// TestHintOfARefusal: what a 403 or a 404 can mean depends on the operation.
func TestHintOfARefusal(t *testing.T) {
	const (
		large     = "Threads with more than 20 participants"
		sender    = "Only the sender may edit or delete a message."
		thread    = "you are not a participant of the thread"
		token     = "the token is from another resource"
		noThread  = "The thread does not exist, or you are not a participant. Check the thread id and the endpoint."
		noMessage = "The thread or the message does not exist, or you are not a participant."
		endpoint  = "Check that the endpoint is that of your Communication Services resource."
	)
	only403 := map[string]string{
		"sendTypingNotification": large, "sendReadReceipt": large, "listReadReceipts": large, "updateMessage": sender, "deleteMessage": sender,
	}
	on404 := map[string]string{
		"createThread": endpoint, "listThreads": endpoint, "getMessage": noMessage, "updateMessage": noMessage, "deleteMessage": noMessage,
	}
	forEachOperation(t, func(t *testing.T, op operation) {
		hint := func(status int, code chatcore.Code) string {
			call := startSending(t, newClient(t, chatcore.Options{}), op)
			respond(call, testStart, status, "")
			return requireFailed(t, call, code).Hint
		}
		forbidden := hint(403, chatcore.Forbidden)
		for _, cause := range []string{large, sender} {
			if only403[op.name] == cause {
				assert.Contains(t, forbidden, cause)
			} else {
				assert.NotContains(t, forbidden, cause)
			}
		}
		assert.Contains(t, forbidden, token)
		if on404[op.name] == endpoint {
			assert.NotContains(t, forbidden, thread)
		} else {
			assert.Contains(t, forbidden, thread)
		}
		want := on404[op.name]
		if want == "" {
			want = noThread
		}
		assert.Contains(t, hint(404, chatcore.NotFound), want)
	})
}

// TestReasons: a driver tells by them which of a code's hints fits.
func TestReasons(t *testing.T) {
	network := func(endpoint string) *chatcore.Error {
		call := startSending(t, newClient(t, chatcore.Options{Endpoint: endpoint}), getMessage)
		call.NetworkFailed(testStart, call.Step().Number, errors.New("TypeError: Failed to fetch"))
		return requireFailed(t, call, chatcore.NetworkError)
	}
	for _, endpoint := range []string{"http://localhost:8081", "https://localhost", "http://127.0.0.1:8081", "http://[::1]:8081", "http://acs.localhost:8081", "https://127.0.0.1"} {
		assert.Equal(t, chatcore.NoLocalAnswer, network(endpoint).Reason, endpoint)
	}
	for _, endpoint := range []string{"https://contoso.communication.azure.com", "https://10.0.0.1"} {
		assert.Equal(t, chatcore.NoAnswer, network(endpoint).Reason, endpoint)
	}

	refused := func(client *chatcore.Client) *chatcore.Error {
		call := startCall(t, client, getThread, testStart, chatcore.CallOptions{})
		for range 2 {
			client.Token(testStart, client.TokenFlight(), secretToken)
			respond(call, testStart, 401, "")
		}
		return requireFailed(t, call, chatcore.Unauthorized)
	}
	assert.Equal(t, chatcore.FixedTokenRefused, refused(newClient(t, chatcore.Options{})).Reason)
	assert.Zero(t, refused(newCallbackClient(t)).Reason)
	assert.Contains(t, refused(newCallbackClient(t)).Hint, "Check the server that issued it")

	_, err := chatcore.NewClient(chatcore.Options{Endpoint: origin})
	e := requireInvalidArgument(t, err, "createClient", "token")
	assert.Equal(t, chatcore.TokenMissing, e.Reason)
	_, err = chatcore.NewClient(chatcore.Options{Endpoint: origin, Token: "Bearer " + secretToken})
	e = requireInvalidArgument(t, err, "createClient", "token")
	assert.Zero(t, e.Reason)
	assert.Contains(t, e.Hint, `without "Bearer "`)

	client := newCallbackClient(t)
	call := startCall(t, client, getThread, testStart, chatcore.CallOptions{})
	client.InvalidToken(testStart, client.TokenFlight(), "must be a string, not undefined")
	e = requireFailed(t, call, chatcore.TokenError)
	assert.Equal(t, "getThread: the access token must be a string, not undefined", e.Message)
	assert.Zero(t, e.Reason)
	assert.Contains(t, e.Hint, "Pass only the token")
}

// TestSuggestions: the official SDK has other names for the members of participants and identifiers.
func TestSuggestions(t *testing.T) {
	for _, test := range []struct{ method, request, target, instead string }{
		{"addParticipants", `{"participants":[{"id":{"communicationUserId":"8:acs:a"}}]}`, "participants[0].id", "communicationIdentifier"},
		{"addParticipants", `{"participants":[{"communicationUserId":"8:acs:a"}]}`, "participants[0].communicationUserId", "communicationIdentifier"},
		{"createThread", `{"topic":"x","participants":[{"communicationIdentifier":"8:acs:a"},{"id":"8:acs:b"}]}`, "participants[1].id", "communicationIdentifier"},
		{"addParticipants", `{"participants":[{"communicationIdentifier":{"communicationUserId":"8:acs:a"}}]}`, "participants[0].communicationIdentifier.communicationUserId", "communicationUser"},
		{"addParticipants", `{"participants":[{"communicationIdentifier":{"id":"8:acs:a"}}]}`, "participants[0].communicationIdentifier.id", "rawId"},
		{"removeParticipant", `{"id":"8:acs:a"}`, "id", "rawId"},
		{"removeParticipant", `{"communicationUserId":"8:acs:a"}`, "communicationUserId", "communicationUser"},
		{"removeParticipant", `{"name":"a"}`, "name", ""},
		{"addParticipants", `{"participants":[{"name":"a"}]}`, "participants[0].name", ""},
		{"addParticipants", `{"id":"a"}`, "id", ""},
		{"sendMessage", `{"id":"a"}`, "id", ""},
	} {
		m := methodNamed(t, test.method)
		text := test.request
		for range m.IDs {
			text = "\"19:x\"\n" + text
		}
		call := m.Invoke(newClient(t, chatcore.Options{}), chatcore.Arguments{Text: text})
		call.Start(testStart)
		e := requireInvalidArgument(t, call.Step().Err, test.method, test.target)
		require.Contains(t, e.Message, "is not a known field")
		if test.instead == "" {
			assert.NotContains(t, e.Hint, "did you mean", test.request)
		} else {
			assert.Contains(t, e.Hint, "did you mean "+test.instead+"?", test.request)
		}
	}
}
