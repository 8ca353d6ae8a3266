package chatcore_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

func TestClose(t *testing.T) {
	client := callbackClient(t)
	done := begin(t, client, createThread, start, chatcore.CallOptions{})
	client.Token(start, done.Step().Flight, secret)
	succeed(done, start, createThread)
	sending := begin(t, client, sendMessage, start, chatcore.CallOptions{})
	asking := begin(t, client, createThread, start, chatcore.CallOptions{})
	answer(asking, start, 401, "") // so that it asks for another token
	changed(client)
	waiting := begin(t, client, sendMessage, start, chatcore.CallOptions{})
	unstarted := createThread.call(client, chatcore.CallOptions{})
	require.Equal(t, chatcore.Send, sending.Step().Kind)
	require.Equal(t, chatcore.NeedToken, asking.Step().Kind)
	require.Equal(t, chatcore.Wait, waiting.Step().Kind)
	flight := client.TokenFlight()

	client.Close(start + 1)
	assert.ElementsMatch(t, pathIDs(sending, asking, waiting, unstarted), changed(client), "not those that had ended")
	assert.Equal(t, chatcore.Done, done.Step().Kind)
	for _, call := range []*chatcore.Call{sending, asking, waiting, unstarted} {
		e := failed(t, call, chatcore.Closed)
		assert.NotEmpty(t, e.Operation)
		assert.NoError(t, e.Cause)
	}
	assert.Equal(t, 1, failed(t, sending, chatcore.Closed).Attempts, "also of a send")
	assert.Zero(t, failed(t, waiting, chatcore.Closed).Attempts)
	assert.Zero(t, client.TokenFlight(), "nobody wants the token any more")

	client.Token(start+2, flight, "late.token")
	client.TokenFailed(start+2, flight, assert.AnError)
	assert.Empty(t, changed(client))

	client.Close(start + 3)
	assert.Empty(t, changed(client), "again")
}

func TestCallsOfAClosedClient(t *testing.T) {
	for _, client := range []*chatcore.Client{newClient(t, chatcore.Options{}), callbackClient(t)} {
		client.Close(start)
		for _, op := range operations {
			call := begin(t, client, op, start, chatcore.CallOptions{})
			e := failed(t, call, chatcore.Closed)
			assert.Equal(t, op.name, e.Operation)
			assert.Zero(t, e.Attempts)
		}
		bad := method(t, "sendMessage").Call(client, [2]string{}, "", "", "")
		bad.Start(start)
		failed(t, bad, chatcore.Closed)
		assert.Zero(t, client.TokenFlight())
	}
}

// TestCloseInTheOrderOfCalls: what a page sees of it should not depend on chance.
func TestCloseInTheOrderOfCalls(t *testing.T) {
	for range 20 {
		client := newClient(t, chatcore.Options{})
		var calls []*chatcore.Call
		for range 8 {
			calls = append(calls, sending(t, client, sendMessage))
		}
		client.Close(start)
		require.Equal(t, pathIDs(calls...), changed(client))
	}
}
