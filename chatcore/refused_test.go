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
		a := begin(t, client, op, start, chatcore.CallOptions{})
		client.Token(start, client.TokenFlight(), "first.token")
		b := begin(t, client, op, start, chatcore.CallOptions{})
		c := begin(t, client, op, start, chatcore.CallOptions{})

		answer(a, start+1, 401, "")
		assert.Equal(t, ids(a), changed(client))
		assert.Equal(t, 401, failed(t, a, chatcore.Unauthorized).Status)

		d := begin(t, client, op, start+2, chatcore.CallOptions{})
		assert.Equal(t, chatcore.NeedToken, d.Step().Kind)
		assert.True(t, d.Step().ForceRefresh)
		answer(b, start+3, 401, "") // while the fresh one is on its way
		client.Token(start+4, client.TokenFlight(), "second.token")
		assert.Equal(t, "second.token", bearer(t, d))

		answer(c, start+5, 401, "")
		failed(t, c, chatcore.Unauthorized)
		e := begin(t, client, op, start+6, chatcore.CallOptions{})
		assert.Equal(t, "second.token", bearer(t, e), "the refusal was of the first")

		answer(d, start+7, 401, "")
		f := begin(t, client, op, start+8, chatcore.CallOptions{})
		assert.Equal(t, chatcore.NeedToken, f.Step().Kind)
		assert.True(t, f.Step().ForceRefresh)
	})
}

// TestForceRefreshUntilThereIsAToken: a failure in between does not make the refused token good.
func TestForceRefreshUntilThereIsAToken(t *testing.T) {
	client := callbackClient(t)
	refused := begin(t, client, sendMessage, start, chatcore.CallOptions{})
	client.Token(start, client.TokenFlight(), "first.token")
	answer(refused, start, 401, "")

	for _, end := range []func(*chatcore.Call){
		func(call *chatcore.Call) { client.TokenFailed(start, call.Step().Flight, errors.New("x")) },
		func(call *chatcore.Call) { client.Token(start, call.Step().Flight, "") },
		func(call *chatcore.Call) { call.Elapsed(call.Step().Deadline) },
	} {
		call := begin(t, client, sendMessage, start, chatcore.CallOptions{})
		assert.Equal(t, chatcore.NeedToken, call.Step().Kind)
		assert.True(t, call.Step().ForceRefresh)
		end(call)
		assert.Equal(t, chatcore.Failed, call.Step().Kind)
	}

	call := begin(t, client, sendMessage, start, chatcore.CallOptions{})
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
	for _, status := range []int{400, 403, 404, 407, 429, 500, 503} {
		answer(call, start, status, "")
		call = begin(t, client, addParticipants, start, chatcore.CallOptions{})
		assert.Equal(t, secret, bearer(t, call), status)
	}
	call.NetworkFailed(start, call.Step().Number, errors.New("x"))
	assert.Equal(t, secret, bearer(t, begin(t, client, addParticipants, start, chatcore.CallOptions{})))
}

// TestStale401: an answer that comes too late says nothing of the token either.
func TestStale401(t *testing.T) {
	client := callbackClient(t)
	call := begin(t, client, addParticipants, start, chatcore.CallOptions{})
	client.Token(start, client.TokenFlight(), secret)
	number := call.Step().Number
	call.Elapsed(call.Step().Deadline)
	call.Response(start, number, chatcore.Response{Status: 401})
	assert.Equal(t, secret, bearer(t, begin(t, client, addParticipants, start, chatcore.CallOptions{})))
}
