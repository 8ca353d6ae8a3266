package chatcore_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// secretToken is the access token of most tests. It must appear in the Authorization header only.
const secretToken = "eyJhbGciOi.CANARY.c2lnbmF0dXJl"

// testStart is the driver's time when a test begins.
const testStart chatcore.Instant = 1_000_000

// newClient returns a client with a fixed token, unless the options ask for a callback.
func newClient(t *testing.T, o chatcore.Options) *chatcore.Client {
	t.Helper()
	if o.Endpoint == "" {
		o.Endpoint = origin
	}
	if o.Token == "" && !o.TokenCallback {
		o.Token = secretToken
	}
	if o.Made == 0 {
		o.Made = testStart
	}
	if o.Retry == nil {
		o.Retry = &chatcore.RetryOptions{} // no retries
	}
	if o.NewUUID == nil {
		o.NewUUID = func() string { return uuid }
	}
	client, err := chatcore.NewClient(o)
	require.NoError(t, err)
	require.Nil(t, client.Next())
	return client
}

// newCallbackClient returns a client with a token callback.
func newCallbackClient(t *testing.T) *chatcore.Client {
	t.Helper()
	return newClient(t, chatcore.Options{TokenCallback: true})
}

// startCall starts a call and checks that Next returns this call alone.
func startCall(t *testing.T, client *chatcore.Client, op operation, now chatcore.Instant, o chatcore.CallOptions) *chatcore.Call {
	t.Helper()
	drainChanged(client)
	call := op.call(client, o)
	call.Start(now)
	require.Equal(t, callIDs(call), drainChanged(client))
	return call
}

// startSending starts a call of a client that has a token, and checks that the call sends its request at once.
func startSending(t *testing.T, client *chatcore.Client, op operation) *chatcore.Call {
	t.Helper()
	call := startCall(t, client, op, testStart, chatcore.CallOptions{})
	require.Equal(t, chatcore.Send, call.Step().Kind)
	return call
}

// drainChanged returns the ids of all calls that Next returns.
func drainChanged(client *chatcore.Client) []int {
	var calls []*chatcore.Call
	for call := client.Next(); call != nil; call = client.Next() {
		calls = append(calls, call)
	}
	return callIDs(calls...)
}

// callIDs returns the ids of calls.
func callIDs(calls ...*chatcore.Call) []int {
	numbers := []int{}
	for _, call := range calls {
		numbers = append(numbers, call.ID())
	}
	return numbers
}

// respond answers the request of a call.
func respond(call *chatcore.Call, now chatcore.Instant, status int, body string) {
	call.Response(now, call.Step().Number, chatcore.Response{Status: status, Body: body})
}

// respondSuccess answers the request of a call with the operation's success.
func respondSuccess(call *chatcore.Call, now chatcore.Instant, op operation) {
	respond(call, now, op.success, op.result)
}

// requireFailed checks that a call has failed with a code, and returns its error.
func requireFailed(t *testing.T, call *chatcore.Call, code chatcore.Code) *chatcore.Error {
	t.Helper()
	require.Equal(t, chatcore.Failed, call.Step().Kind)
	require.Nil(t, call.Step().Result)
	e := requireError(t, call.Step().Err)
	require.Equal(t, code, e.Code, e.Message)
	return e
}

// requireUnchanged checks that a call still has this step, and that Next returns nothing.
func requireUnchanged(t *testing.T, client *chatcore.Client, call *chatcore.Call, step chatcore.Step) {
	t.Helper()
	require.Equal(t, step, *call.Step())
	require.Empty(t, drainChanged(client))
}

// methodNamed returns the method with a name.
func methodNamed(t *testing.T, name string) chatcore.Method {
	t.Helper()
	for _, m := range chatcore.Methods {
		if m.Name == name {
			return m
		}
	}
	require.Fail(t, "no method", name)
	return chatcore.Method{}
}
