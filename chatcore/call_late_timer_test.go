package chatcore_test

import (
	"errors"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// extended tells calls that are waiting for an answer the time, and expects that they go on waiting: until a deadline, in the
// same step.
func extended(t *testing.T, client *chatcore.Client, now, deadline chatcore.Instant, calls ...*chatcore.Call) {
	t.Helper()
	for _, call := range calls {
		step := *call.Step()
		call.Elapsed(now)
		step.Deadline = deadline
		still(t, client, call, step)
		call.Elapsed(deadline - 1)
		still(t, client, call, step)
	}
}

// timedOut takes a call for one that got no answer in time, and returns the message.
func timedOut(t *testing.T, call *chatcore.Call) string {
	t.Helper()
	require.Equal(t, chatcore.Failed, call.Step().Kind)
	e := failure(t, call.Step().Err)
	if e.Code == chatcore.DeliveryUnknown {
		e = failure(t, e.Cause)
	}
	require.Equal(t, chatcore.Timeout, e.Code)
	return e.Message
}

// lateLimits are limits of which the one that is over after 5 s is named, or what was left of it.
var lateLimits = map[string]chatcore.CallOptions{
	"timeoutMs":      {TimeoutMs: 5000},
	"totalTimeoutMs": {TotalTimeoutMs: 5000},
}

func TestAnswerCountsIfTheTimerWasLate(t *testing.T) {
	for name, o := range lateLimits {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, op operation) {
				client := newClient(t, chatcore.Options{})
				call := begin(t, client, op, start, o)
				extended(t, client, start+8000, start+9000, call)
				succeed(call, start+8010, op)
				assert.Equal(t, chatcore.Done, call.Step().Kind)
			})
		})
	}
}

// TestNoAnswerAfterALateTimer: the call fails as if the timer had been in time, and its message states the limit.
func TestNoAnswerAfterALateTimer(t *testing.T) {
	for name, o := range lateLimits {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, op operation) {
				for _, now := range []chatcore.Instant{start + 9000, start + 90_000} { // suspended again
					client := newClient(t, chatcore.Options{})
					call := begin(t, client, op, start, o)
					extended(t, client, start+8000, start+9000, call)
					call.Elapsed(now)
					assert.Contains(t, timedOut(t, call), "no answer from "+origin+" within 5000 ms")
				}
			})
		})
	}
}

// TestTimersThatAreAsGoodAsInTime: they do not make a time-out longer.
func TestTimersThatAreAsGoodAsInTime(t *testing.T) {
	const late = 250
	for _, after := range []chatcore.Instant{0, 1, late - 1, late} {
		client := newClient(t, chatcore.Options{})
		call := begin(t, client, createThread, start, chatcore.CallOptions{TimeoutMs: 5000})
		call.Elapsed(start + 5000 + after)
		if after < late {
			assert.Contains(t, timedOut(t, call), "within 5000 ms", after)
		} else {
			assert.Equal(t, start+6000+after, call.Step().Deadline)
		}
	}
}

// TestLateTimerOfEachAttempt: each attempt has its own.
func TestLateTimerOfEachAttempt(t *testing.T) {
	client := retrying(t, chatcore.Options{})
	call := begin(t, client, createThread, start, chatcore.CallOptions{TimeoutMs: 5000})
	now := start
	for range 2 {
		extended(t, client, now+8000, now+9000, call)
		call.Elapsed(now + 9000)
		now = elapse(t, call)
		assert.Equal(t, now+5000, call.Step().Deadline)
		changed(client)
	}
	extended(t, client, now+8000, now+9000, call)
	succeed(call, now+8010, createThread)
	assert.Equal(t, chatcore.Done, call.Step().Kind)
}

// TestLimitOfALaterAttempt: the message states what was left of totalTimeoutMs when the attempt began.
func TestLimitOfALaterAttempt(t *testing.T) {
	client := callbackClient(t)
	call := begin(t, client, createThread, start, chatcore.CallOptions{TimeoutMs: 5000, TotalTimeoutMs: 6000})
	client.Token(start+2000, call.Step().Flight, secret)
	changed(client)
	extended(t, client, start+10_000, start+11_000, call)
	call.Elapsed(start + 11_000)
	assert.Contains(t, timedOut(t, call), "within 4000 ms")
}

// TestSettlingAfterALateTimer: what was sent may be stored for settleMs after the client has stopped waiting for the answer.
func TestSettlingAfterALateTimer(t *testing.T) {
	d := newDeliverer(t, chatcore.Options{Made: start - 10_000})
	call := begin(t, d.Client, sendMessage, start, chatcore.CallOptions{IdempotencyToken: ownToken, TimeoutMs: 5000, TotalTimeoutMs: 30_000})
	lock(d.Client, call, start)
	looks(t, call)
	extended(t, d.Client, start+8000, start+9000, call)
	list(call, start+8010, shown("", "0 sequenceId=1"))
	changed(d.Client)
	posts(t, call)
	now := start + 8010
	extended(t, d.Client, now+8000, now+9000, call)
	call.Elapsed(now + 9000)
	until := elapse(t, call)
	looks(t, call)
	list(call, until, shown("", "0 sequenceId=1"))
	assert.Equal(t, now+9000+5000, due(t, call), "settled")

	call.Elapsed(now + 9000 + 5000)
	looks(t, call)
	call.Abort(now+14_001, errors.New("gone"))
	assert.Equal(t, now+9000+5000, call.Step().LockUntil)
}

// TestNothingIsSentAfterTotalTimeoutMs: an answer that counts after that leads to no other request, and to no question for a token.
func TestNothingIsSentAfterTotalTimeoutMs(t *testing.T) {
	t.Run("look-up", func(t *testing.T) {
		d := newDeliverer(t, chatcore.Options{Made: start - 10_000})
		call := begin(t, d.Client, sendMessage, start, chatcore.CallOptions{IdempotencyToken: ownToken, TotalTimeoutMs: 5000})
		lock(d.Client, call, start)
		looks(t, call)
		extended(t, d.Client, start+8000, start+9000, call)
		list(call, start+8010, shown("", "0 sequenceId=1"))
		e := failed(t, call, chatcore.Timeout)
		assert.Contains(t, e.Message, "not done within 5000 ms")
	})
	t.Run("token", func(t *testing.T) {
		client := callbackClient(t)
		call := begin(t, client, sendMessage, start, chatcore.CallOptions{TotalTimeoutMs: 5000})
		client.Token(start, call.Step().Flight, secret)
		changed(client)
		extended(t, client, start+8000, start+9000, call)
		answer(call, start+8010, 401, "")
		assert.Contains(t, failed(t, call, chatcore.Timeout).Message, "not done within 5000 ms, after 1 attempts")
		assert.Zero(t, client.TokenFlight())
	})
	t.Run("retry", func(t *testing.T) {
		client := retrying(t, chatcore.Options{})
		call := begin(t, client, createThread, start, chatcore.CallOptions{TotalTimeoutMs: 5000})
		extended(t, client, start+8000, start+9000, call)
		answer(call, start+8010, 503, "")
		failed(t, call, chatcore.ServiceUnavailable)
	})
}

// TestLateTimerOfAWatch: a poll is an attempt like others.
func TestLateTimerOfAWatch(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	call := since(t, client)
	extended(t, client, start+60_000, start+61_000, call)
	list(call, start+60_010, listed("", "b 11", "a 10"))
	messages, _ := yields(t, call)
	assert.Equal(t, []string{"b 11"}, messages)
}

// flight begins three calls that wait for one token: one that asks, one with more time, and one with less.
func flight(t *testing.T, client *chatcore.Client) []*chatcore.Call {
	t.Helper()
	calls := []*chatcore.Call{
		begin(t, client, createThread, start, chatcore.CallOptions{TimeoutMs: 5000}),
		begin(t, client, sendMessage, start, chatcore.CallOptions{}),
		begin(t, client, addParticipants, start, chatcore.CallOptions{TimeoutMs: 1000}),
	}
	require.Equal(t, []chatcore.StepKind{chatcore.NeedToken, chatcore.Wait, chatcore.Wait}, kinds(calls...))
	return calls
}

// TestTokenCountsIfTheTimerWasLate: in whatever order the calls are told the time.
func TestTokenCountsIfTheTimerWasLate(t *testing.T) {
	for _, order := range [][]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}} {
		client := callbackClient(t)
		calls, asked := flight(t, client), client.TokenFlight()
		for _, i := range order {
			extended(t, client, start+8000, start+9000, calls[i])
		}
		client.Token(start+8010, asked, secret)
		assert.Equal(t, pathIDs(calls...), changed(client), order)
		for _, call := range calls {
			assert.Equal(t, secret, bearer(t, call))
		}
		assert.Equal(t, start+13_010, calls[0].Step().Deadline, "all its time, for the attempt")
	}
}

// TestNoTokenAfterALateTimer: each call fails as if its timer had been in time, or asks once more if it has time left.
func TestNoTokenAfterALateTimer(t *testing.T) {
	client := callbackClient(t)
	calls, asked := flight(t, client), client.TokenFlight()
	extended(t, client, start+8000, start+9000, calls...)
	late := begin(t, client, deleteThread, start+8500, chatcore.CallOptions{})
	assert.Equal(t, start+9000, due(t, late))
	changed(client)
	for i, ms := range map[int]int{0: 5000, 2: 1000} {
		calls[i].Elapsed(start + 9000)
		assert.Contains(t, timedOut(t, calls[i]), "no token from the token callback within "+strconv.Itoa(ms)+" ms")
	}
	calls[1].Elapsed(start + 9000)
	late.Elapsed(start + 9000)
	assert.Equal(t, []chatcore.StepKind{chatcore.NeedToken, chatcore.Wait}, kinds(calls[1], late))
	assert.Equal(t, start+30_000, calls[1].Step().Deadline, "no more time than it had")
	client.Token(start+9001, asked, "late.token")
	assert.Equal(t, chatcore.NeedToken, calls[1].Step().Kind)
	client.Token(start+9002, client.TokenFlight(), secret)
	assert.Equal(t, secret, bearer(t, calls[1]))
	assert.Equal(t, secret, bearer(t, late))
}

// TestSecondLateTimerOfAToken: a flight and a call get more time once.
func TestSecondLateTimerOfAToken(t *testing.T) {
	client := callbackClient(t)
	calls, asked := flight(t, client), client.TokenFlight()
	extended(t, client, start+8000, start+9000, calls...)
	joined := begin(t, client, deleteThread, start+8500, chatcore.CallOptions{})
	changed(client)
	joined.Elapsed(start + 20_000)
	assert.NotEqual(t, asked, client.TokenFlight(), "another flight")
	for _, i := range []int{0, 2} {
		calls[i].Elapsed(start + 20_000)
		timedOut(t, calls[i])
	}
}

// TestLateTimerOfAnotherCall: a call that waits for no token does not end the wait of those that do.
func TestLateTimerOfAnotherCall(t *testing.T) {
	client := callbackClient(t)
	sends := begin(t, client, getMessage, start-1000, chatcore.CallOptions{TimeoutMs: 8900})
	client.Token(start-1000, client.TokenFlight(), "first.token")
	refused := begin(t, client, getMessage, start-1000, chatcore.CallOptions{})
	answer(refused, start-500, 401, "")
	refused.Abort(start-500, errors.New("gone"))
	calls, asked := flight(t, client), client.TokenFlight()
	sends.Elapsed(start + 8000)
	timedOut(t, sends)
	changed(client)
	extended(t, client, start+8000, start+9000, calls...)
	client.Token(start+8010, asked, secret)
	assert.Equal(t, []chatcore.StepKind{chatcore.Send, chatcore.Send, chatcore.Send}, kinds(calls...))
}

// TestLateTimerOfATokenAfterTotalTimeoutMs: a token would be of no use to the call, which may not send any more.
func TestLateTimerOfATokenAfterTotalTimeoutMs(t *testing.T) {
	client := callbackClient(t)
	call := begin(t, client, sendMessage, start, chatcore.CallOptions{TimeoutMs: 5000, TotalTimeoutMs: 7000})
	call.Elapsed(start + 8000)
	assert.Contains(t, failed(t, call, chatcore.Timeout).Message, "within 5000 ms")

	call = begin(t, client, sendMessage, start, chatcore.CallOptions{TimeoutMs: 5000, TotalTimeoutMs: 8500})
	extended(t, client, start+8000, start+8500, call)
	call.Elapsed(start + 8500)
	assert.Contains(t, failed(t, call, chatcore.Timeout).Message, "within 5000 ms")
}

// TestLateTimerOfARefresh: the token that is there is used on only when the fresh one has had its chance.
func TestLateTimerOfARefresh(t *testing.T) {
	for _, isThere := range []bool{true, false} {
		token := expiring(3600)
		d := refreshing(t, token)
		d.unixMs += 3_500_000
		call := begin(t, d.Client, getThread, start, chatcore.CallOptions{TimeoutMs: 5000})
		require.Equal(t, chatcore.NeedToken, call.Step().Kind)
		extended(t, d.Client, start+8000, start+9000, call)
		if isThere {
			d.Token(start+8010, d.TokenFlight(), "second.token")
			token = "second.token"
		} else {
			call.Elapsed(start + 9000)
		}
		assert.Equal(t, token, bearer(t, call))
	}
}
