package chatcore_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// callWithOptions starts a call of a method with options in JSON.
func callWithOptions(t *testing.T, client *chatcore.Client, op operation, options string) *chatcore.Call {
	t.Helper()
	call := methodNamed(t, op.name).Call(client, targetIDs, op.request, options, "")
	call.Start(testStart)
	require.Equal(t, callIDs(call), drainChanged(client))
	return call
}

// validOptions and invalidOptions are options that createClient and the methods have in common.
var (
	validOptions = []string{
		`{}`, `{"apiVersion":"2025-03-15"}`, `{"timeoutMs":1}`, `{"timeoutMs":2147483647,"totalTimeoutMs":2147483647}`, `{"settleMs":0}`, `{"settleMs":5000}`,
		`{"checkLimits":true}`, `{"checkLimits":false}`, `{"retry":false}`, `{"retry":{}}`, `{"retry":{"maxRetries":0,"baseDelayMs":0,"maxDelayMs":0}}`,
		`{"retry":{"maxRetries":3,"baseDelayMs":800,"maxDelayMs":30000}}`, ` {"timeoutMs" : 30000} `,
	}
	invalidOptions = []struct{ text, path, problem string }{
		{`{"timeout":1}`, "timeout", "is not a known field"},
		{`{"timeoutms":1}`, "timeoutms", "is not a known field"},
		{`{"signal":{}}`, "signal", "is not a known field"},
		{`{"apiVersion":20250315}`, "apiVersion", "must be a string, not a number"},
		{`{"apiVersion":null}`, "apiVersion", "must be a string, not null"},
		{`{"timeoutMs":"30000"}`, "timeoutMs", "must be a whole number, not a string"},
		{`{"timeoutMs":null}`, "timeoutMs", "must be a whole number, not null"},
		{`{"timeoutMs":1.5}`, "timeoutMs", "must be a whole number"},
		{`{"timeoutMs":0}`, "timeoutMs", "2147483647"},
		{`{"timeoutMs":-1}`, "timeoutMs", "2147483647"},
		{`{"timeoutMs":2147483648}`, "timeoutMs", "2147483647"},
		{`{"totalTimeoutMs":0}`, "totalTimeoutMs", "2147483647"},
		{`{"totalTimeoutMs":1e21}`, "totalTimeoutMs", "must be a whole number of at most 15 digits"},
		{`{"totalTimeoutMs":9007199254740993}`, "totalTimeoutMs", "must be a whole number of at most 15 digits"},
		{`{"settleMs":-1}`, "settleMs", "2147483647"},
		{`{"settleMs":true}`, "settleMs", "must be a whole number, not true"},
		{`{"checkLimits":1}`, "checkLimits", "must be true or false, not a number"},
		{`{"checkLimits":"false"}`, "checkLimits", "must be true or false, not a string"},
		{`{"retry":true}`, "retry", "must be false or an object, not true"},
		{`{"retry":0}`, "retry", "must be an object, not a number"},
		{`{"retry":null}`, "retry", "must be an object, not null"},
		{`{"retry":{"maxRetries":-1}}`, "retry.maxRetries", "2147483647"},
		{`{"retry":{"maxRetries":"3"}}`, "retry.maxRetries", "must be a whole number, not a string"},
		{`{"retry":{"maxRetries":false}}`, "retry.maxRetries", "must be a whole number, not false"},
		{`{"retry":{"baseDelayMs":2147483648}}`, "retry.baseDelayMs", "2147483647"},
		{`{"retry":{"retries":3}}`, "retry.retries", "is not a known field"},
	}
)

func TestCallOptions(t *testing.T) {
	forEachOperation(t, func(t *testing.T, op operation) {
		for _, text := range append(validOptions, "") {
			call := callWithOptions(t, newClient(t, chatcore.Options{}), op, text)
			assert.Equal(t, chatcore.Send, call.Step().Kind, "%s: %v", text, call.Step().Err)
		}
		for _, bad := range invalidOptions {
			call := callWithOptions(t, newClient(t, chatcore.Options{}), op, bad.text)
			e := requireInvalidArgument(t, call.Step().Err, op.name, "options."+bad.path)
			assert.Contains(t, e.Message, bad.problem, bad.text)
		}
		for text, problem := range map[string]string{`null`: "must be an object, not null", `[]`: "must be an object, not an array", `false`: "must be an object, not false", `1`: "must be an object"} {
			call := callWithOptions(t, newClient(t, chatcore.Options{}), op, text)
			e := requireInvalidArgument(t, call.Step().Err, op.name, "options")
			assert.Contains(t, e.Message, problem)
		}
		for _, text := range []string{`{"endpoint":"https://a.example"}`, `{"token":"x"}`} {
			call := callWithOptions(t, newClient(t, chatcore.Options{}), op, text)
			assert.Equal(t, chatcore.InvalidArgument, requireFailed(t, call, chatcore.InvalidArgument).Code, "createClient's alone: %s", text)
		}
	})
}

func TestIdempotencyToken(t *testing.T) {
	const name = "repeatability-request-id"
	call := callWithOptions(t, newClient(t, chatcore.Options{}), createThread, `{"idempotencyToken":"my-own"}`)
	assert.Equal(t, "my-own", headerMap(t, call.Step().Request.Header)[name])

	made := 0
	client := newClient(t, chatcore.Options{NewUUID: func() string { made++; return uuid }})
	for _, options := range []string{``, `{}`, `{"timeoutMs":5}`} {
		made = 0
		call = callWithOptions(t, client, createThread, options)
		assert.Equal(t, uuid, headerMap(t, call.Step().Request.Header)[name])
		assert.Equal(t, 1, made, "one token per call")
	}
	made = 0
	forEachOperationExcept(t, createThread, func(t *testing.T, op operation) {
		call := callWithOptions(t, client, op, ``)
		assert.NotContains(t, headerMap(t, call.Step().Request.Header), name)
		call = callWithOptions(t, client, op, `{"idempotencyToken":"my-own"}`)
		requireInvalidArgument(t, call.Step().Err, op.name, "options.idempotencyToken")
	})
	assert.Zero(t, made)

	for text, problem := range map[string]string{`1`: "must be a string", `"a b"`: "ASCII", `"a\r\nb: c"`: "ASCII", `"é"`: "ASCII", `"\u0000"`: "ASCII"} {
		call = callWithOptions(t, client, createThread, `{"idempotencyToken":`+text+`}`)
		e := requireInvalidArgument(t, call.Step().Err, "createThread", "options.idempotencyToken")
		assert.Contains(t, e.Message, problem)
	}
}

func TestClientOptions(t *testing.T) {
	for _, text := range validOptions {
		_, err := chatcore.DecodeOptions(text)
		assert.NoError(t, err, text)
	}
	for _, bad := range invalidOptions {
		_, err := chatcore.DecodeOptions(bad.text)
		e := requireInvalidArgument(t, err, "createClient", bad.path)
		assert.Contains(t, e.Message, bad.problem, bad.text)
	}
	for text, path := range map[string]string{
		`{"endpoint":1}`: "endpoint", `{"endpoint":null}`: "endpoint", `{"token":{}}`: "token", `{"token":null}`: "token", `{"idempotencyToken":"a"}`: "idempotencyToken",
		`{"newUUID":"a"}`: "newUUID", `{"tokenCallback":true}`: "tokenCallback", `{"Endpoint":"https://a.example"}`: "Endpoint",
	} {
		_, err := chatcore.DecodeOptions(text)
		requireInvalidArgument(t, err, "createClient", path)
	}
	for _, text := range []string{``, `null`, `[]`, `{"endpoint":"https://a.example"`} {
		_, err := chatcore.DecodeOptions(text)
		assert.Equal(t, chatcore.InvalidArgument, requireError(t, err).Code)
	}

	o, err := chatcore.DecodeOptions(`{"endpoint":"https://a.example/","token":"x","apiVersion":"v","timeoutMs":7,"totalTimeoutMs":8,"retry":false,"settleMs":1,"checkLimits":true}`)
	require.NoError(t, err)
	yes, settleMs := true, 1
	assert.Equal(t, chatcore.Options{
		Endpoint: "https://a.example/", Token: "x", CallOptions: chatcore.CallOptions{APIVersion: "v", TimeoutMs: 7, TotalTimeoutMs: 8, Retry: &chatcore.RetryOptions{}, SettleMs: &settleMs, CheckLimits: &yes}}, o)
}

func TestFixedTokens(t *testing.T) {
	for token, problem := range map[string]string{
		"": "is required", "Bearer x": `"Bearer "`, "Bearer ": `"Bearer "`, " x": "white space", "x ": "white space", "x\n": "white space", "a b": "white space", "é": "characters", "\x00": "characters",
		`{"token":"eyJ.x"}`: "text of a JSON answer", "{\n  \"token\": \"eyJ.x\"\n}": "text of a JSON answer", `"eyJ.x"`: "text of a JSON answer", `["eyJ.x"]`: "text of a JSON answer",
		"a:b": "characters", "{x}": "characters", "[objectObject]": "characters", "<html>": "characters", "a=b": "characters", "=": "characters", "a,b": "characters", `a\b`: "characters",
	} {
		client, err := chatcore.NewClient(chatcore.Options{Endpoint: origin, Token: token})
		e := requireInvalidArgument(t, err, "createClient", "token")
		assert.Contains(t, e.Message, problem)
		assert.True(t, e.Hint != "" || e.Reason == chatcore.TokenMissing, token)
		assert.Nil(t, client)
	}
	_, err := chatcore.NewClient(chatcore.Options{Endpoint: origin, TokenCallback: true})
	assert.NoError(t, err, "with a callback the token is optional")
}

// TestCallOptionsOverrideClientOptions: a call's option overrides its client's, which overrides the default.
func TestCallOptionsOverrideClientOptions(t *testing.T) {
	forEachOperation(t, func(t *testing.T, op operation) {
		for _, test := range []struct {
			client, call chatcore.CallOptions
			version      string
			deadline     chatcore.Instant
		}{
			{version: op.apiVersion, deadline: 30_000},
			{client: chatcore.CallOptions{APIVersion: "2025-03-15", TimeoutMs: 7}, version: "2025-03-15", deadline: 7},
			{call: chatcore.CallOptions{APIVersion: "2031-01-01", TimeoutMs: 9}, version: "2031-01-01", deadline: 9},
			{client: chatcore.CallOptions{APIVersion: "2025-03-15", TimeoutMs: 7}, call: chatcore.CallOptions{APIVersion: "2024-03-07", TimeoutMs: 90_000}, version: "2024-03-07", deadline: 90_000},
			{client: chatcore.CallOptions{TotalTimeoutMs: 5}, version: op.apiVersion, deadline: 5},
			{client: chatcore.CallOptions{TotalTimeoutMs: 5}, call: chatcore.CallOptions{TotalTimeoutMs: 6}, version: op.apiVersion, deadline: 6},
			{call: chatcore.CallOptions{TimeoutMs: 200_000}, version: op.apiVersion, deadline: 120_000},
		} {
			call := startCall(t, newClient(t, chatcore.Options{CallOptions: test.client}), op, testStart, test.call)
			assert.Equal(t, chatcore.Send, call.Step().Kind)
			assert.Equal(t, testStart+test.deadline, call.Step().Deadline)
			assert.Contains(t, call.Step().Request.URL, "?api-version="+test.version)
		}
	})
}

// TestOptionsInGo: options in Go are checked like options in JSON.
func TestOptionsInGo(t *testing.T) {
	tooLong := int64(1) << 31 // a variable, since the constant is no int on 32-bit platforms
	for _, test := range []struct {
		options chatcore.CallOptions
		path    string
	}{
		{chatcore.CallOptions{TimeoutMs: -1}, "timeoutMs"},
		{chatcore.CallOptions{TimeoutMs: int(tooLong)}, "timeoutMs"},
		{chatcore.CallOptions{TotalTimeoutMs: -1}, "totalTimeoutMs"},
		{chatcore.CallOptions{TotalTimeoutMs: int(tooLong)}, "totalTimeoutMs"},
	} {
		client, err := chatcore.NewClient(chatcore.Options{Endpoint: origin, Token: secretToken, CallOptions: test.options})
		requireInvalidArgument(t, err, "createClient", test.path)
		assert.Nil(t, client)
		forEachOperation(t, func(t *testing.T, op operation) {
			call := startCall(t, newClient(t, chatcore.Options{}), op, testStart, test.options)
			requireInvalidArgument(t, call.Step().Err, op.name, "options."+test.path)
		})
	}
	forEachOperationExcept(t, sendMessage, func(t *testing.T, op operation) {
		for _, o := range []chatcore.CallOptions{{IdempotencyToken: uuid}, {Idempotent: true}} {
			if op.name != "createThread" || o.Idempotent {
				call := startCall(t, newClient(t, chatcore.Options{}), op, testStart, o)
				requireInvalidArgument(t, call.Step().Err, op.name, "options.idempotencyToken")
			}
		}
	})
}

// TestCreateThreadWithoutNewUUID: a client without NewUUID sends createThread without a repeatability request id.
func TestCreateThreadWithoutNewUUID(t *testing.T) {
	client, err := chatcore.NewClient(chatcore.Options{Endpoint: origin, Token: secretToken})
	require.NoError(t, err)
	call := startCall(t, client, createThread, testStart, chatcore.CallOptions{})
	require.Equal(t, chatcore.Send, call.Step().Kind)
	assert.NotContains(t, headerMap(t, call.Step().Request.Header), "repeatability-request-id")
	call = startCall(t, client, createThread, testStart, chatcore.CallOptions{IdempotencyToken: "my-own"})
	assert.Equal(t, "my-own", headerMap(t, call.Step().Request.Header)["repeatability-request-id"])
}
