package chatcore_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// newOfflineClient returns a client whose browser reports that it is offline.
func newOfflineClient(t *testing.T, o chatcore.Options) *chatcore.Client {
	t.Helper()
	client := newRetryingClient(t, o)
	client.SetOnline(testStart, false)
	return client
}

// TestOfflineCallsWait: a call waits until the browser is online, at most maxDelayMs.
func TestOfflineCallsWait(t *testing.T) {
	forEachOperation(t, func(t *testing.T, op operation) {
		client := newOfflineClient(t, chatcore.Options{})
		call := startCall(t, client, op, testStart, chatcore.CallOptions{})
		assert.Equal(t, testStart+10_000, waitDeadline(t, call), "at most maxDelayMs")
		client.SetOnline(testStart+100, true)
		assert.Equal(t, callIDs(call), drainChanged(client))
		require.Equal(t, chatcore.Send, call.Step().Kind)
		respondSuccess(call, testStart+200, op)
		require.Equal(t, chatcore.Done, call.Step().Kind)

		client = newCallbackClient(t)
		client.SetOnline(testStart, false)
		call = startCall(t, client, op, testStart, chatcore.CallOptions{Retry: &chatcore.RetryOptions{MaxDelayMs: 500}})
		assert.Equal(t, testStart+500, elapseWait(t, call))
		assert.Equal(t, chatcore.NeedToken, call.Step().Kind, "after the wait it tries anyway: it requests a token")
	})
}

// TestCallsThatDoNotWaitForTheNetwork: calls to this machine do not wait. Nor do calls to names that only a page's own fetch answers, or
// calls after an answer that came while the browser reported offline, since the report is wrong then.
func TestCallsThatDoNotWaitForTheNetwork(t *testing.T) {
	for _, endpoint := range []string{"http://localhost:8080", "http://127.0.0.1", "https://[::1]", "https://emulator.invalid", "https://emulator.invalid:443"} {
		client := newOfflineClient(t, chatcore.Options{Endpoint: endpoint})
		assert.Equal(t, chatcore.Send, startCall(t, client, sendMessage, testStart, chatcore.CallOptions{}).Step().Kind, endpoint)
	}
	client := newOfflineClient(t, chatcore.Options{})
	call := startCall(t, client, getThread, testStart, chatcore.CallOptions{})
	respond(call, elapseWait(t, call), 404, "")
	requireFailed(t, call, chatcore.NotFound)
	assert.Equal(t, chatcore.Send, startCall(t, client, getThread, testStart, chatcore.CallOptions{}).Step().Kind)
	assert.Equal(t, chatcore.Send, startCall(t, newClient(t, chatcore.Options{}), getThread, testStart, chatcore.CallOptions{}).Step().Kind)
}

// TestOfflineFailuresUseNoRetry: failures while offline do not count as retries. They go on until totalTimeoutMs.
func TestOfflineFailuresUseNoRetry(t *testing.T) {
	client := newOfflineClient(t, chatcore.Options{})
	call := startCall(t, client, getThread, testStart, chatcore.CallOptions{})
	now := testStart
	for call.Step().Kind != chatcore.Failed {
		if call.Step().Kind == chatcore.Send {
			call.NetworkFailed(now, call.Step().Number, errors.New("offline"))
			continue
		}
		now = elapseWait(t, call)
	}
	assert.Equal(t, testStart+120_000, now)
	assert.Greater(t, requireError(t, call.Step().Err).Attempts, 4)

	client = newOfflineClient(t, chatcore.Options{})
	call = startCall(t, client, getThread, testStart, chatcore.CallOptions{})
	now = testStart
	for range 4 {
		now = elapseWait(t, call)
		for call.Step().Kind == chatcore.Wait {
			now = elapseWait(t, call)
		}
		call.NetworkFailed(now, call.Step().Number, errors.New("offline"))
	}
	client.SetOnline(now, true)
	for range 3 {
		if call.Step().Kind == chatcore.Wait {
			now = elapseWait(t, call)
		}
		call.NetworkFailed(now, call.Step().Number, errors.New("broken"))
	}
	assert.Equal(t, chatcore.Wait, call.Step().Kind, "all three retries are left once it is online")
	call.NetworkFailed(elapseWait(t, call), call.Step().Number, errors.New("broken"))
	requireFailed(t, call, chatcore.NetworkError)

	call = startCall(t, newOfflineClient(t, chatcore.Options{}), getThread, testStart, chatcore.CallOptions{Retry: &chatcore.RetryOptions{}})
	call.NetworkFailed(testStart, call.Step().Number, errors.New("offline"))
	requireFailed(t, call, chatcore.NetworkError)
}

// TestOnlineEndsBackoff: a call that backs off after an offline failure retries at once when the browser is online.
func TestOnlineEndsBackoff(t *testing.T) {
	client := newOfflineClient(t, chatcore.Options{})
	call := startCall(t, client, getThread, testStart, chatcore.CallOptions{})
	now := elapseWait(t, call)
	call.NetworkFailed(now, call.Step().Number, errors.New("offline"))
	waitDeadline(t, call)
	client.SetOnline(now, true)
	assert.Equal(t, chatcore.Send, call.Step().Kind)
}

func TestOnlineDoesNotEndRetryAfter(t *testing.T) {
	client := newOfflineClient(t, chatcore.Options{})
	call := startCall(t, client, getThread, testStart, chatcore.CallOptions{})
	now := elapseWait(t, call)
	call.NetworkFailed(now, call.Step().Number, errors.New("offline"))
	for call.Step().Kind == chatcore.Wait {
		now = elapseWait(t, call)
	}
	call.Response(now, call.Step().Number, chatcore.Response{Status: 503, Header: headerField("Retry-After", "30")})
	client.SetOnline(now+10, true)
	assert.Equal(t, now+30_000, waitDeadline(t, call))
}

// TestOfflineTimeoutSaysNothingWasSent: a call that waited for the network until its time limit reports that nothing was sent.
// With the caller's token the delivery is unknown, since an earlier call may have sent the message.
func TestOfflineTimeoutSaysNothingWasSent(t *testing.T) {
	forEachOperation(t, func(t *testing.T, op operation) {
		client := newOfflineClient(t, chatcore.Options{CallOptions: chatcore.CallOptions{TotalTimeoutMs: 2000}})
		call := startCall(t, client, op, testStart, chatcore.CallOptions{})
		assert.Equal(t, testStart+2000, elapseWait(t, call))
		e := requireFailed(t, call, chatcore.NetworkError)
		assert.Zero(t, e.Attempts)
		assert.Contains(t, e.Message, "nothing was sent")
	})
	d := newSendOnceClient(t, chatcore.Options{CallOptions: chatcore.CallOptions{TotalTimeoutMs: 2000, Retry: &chatcore.RetryOptions{MaxRetries: 3, BaseDelayMs: 100, MaxDelayMs: 30_000}}})
	d.SetOnline(testStart, false)
	call := d.sendOnce(t, testStart, "")
	elapseWait(t, call)
	assert.Zero(t, requireFailed(t, call, chatcore.NetworkError).Attempts)
	call = d.sendOnce(t, testStart, callerToken)
	elapseWait(t, call)
	requireDeliveryUnknown(t, call, callerToken)
}

// TestSendOnceWhileOffline: the client keeps looking up the message while offline, and sends it once.
func TestSendOnceWhileOffline(t *testing.T) {
	d := newSendOnceClient(t, chatcore.Options{})
	call := d.sendOnce(t, testStart, "")
	d.SetOnline(testStart, false)
	call.NetworkFailed(testStart, call.Step().Number, errors.New("offline"))
	now := testStart
	for range 12 {
		for call.Step().Kind == chatcore.Wait {
			now = elapseWait(t, call)
		}
		requireLookup(t, call)
		call.NetworkFailed(now, call.Step().Number, errors.New("offline"))
	}
	d.SetOnline(now, true)
	requireLookup(t, call)
	respondOK(call, now, pageToThreadStart)
	for call.Step().Kind == chatcore.Wait {
		now = elapseWait(t, call)
		respondOK(call, now, pageToThreadStart)
	}
	requirePost(t, call)
}

// TestUnsentRequestsAreRetried: a request that certainly was not sent is retried, even for sendMessage. The final error is
// NetworkError.
func TestUnsentRequestsAreRetried(t *testing.T) {
	refused := errors.New("connection refused")
	forEachOperation(t, func(t *testing.T, op operation) {
		call := startSending(t, newRetryingClient(t, chatcore.Options{}), op)
		now := testStart
		for call.Step().Kind == chatcore.Send {
			call.NotSent(now, call.Step().Number, refused)
			if call.Step().Kind == chatcore.Wait {
				now = elapseWait(t, call)
			}
		}
		e := requireFailed(t, call, chatcore.NetworkError)
		assert.Equal(t, refused, e.Cause)
		if op.name == "sendTypingNotification" {
			assert.Equal(t, 1, e.Attempts)
		} else {
			assert.Equal(t, 4, e.Attempts)
		}
	})
	d := newSendOnceClient(t, chatcore.Options{})
	call := d.sendOnce(t, testStart, "")
	call.NotSent(testStart, call.Step().Number, refused)
	now := elapseWait(t, call)
	requirePost(t, call)
	respond(call, now, 503, "")
	now = elapseWait(t, call)
	requireLookup(t, call)
	call.NotSent(now, call.Step().Number, refused)
	elapseWait(t, call)
	requireLookup(t, call)
}

// TestWatchHiddenWhileOffline: a watch that waits for the network goes on when the browser is online, even if the page was
// hidden or shown meanwhile.
func TestWatchHiddenWhileOffline(t *testing.T) {
	for _, hidden := range []bool{true, false} {
		retrying := chatcore.Options{CallOptions: chatcore.CallOptions{Retry: &chatcore.RetryOptions{MaxRetries: 3, BaseDelayMs: 800, MaxDelayMs: 30_000}}}
		client := newClient(t, retrying)
		client.SetOnline(testStart, false)
		call := startWatch(t, client, testStart, chatcore.WatchMessagesOptions{})
		waitDeadline(t, call)
		client.SetHidden(testStart+100, hidden)
		client.SetOnline(testStart+1000, true)
		require.Equal(t, "messages 20", requestedList(t, call), "the first poll")

		client = newClient(t, retrying)
		call = startIdleWatch(t, client, 2)
		client.SetOnline(testStart+2000, false)
		now := elapseWait(t, call)
		client.SetHidden(now+100, hidden)
		client.SetOnline(now+1000, true)
		assert.Equal(t, chatcore.Send, call.Step().Kind, "a later poll is not delayed")
	}
}
