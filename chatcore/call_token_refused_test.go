package chatcore_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"

	"acschat/chatcore"
)

func TestRefusedToken(t *testing.T) {
	forEachOperation(t, func(t *testing.T, op operation) {
		client := newCallbackClient(t)
		a := startCall(t, client, op.inThread(1), testStart, chatcore.CallOptions{})
		client.Token(testStart, client.TokenFlight(), "first.token")
		b := startCall(t, client, op.inThread(2), testStart, chatcore.CallOptions{})
		c := startCall(t, client, op.inThread(3), testStart, chatcore.CallOptions{})

		respond(a, testStart+1, 401, "")
		assert.Equal(t, callIDs(a), drainChanged(client))
		assert.Equal(t, chatcore.NeedToken, a.Step().Kind)
		assert.True(t, a.Step().ForceRefresh)
		d := startCall(t, client, op.inThread(4), testStart+2, chatcore.CallOptions{})
		respond(b, testStart+3, 401, "") // while the fresh token is requested
		assert.Equal(t, chatcore.Wait, d.Step().Kind)
		assert.Equal(t, chatcore.Wait, b.Step().Kind)
		client.Token(testStart+4, client.TokenFlight(), "second.token")
		for _, call := range []*chatcore.Call{a, b, d} {
			assert.Equal(t, "second.token", sentToken(t, call), "one token request for all")
		}

		respond(c, testStart+5, 401, "")
		assert.Equal(t, "second.token", sentToken(t, c), "the 401 was for the first token")

		respond(a, testStart+6, 401, "")
		e := requireFailed(t, a, chatcore.Unauthorized)
		assert.Equal(t, 401, e.Status)
		assert.Equal(t, 2, e.Attempts, "one attempt with a fresh token")
		f := startCall(t, client, op.inThread(5), testStart+7, chatcore.CallOptions{})
		assert.Equal(t, chatcore.NeedToken, f.Step().Kind)
		assert.True(t, f.Step().ForceRefresh)
		respond(d, testStart+8, 401, "")
		assert.Equal(t, chatcore.Wait, d.Step().Kind, "every call refreshes the token once")
	})
}

// TestForceRefreshUntilTokenArrives: after a 401 the client asks for a fresh token until it gets one.
func TestForceRefreshUntilTokenArrives(t *testing.T) {
	client := newCallbackClient(t)
	call := startCall(t, client, sendMessage, testStart, chatcore.CallOptions{})
	client.Token(testStart, client.TokenFlight(), "first.token")
	respond(call, testStart, 401, "")

	for _, end := range []func(*chatcore.Call){
		func(call *chatcore.Call) { client.TokenFailed(testStart, call.Step().Flight, errors.New("x")) },
		func(call *chatcore.Call) { client.Token(testStart, call.Step().Flight, "") },
		func(call *chatcore.Call) { call.Elapsed(call.Step().Deadline) },
	} {
		assert.Equal(t, chatcore.NeedToken, call.Step().Kind)
		assert.True(t, call.Step().ForceRefresh)
		end(call)
		assert.Equal(t, chatcore.Failed, call.Step().Kind)
		call = startCall(t, client, sendMessage, testStart, chatcore.CallOptions{})
	}

	assert.True(t, call.Step().ForceRefresh)
	client.Token(testStart, call.Step().Flight, "second.token")
	respondSuccess(call, testStart, sendMessage)
	assert.Equal(t, "second.token", sentToken(t, startCall(t, client, sendMessage, testStart, chatcore.CallOptions{})))
}

// TestRefusedFixedToken: a client without a callback keeps using its token after a 401.
func TestRefusedFixedToken(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	call := startSending(t, client, sendMessage)
	respond(call, testStart, 401, "")
	requireFailed(t, call, chatcore.Unauthorized)
	assert.Equal(t, secretToken, sentToken(t, startCall(t, client, sendMessage, testStart, chatcore.CallOptions{})))
	assert.Zero(t, client.TokenFlight())
}

func TestOnly401InvalidatesToken(t *testing.T) {
	client := newCallbackClient(t)
	call := startCall(t, client, addParticipants, testStart, chatcore.CallOptions{})
	client.Token(testStart, client.TokenFlight(), secretToken)
	for i, status := range []int{400, 403, 404, 407, 429, 500, 503} {
		now := testStart + 10*chatcore.Instant(i)
		respond(call, now, status, "")
		call = startCall(t, client, addParticipants.inThread(i), now+10, chatcore.CallOptions{})
		assert.Equal(t, secretToken, sentToken(t, call), status)
	}
	call.NetworkFailed(testStart, call.Step().Number, errors.New("x"))
	assert.Equal(t, secretToken, sentToken(t, startCall(t, client, addParticipants.inThread(9), testStart, chatcore.CallOptions{})))
}

// TestLate401IsIgnored: a 401 that arrives after the attempt timed out does not invalidate the token.
func TestLate401IsIgnored(t *testing.T) {
	client := newCallbackClient(t)
	call := startCall(t, client, addParticipants, testStart, chatcore.CallOptions{})
	client.Token(testStart, client.TokenFlight(), secretToken)
	number := call.Step().Number
	call.Elapsed(call.Step().Deadline)
	call.Response(testStart, number, chatcore.Response{Status: 401})
	assert.Equal(t, secretToken, sentToken(t, startCall(t, client, addParticipants.inThread(9), testStart, chatcore.CallOptions{})))
}
