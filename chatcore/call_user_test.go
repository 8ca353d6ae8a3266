package chatcore_test

import (
	"cmp"
	"encoding/base64"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// tokenOf returns an access token of a user.
func tokenOf(user string) string {
	return "e30." + base64.RawURLEncoding.EncodeToString([]byte(`{"skypeid":"`+user+`"}`)) + ".sig"
}

// TestUserID: a call for one user is not sent with another one's token.
func TestUserID(t *testing.T) {
	client := newClient(t, chatcore.Options{Token: tokenOf("acs:alex")})
	assert.Equal(t, "8:acs:alex", client.UserID())
	call := startCall(t, client, sendMessage, testStart, chatcore.CallOptions{UserID: "8:acs:jane"})
	requireFailed(t, call, chatcore.TokenError)
	assert.False(t, call.MayHaveSucceeded())
	call = startCall(t, client, sendMessage, testStart, chatcore.CallOptions{UserID: "8:acs:alex"})
	assert.Equal(t, chatcore.Send, call.Step().Kind)
	assert.True(t, call.MayHaveSucceeded())
	assert.Empty(t, newClient(t, chatcore.Options{}).UserID(), "this token does not say")
}

// TestNoteOtherSender: after that, a token of this program is looked up before it is sent, and for settleMs a lookup proves nothing.
func TestNoteOtherSender(t *testing.T) {
	for _, isNoted := range []bool{false, true} {
		memory := chatcore.NewSendMemory()
		d := newSendOnceClient(t, chatcore.Options{Memory: memory})
		memory.Made(callerToken, testStart, startUnixMs)
		if !isNoted {
			requirePost(t, d.sendOnce(t, testStart, callerToken))
			continue
		}
		d.NoteOtherSender(testStart, callerToken)
		call := d.sendOnce(t, testStart, callerToken)
		requireLookup(t, call)
		assert.False(t, call.MayHaveSucceeded(), "this call has not sent it")
		respondOK(call, testStart, pageToThreadStart)
		assert.Equal(t, testStart+5000, elapseWait(t, call))
		requireLookup(t, call)
		respondOK(call, testStart+5000, pageToThreadStart)
		requirePost(t, call)
	}
}

// TestLastRequest: a watch goes on after a failure, and tells of it.
func TestLastRequest(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	call := startWatch(t, client, testStart, chatcore.WatchMessagesOptions{})
	_, hasEnded := call.LastRequest()
	assert.False(t, hasEnded)
	respond(call, testStart, 503, "")
	failure, hasEnded := call.LastRequest()
	require.True(t, hasEnded)
	assert.Equal(t, 503, failure.Status)
	now := elapseWait(t, call)
	respondOK(call, now, messagesPage("", "1 1"))
	failure, hasEnded = call.LastRequest()
	assert.True(t, hasEnded)
	assert.Nil(t, failure)
}

func TestCheckMessage(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	assert.NoError(t, client.CheckMessage(threadID, chatcore.SendChatMessageRequest{Content: "Hi"}))
	requireInvalidArgument(t, client.CheckMessage(threadID, chatcore.SendChatMessageRequest{}), "sendMessage", "content")
}

func TestMessageTime(t *testing.T) {
	assert.Equal(t, chatcore.DateTime("2025-06-15T15:06:40Z"), chatcore.MessageTime("1750000000000"))
	assert.Empty(t, chatcore.MessageTime("abc"))
}

func TestDecodeMessage(t *testing.T) {
	request := chatcore.SendChatMessageRequest{Content: "Hi", SenderDisplayName: "Jane", Metadata: chatcore.Metadata{"a": "b"}}
	decoded, err := chatcore.DecodeMessage(request.JSON())
	require.NoError(t, err)
	assert.Equal(t, request, decoded)
	_, err = chatcore.DecodeMessage("{")
	assert.Error(t, err)
}

func TestCompareIDs(t *testing.T) {
	ascending := []string{"0", "1", "9", "10", "1749999999999", "1750000000000", "17500000000001", "9223372036854775808"}
	for i, a := range ascending {
		for j, b := range ascending {
			assert.Equal(t, cmp.Compare(i, j), cmp.Compare(chatcore.CompareIDs(a, b), 0), "%s %s", a, b)
		}
		assert.Zero(t, chatcore.CompareIDs(a, "00"+a))
	}
	assert.Zero(t, chatcore.CompareIDs("", "0"), "an absent version counts as 0")
}
