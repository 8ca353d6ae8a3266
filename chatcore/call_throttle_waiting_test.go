package chatcore_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"

	"acschat/chatcore"
)

// TestAbortOfThrottledCalls: aborting a throttled call leaves the others in the throttle.
func TestAbortOfThrottledCalls(t *testing.T) {
	reason := errors.New("the page's own")
	client, calls := throttledClient(t, 3)
	calls[0].Abort(testStart+2, reason)
	calls[2].Abort(testStart+2, reason)
	assert.Equal(t, callIDs(calls[0], calls[2]), drainChanged(client))
	assert.Equal(t, reason, calls[0].Step().Err)
	calls[1].Elapsed(testStart + 5000)
	assert.Equal(t, chatcore.Send, calls[1].Step().Kind)
	respondSuccess(calls[1], testStart+5000, sendMessage)
	assert.Equal(t, chatcore.Send, calls[3].Step().Kind)

	client, calls = throttledClient(t, 3)
	client.Close(testStart + 2)
	assert.Equal(t, callIDs(calls...), drainChanged(client))
	for _, call := range calls {
		requireFailed(t, call, chatcore.Closed)
	}
}

// TestProbeWaitsForToken: the probe counts as in flight while it waits for a token.
func TestProbeWaitsForToken(t *testing.T) {
	client := newRetryingClient(t, chatcore.Options{TokenCallback: true})
	a := startCall(t, client, sendMessage, testStart, chatcore.CallOptions{})
	client.Token(testStart, client.TokenFlight(), "first.token")
	b := startCall(t, client, sendMessage, testStart, chatcore.CallOptions{})
	respond429(a, testStart, "5")
	respond(b, testStart, 401, "")
	assert.Equal(t, testStart+5000, waitDeadline(t, b), "throttled before it requests a token")
	a.Elapsed(testStart + 5000)
	assert.Equal(t, []chatcore.StepKind{chatcore.NeedToken, chatcore.Wait}, stepKinds(a, b))
	b.Elapsed(testStart + 5001)
	c := startCall(t, client, getMessage, testStart+5001, chatcore.CallOptions{})
	client.Token(testStart+5002, client.TokenFlight(), "second.token")
	assert.Equal(t, []chatcore.StepKind{chatcore.Send, chatcore.Wait, chatcore.Send}, stepKinds(a, b, c))
	respondSuccess(a, testStart+5003, sendMessage)
	assert.Equal(t, "second.token", sentToken(t, b))
}

// TestThrottledWatch: a throttled watch waits as long as needed, hidden or not.
func TestThrottledWatch(t *testing.T) {
	client := newRetryingClient(t, chatcore.Options{})
	first := startCall(t, client, listMessages, testStart, chatcore.CallOptions{})
	respond429(first, testStart, "5")
	call := startWatch(t, client, testStart, chatcore.WatchMessagesOptions{SinceVersion: "10"})
	assert.Equal(t, testStart+5000, waitDeadline(t, call))
	client.SetHidden(testStart+1, true)
	client.SetHidden(testStart+2, false)
	assert.Equal(t, testStart+5000, waitDeadline(t, call), "still throttled")
	first.Elapsed(testStart + 5000)
	call.Elapsed(testStart + 5000)
	for range 3 {
		elapseWait(t, call)
		assert.Equal(t, chatcore.Wait, call.Step().Kind)
	}
	respondSuccess(first, testStart+5001, listMessages)
	assert.Equal(t, "messages 200", requestedList(t, call))
}

// TestNextAfterTimedOutThrottledCall: a throttled call whose time is over is not sent, even if its timer is late. The call
// after it starts at once.
func TestNextAfterTimedOutThrottledCall(t *testing.T) {
	client := newRetryingClient(t, chatcore.Options{})
	a := startSending(t, client, sendMessage)
	respond429(a, testStart, "5")
	b := startCall(t, client, sendMessage, testStart, chatcore.CallOptions{TotalTimeoutMs: 10_000})
	c := startCall(t, client, sendMessage, testStart, chatcore.CallOptions{})
	a.Elapsed(testStart + 5000)
	respondSuccess(a, testStart+12_000, sendMessage)
	assert.Equal(t, chatcore.Send, c.Step().Kind)
	b.Elapsed(testStart + 12_000)
	assert.Zero(t, requireFailed(t, b, chatcore.Timeout).Attempts)
}

// TestNextAfterProbeFailsWith429: the next call starts when the Retry-After of the probe's 429 is over.
func TestNextAfterProbeFailsWith429(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	a := startSending(t, client, sendMessage)
	b := startCall(t, client, sendMessage, testStart, chatcore.CallOptions{Retry: &chatcore.RetryOptions{MaxRetries: 1}})
	c := startCall(t, client, sendMessage, testStart, chatcore.CallOptions{Retry: &chatcore.RetryOptions{MaxRetries: 1}})
	respond429(b, testStart, "5")
	respond429(c, testStart, "5")
	respond429(a, testStart, "5")
	requireFailed(t, a, chatcore.TooManyRequests)
	now := testStart + 5000
	for _, call := range []*chatcore.Call{b, c} {
		call.Elapsed(now)
	}
	probe, other := b, c
	if probe.Step().Kind != chatcore.Send {
		probe, other = c, b
	}
	respond429(probe, now, "5")
	requireFailed(t, probe, chatcore.TooManyRequests)
	assert.Equal(t, now+5000, elapseWait(t, other))
	respondSuccess(other, now+5000, sendMessage)
}
