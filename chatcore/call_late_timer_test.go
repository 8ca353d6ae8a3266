package chatcore_test

import (
	"errors"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// requireExtended reports a late timer to calls that wait for an answer. It checks that each stays in its step and that the
// step's deadline moves to deadline.
func requireExtended(t *testing.T, client *chatcore.Client, now, deadline chatcore.Instant, calls ...*chatcore.Call) {
	t.Helper()
	for _, call := range calls {
		step := *call.Step()
		call.Elapsed(now)
		step.Deadline = deadline
		requireUnchanged(t, client, call, step)
		call.Elapsed(deadline - 1)
		requireUnchanged(t, client, call, step)
	}
}

// requireTimeout checks that a call has timed out, and returns the error's message.
func requireTimeout(t *testing.T, call *chatcore.Call) string {
	t.Helper()
	require.Equal(t, chatcore.Failed, call.Step().Kind)
	e := requireError(t, call.Step().Err)
	if e.Code == chatcore.DeliveryUnknown {
		e = requireError(t, e.Cause)
	}
	require.Equal(t, chatcore.Timeout, e.Code)
	return e.Message
}

// limitsOf5s are options with which an attempt times out after 5 s.
var limitsOf5s = map[string]chatcore.CallOptions{
	"timeoutMs":      {TimeoutMs: 5000},
	"totalTimeoutMs": {TotalTimeoutMs: 5000},
}

func TestLateTimerExtendsAttempt(t *testing.T) {
	for name, o := range limitsOf5s {
		t.Run(name, func(t *testing.T) {
			forEachOperation(t, func(t *testing.T, op operation) {
				client := newClient(t, chatcore.Options{})
				call := startCall(t, client, op, testStart, o)
				requireExtended(t, client, testStart+8000, testStart+9000, call)
				respondSuccess(call, testStart+8010, op)
				assert.Equal(t, chatcore.Done, call.Step().Kind)
			})
		})
	}
}

// TestAttemptTimesOutAfterLateTimer: without an answer the call fails as if the timer had been on time. The message states the
// limit, not the extended time.
func TestAttemptTimesOutAfterLateTimer(t *testing.T) {
	for name, o := range limitsOf5s {
		t.Run(name, func(t *testing.T) {
			forEachOperation(t, func(t *testing.T, op operation) {
				for _, now := range []chatcore.Instant{testStart + 9000, testStart + 90_000} { // the second timer is late too
					client := newClient(t, chatcore.Options{})
					call := startCall(t, client, op, testStart, o)
					requireExtended(t, client, testStart+8000, testStart+9000, call)
					call.Elapsed(now)
					assert.Contains(t, requireTimeout(t, call), "no answer from "+origin+" within 5000 ms")
				}
			})
		})
	}
}

// TestSlightlyLateTimerDoesNotExtend: a timer that is less than lateTimerMs late is treated as on time.
func TestSlightlyLateTimerDoesNotExtend(t *testing.T) {
	const late = 250
	for _, after := range []chatcore.Instant{0, 1, late - 1, late} {
		client := newClient(t, chatcore.Options{})
		call := startCall(t, client, createThread, testStart, chatcore.CallOptions{TimeoutMs: 5000})
		call.Elapsed(testStart + 5000 + after)
		if after < late {
			assert.Contains(t, requireTimeout(t, call), "within 5000 ms", after)
		} else {
			assert.Equal(t, testStart+6000+after, call.Step().Deadline)
		}
	}
}

// TestLateTimerExtendsEachAttempt: every attempt can be extended once.
func TestLateTimerExtendsEachAttempt(t *testing.T) {
	client := newRetryingClient(t, chatcore.Options{})
	call := startCall(t, client, createThread, testStart, chatcore.CallOptions{TimeoutMs: 5000})
	now := testStart
	for range 2 {
		requireExtended(t, client, now+8000, now+9000, call)
		call.Elapsed(now + 9000)
		now = elapseWait(t, call)
		assert.Equal(t, now+5000, call.Step().Deadline)
		drainChanged(client)
	}
	requireExtended(t, client, now+8000, now+9000, call)
	respondSuccess(call, now+8010, createThread)
	assert.Equal(t, chatcore.Done, call.Step().Kind)
}

// TestTimeoutMessageOfALaterAttempt: the message states how much of totalTimeoutMs was left when the attempt began.
func TestTimeoutMessageOfALaterAttempt(t *testing.T) {
	client := newCallbackClient(t)
	call := startCall(t, client, createThread, testStart, chatcore.CallOptions{TimeoutMs: 5000, TotalTimeoutMs: 6000})
	client.Token(testStart+2000, call.Step().Flight, secretToken)
	drainChanged(client)
	requireExtended(t, client, testStart+10_000, testStart+11_000, call)
	call.Elapsed(testStart + 11_000)
	assert.Contains(t, requireTimeout(t, call), "within 4000 ms")
}

// TestSettleTimeAfterALateTimer: settleMs counts from the end of the extended attempt.
func TestSettleTimeAfterALateTimer(t *testing.T) {
	d := newSendOnceClient(t, chatcore.Options{Made: testStart - 10_000})
	call := startCall(t, d.Client, sendMessage, testStart, chatcore.CallOptions{IdempotencyToken: callerToken, TimeoutMs: 5000, TotalTimeoutMs: 30_000})
	grantLock(d.Client, call, testStart)
	requireLookup(t, call)
	requireExtended(t, d.Client, testStart+8000, testStart+9000, call)
	respondOK(call, testStart+8010, messagesBefore("", "0 sequenceId=1"))
	drainChanged(d.Client)
	requirePost(t, call)
	now := testStart + 8010
	requireExtended(t, d.Client, now+8000, now+9000, call)
	call.Elapsed(now + 9000)
	until := elapseWait(t, call)
	requireLookup(t, call)
	respondOK(call, until, messagesBefore("", "0 sequenceId=1"))
	assert.Equal(t, now+9000+5000, waitDeadline(t, call), "end of the settle time")

	call.Elapsed(now + 9000 + 5000)
	requireLookup(t, call)
	call.Abort(now+14_001, errors.New("gone"))
	assert.Equal(t, now+9000+5000, call.Step().LockUntil)
}

// TestNothingIsSentAfterTotalTimeout: an answer accepted after totalTimeoutMs leads to no further request and no token request.
func TestNothingIsSentAfterTotalTimeout(t *testing.T) {
	t.Run("lookup", func(t *testing.T) {
		d := newSendOnceClient(t, chatcore.Options{Made: testStart - 10_000})
		call := startCall(t, d.Client, sendMessage, testStart, chatcore.CallOptions{IdempotencyToken: callerToken, TotalTimeoutMs: 5000})
		grantLock(d.Client, call, testStart)
		requireLookup(t, call)
		requireExtended(t, d.Client, testStart+8000, testStart+9000, call)
		respondOK(call, testStart+8010, messagesBefore("", "0 sequenceId=1"))
		e := requireFailed(t, call, chatcore.Timeout)
		assert.Contains(t, e.Message, "not done within 5000 ms")
	})
	t.Run("token", func(t *testing.T) {
		client := newCallbackClient(t)
		call := startCall(t, client, sendMessage, testStart, chatcore.CallOptions{TotalTimeoutMs: 5000})
		client.Token(testStart, call.Step().Flight, secretToken)
		drainChanged(client)
		requireExtended(t, client, testStart+8000, testStart+9000, call)
		respond(call, testStart+8010, 401, "")
		assert.Contains(t, requireFailed(t, call, chatcore.Timeout).Message, "not done within 5000 ms, after 1 attempts")
		assert.Zero(t, client.TokenFlight())
	})
	t.Run("retry", func(t *testing.T) {
		client := newRetryingClient(t, chatcore.Options{})
		call := startCall(t, client, createThread, testStart, chatcore.CallOptions{TotalTimeoutMs: 5000})
		requireExtended(t, client, testStart+8000, testStart+9000, call)
		respond(call, testStart+8010, 503, "")
		requireFailed(t, call, chatcore.ServiceUnavailable)
	})
}

// TestLateTimerExtendsWatchPoll: a late timer extends a poll like any other attempt.
func TestLateTimerExtendsWatchPoll(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	call := startWatchAfter10(t, client)
	requireExtended(t, client, testStart+60_000, testStart+61_000, call)
	respondOK(call, testStart+60_010, messagesPage("", "b 11", "a 10"))
	messages, _ := requireBatch(t, call)
	assert.Equal(t, []string{"b 11"}, messages)
}

// startSharedFlight starts three calls that wait for one token: the one that requests it, one with a longer time limit, and one
// with a shorter limit.
func startSharedFlight(t *testing.T, client *chatcore.Client) []*chatcore.Call {
	t.Helper()
	calls := []*chatcore.Call{
		startCall(t, client, createThread, testStart, chatcore.CallOptions{TimeoutMs: 5000}),
		startCall(t, client, sendMessage, testStart, chatcore.CallOptions{}),
		startCall(t, client, addParticipants, testStart, chatcore.CallOptions{TimeoutMs: 1000}),
	}
	require.Equal(t, []chatcore.StepKind{chatcore.NeedToken, chatcore.Wait, chatcore.Wait}, stepKinds(calls...))
	return calls
}

// TestLateTimerExtendsTokenWait: the order in which the timers of the calls fire does not matter.
func TestLateTimerExtendsTokenWait(t *testing.T) {
	for _, order := range [][]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}} {
		client := newCallbackClient(t)
		calls, asked := startSharedFlight(t, client), client.TokenFlight()
		for _, i := range order {
			requireExtended(t, client, testStart+8000, testStart+9000, calls[i])
		}
		client.Token(testStart+8010, asked, secretToken)
		assert.Equal(t, callIDs(calls...), drainChanged(client), order)
		for _, call := range calls {
			assert.Equal(t, secretToken, sentToken(t, call))
		}
		assert.Equal(t, testStart+13_010, calls[0].Step().Deadline, "the attempt has its full time")
	}
}

// TestTokenWaitTimesOutAfterLateTimer: without a token each call fails as if its timer had been on time. A call with time left
// requests a token again.
func TestTokenWaitTimesOutAfterLateTimer(t *testing.T) {
	client := newCallbackClient(t)
	calls, asked := startSharedFlight(t, client), client.TokenFlight()
	requireExtended(t, client, testStart+8000, testStart+9000, calls...)
	late := startCall(t, client, deleteThread, testStart+8500, chatcore.CallOptions{})
	assert.Equal(t, testStart+9000, waitDeadline(t, late))
	drainChanged(client)
	for i, ms := range map[int]int{0: 5000, 2: 1000} {
		calls[i].Elapsed(testStart + 9000)
		assert.Contains(t, requireTimeout(t, calls[i]), "no token within "+strconv.Itoa(ms)+" ms")
	}
	calls[1].Elapsed(testStart + 9000)
	late.Elapsed(testStart + 9000)
	assert.Equal(t, []chatcore.StepKind{chatcore.NeedToken, chatcore.Wait}, stepKinds(calls[1], late))
	assert.Equal(t, testStart+30_000, calls[1].Step().Deadline, "its original deadline")
	client.Token(testStart+9001, asked, "late.token")
	assert.Equal(t, chatcore.NeedToken, calls[1].Step().Kind)
	client.Token(testStart+9002, client.TokenFlight(), secretToken)
	assert.Equal(t, secretToken, sentToken(t, calls[1]))
	assert.Equal(t, secretToken, sentToken(t, late))
}

// TestTokenWaitIsExtendedOnce: a late timer extends a token request once, and each call's wait for it once.
func TestTokenWaitIsExtendedOnce(t *testing.T) {
	client := newCallbackClient(t)
	calls, asked := startSharedFlight(t, client), client.TokenFlight()
	requireExtended(t, client, testStart+8000, testStart+9000, calls...)
	joined := startCall(t, client, deleteThread, testStart+8500, chatcore.CallOptions{})
	drainChanged(client)
	joined.Elapsed(testStart + 20_000)
	assert.NotEqual(t, asked, client.TokenFlight(), "a new token request")
	for _, i := range []int{0, 2} {
		calls[i].Elapsed(testStart + 20_000)
		requireTimeout(t, calls[i])
	}
}

// TestLateTimerOfAnotherCall: the late timer of a call that needs no token does not end the token wait of other calls.
func TestLateTimerOfAnotherCall(t *testing.T) {
	client := newCallbackClient(t)
	sends := startCall(t, client, getMessage, testStart-1000, chatcore.CallOptions{TimeoutMs: 8900})
	client.Token(testStart-1000, client.TokenFlight(), "first.token")
	refused := startCall(t, client, getMessage, testStart-1000, chatcore.CallOptions{})
	respond(refused, testStart-500, 401, "")
	refused.Abort(testStart-500, errors.New("gone"))
	calls, asked := startSharedFlight(t, client), client.TokenFlight()
	sends.Elapsed(testStart + 8000)
	requireTimeout(t, sends)
	drainChanged(client)
	requireExtended(t, client, testStart+8000, testStart+9000, calls...)
	client.Token(testStart+8010, asked, secretToken)
	assert.Equal(t, []chatcore.StepKind{chatcore.Send, chatcore.Send, chatcore.Send}, stepKinds(calls...))
}

// TestTokenWaitEndsAtTotalTimeout: the token wait is not extended beyond totalTimeoutMs, as the call could not send any more.
func TestTokenWaitEndsAtTotalTimeout(t *testing.T) {
	client := newCallbackClient(t)
	call := startCall(t, client, sendMessage, testStart, chatcore.CallOptions{TimeoutMs: 5000, TotalTimeoutMs: 7000})
	call.Elapsed(testStart + 8000)
	assert.Contains(t, requireFailed(t, call, chatcore.Timeout).Message, "within 5000 ms")

	call = startCall(t, client, sendMessage, testStart, chatcore.CallOptions{TimeoutMs: 5000, TotalTimeoutMs: 8500})
	requireExtended(t, client, testStart+8000, testStart+8500, call)
	call.Elapsed(testStart + 8500)
	assert.Contains(t, requireFailed(t, call, chatcore.Timeout).Message, "within 5000 ms")
}

// TestLateTimerExtendsTokenRefresh: a late timer extends the wait for a fresh token before the call falls back to the current
// one.
func TestLateTimerExtendsTokenRefresh(t *testing.T) {
	for _, arrives := range []bool{true, false} {
		token := tokenExpiringIn(3600)
		d := clientWithToken(t, token)
		d.unixMs += 3_500_000
		call := startCall(t, d.Client, getThread, testStart, chatcore.CallOptions{TimeoutMs: 5000})
		require.Equal(t, chatcore.NeedToken, call.Step().Kind)
		requireExtended(t, d.Client, testStart+8000, testStart+9000, call)
		if arrives {
			d.Token(testStart+8010, d.TokenFlight(), "second.token")
			token = "second.token"
		} else {
			call.Elapsed(testStart + 9000)
		}
		assert.Equal(t, token, sentToken(t, call))
	}
}
