package chatcore_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// newRetryingClient returns a client that retries three times. It backs off 100, 200 and 400 ms, unless o.Random is set.
func newRetryingClient(t *testing.T, o chatcore.Options) *chatcore.Client {
	t.Helper()
	o.Retry = &chatcore.RetryOptions{MaxRetries: 3, BaseDelayMs: 100, MaxDelayMs: 10_000}
	return newClient(t, o)
}

// transientFailures are the failures that the client retries, by name.
var transientFailures = map[string]func(call *chatcore.Call, now chatcore.Instant){
	"network": func(c *chatcore.Call, now chatcore.Instant) {
		c.NetworkFailed(now, c.Step().Number, errors.New("offline"))
	},
	"timeout": func(c *chatcore.Call, _ chatcore.Instant) { c.Elapsed(c.Step().Deadline) },
	"408":     func(c *chatcore.Call, now chatcore.Instant) { respond(c, now, 408, "") },
	"429":     func(c *chatcore.Call, now chatcore.Instant) { respond(c, now, 429, "") },
	"500":     func(c *chatcore.Call, now chatcore.Instant) { respond(c, now, 500, "") },
	"502":     func(c *chatcore.Call, now chatcore.Instant) { respond(c, now, 502, "<html>") },
	"503":     func(c *chatcore.Call, now chatcore.Instant) { respond(c, now, 503, "") },
	"504":     func(c *chatcore.Call, now chatcore.Instant) { respond(c, now, 504, "") },
}

// TestTransientFailuresAreRetried: transient failures are retried where a retry is safe.
func TestTransientFailuresAreRetried(t *testing.T) {
	forEachOperation(t, func(t *testing.T, op operation) {
		for name, fail := range transientFailures {
			call := startSending(t, newRetryingClient(t, chatcore.Options{}), op)
			request := call.Step().Request
			fail(call, testStart+1)
			again := op.name != "sendTypingNotification" && (op.name != "sendMessage" || name == "429")
			if !again {
				require.Equal(t, chatcore.Failed, call.Step().Kind, name)
				assert.Equal(t, 1, requireError(t, call.Step().Err).Attempts)
				continue
			}
			for range 2 {
				fail(call, elapseWait(t, call))
			}
			now := elapseWait(t, call)
			assert.Equal(t, request, call.Step().Request, "the same request, with the same repeatability id")
			respondSuccess(call, now, op)
			assert.Equal(t, chatcore.Done, call.Step().Kind)

			call = startSending(t, newRetryingClient(t, chatcore.Options{}), op)
			for range 3 {
				fail(call, call.Step().Deadline-1)
				elapseWait(t, call)
			}
			fail(call, call.Step().Deadline-1)
			require.Equal(t, chatcore.Failed, call.Step().Kind, name)
			assert.Equal(t, 4, requireError(t, call.Step().Err).Attempts)
		}
	})
}

func TestPermanentFailuresAreNotRetried(t *testing.T) {
	forEachOperation(t, func(t *testing.T, op operation) {
		for _, status := range []int{202, 302, 400, 401, 403, 404, 405, 409, 410, 413, 501, 505} {
			call := startSending(t, newRetryingClient(t, chatcore.Options{}), op)
			respond(call, testStart+1, status, "")
			require.Equal(t, chatcore.Failed, call.Step().Kind, status)
			assert.Equal(t, 1, requireError(t, call.Step().Err).Attempts)
		}
		if op.result != "" {
			call := startSending(t, newRetryingClient(t, chatcore.Options{}), op)
			respond(call, testStart+1, op.success, "<html>")
			if op.name == "sendMessage" { // the message may be stored
				requireFailed(t, call, chatcore.DeliveryUnknown)
			} else {
				requireFailed(t, call, chatcore.ParseError)
			}
		}
	})
}

// TestCreateThreadWithoutRepeatabilityID: without an id, createThread is not retried after an attempt that may have created the
// thread.
func TestCreateThreadWithoutRepeatabilityID(t *testing.T) {
	client, err := chatcore.NewClient(chatcore.Options{Endpoint: origin, Token: secretToken})
	require.NoError(t, err)
	call := startSending(t, client, createThread)
	respond(call, testStart, 503, "")
	requireFailed(t, call, chatcore.ServiceUnavailable)
	call = startSending(t, client, createThread)
	respond(call, testStart, 429, "")
	assert.Equal(t, chatcore.Wait, call.Step().Kind, "429: nothing was created")
	elapseWait(t, call)
	call = startCall(t, client, createThread, testStart+60_000, chatcore.CallOptions{IdempotencyToken: "my-own"})
	respond(call, testStart+60_000, 503, "")
	assert.Equal(t, chatcore.Wait, call.Step().Kind)
}

// TestBackoff: the back-off is drawn from 0 up to a maximum, which doubles up to maxDelayMs.
func TestBackoff(t *testing.T) {
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
		call := startSending(t, client, getThread)
		now := testStart
		for i, want := range test.want {
			call.NetworkFailed(now, call.Step().Number, errors.New("offline"))
			require.Equal(t, now+want, waitDeadline(t, call), "%s: %d", test.name, i)
			now = elapseWait(t, call)
		}
		call.NetworkFailed(now, call.Step().Number, errors.New("offline"))
		requireFailed(t, call, chatcore.NetworkError)
	}
}

// TestRetryAfterDelaysRetry: the client obeys Retry-After of a 429 or 503 if it is a whole number of seconds.
func TestRetryAfterDelaysRetry(t *testing.T) {
	for _, status := range []int{429, 503} {
		for value, want := range map[string]chatcore.Instant{"7": 7000, "0": 101, "": 101, "soon": 101, "Wed, 21 Oct 2026 07:28:00 GMT": 101, "1.5": 101, "-1": 101} {
			call := startSending(t, newRetryingClient(t, chatcore.Options{}), getThread)
			call.Response(testStart, call.Step().Number, chatcore.Response{Status: status, Header: headerField("Retry-After", value)})
			assert.Equal(t, testStart+want, waitDeadline(t, call), "%d %q", status, value)
		}
	}
	call := startSending(t, newRetryingClient(t, chatcore.Options{}), getThread)
	call.Response(testStart, call.Step().Number, chatcore.Response{Status: 500, Header: headerField("Retry-After", "7")})
	assert.Equal(t, testStart+101, waitDeadline(t, call), "Retry-After of other statuses is ignored")
}

// TestRetryThatWouldEndTooLate: a call fails at once if its back-off would end after totalTimeoutMs.
func TestRetryThatWouldEndTooLate(t *testing.T) {
	for after, again := range map[string]bool{"9": true, "10": false, "11": false} {
		for _, status := range []int{429, 503} {
			call := startCall(t, newRetryingClient(t, chatcore.Options{}), getThread, testStart, chatcore.CallOptions{TotalTimeoutMs: 10_000})
			call.Response(testStart, call.Step().Number, chatcore.Response{Status: status, Header: headerField("Retry-After", after)})
			if again {
				assert.Equal(t, testStart+9000, elapseWait(t, call))
				assert.Equal(t, testStart+10_000, call.Step().Deadline, "the rest of totalTimeoutMs")
				continue
			}
			require.Equal(t, chatcore.Failed, call.Step().Kind)
			e := requireError(t, call.Step().Err)
			assert.Equal(t, status, e.Status)
			assert.NotZero(t, e.RetryAfterMs)
		}
	}
	call := startCall(t, newRetryingClient(t, chatcore.Options{}), getThread, testStart, chatcore.CallOptions{TimeoutMs: 400, TotalTimeoutMs: 500})
	call.Elapsed(testStart + 400)
	requireFailed(t, call, chatcore.Timeout)
}

// TestTokenRefreshIsNoRetry: the attempt with a fresh token after a 401 does not count as a retry. There is one such attempt.
func TestTokenRefreshIsNoRetry(t *testing.T) {
	client := newRetryingClient(t, chatcore.Options{TokenCallback: true})
	call := startCall(t, client, getThread, testStart, chatcore.CallOptions{})
	call.Observe()
	client.Token(testStart, client.TokenFlight(), "first.token")
	respond(call, testStart, 401, "")
	client.Token(testStart, client.TokenFlight(), "second.token")
	now := testStart
	for range 3 {
		respond(call, now, 503, "")
		now = elapseWait(t, call)
		assert.Equal(t, "second.token", sentToken(t, call))
	}
	respond(call, now, 401, "")
	assert.Equal(t, 5, requireFailed(t, call, chatcore.Unauthorized).Attempts)
	var next []string
	for i, e := range drainExchanges(client) {
		assert.Equal(t, i+1, e.Attempt)
		next = append(next, e.Outcome+" "+e.Next)
	}
	assert.Equal(t, []string{"Unauthorized token", "ServiceUnavailable wait", "ServiceUnavailable wait", "ServiceUnavailable wait", "Unauthorized failed"}, next)
}

// TestAbortDuringBackoff: aborting a call that backs off ends it at once, and so does closing the client.
func TestAbortDuringBackoff(t *testing.T) {
	reason := errors.New("the page's own")
	for name, end := range map[string]func(*chatcore.Client, *chatcore.Call){
		"abort": func(_ *chatcore.Client, c *chatcore.Call) { c.Abort(testStart+1, reason) },
		"close": func(client *chatcore.Client, _ *chatcore.Call) { client.Close(testStart + 1) },
	} {
		client := newRetryingClient(t, chatcore.Options{})
		call := startSending(t, client, getThread)
		respond(call, testStart, 503, "")
		drainChanged(client)
		end(client, call)
		assert.Equal(t, callIDs(call), drainChanged(client))
		if name == "abort" {
			assert.Equal(t, reason, call.Step().Err)
		} else {
			assert.Equal(t, 1, requireFailed(t, call, chatcore.Closed).Attempts)
		}
		step := *call.Step()
		call.Elapsed(testStart + 1_000_000)
		requireUnchanged(t, client, call, step)
	}
}
