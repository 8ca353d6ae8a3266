package chatcore_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// tokenExpiringIn returns a token that expires so many seconds after startUnixMs.
func tokenExpiringIn(seconds int64) string {
	return jwt(fmt.Sprintf(`{"exp":%d}`, startUnixMs/1000+seconds))
}

// clientWithToken returns a client that got a token from its callback at startUnixMs and has used it.
func clientWithToken(t *testing.T, token string) *sendOnceClient {
	t.Helper()
	d := newSendOnceClient(t, chatcore.Options{TokenCallback: true})
	call := startCall(t, d.Client, getThread, testStart, chatcore.CallOptions{})
	assert.False(t, call.Step().ForceRefresh)
	d.Token(testStart, d.TokenFlight(), token)
	respondSuccess(call, testStart, getThread)
	return d
}

// TestTokenRefreshTime: a token is refreshed two minutes before it expires, or in the last quarter of a short lifetime.
func TestTokenRefreshTime(t *testing.T) {
	for name, test := range map[string]struct {
		token string
		after int64 // milliseconds; 0: never
	}{
		"a day":         {tokenExpiringIn(86_400), 86_400_000 - 120_000},
		"an hour":       {tokenExpiringIn(3600), 3_600_000 - 120_000},
		"ten minutes":   {tokenExpiringIn(600), 480_000},
		"eight minutes": {tokenExpiringIn(480), 360_000},
		"a minute":      {tokenExpiringIn(60), 45_000},
		"a second":      {tokenExpiringIn(1), 750},
		"expired":       {tokenExpiringIn(0), 0},
		"long ago":      {tokenExpiringIn(-86_400), 0},
		"opaque":        {secretToken, 0},
		"no expiry":     {jwt(`{"skypeid":"acs:jane"}`), 0},
	} {
		d := clientWithToken(t, test.token)
		if test.after == 0 {
			d.unixMs += 1_000_000_000
			assert.Equal(t, test.token, sentToken(t, startCall(t, d.Client, getThread, testStart, chatcore.CallOptions{})), name)
			continue
		}
		d.unixMs = startUnixMs + test.after - 1
		assert.Equal(t, test.token, sentToken(t, startCall(t, d.Client, getThread, testStart, chatcore.CallOptions{})), name)
		d.unixMs++
		call := startCall(t, d.Client, getThread, testStart, chatcore.CallOptions{})
		require.Equal(t, chatcore.NeedToken, call.Step().Kind, name)
		assert.True(t, call.Step().ForceRefresh, "a refresh needs a fresh token")
		d.Token(testStart, d.TokenFlight(), "second.token")
		assert.Equal(t, "second.token", sentToken(t, call))
	}

	client := newClient(t, chatcore.Options{TokenCallback: true}) // without UnixMs
	call := startCall(t, client, getThread, testStart, chatcore.CallOptions{})
	client.Token(testStart, client.TokenFlight(), tokenExpiringIn(1))
	respondSuccess(call, testStart, getThread)
	assert.Equal(t, tokenExpiringIn(1), sentToken(t, startCall(t, client, getThread, testStart+100_000, chatcore.CallOptions{})))

	d := newSendOnceClient(t, chatcore.Options{Token: tokenExpiringIn(1)}) // a fixed token cannot be refreshed
	d.unixMs += 100_000
	assert.Equal(t, tokenExpiringIn(1), sentToken(t, startCall(t, d.Client, getThread, testStart, chatcore.CallOptions{})))
}

// TestCallsShareOneRefresh: all calls wait for the same token request.
func TestCallsShareOneRefresh(t *testing.T) {
	d := clientWithToken(t, tokenExpiringIn(60))
	d.unixMs += 50_000
	var calls []*chatcore.Call
	for range 20 {
		calls = append(calls, startCall(t, d.Client, getThread, testStart, chatcore.CallOptions{}))
	}
	for _, call := range calls[1:] {
		waitDeadline(t, call)
	}
	d.Token(testStart, d.TokenFlight(), "second.token")
	for _, call := range calls {
		assert.Equal(t, "second.token", sentToken(t, call))
	}
	assert.Zero(t, d.TokenFlight())
}

// TestFailedRefreshKeepsToken: if a refresh fails, calls use the current token, and the callback is called again after ten
// seconds.
func TestFailedRefreshKeepsToken(t *testing.T) {
	token := tokenExpiringIn(3600)
	for name, fail := range map[string]func(*sendOnceClient, *chatcore.Call){
		"failure": func(d *sendOnceClient, _ *chatcore.Call) {
			d.TokenFailed(testStart+30_000, d.TokenFlight(), errors.New("offline"))
		},
		"empty":     func(d *sendOnceClient, _ *chatcore.Call) { d.Token(testStart+30_000, d.TokenFlight(), "") },
		"invalid":   func(d *sendOnceClient, _ *chatcore.Call) { d.Token(testStart+30_000, d.TokenFlight(), "Bearer x") },
		"no answer": func(_ *sendOnceClient, c *chatcore.Call) { c.Elapsed(testStart + 30_000) },
		"only the timer of the second call fires": func(_ *sendOnceClient, _ *chatcore.Call) {},
	} {
		d := clientWithToken(t, token)
		d.unixMs += 3_500_000
		call := startCall(t, d.Client, getThread, testStart, chatcore.CallOptions{})
		second := startCall(t, d.Client, getThread, testStart, chatcore.CallOptions{})
		require.Equal(t, chatcore.NeedToken, call.Step().Kind)
		fail(d, call)
		second.Elapsed(testStart + 30_000)
		assert.Equal(t, token, sentToken(t, second), name)
		call.Elapsed(testStart + 30_000)
		assert.Equal(t, token, sentToken(t, call), name)
		assert.Equal(t, testStart+60_000, call.Step().Deadline)

		d.unixMs += 9999
		assert.Equal(t, token, sentToken(t, startCall(t, d.Client, getThread, testStart+30_000, chatcore.CallOptions{})), name)
		d.unixMs++
		call = startCall(t, d.Client, getThread, testStart+30_000, chatcore.CallOptions{})
		assert.Equal(t, chatcore.NeedToken, call.Step().Kind, name)
		assert.True(t, call.Step().ForceRefresh)
	}
}

// Test401DuringRefresh: after a 401 there is no current token to fall back to, so a failed refresh is an error.
func Test401DuringRefresh(t *testing.T) {
	d := clientWithToken(t, tokenExpiringIn(60))
	sent := startCall(t, d.Client, getThread, testStart, chatcore.CallOptions{})
	d.unixMs += 50_000
	needToken := startCall(t, d.Client, getThread, testStart, chatcore.CallOptions{})
	respond(sent, testStart, 401, "")
	waitDeadline(t, sent)
	d.TokenFailed(testStart, d.TokenFlight(), errors.New("offline"))
	requireFailed(t, needToken, chatcore.TokenError)
	assert.Equal(t, 1, requireFailed(t, sent, chatcore.TokenError).Attempts)
}

// TestAbortOfRefreshingCall: if the refreshing call is aborted, the next call requests a token again.
func TestAbortOfRefreshingCall(t *testing.T) {
	d := clientWithToken(t, tokenExpiringIn(60))
	d.unixMs += 50_000
	call := startCall(t, d.Client, getThread, testStart, chatcore.CallOptions{})
	call.Abort(testStart, errors.New("enough"))
	assert.Zero(t, d.TokenFlight())
	assert.Equal(t, chatcore.NeedToken, startCall(t, d.Client, getThread, testStart, chatcore.CallOptions{}).Step().Kind)
}

// TestRefreshOutlastsTotalTimeout: a call past its totalTimeoutMs sends nothing, although it has a token.
func TestRefreshOutlastsTotalTimeout(t *testing.T) {
	d := clientWithToken(t, tokenExpiringIn(60))
	d.unixMs += 50_000
	call := startCall(t, d.Client, sendMessage, testStart, chatcore.CallOptions{TotalTimeoutMs: 1000})
	call.Elapsed(testStart + 1000)
	assert.Zero(t, requireFailed(t, call, chatcore.Timeout).Attempts)

	client := newCallbackClient(t)
	call = startCall(t, client, sendMessage, testStart, chatcore.CallOptions{TotalTimeoutMs: 10_000})
	client.Token(testStart+12_000, client.TokenFlight(), secretToken) // the timer is late, as in a hidden page
	assert.NotEqual(t, chatcore.Send, call.Step().Kind)
}
