package chatcore_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"

	"acschat/chatcore"
)

// TestWatchRefreshesToken: after a 401 a watch gets a fresh token. It calls a failing callback again.
func TestWatchRefreshesToken(t *testing.T) {
	client := newCallbackClient(t)
	call, now := startPolling(t, client)
	respond(call, now, 401, "")
	now = elapseWait(t, call)
	assert.Equal(t, chatcore.NeedToken, call.Step().Kind)
	assert.True(t, call.Step().ForceRefresh)
	client.TokenFailed(now, client.TokenFlight(), errors.New("login required"))
	now = elapseWait(t, call)
	assert.Equal(t, chatcore.NeedToken, call.Step().Kind)
	client.Token(now, client.TokenFlight(), "bad token")
	elapseWait(t, call)
	call.Elapsed(call.Step().Deadline) // the callback does not answer
	now = elapseWait(t, call)
	client.Token(now, client.TokenFlight(), "second.token")
	assert.Equal(t, "second.token", sentToken(t, call))
	assert.Equal(t, "messages 20", requestedList(t, call))
	respondOK(call, now, messagesPage("", "b 11"))
	messages, _ := requireBatch(t, call)
	assert.Equal(t, []string{"b 11"}, messages)

	call, now = startPolling(t, client)
	for range 5 {
		respond(call, now, 401, "")
		now = elapseWait(t, call)
		client.Token(now, client.TokenFlight(), "a.token")
	}
	respond(call, now, 401, "")
	requireFailed(t, call, chatcore.Unauthorized)
}

// TestTokenThatExpiresWhileOffline: transient failures before a 401 do not keep the watch from refreshing its token.
func TestTokenThatExpiresWhileOffline(t *testing.T) {
	client := newCallbackClient(t)
	call, now := startPolling(t, client)
	for range 10 {
		call.NetworkFailed(now, call.Step().Number, errors.New("offline"))
		now = elapseWait(t, call)
	}
	respond(call, now, 401, "")
	now = elapseWait(t, call)
	assert.Equal(t, chatcore.NeedToken, call.Step().Kind)
	client.Token(now, client.TokenFlight(), "second.token")
	assert.Equal(t, "messages 20", requestedList(t, call))
}

// TestWatchTokenTimeout: a watch whose token wait timed out backs off, even if the token arrives for other calls meanwhile.
func TestWatchTokenTimeout(t *testing.T) {
	for _, late := range []bool{false, true} {
		client := newCallbackClient(t)
		startCall(t, client, sendMessage, testStart, chatcore.CallOptions{TimeoutMs: 100_000})
		call := client.WatchMessages(threadID, chatcore.WatchMessagesOptions{}, chatcore.CallOptions{TimeoutMs: 1000})
		call.Observe()
		call.Start(testStart)
		call.Elapsed(testStart + 1000)
		until, flight := waitDeadline(t, call), client.TokenFlight()
		if late {
			call.Elapsed(until)
			assert.Equal(t, chatcore.Wait, call.Step().Kind, "it waits for the token again")
			client.Token(until+1, flight, secretToken)
		} else {
			client.Token(testStart+1001, flight, secretToken)
			assert.Equal(t, until, waitDeadline(t, call))
			call.Elapsed(until)
		}
		respondOK(call, until+2, messagesPage("", "a 10"))
		all := drainExchanges(client)
		assert.Len(t, all, 1)
		assert.Equal(t, 1, all[0].Attempt)
	}
}
