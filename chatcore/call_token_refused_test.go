package chatcore_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"

	"acschat/chatcore"
)

func TestRefusedToken(t *testing.T) {
	each(t, func(t *testing.T, op operation) {
		client := callbackClient(t)
		a := begin(t, client, op.in(1), start, chatcore.CallOptions{})
		client.Token(start, client.TokenFlight(), "first.token")
		b := begin(t, client, op.in(2), start, chatcore.CallOptions{})
		c := begin(t, client, op.in(3), start, chatcore.CallOptions{})

		answer(a, start+1, 401, "")
		assert.Equal(t, pathIDs(a), changed(client))
		assert.Equal(t, chatcore.NeedToken, a.Step().Kind)
		assert.True(t, a.Step().ForceRefresh)
		d := begin(t, client, op.in(4), start+2, chatcore.CallOptions{})
		answer(b, start+3, 401, "") // while the fresh one is on its way
		assert.Equal(t, chatcore.Wait, d.Step().Kind)
		assert.Equal(t, chatcore.Wait, b.Step().Kind)
		client.Token(start+4, client.TokenFlight(), "second.token")
		for _, call := range []*chatcore.Call{a, b, d} {
			assert.Equal(t, "second.token", bearer(t, call), "one question for all")
		}

		answer(c, start+5, 401, "")
		assert.Equal(t, "second.token", bearer(t, c), "the refusal was of the first")

		answer(a, start+6, 401, "")
		e := failed(t, a, chatcore.Unauthorized)
		assert.Equal(t, 401, e.Status)
		assert.Equal(t, 2, e.Attempts, "it is repeated once")
		f := begin(t, client, op.in(5), start+7, chatcore.CallOptions{})
		assert.Equal(t, chatcore.NeedToken, f.Step().Kind)
		assert.True(t, f.Step().ForceRefresh)
		answer(d, start+8, 401, "")
		assert.Equal(t, chatcore.Wait, d.Step().Kind, "once each")
	})
}

// TestForceRefreshUntilThereIsAToken: a failure in between does not make the refused token good.
func TestForceRefreshUntilThereIsAToken(t *testing.T) {
	client := callbackClient(t)
	call := begin(t, client, sendMessage, start, chatcore.CallOptions{})
	client.Token(start, client.TokenFlight(), "first.token")
	answer(call, start, 401, "")

	for _, end := range []func(*chatcore.Call){
		func(call *chatcore.Call) { client.TokenFailed(start, call.Step().Flight, errors.New("x")) },
		func(call *chatcore.Call) { client.Token(start, call.Step().Flight, "") },
		func(call *chatcore.Call) { call.Elapsed(call.Step().Deadline) },
	} {
		assert.Equal(t, chatcore.NeedToken, call.Step().Kind)
		assert.True(t, call.Step().ForceRefresh)
		end(call)
		assert.Equal(t, chatcore.Failed, call.Step().Kind)
		call = begin(t, client, sendMessage, start, chatcore.CallOptions{})
	}

	assert.True(t, call.Step().ForceRefresh)
	client.Token(start, call.Step().Flight, "second.token")
	succeed(call, start, sendMessage)
	assert.Equal(t, "second.token", bearer(t, begin(t, client, sendMessage, start, chatcore.CallOptions{})))
}

// TestRefusedFixedToken: there is no other, so it goes on being used.
func TestRefusedFixedToken(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	call := sending(t, client, sendMessage)
	answer(call, start, 401, "")
	failed(t, call, chatcore.Unauthorized)
	assert.Equal(t, secret, bearer(t, begin(t, client, sendMessage, start, chatcore.CallOptions{})))
	assert.Zero(t, client.TokenFlight())
}

// TestOnly401RefusesAToken: not even a 403 does.
func TestOnly401RefusesAToken(t *testing.T) {
	client := callbackClient(t)
	call := begin(t, client, addParticipants, start, chatcore.CallOptions{})
	client.Token(start, client.TokenFlight(), secret)
	for i, status := range []int{400, 403, 404, 407, 429, 500, 503} {
		now := start + 10*chatcore.Instant(i)
		answer(call, now, status, "")
		call = begin(t, client, addParticipants.in(i), now+10, chatcore.CallOptions{})
		assert.Equal(t, secret, bearer(t, call), status)
	}
	call.NetworkFailed(start, call.Step().Number, errors.New("x"))
	assert.Equal(t, secret, bearer(t, begin(t, client, addParticipants.in(9), start, chatcore.CallOptions{})))
}

// TestStale401: an answer that comes too late says nothing of the token either.
func TestStale401(t *testing.T) {
	client := callbackClient(t)
	call := begin(t, client, addParticipants, start, chatcore.CallOptions{})
	client.Token(start, client.TokenFlight(), secret)
	number := call.Step().Number
	call.Elapsed(call.Step().Deadline)
	call.Response(start, number, chatcore.Response{Status: 401})
	assert.Equal(t, secret, bearer(t, begin(t, client, addParticipants.in(9), start, chatcore.CallOptions{})))
}
