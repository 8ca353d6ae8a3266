package chatcore_test

import (
	"encoding/json"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// sendWithMetadata sends a message with a token and metadata, and returns its id.
func (d *sendOnceClient) sendWithMetadata(t *testing.T, id string, metadata chatcore.Metadata) string {
	t.Helper()
	call := d.SendMessage(threadID, chatcore.SendChatMessageRequest{Content: "Hi", Metadata: metadata}, chatcore.CallOptions{Idempotent: true})
	call.Start(testStart)
	respond(call, testStart, 201, `{"id":"`+id+`"}`)
	return requireSent(t, call)
}

// editAndReadMetadata edits a message, and returns the metadata in the request, nil if there is none.
func (d *sendOnceClient) editAndReadMetadata(t *testing.T, id string, request chatcore.UpdateChatMessageRequest, status int) map[string]string {
	t.Helper()
	call := d.UpdateMessage(threadID, id, request, chatcore.CallOptions{})
	call.Start(testStart)
	require.Equal(t, chatcore.Send, call.Step().Kind, "%v", call.Step().Err)
	var body struct{ Metadata map[string]string }
	require.NoError(t, json.Unmarshal([]byte(call.Step().Request.Body), &body))
	respond(call, testStart, status, "")
	return body.Metadata
}

// TestEditsKeepTheToken: an edit includes the message's token, and no other metadata than the caller's: other clients may have
// changed it.
func TestEditsKeepTheToken(t *testing.T) {
	type metadata = map[string]string
	d := newSendOnceClient(t, chatcore.Options{})
	id := d.sendWithMetadata(t, "1", chatcore.Metadata{"a": "b"})
	plain := chatcore.UpdateChatMessageRequest{Content: "Ho"}
	assert.Equal(t, metadata{IdempotencyTokenName: clientToken}, d.editAndReadMetadata(t, id, plain, 204))
	given := chatcore.UpdateChatMessageRequest{Content: "Ho", Metadata: chatcore.Metadata{"c": "d"}}
	assert.Equal(t, metadata{"c": "d", IdempotencyTokenName: clientToken}, d.editAndReadMetadata(t, id, given, 400))
	assert.Equal(t, chatcore.Metadata{"c": "d"}, given.Metadata, "the caller's map is not changed")
	assert.Equal(t, metadata{"c": "d", IdempotencyTokenName: clientToken}, d.editAndReadMetadata(t, id, given, 204))
	assert.Equal(t, metadata{IdempotencyTokenName: clientToken}, d.editAndReadMetadata(t, id, plain, 204))
	mine := chatcore.UpdateChatMessageRequest{Metadata: chatcore.Metadata{IdempotencyTokenName: "mine"}}
	assert.Equal(t, metadata{IdempotencyTokenName: "mine"}, d.editAndReadMetadata(t, id, mine, 204), "the caller may set another token")

	assert.Empty(t, d.editAndReadMetadata(t, "2", plain, 204), "not sent by this client")
	elsewhere := d.UpdateMessage("19:other@thread.v2", id, plain, chatcore.CallOptions{})
	elsewhere.Start(testStart)
	assert.NotContains(t, elsewhere.Step().Request.Body, "metadata")
	assert.Equal(t, metadata{"c": "d"}, d.editAndReadMetadata(t, "2", given, 204))
}

// TestEditsOfFoundMessages: the client remembers the token of a message that a lookup found.
func TestEditsOfFoundMessages(t *testing.T) {
	d := newSendOnceClient(t, chatcore.Options{})
	call := d.sendOnce(t, testStart, callerToken)
	respondOK(call, testStart, messagesBefore("", "20 token="+callerToken))
	require.Equal(t, "20", requireSent(t, call))
	id := call.Step().Result.(*chatcore.SendChatMessageResult).ID
	assert.Equal(t, map[string]string{IdempotencyTokenName: callerToken}, d.editAndReadMetadata(t, id, chatcore.UpdateChatMessageRequest{Content: "Ho"}, 204))
}

// TestSentMessageMemoryLimit: the client remembers the last hundred messages.
func TestSentMessageMemoryLimit(t *testing.T) {
	d := newSendOnceClient(t, chatcore.Options{})
	plain := chatcore.UpdateChatMessageRequest{Content: "Ho"}
	for i := range 100 {
		d.sendWithMetadata(t, strconv.Itoa(i), nil)
	}
	assert.NotEmpty(t, d.editAndReadMetadata(t, "0", plain, 204))
	d.sendWithMetadata(t, "0", nil) // becomes the newest
	d.sendWithMetadata(t, "100", nil)
	assert.Empty(t, d.editAndReadMetadata(t, "1", plain, 204))
	assert.NotEmpty(t, d.editAndReadMetadata(t, "0", plain, 204))
	assert.NotEmpty(t, d.editAndReadMetadata(t, "2", plain, 204))
	d.sendWithMetadata(t, "100", chatcore.Metadata{"a": "b"})
	assert.NotEmpty(t, d.editAndReadMetadata(t, "3", plain, 204), "sending the same id again adds none")
}
