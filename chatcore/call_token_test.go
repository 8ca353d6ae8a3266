package chatcore_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// sentToken returns the access token in a call's request.
func sentToken(t *testing.T, call *chatcore.Call) string {
	t.Helper()
	require.Equal(t, chatcore.Send, call.Step().Kind)
	const scheme = "Bearer "
	field := call.Step().Request.Header[0]
	require.Equal(t, "Authorization", field.Name)
	require.Equal(t, scheme, field.Value[:len(scheme)])
	return field.Value[len(scheme):]
}

func TestTokenCallback(t *testing.T) {
	client := newCallbackClient(t)
	assert.Zero(t, client.TokenFlight())
	a := startCall(t, client, createThread, testStart, chatcore.CallOptions{})
	assert.Equal(t, chatcore.NeedToken, a.Step().Kind)
	assert.Equal(t, testStart+30_000, a.Step().Deadline)
	assert.False(t, a.Step().ForceRefresh)
	assert.Empty(t, a.Step().Request.Header)
	flight := a.Step().Flight
	assert.NotZero(t, flight)
	assert.Equal(t, flight, client.TokenFlight())

	b := startCall(t, client, addParticipants, testStart+10, chatcore.CallOptions{})
	c := startCall(t, client, sendMessage, testStart+20, chatcore.CallOptions{TimeoutMs: 500})
	for _, call := range []*chatcore.Call{b, c} {
		assert.Equal(t, chatcore.Wait, call.Step().Kind)
		assert.Zero(t, call.Step().Flight)
	}
	assert.Equal(t, testStart+30_000, b.Step().Deadline, "the token request's deadline")
	assert.Equal(t, testStart+520, c.Step().Deadline, "the call's own deadline")

	client.Token(testStart+100, flight+1, "none.of.ours")
	client.Token(testStart+100, 0, "none.of.ours")
	assert.Empty(t, drainChanged(client))

	client.Token(testStart+100, flight, secretToken)
	assert.Equal(t, callIDs(a, b, c), drainChanged(client))
	assert.Zero(t, client.TokenFlight())
	for _, call := range []*chatcore.Call{a, b, c} {
		assert.Equal(t, secretToken, sentToken(t, call))
	}
	assert.Equal(t, testStart+30_100, b.Step().Deadline)
	assert.Equal(t, testStart+600, c.Step().Deadline)

	d := startCall(t, client, sendMessage, testStart+200, chatcore.CallOptions{})
	assert.Equal(t, secretToken, sentToken(t, d), "the token is reused")

	client.Token(testStart+300, flight, "the.same.again")
	assert.Empty(t, drainChanged(client))
	assert.Equal(t, secretToken, sentToken(t, startCall(t, client, sendMessage, testStart+300, chatcore.CallOptions{})))
}

func TestTokenCallbackFails(t *testing.T) {
	cause := errors.New("login required")
	client := newCallbackClient(t)
	calls := []*chatcore.Call{}
	for n, op := range operations {
		calls = append(calls, startCall(t, client, op.inThread(n), testStart, chatcore.CallOptions{}))
	}
	client.TokenFailed(testStart+1, client.TokenFlight()+1, cause)
	assert.Empty(t, drainChanged(client))
	client.TokenFailed(testStart+1, client.TokenFlight(), cause)
	assert.Equal(t, callIDs(calls...), drainChanged(client))
	for i, call := range calls {
		e := requireFailed(t, call, chatcore.TokenError)
		assert.Equal(t, operations[i].name, e.Operation)
		assert.Equal(t, cause, e.Cause)
		assert.Contains(t, e.Message, "login required")
		assert.Equal(t, chatcore.TokenCallbackFailed, e.Reason)
		assert.Empty(t, e.Hint, "not what a token must be")
		assert.Zero(t, e.Attempts)
		assert.Zero(t, e.Status)
	}
	assert.Zero(t, client.TokenFlight())

	again := startCall(t, client, sendMessage, testStart+2, chatcore.CallOptions{})
	assert.Equal(t, chatcore.NeedToken, again.Step().Kind, "the next call requests a token again")
	assert.False(t, again.Step().ForceRefresh)
}

func TestTokenCallbackReturnsInvalidToken(t *testing.T) {
	for token, problem := range map[string]string{
		"": "is empty", "Bearer x": `"Bearer "`, " ": "white space", "x y": "white space", "x\r\nY: z": "white space", "x\n": "white space", "\tx": "white space", "é": "characters", "x\x7f": "characters",
	} {
		client := newCallbackClient(t)
		a := startCall(t, client, createThread, testStart, chatcore.CallOptions{})
		b := startCall(t, client, sendMessage, testStart, chatcore.CallOptions{})
		client.Token(testStart+1, client.TokenFlight(), token)
		assert.Equal(t, callIDs(a, b), drainChanged(client))
		for _, call := range []*chatcore.Call{a, b} {
			e := requireFailed(t, call, chatcore.TokenError)
			assert.Contains(t, e.Message, problem)
			assert.NoError(t, e.Cause)
			if len(token) > 1 {
				assert.NotContains(t, e.Message, token)
			}
		}
		assert.Equal(t, chatcore.NeedToken, startCall(t, client, sendMessage, testStart+2, chatcore.CallOptions{}).Step().Kind)
	}
}

// TestTokenAlphabet: tokens have the alphabet of RFC 6750, which contains no punctuation of JSON.
func TestTokenAlphabet(t *testing.T) {
	for _, token := range []string{"eyJ0.eyJh_b-c.x", "abcXYZ019-._~+/", "YQ==", "a"} {
		client := newCallbackClient(t)
		call := startCall(t, client, sendMessage, testStart, chatcore.CallOptions{})
		client.Token(testStart, call.Step().Flight, token)
		assert.Equal(t, token, sentToken(t, call))
		newClient(t, chatcore.Options{Token: token})
	}
	for _, token := range []string{`{"token":"` + secretToken + `","expiresOn":"2030-01-01"}`, "{\n\t\"token\": \"" + secretToken + "\"\n}", `"` + secretToken + `"`, ` {"token":"` + secretToken + `"}`} {
		client := newCallbackClient(t)
		call := startCall(t, client, sendMessage, testStart, chatcore.CallOptions{})
		client.Token(testStart, call.Step().Flight, token)
		e := requireFailed(t, call, chatcore.TokenError)
		assert.Contains(t, e.Message, "the access token is the text of a JSON answer, not the token in it")
		assert.Contains(t, e.Hint, "JSON")
		assert.NotContains(t, e.Message+e.JSON(), "CANARY")
	}
	for _, token := range []string{"jane:secret", "{x}", "a=b", "="} {
		client := newCallbackClient(t)
		call := startCall(t, client, sendMessage, testStart, chatcore.CallOptions{})
		client.Token(testStart, call.Step().Flight, token)
		assert.Contains(t, requireFailed(t, call, chatcore.TokenError).Message, "characters that no token has")
	}
}

func TestAbortOfCallThatRequestedToken(t *testing.T) {
	client := newCallbackClient(t)
	a := startCall(t, client, createThread, testStart, chatcore.CallOptions{})
	b := startCall(t, client, sendMessage, testStart, chatcore.CallOptions{})
	flight, waiting := client.TokenFlight(), *b.Step()
	a.Abort(testStart+1, errors.New("gone"))
	assert.Equal(t, callIDs(a), drainChanged(client))
	requireUnchanged(t, client, b, waiting)
	assert.Equal(t, flight, client.TokenFlight(), "the token request goes on")

	c := startCall(t, client, sendMessage, testStart+2, chatcore.CallOptions{})
	assert.Equal(t, chatcore.Wait, c.Step().Kind)
	client.Token(testStart+3, flight, secretToken)
	assert.Equal(t, callIDs(b, c), drainChanged(client))
	assert.Equal(t, secretToken, sentToken(t, b))
	assert.Equal(t, secretToken, sentToken(t, c))
	assert.Equal(t, chatcore.Failed, a.Step().Kind)
}

// TestTimeoutOfCallThatRequestedToken: another call requests the token again and keeps its own deadline.
func TestTimeoutOfCallThatRequestedToken(t *testing.T) {
	client := newCallbackClient(t)
	a := startCall(t, client, createThread, testStart, chatcore.CallOptions{TimeoutMs: 100})
	b := startCall(t, client, sendMessage, testStart+50, chatcore.CallOptions{})
	c := startCall(t, client, addParticipants, testStart+60, chatcore.CallOptions{TotalTimeoutMs: 200})
	old := client.TokenFlight()
	assert.Equal(t, testStart+100, b.Step().Deadline)

	b.Elapsed(testStart + 99)
	assert.Empty(t, drainChanged(client), "too early")

	a.Elapsed(testStart + 100)
	assert.Equal(t, callIDs(a), drainChanged(client))
	e := requireFailed(t, a, chatcore.Timeout)
	assert.Equal(t, chatcore.TokenCallbackTimeout, e.Reason)
	assert.Contains(t, e.Message, "no token")
	assert.Contains(t, e.Message, "100 ms")
	assert.Zero(t, e.Attempts)

	b.Elapsed(testStart + 100)
	c.Elapsed(testStart + 100)
	assert.Equal(t, callIDs(b, c), drainChanged(client))
	assert.Equal(t, chatcore.NeedToken, b.Step().Kind, "a new token request")
	assert.NotEqual(t, old, b.Step().Flight)
	assert.Equal(t, b.Step().Flight, client.TokenFlight())
	assert.Equal(t, testStart+30_050, b.Step().Deadline, "its original deadline")
	assert.Equal(t, chatcore.Wait, c.Step().Kind)
	assert.Equal(t, testStart+260, c.Step().Deadline)

	client.Token(testStart+110, old, "late.token")
	client.TokenFailed(testStart+110, old, errors.New("late"))
	assert.Empty(t, drainChanged(client), "the answer to the old request is ignored")

	c.Elapsed(testStart + 260)
	assert.Equal(t, callIDs(c), drainChanged(client))
	requireFailed(t, c, chatcore.Timeout)

	client.Token(testStart+300, client.TokenFlight(), secretToken)
	assert.Equal(t, callIDs(b), drainChanged(client))
	assert.Equal(t, secretToken, sentToken(t, b))
}

// TestExpiredFlightOrder: the order in which the timers of the calls fire does not matter.
func TestExpiredFlightOrder(t *testing.T) {
	client := newCallbackClient(t)
	a := startCall(t, client, createThread, testStart, chatcore.CallOptions{TimeoutMs: 100})
	b := startCall(t, client, sendMessage, testStart+50, chatcore.CallOptions{})
	b.Elapsed(testStart + 100)
	assert.Equal(t, chatcore.NeedToken, b.Step().Kind)
	a.Elapsed(testStart + 100)
	requireFailed(t, a, chatcore.Timeout)
	client.Token(testStart+101, b.Step().Flight, secretToken)
	assert.Equal(t, secretToken, sentToken(t, b))
}

// TestAbandonedTokenRequest: a token request ends when no call waits for it. A later answer is ignored.
func TestAbandonedTokenRequest(t *testing.T) {
	client := newCallbackClient(t)
	a := startCall(t, client, createThread, testStart, chatcore.CallOptions{})
	b := startCall(t, client, sendMessage, testStart, chatcore.CallOptions{})
	abandoned := client.TokenFlight()
	a.Abort(testStart, errors.New("gone"))
	assert.Equal(t, abandoned, client.TokenFlight())
	b.Abort(testStart, errors.New("gone"))
	assert.Zero(t, client.TokenFlight())

	c := startCall(t, client, sendMessage, testStart+40_000, chatcore.CallOptions{})
	assert.Equal(t, chatcore.NeedToken, c.Step().Kind)
	assert.Equal(t, testStart+70_000, c.Step().Deadline)
	drainChanged(client)
	waiting := *c.Step()
	client.Token(testStart+40_001, abandoned, "late.token")
	requireUnchanged(t, client, c, waiting)
	c.Elapsed(testStart + 70_000)
	requireFailed(t, c, chatcore.Timeout)
	assert.Zero(t, client.TokenFlight())
}
