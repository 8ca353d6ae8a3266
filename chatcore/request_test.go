package chatcore_test

import (
	"encoding/json"
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

func TestFetchInit(t *testing.T) {
	req := chatcore.Request{
		Method: "POST", URL: origin + "/chat/threads",
		Header: []chatcore.HeaderField{{Name: "Authorization", Value: "Bearer x"}, {Name: "Content-Type", Value: "application/json"}},
		Body:   `{"topic":"\"é\n"}`,
	}
	assert.JSONEq(t, `{"method":"POST","headers":{"Authorization":"Bearer x","Content-Type":"application/json"},
		"body":"{\"topic\":\"\\\"é\\n\"}","credentials":"omit","redirect":"error"}`, req.FetchInit())

	assert.JSONEq(t, `{"method":"GET","headers":{},"credentials":"omit","redirect":"error","cache":"no-store"}`, chatcore.Request{Method: "GET"}.FetchInit(),
		"fetch refuses a GET with a body, also with an empty one")
}

// TestFetchInitOfEveryOperation: FetchInit has the request's method, headers and body.
func TestFetchInitOfEveryOperation(t *testing.T) {
	forEachOperation(t, func(t *testing.T, op operation) {
		req, err := op.build(testEndpoint(t), "", targetIDs, op.request)
		require.NoError(t, err)
		var init struct {
			Method, Body, Credentials, Redirect, Cache string
			Headers                                    map[string]string
		}
		require.NoError(t, json.Unmarshal([]byte(req.FetchInit()), &init))
		assert.Equal(t, req.Method, init.Method)
		assert.Equal(t, req.Body, init.Body)
		assert.Equal(t, headerMap(t, req.Header), init.Headers)
		assert.Equal(t, "omit", init.Credentials)
		assert.Equal(t, "error", init.Redirect)
		assert.Equal(t, req.Method == "GET", init.Cache == "no-store")
	})
}
