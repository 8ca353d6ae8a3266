package chatcore_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// startNeedingLock starts a call with a token. It needs the lock next.
func startNeedingLock(t *testing.T, d *sendOnceClient, now chatcore.Instant, token string) *chatcore.Call {
	t.Helper()
	call := startCall(t, d.Client, sendMessage, now, chatcore.CallOptions{IdempotencyToken: token})
	require.Equal(t, chatcore.NeedLock, call.Step().Kind)
	return call
}

// TestLockName: calls with the same token need the same lock. Calls without a caller's token need none.
func TestLockName(t *testing.T) {
	d := newSendOnceClient(t, chatcore.Options{})
	first := startNeedingLock(t, d, testStart, callerToken)
	assert.Equal(t, "acschat:"+origin+threadID+callerToken, first.Step().Lock)
	assert.Equal(t, testStart+120_000, first.Step().Deadline)
	assert.Equal(t, first.Step().Lock, startNeedingLock(t, newSendOnceClient(t, chatcore.Options{}), testStart, callerToken).Step().Lock)
	assert.NotEqual(t, first.Step().Lock, startNeedingLock(t, d, testStart, callerToken+"x").Step().Lock)
	requirePost(t, d.sendOnce(t, testStart, ""))
	requirePost(t, startCall(t, d.Client, sendMessage, testStart, chatcore.CallOptions{}))

	step := *first.Step()
	first.Locked(testStart, step.Number+1, false) // a later step
	requireUnchanged(t, d.Client, first, step)
	first.Locked(testStart, step.Number, false)
	requireLookup(t, first)
	first.Locked(testStart, step.Number, true)
	requireLookup(t, first)
}

// TestContendedLock: after waiting for the lock, the call waits for the settle time: the previous holder may have sent the
// message.
func TestContendedLock(t *testing.T) {
	memory, made := chatcore.NewSendMemory(), uuidV7At(startUnixMs)
	for _, token := range []string{callerToken, made} {
		d := newSendOnceClient(t, chatcore.Options{Made: testStart - 60_000, Memory: memory})
		memory.Made(made, testStart, startUnixMs)
		call := startNeedingLock(t, d, testStart, token)
		call.Locked(testStart+100, call.Step().Number, true)
		requireLookup(t, call)
		respondOK(call, testStart+100, pageToThreadStart)
		assert.Equal(t, testStart+5100, elapseWait(t, call))
		respondOK(call, testStart+5100, messagesBefore("", "0 token="+token))
		assert.Equal(t, "0", requireSent(t, call))
	}
}

// TestNextCallAfterContendedLock: the settle time after a contended lock applies to the page's next call with the token too.
func TestNextCallAfterContendedLock(t *testing.T) {
	d := newSendOnceClient(t, chatcore.Options{Made: testStart - 60_000, TokenCallback: true})
	call := startNeedingLock(t, d, testStart, callerToken)
	call.Locked(testStart+100, call.Step().Number, true)
	d.TokenFailed(testStart+100, d.TokenFlight(), errAborted)
	requireDeliveryUnknown(t, call, callerToken)
	call = d.sendOnce(t, testStart+200, callerToken)
	d.Token(testStart+200, d.TokenFlight(), secretToken)
	respondOK(call, testStart+200, pageToThreadStart)
	assert.Equal(t, testStart+5100, elapseWait(t, call))
}

// TestSecondCallAdoptsResult: a later call with the token gets the result of the first, even in another client of the program.
func TestSecondCallAdoptsResult(t *testing.T) {
	memory := chatcore.NewSendMemory()
	o := chatcore.Options{Memory: memory, Made: testStart - 60_000}
	d, other := newSendOnceClient(t, o), newSendOnceClient(t, o)
	first := d.sendOnce(t, testStart, callerToken)
	second, third := startNeedingLock(t, d, testStart, callerToken), startNeedingLock(t, other, testStart, callerToken)
	respondOK(first, testStart, pageToThreadStart)
	respond(first, testStart, 201, `{"id":"12"}`)
	assert.Equal(t, "12", requireSent(t, first))
	second.Locked(testStart+1, second.Step().Number, true)
	assert.Equal(t, "12", requireSent(t, second))
	third.Locked(testStart+1, third.Step().Number, true)
	assert.Equal(t, "12", requireSent(t, third))
}

// TestEndWhileWaitingForLock: a call that ends while it waits for the lock is DeliveryUnknown, as the holder may have sent the
// message.
func TestEndWhileWaitingForLock(t *testing.T) {
	d := newSendOnceClient(t, chatcore.Options{})
	short := startCall(t, d.Client, sendMessage, testStart, chatcore.CallOptions{IdempotencyToken: callerToken, TotalTimeoutMs: 1000})
	assert.Equal(t, testStart+1000, short.Step().Deadline)
	short.Elapsed(testStart + 999)
	assert.Equal(t, chatcore.NeedLock, short.Step().Kind)
	short.Elapsed(testStart + 1000)
	e := requireDeliveryUnknown(t, short, callerToken)
	assert.Equal(t, chatcore.Timeout, requireError(t, e.Cause).Code)
	assert.Zero(t, e.Attempts)

	aborted := startNeedingLock(t, d, testStart, callerToken)
	aborted.Abort(testStart, errAborted)
	require.Equal(t, errAborted, aborted.Step().Err)

	closed := startNeedingLock(t, d, testStart, callerToken)
	d.Close(testStart)
	requireDeliveryUnknown(t, closed, callerToken)
}

// TestLockQueue: a lock is granted to one request at a time, in order.
func TestLockQueue(t *testing.T) {
	var q chatcore.LockQueue
	var got []string
	request := func(lock, name string) (release func()) {
		return q.Request(lock, func(waited bool) {
			if waited {
				name += " waited"
			}
			got = append(got, name)
		})
	}
	a, b, c := request("x", "a"), request("x", "b"), request("x", "c")
	other := request("y", "other")
	d := request("x", "d")
	assert.Equal(t, []string{"a", "other"}, got)
	c() // withdraws the request
	a()
	a() // has no effect
	assert.Equal(t, []string{"a", "other", "b waited"}, got)
	b()
	assert.Equal(t, []string{"a", "other", "b waited", "d waited"}, got)
	d()
	other()
	e := request("x", "e")
	defer e()
	assert.Equal(t, []string{"a", "other", "b waited", "d waited", "e"}, got)
}
