package chatcore_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// secret is the token of tests that do not care for it, and one that none but an Authorization header may hold.
const secretToken = "eyJhbGciOi.CANARY.c2lnbmF0dXJl"

// start is when tests begin, in the driver's milliseconds.
const testStart chatcore.Instant = 1_000_000

// newClient makes a client with a fixed token, unless the options ask for a callback.
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
		o.Retry = &chatcore.RetryOptions{} // one attempt, unless a test is about more
	}
	if o.NewUUID == nil {
		o.NewUUID = func() string { return uuid }
	}
	client, err := chatcore.NewClient(o)
	require.NoError(t, err)
	require.Nil(t, client.Next())
	return client
}

// callbackClient makes a client with a token callback.
func newCallbackClient(t *testing.T) *chatcore.Client {
	t.Helper()
	return newClient(t, chatcore.Options{TokenCallback: true})
}

// begin starts a call and returns it with the client's queue empty.
func startCall(t *testing.T, client *chatcore.Client, op operation, now chatcore.Instant, o chatcore.CallOptions) *chatcore.Call {
	t.Helper()
	drainChanged(client)
	call := op.call(client, o)
	call.Start(now)
	require.Equal(t, callIDs(call), drainChanged(client))
	return call
}

// sending starts a call of a client that has a token.
func startSending(t *testing.T, client *chatcore.Client, op operation) *chatcore.Call {
	t.Helper()
	call := startCall(t, client, op, testStart, chatcore.CallOptions{})
	require.Equal(t, chatcore.Send, call.Step().Kind)
	return call
}

// changed empties the queue of a client and returns the ids of the calls in it.
func drainChanged(client *chatcore.Client) []int {
	var calls []*chatcore.Call
	for call := client.Next(); call != nil; call = client.Next() {
		calls = append(calls, call)
	}
	return callIDs(calls...)
}

// ids returns the ids of calls.
func callIDs(calls ...*chatcore.Call) []int {
	numbers := []int{}
	for _, call := range calls {
		numbers = append(numbers, call.ID())
	}
	return numbers
}

// answer answers the request of a call that is sending.
func respond(call *chatcore.Call, now chatcore.Instant, status int, body string) {
	call.Response(now, call.Step().Number, chatcore.Response{Status: status, Body: body})
}

// succeed answers it with the operation's success.
func respondSuccess(call *chatcore.Call, now chatcore.Instant, op operation) {
	respond(call, now, op.success, op.result)
}

// failed takes a call for one that has failed.
func requireFailed(t *testing.T, call *chatcore.Call, code chatcore.Code) *chatcore.Error {
	t.Helper()
	require.Equal(t, chatcore.Failed, call.Step().Kind)
	require.Nil(t, call.Step().Result)
	e := requireError(t, call.Step().Err)
	require.Equal(t, code, e.Code, e.Message)
	return e
}

// still checks that nothing changed since a step of a call.
func requireUnchanged(t *testing.T, client *chatcore.Client, call *chatcore.Call, step chatcore.Step) {
	t.Helper()
	require.Equal(t, step, *call.Step())
	require.Empty(t, drainChanged(client))
}

// method returns the method of a name.
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
