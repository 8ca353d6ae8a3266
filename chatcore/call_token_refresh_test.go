package chatcore_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// expiring is a token of a client that begins at noon, good for so many seconds.
func expiring(seconds int) string { return jwt(fmt.Sprintf(`{"exp":%d}`, noon/1000+seconds)) }

// refreshing returns a client that was given a token at noon, and used it.
func refreshing(t *testing.T, token string) *deliverer {
	t.Helper()
	d := newDeliverer(t, chatcore.Options{TokenCallback: true})
	call := begin(t, d.Client, getThread, start, chatcore.CallOptions{})
	assert.False(t, call.Step().ForceRefresh)
	d.Token(start, d.TokenFlight(), token)
	succeed(call, start, getThread)
	return d
}

// TestWhenATokenIsRefreshed: two minutes before it expires, or in the last quarter of a short life.
func TestWhenATokenIsRefreshed(t *testing.T) {
	for name, test := range map[string]struct {
		token string
		after int // milliseconds; 0: never
	}{
		"a day":       {expiring(86_400), 86_400_000 - 120_000},
		"an hour":     {expiring(3600), 3_600_000 - 120_000},
		"ten minutes": {expiring(600), 480_000},
		"eight":       {expiring(480), 360_000},
		"a minute":    {expiring(60), 45_000},
		"a second":    {expiring(1), 750},
		"expired":     {expiring(0), 0},
		"long ago":    {expiring(-86_400), 0},
		"opaque":      {secret, 0},
		"no expiry":   {jwt(`{"skypeid":"acs:jane"}`), 0},
	} {
		d := refreshing(t, test.token)
		if test.after == 0 {
			d.unixMs += 1_000_000_000
			assert.Equal(t, test.token, bearer(t, begin(t, d.Client, getThread, start, chatcore.CallOptions{})), name)
			continue
		}
		d.unixMs = noon + test.after - 1
		assert.Equal(t, test.token, bearer(t, begin(t, d.Client, getThread, start, chatcore.CallOptions{})), name)
		d.unixMs++
		call := begin(t, d.Client, getThread, start, chatcore.CallOptions{})
		require.Equal(t, chatcore.NeedToken, call.Step().Kind, name)
		assert.True(t, call.Step().ForceRefresh, "the one that is there will not do")
		d.Token(start, d.TokenFlight(), "second.token")
		assert.Equal(t, "second.token", bearer(t, call))
	}

	client := newClient(t, chatcore.Options{TokenCallback: true}) // which does not know the time
	call := begin(t, client, getThread, start, chatcore.CallOptions{})
	client.Token(start, client.TokenFlight(), expiring(1))
	succeed(call, start, getThread)
	assert.Equal(t, expiring(1), bearer(t, begin(t, client, getThread, start+100_000, chatcore.CallOptions{})))

	d := newDeliverer(t, chatcore.Options{Token: expiring(1)}) // nor can a fixed one be
	d.unixMs += 100_000
	assert.Equal(t, expiring(1), bearer(t, begin(t, d.Client, getThread, start, chatcore.CallOptions{})))
}

// TestOneRefreshForAll: any number of calls wait for one flight.
func TestOneRefreshForAll(t *testing.T) {
	d := refreshing(t, expiring(60))
	d.unixMs += 50_000
	var calls []*chatcore.Call
	for range 20 {
		calls = append(calls, begin(t, d.Client, getThread, start, chatcore.CallOptions{}))
	}
	for _, call := range calls[1:] {
		due(t, call)
	}
	d.Token(start, d.TokenFlight(), "second.token")
	for _, call := range calls {
		assert.Equal(t, "second.token", bearer(t, call))
	}
	assert.Zero(t, d.TokenFlight())
}

// TestRefreshThatFails: the token that is there is used on, and the callback asked again after ten seconds.
func TestRefreshThatFails(t *testing.T) {
	token := expiring(3600)
	for name, fail := range map[string]func(*deliverer, *chatcore.Call){
		"failure": func(d *deliverer, _ *chatcore.Call) {
			d.TokenFailed(start+30_000, d.TokenFlight(), errors.New("offline"))
		},
		"none":         func(d *deliverer, _ *chatcore.Call) { d.Token(start+30_000, d.TokenFlight(), "") },
		"bad":          func(d *deliverer, _ *chatcore.Call) { d.Token(start+30_000, d.TokenFlight(), "Bearer x") },
		"no answer":    func(_ *deliverer, c *chatcore.Call) { c.Elapsed(start + 30_000) },
		"its follower": func(_ *deliverer, _ *chatcore.Call) {},
	} {
		d := refreshing(t, token)
		d.unixMs += 3_500_000
		call := begin(t, d.Client, getThread, start, chatcore.CallOptions{})
		follower := begin(t, d.Client, getThread, start, chatcore.CallOptions{})
		require.Equal(t, chatcore.NeedToken, call.Step().Kind)
		fail(d, call)
		follower.Elapsed(start + 30_000)
		assert.Equal(t, token, bearer(t, follower), name)
		call.Elapsed(start + 30_000)
		assert.Equal(t, token, bearer(t, call), name)
		assert.Equal(t, start+60_000, call.Step().Deadline)

		d.unixMs += 9999
		assert.Equal(t, token, bearer(t, begin(t, d.Client, getThread, start+30_000, chatcore.CallOptions{})), name)
		d.unixMs++
		call = begin(t, d.Client, getThread, start+30_000, chatcore.CallOptions{})
		assert.Equal(t, chatcore.NeedToken, call.Step().Kind, name)
		assert.True(t, call.Step().ForceRefresh)
	}
}

// TestRefusalDuringARefresh: then there is no token that will do.
func TestRefusalDuringARefresh(t *testing.T) {
	d := refreshing(t, expiring(60))
	sent := begin(t, d.Client, getThread, start, chatcore.CallOptions{})
	d.unixMs += 50_000
	asking := begin(t, d.Client, getThread, start, chatcore.CallOptions{})
	answer(sent, start, 401, "")
	due(t, sent)
	d.TokenFailed(start, d.TokenFlight(), errors.New("offline"))
	failed(t, asking, chatcore.TokenError)
	assert.Equal(t, 1, failed(t, sent, chatcore.TokenError).Attempts)
}

// TestAbortOfARefresh: the next call asks anew.
func TestAbortOfARefresh(t *testing.T) {
	d := refreshing(t, expiring(60))
	d.unixMs += 50_000
	call := begin(t, d.Client, getThread, start, chatcore.CallOptions{})
	call.Abort(start, errors.New("enough"))
	assert.Zero(t, d.TokenFlight())
	assert.Equal(t, chatcore.NeedToken, begin(t, d.Client, getThread, start, chatcore.CallOptions{}).Step().Kind)
}

// TestRefreshThatTakesAllTheTime: a call whose time is over sends nothing, though there is a token.
func TestRefreshThatTakesAllTheTime(t *testing.T) {
	d := refreshing(t, expiring(60))
	d.unixMs += 50_000
	call := begin(t, d.Client, sendMessage, start, chatcore.CallOptions{TotalTimeoutMs: 1000})
	call.Elapsed(start + 1000)
	assert.Zero(t, failed(t, call, chatcore.Timeout).Attempts)

	client := callbackClient(t)
	call = begin(t, client, sendMessage, start, chatcore.CallOptions{TotalTimeoutMs: 10_000})
	client.Token(start+12_000, client.TokenFlight(), secret) // and its timer was late, as those of hidden pages are
	assert.NotEqual(t, chatcore.Send, call.Step().Kind)
}
