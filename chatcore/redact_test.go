package chatcore_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"acschat/chatcore"
)

// TestTokenInACause: the words of what went wrong may quote the request; the cause itself is the caller's own.
func TestTokenInACause(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	call := sending(t, client, createThread)
	call.NetworkFailed(start, call.Step().Number, errors.New("refused: Authorization: Bearer "+secret+"; "+secret))
	assert.Contains(t, failed(t, call, chatcore.NetworkError).Message, "refused: Authorization: Bearer [redacted]; [redacted]")
}

func TestOptionsDoNotShowTheToken(t *testing.T) {
	o := chatcore.Options{Endpoint: "https://a.example", Token: "CANARY"}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		assert.NotContains(t, fmt.Sprintf(verb, o), "CANARY", verb)
	}
}

// TestHeaderFunctionThatEndsTheCall: the call stays ended, and the client's other calls are found.
func TestHeaderFunctionThatEndsTheCall(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	call, other := sending(t, client, createThread), sending(t, client, createThread)
	reason := errors.New("enough")
	call.Response(start, call.Step().Number, chatcore.Response{Status: 429, Header: func(string) string {
		call.Abort(start, reason)
		return "1"
	}})
	assert.Equal(t, reason, call.Step().Err)
	client.Close(start)
	failed(t, other, chatcore.Closed)
}

func TestBuildWithoutEndpoint(t *testing.T) {
	_, err := chatcore.BuildSendChatMessage(chatcore.Endpoint{}, "", threadID, chatcore.SendChatMessageRequest{Content: "x"})
	invalid(t, err, "sendMessage", "endpoint")
}
