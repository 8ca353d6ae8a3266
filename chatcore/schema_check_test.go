package chatcore_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// TestLimits: a value at a limit is sent, a value beyond it is refused, and with checkLimits: false it is sent too.
func TestLimits(t *testing.T) {
	participants := func(n int) string {
		return `"participants":[` + strings.TrimSuffix(strings.Repeat(`{"communicationIdentifier":"8:acs:a_b"},`, n), ",") + `]`
	}
	metadata := func(n int) string {
		return `"participants":[{"communicationIdentifier":"a","metadata":{"é":"` + strings.Repeat("x", n-7) + `","key":"é"}}]`
	}
	for _, test := range []struct {
		method      string
		path        string
		within      string
		beyond      string
		limit, size string
	}{
		{"createThread", "participants", `{"topic":"x",` + participants(200) + `}`, `{"topic":"x",` + participants(201) + `}`, "200 entries", "201"},
		{"addParticipants", "participants", `{` + participants(200) + `}`, `{` + participants(250) + `}`, "200 entries", "250"},
		{"addParticipants", "participants[0].metadata", `{` + metadata(1024) + `}`, `{` + metadata(1025) + `}`, "1024 bytes of UTF-8, names and values together", "1025"},
		{"createThread", "metadata", `{"topic":"x","metadata":{"k":"` + strings.Repeat("x", 1023) + `"}}`, `{"topic":"x","metadata":{"k":"` + strings.Repeat("é", 512) + `"}}`, "1024 bytes of UTF-8, names and values together", "1025"},
		{"updateThread", "metadata", `{"metadata":{"k":"` + strings.Repeat("x", 1023) + `"}}`, `{"metadata":{"k":"` + strings.Repeat("é", 512) + `"}}`, "1024 bytes of UTF-8, names and values together", "1025"},
		{"updateMessage", "content", `{"content":"` + strings.Repeat("é", 14*1024) + `"}`, `{"content":"` + strings.Repeat("é", 14*1024) + `x"}`, "28672 bytes of UTF-8", "28673"},
		{"sendMessage", "content", `{"content":"` + strings.Repeat("é", 14*1024) + `"}`, `{"content":"` + strings.Repeat("é", 14*1024) + `x"}`, "28672 bytes of UTF-8", "28673"},
	} {
		client := newClient(t, chatcore.Options{CallOptions: chatcore.CallOptions{APIVersion: "2025-03-15"}})
		call := methodNamed(t, test.method).Call(client, targetIDs, test.within, "", "")
		call.Start(testStart)
		assert.Equal(t, chatcore.Send, call.Step().Kind, test.path)

		call = methodNamed(t, test.method).Call(client, targetIDs, test.beyond, "", "")
		call.Start(testStart)
		e := requireFailed(t, call, chatcore.InvalidArgument)
		assert.Equal(t, test.path, e.Target)
		assert.Contains(t, e.Message, test.path+" is limited to "+test.limit+", and has "+test.size)
		assert.Equal(t, chatcore.LimitExceeded, e.Reason)

		client = newClient(t, chatcore.Options{CallOptions: chatcore.CallOptions{APIVersion: "2025-03-15"}})
		call = methodNamed(t, test.method).Call(client, targetIDs, test.beyond, `{"checkLimits":false}`, "")
		call.Start(testStart)
		assert.Equal(t, chatcore.Send, call.Step().Kind, test.path)
	}
}

// TestRetentionLimits: deleteThreadAfterDays has a minimum and a maximum.
func TestRetentionLimits(t *testing.T) {
	for days, within := range map[int]bool{1: false, 29: false, 30: true, 90: true, 91: false, 2147483647: false} {
		text := `{"retentionPolicy":{"kind":"threadCreationDate","deleteThreadAfterDays":` + strconv.Itoa(days) + `}}`
		call := callMethod(t, newClient(t, chatcore.Options{}), updateThread, text, "")
		if within {
			assert.Equal(t, text, call.Step().Request.Body)
		} else {
			e := requireInvalidArgument(t, call.Step().Err, "updateThread", "retentionPolicy.deleteThreadAfterDays")
			assert.Contains(t, e.Message, "must be from 30 to 90")
		}
		call = callMethod(t, newClient(t, chatcore.Options{}), updateThread, text, `{"checkLimits":false}`)
		assert.Equal(t, text, call.Step().Request.Body)
	}
}

// TestPageSizeLimit: a page has at most 200 messages.
func TestPageSizeLimit(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	e := requireInvalidArgument(t, callMethod(t, client, listMessages, `{"maxPageSize":201}`, "").Step().Err, "listMessages", "options.maxPageSize")
	assert.Contains(t, e.Message, "must be from 1 to 200")
	call := callMethod(t, client, listMessages, `{"maxPageSize":201,"checkLimits":false}`, "")
	assert.Equal(t, threadURL+"/messages?api-version=2025-03-15&maxPageSize=201", call.Step().Request.URL)

	for _, op := range listOperations { // these are refused even with checkLimits: false
		for _, text := range []string{`{"maxPageSize":0,"checkLimits":false}`, `{"maxPageSize":-1,"checkLimits":false}`, `{"maxPageSize":2147483648,"checkLimits":false}`} {
			client := newCallbackClient(t)
			requireNothingSent(t, client, callMethod(t, client, op, text, ""), op.name, "options.maxPageSize")
		}
	}
}

// TestCheckLimitsPerCall: a call's checkLimits overrides its client's.
func TestCheckLimitsPerCall(t *testing.T) {
	no := false
	client := newClient(t, chatcore.Options{CallOptions: chatcore.CallOptions{CheckLimits: &no}})
	long := `{"content":"` + strings.Repeat("x", 30_000) + `"}`
	call := methodNamed(t, "sendMessage").Call(client, targetIDs, long, "", "")
	call.Start(testStart)
	assert.Equal(t, chatcore.Send, call.Step().Kind)
	call = methodNamed(t, "sendMessage").Call(client, targetIDs, long, `{"checkLimits":true}`, "")
	call.Start(testStart)
	requireFailed(t, call, chatcore.InvalidArgument)
}

// TestNoLimitOnMessageMetadata: the documentation states no limit on a message's metadata.
func TestNoLimitOnMessageMetadata(t *testing.T) {
	_, err := chatcore.BuildSendChatMessage(testEndpoint(t), "", threadID, chatcore.SendChatMessageRequest{Content: "x", Metadata: chatcore.Metadata{"k": strings.Repeat("x", 100_000)}})
	require.NoError(t, err)
}
