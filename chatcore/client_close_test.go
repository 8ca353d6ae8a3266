package chatcore_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

func TestClose(t *testing.T) {
	client := newCallbackClient(t)
	done := startCall(t, client, createThread, testStart, chatcore.CallOptions{})
	client.Token(testStart, done.Step().Flight, secretToken)
	respondSuccess(done, testStart, createThread)
	sending := startCall(t, client, sendMessage, testStart, chatcore.CallOptions{})
	needToken := startCall(t, client, createThread, testStart, chatcore.CallOptions{})
	respond(needToken, testStart, 401, "") // so that it requests another token
	drainChanged(client)
	waiting := startCall(t, client, sendMessage, testStart, chatcore.CallOptions{})
	unstarted := createThread.call(client, chatcore.CallOptions{})
	require.Equal(t, chatcore.Send, sending.Step().Kind)
	require.Equal(t, chatcore.NeedToken, needToken.Step().Kind)
	require.Equal(t, chatcore.Wait, waiting.Step().Kind)
	flight := client.TokenFlight()

	client.Close(testStart + 1)
	assert.ElementsMatch(t, callIDs(sending, needToken, waiting, unstarted), drainChanged(client), "all calls in flight, not those that have ended")
	assert.Equal(t, chatcore.Done, done.Step().Kind)
	for _, call := range []*chatcore.Call{sending, needToken, waiting, unstarted} {
		e := requireFailed(t, call, chatcore.Closed)
		assert.NotEmpty(t, e.Operation)
		assert.NoError(t, e.Cause)
	}
	assert.Equal(t, 1, requireFailed(t, sending, chatcore.Closed).Attempts, "a send fails with Closed too")
	assert.Zero(t, requireFailed(t, waiting, chatcore.Closed).Attempts)
	assert.Zero(t, client.TokenFlight(), "the token request has ended")

	client.Token(testStart+2, flight, "late.token")
	client.TokenFailed(testStart+2, flight, assert.AnError)
	assert.Empty(t, drainChanged(client))

	client.Close(testStart + 3)
	assert.Empty(t, drainChanged(client), "closing again has no effect")
}

func TestCallsAfterClose(t *testing.T) {
	for _, client := range []*chatcore.Client{newClient(t, chatcore.Options{}), newCallbackClient(t)} {
		client.Close(testStart)
		for _, op := range operations {
			call := startCall(t, client, op, testStart, chatcore.CallOptions{})
			e := requireFailed(t, call, chatcore.Closed)
			assert.Equal(t, op.name, e.Operation)
			assert.Zero(t, e.Attempts)
		}
		bad := methodNamed(t, "sendMessage").Call(client, [2]string{}, "", "", "")
		bad.Start(testStart)
		requireFailed(t, bad, chatcore.Closed)
		assert.Zero(t, client.TokenFlight())
	}
}

// TestCloseEndsCallsInOrder: calls end in the order in which they were made.
func TestCloseEndsCallsInOrder(t *testing.T) {
	for range 20 {
		client := newClient(t, chatcore.Options{})
		var calls []*chatcore.Call
		for range 8 {
			calls = append(calls, startSending(t, client, sendMessage))
		}
		client.Close(testStart)
		require.Equal(t, callIDs(calls...), drainChanged(client))
	}
}
