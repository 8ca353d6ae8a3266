package chatcore_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// TestTokenInCauseMessage: the token is redacted in the message that an error takes from its cause.
func TestTokenInCauseMessage(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	call := startSending(t, client, createThread)
	call.NetworkFailed(testStart, call.Step().Number, errors.New("refused: Authorization: Bearer "+secretToken+"; "+secretToken))
	assert.Contains(t, requireFailed(t, call, chatcore.NetworkError).Message, "refused: Authorization: Bearer [redacted]; [redacted]")
}

// shortTokens are words that occur in other text, as a test server's tokens may be, and a real token.
var shortTokens = []string{"test", "id", "chat", "value", "e", secretToken}

// TestResultsAreUnchanged: results are not redacted, even if a message contains the reader's token.
func TestResultsAreUnchanged(t *testing.T) {
	for _, token := range shortTokens {
		for _, observed := range []bool{false, true} {
			client := newClient(t, chatcore.Options{Token: token})
			call := getMessage.call(client, chatcore.CallOptions{})
			if observed {
				call.Observe()
			}
			call.Start(testStart)
			text := "this is a test of ids in a chat, with the value " + secretToken
			respond(call, testStart, 200, `{"id":"1","content":{"message":"`+text+`"}}`)
			require.Equal(t, chatcore.Done, call.Step().Kind)
			message := call.Step().Result.(*chatcore.ChatMessage)
			assert.Equal(t, "1", message.ID, token)
			assert.Equal(t, text, message.Content.Message, token)

			next := origin + "/chat/threads/" + threadID + "/messages?test=id&value=" + token
			call = client.ListMessages(threadID, chatcore.ListChatMessagesOptions{}, chatcore.CallOptions{})
			call.Start(testStart)
			respond(call, testStart, 200, `{"value":[],"nextLink":"`+next+`"}`)
			require.Equal(t, chatcore.Done, call.Step().Kind)
			assert.Equal(t, next, call.Step().Result.(*chatcore.ChatMessagesCollection).NextLink, token)
		}
	}
}

// TestReportsAreRedacted: reported exchanges do not contain the token, in requests or responses.
func TestReportsAreRedacted(t *testing.T) {
	for _, token := range shortTokens {
		for _, status := range []int{201, 400} {
			client := newClient(t, chatcore.Options{Token: token})
			call := client.SendMessage("19:"+token, chatcore.SendChatMessageRequest{Content: "my token is " + token}, chatcore.CallOptions{})
			call.Observe()
			call.Start(testStart)
			assert.Contains(t, call.Step().Request.Body, token)
			respond(call, testStart, status, `{"id":"1","echo":"`+token+`"}`)
			all := drainExchanges(client)
			require.Len(t, all, 1)
			for _, text := range []string{all[0].Request.URL, all[0].Request.Body, all[0].ResponseBody} {
				assert.Contains(t, text, "[redacted]")
				if token != "e" { // [redacted] contains an e
					assert.NotContains(t, text, token)
				}
			}
		}
	}
}

// TestErrorsAreParsedBeforeRedaction: a token that equals a member's name does not break the error's JSON.
func TestErrorsAreParsedBeforeRedaction(t *testing.T) {
	for _, token := range []string{"code", "message", "error", "Name", secretToken} {
		call := startSending(t, newClient(t, chatcore.Options{Token: token}), getMessage)
		respond(call, testStart, 403, `{"error":{"code":"Refused","message":"No, `+token+`.","target":"`+token+`"}}`)
		e := requireFailed(t, call, chatcore.Forbidden)
		assert.Equal(t, "Refused", e.ServiceCode, token)
		assert.Contains(t, e.Message, "HTTP 403 Refused: No, [redacted].")
		assert.Equal(t, "[redacted]", e.Target)
	}
}

// TestEscapedTokenIsRedacted: a token with JSON escapes is redacted too.
func TestEscapedTokenIsRedacted(t *testing.T) {
	for _, escaped := range []string{`eyJhbGciOi.CAN\u0041RY.c2lnbmF0dXJl`, `\u0065yJhbGciOi.CANARY.c2lnbmF0dXJl`} {
		call := startSending(t, newClient(t, chatcore.Options{}), getMessage)
		respond(call, testStart, 403, `{"error":{"code":"C","message":"`+escaped+`","details":[{"message":"`+escaped+`"}],"innererror":{"code":"`+escaped+`"}}}`)
		e := requireFailed(t, call, chatcore.Forbidden)
		assert.NotContains(t, e.Message+e.JSON(), "CANARY")
	}
}

// TestTruncatedTokenIsRedacted: an error quotes the beginning of a long text. A token cut off at its end is redacted too.
func TestTruncatedTokenIsRedacted(t *testing.T) {
	for before := range 260 {
		call := startSending(t, newClient(t, chatcore.Options{}), getMessage)
		respond(call, testStart, 502, strings.Repeat(".", before)+secretToken+strings.Repeat(".", 300))
		assert.NotContains(t, requireFailed(t, call, chatcore.HTTPError).Message, "eyJ", before)
	}
}

// TestHeaderFunctionEndsCall: if the response's Header function aborts the call, the call stays aborted and the client stays
// consistent.
func TestHeaderFunctionEndsCall(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	call, other := startSending(t, client, createThread), startSending(t, client, createThread)
	reason := errors.New("enough")
	call.Response(testStart, call.Step().Number, chatcore.Response{Status: 429, Header: func(string) string {
		call.Abort(testStart, reason)
		return "1"
	}})
	assert.Equal(t, reason, call.Step().Err)
	client.Close(testStart)
	requireFailed(t, other, chatcore.Closed)
}

func TestBuildWithoutEndpoint(t *testing.T) {
	_, err := chatcore.BuildSendChatMessage(chatcore.Endpoint{}, "", threadID, chatcore.SendChatMessageRequest{Content: "x"})
	requireInvalidArgument(t, err, "sendMessage", "endpoint")
}
