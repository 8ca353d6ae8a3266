package chatcore_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// retrying makes a client that retries three times, after 100, 200 and 400 ms unless a random number says otherwise.
func retrying(t *testing.T, o chatcore.Options) *chatcore.Client {
	t.Helper()
	o.Retry = &chatcore.RetryOptions{MaxRetries: 3, BaseDelayMs: 100, MaxDelayMs: 10_000}
	return newClient(t, o)
}

// passing are the failures that may pass.
var passing = map[string]func(call *chatcore.Call, now chatcore.Instant){
	"network": func(c *chatcore.Call, now chatcore.Instant) {
		c.NetworkFailed(now, c.Step().Number, errors.New("offline"))
	},
	"timeout": func(c *chatcore.Call, _ chatcore.Instant) { c.Elapsed(c.Step().Deadline) },
	"408":     func(c *chatcore.Call, now chatcore.Instant) { answer(c, now, 408, "") },
	"429":     func(c *chatcore.Call, now chatcore.Instant) { answer(c, now, 429, "") },
	"500":     func(c *chatcore.Call, now chatcore.Instant) { answer(c, now, 500, "") },
	"502":     func(c *chatcore.Call, now chatcore.Instant) { answer(c, now, 502, "<html>") },
	"503":     func(c *chatcore.Call, now chatcore.Instant) { answer(c, now, 503, "") },
	"504":     func(c *chatcore.Call, now chatcore.Instant) { answer(c, now, 504, "") },
}

// TestRetries: what may pass is tried again where that can do no harm.
func TestRetries(t *testing.T) {
	each(t, func(t *testing.T, op operation) {
		for name, fail := range passing {
			call := sending(t, retrying(t, chatcore.Options{}), op)
			request := call.Step().Request
			fail(call, start+1)
			again := op.name != "sendTypingNotification" && (op.name != "sendMessage" || name == "429")
			if !again {
				require.Equal(t, chatcore.Failed, call.Step().Kind, name)
				assert.Equal(t, 1, failure(t, call.Step().Err).Attempts)
				continue
			}
			for range 2 {
				fail(call, elapse(t, call))
			}
			now := elapse(t, call)
			assert.Equal(t, request, call.Step().Request, "the same, with the same repeatability id")
			succeed(call, now, op)
			assert.Equal(t, chatcore.Done, call.Step().Kind)

			call = sending(t, retrying(t, chatcore.Options{}), op)
			for range 3 {
				fail(call, call.Step().Deadline-1)
				elapse(t, call)
			}
			fail(call, call.Step().Deadline-1)
			require.Equal(t, chatcore.Failed, call.Step().Kind, name)
			assert.Equal(t, 4, failure(t, call.Step().Err).Attempts)
		}
	})
}

// TestRefusalsAreNotRetried: nor is what will not pass by itself.
func TestRefusalsAreNotRetried(t *testing.T) {
	each(t, func(t *testing.T, op operation) {
		for _, status := range []int{202, 302, 400, 401, 403, 404, 405, 409, 410, 413, 501, 505} {
			call := sending(t, retrying(t, chatcore.Options{}), op)
			answer(call, start+1, status, "")
			require.Equal(t, chatcore.Failed, call.Step().Kind, status)
			assert.Equal(t, 1, failure(t, call.Step().Err).Attempts)
		}
		if op.result != "" {
			call := sending(t, retrying(t, chatcore.Options{}), op)
			answer(call, start+1, op.success, "<html>")
			if op.name == "sendMessage" { // what was stored must not look as if it was not
				failed(t, call, chatcore.DeliveryUnknown)
			} else {
				failed(t, call, chatcore.ParseError)
			}
		}
	})
}

// TestCreateWithoutAnID is not repeated after an attempt that may have created a thread.
func TestCreateWithoutAnID(t *testing.T) {
	client, err := chatcore.NewClient(chatcore.Options{Endpoint: origin, Token: secret})
	require.NoError(t, err)
	call := sending(t, client, createThread)
	answer(call, start, 503, "")
	failed(t, call, chatcore.ServiceUnavailable)
	call = sending(t, client, createThread)
	answer(call, start, 429, "")
	assert.Equal(t, chatcore.Wait, call.Step().Kind, "nothing was created")
	elapse(t, call)
	call = begin(t, client, createThread, start+60_000, chatcore.CallOptions{IdempotencyToken: "my-own"})
	answer(call, start+60_000, 503, "")
	assert.Equal(t, chatcore.Wait, call.Step().Kind)
}

// TestBackOff: pauses double, up to a limit, and are drawn from zero on.
func TestBackOff(t *testing.T) {
	for _, test := range []struct {
		name   string
		random func() uint32
		retry  chatcore.RetryOptions
		want   []chatcore.Instant
	}{
		{"most", func() uint32 { return 1<<32 - 1 }, chatcore.RetryOptions{MaxRetries: 6, BaseDelayMs: 100, MaxDelayMs: 1000}, []chatcore.Instant{101, 201, 401, 801, 1001, 1001}},
		{"least", func() uint32 { return 0 }, chatcore.RetryOptions{MaxRetries: 3, BaseDelayMs: 100, MaxDelayMs: 1000}, []chatcore.Instant{1, 1, 1}},
		{"middle", func() uint32 { return 1 << 31 }, chatcore.RetryOptions{MaxRetries: 3, BaseDelayMs: 100, MaxDelayMs: 1000}, []chatcore.Instant{51, 101, 201}},
		{"none", nil, chatcore.RetryOptions{MaxRetries: 3, BaseDelayMs: 100, MaxDelayMs: 1000}, []chatcore.Instant{101, 201, 401}},
		{"no delay", func() uint32 { return 1<<32 - 1 }, chatcore.RetryOptions{MaxRetries: 3}, []chatcore.Instant{1, 1, 1}},
		{"many", nil, chatcore.RetryOptions{MaxRetries: 40, BaseDelayMs: 1, MaxDelayMs: 2}, []chatcore.Instant{2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3}},
		{"largest", nil, chatcore.RetryOptions{MaxRetries: 2, BaseDelayMs: 1<<31 - 1, MaxDelayMs: 5}, []chatcore.Instant{6, 6}},
	} {
		client := newClient(t, chatcore.Options{Random: test.random, CallOptions: chatcore.CallOptions{Retry: &test.retry}})
		call := sending(t, client, getThread)
		now := start
		for i, want := range test.want {
			call.NetworkFailed(now, call.Step().Number, errors.New("offline"))
			require.Equal(t, now+want, due(t, call), "%s: %d", test.name, i)
			now = elapse(t, call)
		}
		call.NetworkFailed(now, call.Step().Number, errors.New("offline"))
		failed(t, call, chatcore.NetworkError)
	}
}

// TestRetryAfterIsWaitedFor where the service says it, and nobody hides it.
func TestRetryAfterIsWaitedFor(t *testing.T) {
	for _, status := range []int{429, 503} {
		for value, want := range map[string]chatcore.Instant{"7": 7000, "0": 101, "": 101, "soon": 101, "Wed, 21 Oct 2026 07:28:00 GMT": 101, "1.5": 101, "-1": 101} {
			call := sending(t, retrying(t, chatcore.Options{}), getThread)
			call.Response(start, call.Step().Number, chatcore.Response{Status: status, Header: header("Retry-After", value)})
			assert.Equal(t, start+want, due(t, call), "%d %q", status, value)
		}
	}
	call := sending(t, retrying(t, chatcore.Options{}), getThread)
	call.Response(start, call.Step().Number, chatcore.Response{Status: 500, Header: header("Retry-After", "7")})
	assert.Equal(t, start+101, due(t, call), "of other answers it means nothing")
}

// TestNoTimeForARetry: a wait that would end too late is not begun.
func TestNoTimeForARetry(t *testing.T) {
	for after, again := range map[string]bool{"9": true, "10": false, "11": false} {
		for _, status := range []int{429, 503} {
			call := begin(t, retrying(t, chatcore.Options{}), getThread, start, chatcore.CallOptions{TotalTimeoutMs: 10_000})
			call.Response(start, call.Step().Number, chatcore.Response{Status: status, Header: header("Retry-After", after)})
			if again {
				assert.Equal(t, start+9000, elapse(t, call))
				assert.Equal(t, start+10_000, call.Step().Deadline, "what is left")
				continue
			}
			require.Equal(t, chatcore.Failed, call.Step().Kind)
			e := failure(t, call.Step().Err)
			assert.Equal(t, status, e.Status, "at once")
			assert.NotZero(t, e.RetryAfterMs)
		}
	}
	call := begin(t, retrying(t, chatcore.Options{}), getThread, start, chatcore.CallOptions{TimeoutMs: 400, TotalTimeoutMs: 500})
	call.Elapsed(start + 400)
	failed(t, call, chatcore.Timeout)
}

// TestRetriesAndTokens: the fresh token after a 401 is none of the retries, and comes once.
func TestRetriesAndTokens(t *testing.T) {
	client := retrying(t, chatcore.Options{TokenCallback: true})
	call := begin(t, client, getThread, start, chatcore.CallOptions{})
	call.Observe()
	client.Token(start, client.TokenFlight(), "first.token")
	answer(call, start, 401, "")
	client.Token(start, client.TokenFlight(), "second.token")
	now := start
	for range 3 {
		answer(call, now, 503, "")
		now = elapse(t, call)
		assert.Equal(t, "second.token", bearer(t, call))
	}
	answer(call, now, 401, "")
	assert.Equal(t, 5, failed(t, call, chatcore.Unauthorized).Attempts)
	var next []string
	for i, e := range exchanges(client) {
		assert.Equal(t, i+1, e.Attempt)
		next = append(next, e.Outcome+" "+e.Next)
	}
	assert.Equal(t, []string{"Unauthorized token", "ServiceUnavailable wait", "ServiceUnavailable wait", "ServiceUnavailable wait", "Unauthorized failed"}, next)
}

// TestAbortBetweenAttempts ends a call at once, and so does closing the client.
func TestAbortBetweenAttempts(t *testing.T) {
	reason := errors.New("the page's own")
	for name, end := range map[string]func(*chatcore.Client, *chatcore.Call){
		"abort": func(_ *chatcore.Client, c *chatcore.Call) { c.Abort(start+1, reason) },
		"close": func(client *chatcore.Client, _ *chatcore.Call) { client.Close(start + 1) },
	} {
		client := retrying(t, chatcore.Options{})
		call := sending(t, client, getThread)
		answer(call, start, 503, "")
		changed(client)
		end(client, call)
		assert.Equal(t, pathIDs(call), changed(client))
		if name == "abort" {
			assert.Equal(t, reason, call.Step().Err)
		} else {
			assert.Equal(t, 1, failed(t, call, chatcore.Closed).Attempts)
		}
		step := *call.Step()
		call.Elapsed(start + 1_000_000)
		still(t, client, call, step)
	}
}
