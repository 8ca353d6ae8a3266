package chatcore_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

func TestRepeatabilityRequestID(t *testing.T) {
	request := chatcore.CreateChatThreadRequest{Topic: "Lunch"}
	for _, id := range []string{uuid, "a", "!~", "a:b,c;d=e"} {
		req, err := chatcore.BuildCreateChatThread(testEndpoint(t), "", id, request)
		require.NoError(t, err)
		assert.Equal(t, map[string]string{"Content-Type": "application/json", "repeatability-request-id": id}, headerMap(t, req.Header))
	}
	req, err := chatcore.BuildCreateChatThread(testEndpoint(t), "", "", request)
	require.NoError(t, err)
	assert.Equal(t, map[string]string{"Content-Type": "application/json"}, headerMap(t, req.Header))

	for _, id := range []string{"a\r\nX: y", "a\nb", "a b", " ", "a\tb", "a\x00", "é", "日本", "\x7f", "\xff"} {
		_, err := chatcore.BuildCreateChatThread(testEndpoint(t), "", id, request)
		requireInvalidArgument(t, err, "createThread", "options.idempotencyToken")
	}
}
