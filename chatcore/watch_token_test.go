package chatcore_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"

	"acschat/chatcore"
)

// TestWatchAndTokens: a refused token is replaced, and a callback that fails is asked again.
func TestWatchAndTokens(t *testing.T) {
	client := callbackClient(t)
	call, now := polling(t, client)
	answer(call, now, 401, "")
	now = elapse(t, call)
	assert.Equal(t, chatcore.NeedToken, call.Step().Kind)
	assert.True(t, call.Step().ForceRefresh)
	client.TokenFailed(now, client.TokenFlight(), errors.New("login required"))
	now = elapse(t, call)
	assert.Equal(t, chatcore.NeedToken, call.Step().Kind)
	client.Token(now, client.TokenFlight(), "bad token")
	elapse(t, call)
	call.Elapsed(call.Step().Deadline) // the callback does not answer
	now = elapse(t, call)
	client.Token(now, client.TokenFlight(), "second.token")
	assert.Equal(t, "second.token", bearer(t, call))
	assert.Equal(t, "messages 20", asks(t, call))
	list(call, now, listed("", "b 11"))
	messages, _ := yields(t, call)
	assert.Equal(t, []string{"b 11"}, messages)

	call, now = polling(t, client)
	for range 5 {
		answer(call, now, 401, "")
		now = elapse(t, call)
		client.Token(now, client.TokenFlight(), "a.token")
	}
	answer(call, now, 401, "")
	failed(t, call, chatcore.Unauthorized)
}

// TestTokenThatExpiresWhileOffline: the failures before a 401 do not count against the callback that will cure it.
func TestTokenThatExpiresWhileOffline(t *testing.T) {
	client := callbackClient(t)
	call, now := polling(t, client)
	for range 10 {
		call.NetworkFailed(now, call.Step().Number, errors.New("offline"))
		now = elapse(t, call)
	}
	answer(call, now, 401, "")
	now = elapse(t, call)
	assert.Equal(t, chatcore.NeedToken, call.Step().Kind)
	client.Token(now, client.TokenFlight(), "second.token")
	assert.Equal(t, "messages 20", asks(t, call))
}

// TestWatchThatGaveUpWaitingForAToken waits until it is due, whatever becomes of the token that others still wait for.
func TestWatchThatGaveUpWaitingForAToken(t *testing.T) {
	for _, late := range []bool{false, true} {
		client := callbackClient(t)
		begin(t, client, sendMessage, start, chatcore.CallOptions{TimeoutMs: 100_000})
		call := client.WatchMessages(threadID, chatcore.WatchMessagesOptions{}, chatcore.CallOptions{TimeoutMs: 1000})
		call.Observe()
		call.Start(start)
		call.Elapsed(start + 1000)
		until, flight := due(t, call), client.TokenFlight()
		if late {
			call.Elapsed(until)
			assert.Equal(t, chatcore.Wait, call.Step().Kind, "for the token, again")
			client.Token(until+1, flight, secret)
		} else {
			client.Token(start+1001, flight, secret)
			assert.Equal(t, until, due(t, call))
			call.Elapsed(until)
		}
		list(call, until+2, listed("", "a 10"))
		all := exchanges(client)
		assert.Len(t, all, 1)
		assert.Equal(t, 1, all[0].Attempt)
	}
}
