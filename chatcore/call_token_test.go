package chatcore_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// bearer returns the token that a call is sending.
func bearer(t *testing.T, call *chatcore.Call) string {
	t.Helper()
	require.Equal(t, chatcore.Send, call.Step().Kind)
	const scheme = "Bearer "
	field := call.Step().Request.Header[0]
	require.Equal(t, "Authorization", field.Name)
	require.Equal(t, scheme, field.Value[:len(scheme)])
	return field.Value[len(scheme):]
}

func TestTokenCallback(t *testing.T) {
	client := callbackClient(t)
	assert.Zero(t, client.TokenFlight())
	a := begin(t, client, createThread, start, chatcore.CallOptions{})
	assert.Equal(t, chatcore.NeedToken, a.Step().Kind)
	assert.Equal(t, start+30_000, a.Step().Deadline)
	assert.False(t, a.Step().ForceRefresh)
	assert.Empty(t, a.Step().Request.Header)
	flight := a.Step().Flight
	assert.NotZero(t, flight)
	assert.Equal(t, flight, client.TokenFlight())

	b := begin(t, client, addParticipants, start+10, chatcore.CallOptions{})
	c := begin(t, client, sendMessage, start+20, chatcore.CallOptions{TimeoutMs: 500})
	for _, call := range []*chatcore.Call{b, c} {
		assert.Equal(t, chatcore.Wait, call.Step().Kind)
		assert.Zero(t, call.Step().Flight)
	}
	assert.Equal(t, start+30_000, b.Step().Deadline, "the flight's")
	assert.Equal(t, start+520, c.Step().Deadline, "its own")

	client.Token(start+100, flight+1, "none.of.ours")
	client.Token(start+100, 0, "none.of.ours")
	assert.Empty(t, changed(client))

	client.Token(start+100, flight, secret)
	assert.Equal(t, pathIDs(a, b, c), changed(client))
	assert.Zero(t, client.TokenFlight())
	for _, call := range []*chatcore.Call{a, b, c} {
		assert.Equal(t, secret, bearer(t, call))
	}
	assert.Equal(t, start+30_100, b.Step().Deadline)
	assert.Equal(t, start+600, c.Step().Deadline)

	d := begin(t, client, sendMessage, start+200, chatcore.CallOptions{})
	assert.Equal(t, secret, bearer(t, d), "the callback is not asked again")

	client.Token(start+300, flight, "the.same.again")
	assert.Empty(t, changed(client))
	assert.Equal(t, secret, bearer(t, begin(t, client, sendMessage, start+300, chatcore.CallOptions{})))
}

func TestTokenCallbackFails(t *testing.T) {
	cause := errors.New("login required")
	client := callbackClient(t)
	calls := []*chatcore.Call{}
	for n, op := range operations {
		calls = append(calls, begin(t, client, op.in(n), start, chatcore.CallOptions{}))
	}
	client.TokenFailed(start+1, client.TokenFlight()+1, cause)
	assert.Empty(t, changed(client))
	client.TokenFailed(start+1, client.TokenFlight(), cause)
	assert.Equal(t, pathIDs(calls...), changed(client))
	for i, call := range calls {
		e := failed(t, call, chatcore.TokenError)
		assert.Equal(t, operations[i].name, e.Operation)
		assert.Equal(t, cause, e.Cause)
		assert.Contains(t, e.Message, "login required")
		assert.NotEmpty(t, e.Hint)
		assert.Zero(t, e.Attempts)
		assert.Zero(t, e.Status)
	}
	assert.Zero(t, client.TokenFlight())

	again := begin(t, client, sendMessage, start+2, chatcore.CallOptions{})
	assert.Equal(t, chatcore.NeedToken, again.Step().Kind, "the next call asks again")
	assert.False(t, again.Step().ForceRefresh)
}

func TestTokenCallbackGivesNoToken(t *testing.T) {
	for token, problem := range map[string]string{
		"": "is empty", "Bearer x": `"Bearer "`, " ": "white space", "x y": "white space", "x\r\nY: z": "white space", "x\n": "white space", "\tx": "white space", "é": "characters", "x\x7f": "characters",
	} {
		client := callbackClient(t)
		a := begin(t, client, createThread, start, chatcore.CallOptions{})
		b := begin(t, client, sendMessage, start, chatcore.CallOptions{})
		client.Token(start+1, client.TokenFlight(), token)
		assert.Equal(t, pathIDs(a, b), changed(client))
		for _, call := range []*chatcore.Call{a, b} {
			e := failed(t, call, chatcore.TokenError)
			assert.Contains(t, e.Message, problem)
			assert.NoError(t, e.Cause)
			if len(token) > 1 {
				assert.NotContains(t, e.Message, token)
			}
		}
		assert.Equal(t, chatcore.NeedToken, begin(t, client, sendMessage, start+2, chatcore.CallOptions{}).Step().Kind)
	}
}

// TestTokenAlphabet: RFC 6750 has one, and none of JSON's punctuation is in it.
func TestTokenAlphabet(t *testing.T) {
	for _, token := range []string{"eyJ0.eyJh_b-c.x", "abcXYZ019-._~+/", "YQ==", "a"} {
		client := callbackClient(t)
		call := begin(t, client, sendMessage, start, chatcore.CallOptions{})
		client.Token(start, call.Step().Flight, token)
		assert.Equal(t, token, bearer(t, call))
		newClient(t, chatcore.Options{Token: token})
	}
	for _, token := range []string{`{"token":"` + secret + `","expiresOn":"2030-01-01"}`, "{\n\t\"token\": \"" + secret + "\"\n}", `"` + secret + `"`, ` {"token":"` + secret + `"}`} {
		client := callbackClient(t)
		call := begin(t, client, sendMessage, start, chatcore.CallOptions{})
		client.Token(start, call.Step().Flight, token)
		e := failed(t, call, chatcore.TokenError)
		assert.Contains(t, e.Message, "the token callback's token is the text of a JSON answer, not the token in it")
		assert.Contains(t, e.Hint, "JSON")
		assert.NotContains(t, e.Message+e.JSON(), "CANARY")
	}
	for _, token := range []string{"jane:secret", "{x}", "a=b", "="} {
		client := callbackClient(t)
		call := begin(t, client, sendMessage, start, chatcore.CallOptions{})
		client.Token(start, call.Step().Flight, token)
		assert.Contains(t, failed(t, call, chatcore.TokenError).Message, "characters that no token has")
	}
}

func TestAbortOfTheCallThatAskedForTheToken(t *testing.T) {
	client := callbackClient(t)
	a := begin(t, client, createThread, start, chatcore.CallOptions{})
	b := begin(t, client, sendMessage, start, chatcore.CallOptions{})
	flight, waiting := client.TokenFlight(), *b.Step()
	a.Abort(start+1, errors.New("gone"))
	assert.Equal(t, pathIDs(a), changed(client))
	still(t, client, b, waiting)
	assert.Equal(t, flight, client.TokenFlight(), "the flight goes on")

	c := begin(t, client, sendMessage, start+2, chatcore.CallOptions{})
	assert.Equal(t, chatcore.Wait, c.Step().Kind)
	client.Token(start+3, flight, secret)
	assert.Equal(t, pathIDs(b, c), changed(client))
	assert.Equal(t, secret, bearer(t, b))
	assert.Equal(t, secret, bearer(t, c))
	assert.Equal(t, chatcore.Failed, a.Step().Kind)
}

// TestShortTimeoutOfTheCallThatAskedForTheToken is likewise no matter of the others.
func TestShortTimeoutOfTheCallThatAskedForTheToken(t *testing.T) {
	client := callbackClient(t)
	a := begin(t, client, createThread, start, chatcore.CallOptions{TimeoutMs: 100})
	b := begin(t, client, sendMessage, start+50, chatcore.CallOptions{})
	c := begin(t, client, addParticipants, start+60, chatcore.CallOptions{TotalTimeoutMs: 200})
	old := client.TokenFlight()
	assert.Equal(t, start+100, b.Step().Deadline)

	b.Elapsed(start + 99)
	assert.Empty(t, changed(client), "too early")

	a.Elapsed(start + 100)
	assert.Equal(t, pathIDs(a), changed(client))
	e := failed(t, a, chatcore.Timeout)
	assert.Contains(t, e.Message, "token callback")
	assert.Contains(t, e.Message, "100 ms")
	assert.Zero(t, e.Attempts)

	b.Elapsed(start + 100)
	c.Elapsed(start + 100)
	assert.Equal(t, pathIDs(b, c), changed(client))
	assert.Equal(t, chatcore.NeedToken, b.Step().Kind, "another flight")
	assert.NotEqual(t, old, b.Step().Flight)
	assert.Equal(t, b.Step().Flight, client.TokenFlight())
	assert.Equal(t, start+30_050, b.Step().Deadline, "no more time than it had")
	assert.Equal(t, chatcore.Wait, c.Step().Kind)
	assert.Equal(t, start+260, c.Step().Deadline)

	client.Token(start+110, old, "late.token")
	client.TokenFailed(start+110, old, errors.New("late"))
	assert.Empty(t, changed(client), "the answer to the old flight is dropped")

	c.Elapsed(start + 260)
	assert.Equal(t, pathIDs(c), changed(client))
	failed(t, c, chatcore.Timeout)

	client.Token(start+300, client.TokenFlight(), secret)
	assert.Equal(t, pathIDs(b), changed(client))
	assert.Equal(t, secret, bearer(t, b))
}

// TestExpiredFlightInAnyOrder: it must not matter which of the calls is told first.
func TestExpiredFlightInAnyOrder(t *testing.T) {
	client := callbackClient(t)
	a := begin(t, client, createThread, start, chatcore.CallOptions{TimeoutMs: 100})
	b := begin(t, client, sendMessage, start+50, chatcore.CallOptions{})
	b.Elapsed(start + 100)
	assert.Equal(t, chatcore.NeedToken, b.Step().Kind)
	a.Elapsed(start + 100)
	failed(t, a, chatcore.Timeout)
	client.Token(start+101, b.Step().Flight, secret)
	assert.Equal(t, secret, bearer(t, b))
}

// TestAbandonedFlight: when nobody waits for it any more, the flight is over, and its answer comes too late.
func TestAbandonedFlight(t *testing.T) {
	client := callbackClient(t)
	a := begin(t, client, createThread, start, chatcore.CallOptions{})
	b := begin(t, client, sendMessage, start, chatcore.CallOptions{})
	abandoned := client.TokenFlight()
	a.Abort(start, errors.New("gone"))
	assert.Equal(t, abandoned, client.TokenFlight())
	b.Abort(start, errors.New("gone"))
	assert.Zero(t, client.TokenFlight())

	c := begin(t, client, sendMessage, start+40_000, chatcore.CallOptions{})
	assert.Equal(t, chatcore.NeedToken, c.Step().Kind)
	assert.Equal(t, start+70_000, c.Step().Deadline)
	changed(client)
	waiting := *c.Step()
	client.Token(start+40_001, abandoned, "late.token")
	still(t, client, c, waiting)
	c.Elapsed(start + 70_000)
	failed(t, c, chatcore.Timeout)
	assert.Zero(t, client.TokenFlight())
}
