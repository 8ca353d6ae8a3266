package chatcore_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// locked is a call with a token that waits for its lock.
func locked(t *testing.T, d *deliverer, now chatcore.Instant, token string) *chatcore.Call {
	t.Helper()
	call := begin(t, d.Client, sendMessage, now, chatcore.CallOptions{IdempotencyToken: token})
	require.Equal(t, chatcore.NeedLock, call.Step().Kind)
	return call
}

// TestLock: calls with one token ask for one lock, and calls that cannot send the same message for none.
func TestLock(t *testing.T) {
	d := newDeliverer(t, chatcore.Options{})
	first := locked(t, d, start, ownToken)
	assert.Equal(t, "acschat:"+origin+threadID+ownToken, first.Step().Lock)
	assert.Equal(t, start+120_000, first.Step().Deadline)
	assert.Equal(t, first.Step().Lock, locked(t, newDeliverer(t, chatcore.Options{}), start, ownToken).Step().Lock)
	assert.NotEqual(t, first.Step().Lock, locked(t, d, start, ownToken+"x").Step().Lock)
	posts(t, d.deliver(t, start, ""))
	posts(t, begin(t, d.Client, sendMessage, start, chatcore.CallOptions{}))

	step := *first.Step()
	first.Locked(start, step.Number+1, false) // of another step
	still(t, d.Client, first, step)
	first.Locked(start, step.Number, false)
	looks(t, first)
	first.Locked(start, step.Number, true)
	looks(t, first)
}

// TestLockThatWasNotFree: who held it may have sent the message, and left without an answer.
func TestLockThatWasNotFree(t *testing.T) {
	memory, made := chatcore.NewSendMemory(), madeAt(noon)
	for _, token := range []string{ownToken, made} {
		d := newDeliverer(t, chatcore.Options{Made: start - 60_000, Memory: memory})
		memory.Made(made, start, noon)
		call := locked(t, d, start, token)
		call.Locked(start+100, call.Step().Number, true)
		looks(t, call)
		list(call, start+100, firstLine)
		assert.Equal(t, start+5100, elapse(t, call))
		list(call, start+5100, shown("", "0 token="+token))
		assert.Equal(t, "0", found(t, call))
	}
}

// TestNextCallAfterALockThatWasNotFree: what the earlier holder sent has to settle for the next call of the page as well.
func TestNextCallAfterALockThatWasNotFree(t *testing.T) {
	d := newDeliverer(t, chatcore.Options{Made: start - 60_000, TokenCallback: true})
	call := locked(t, d, start, ownToken)
	call.Locked(start+100, call.Step().Number, true)
	d.TokenFailed(start+100, d.TokenFlight(), errAborted)
	unknown(t, call, ownToken)
	call = d.deliver(t, start+200, ownToken)
	d.Token(start+200, d.TokenFlight(), secret)
	list(call, start+200, firstLine)
	assert.Equal(t, start+5100, elapse(t, call))
}

// TestSameToken: the second call adopts what the first has sent, also in another client of the program.
func TestSameToken(t *testing.T) {
	memory := chatcore.NewSendMemory()
	o := chatcore.Options{Memory: memory, Made: start - 60_000}
	d, other := newDeliverer(t, o), newDeliverer(t, o)
	first := d.deliver(t, start, ownToken)
	second, third := locked(t, d, start, ownToken), locked(t, other, start, ownToken)
	list(first, start, firstLine)
	answer(first, start, 201, `{"id":"12"}`)
	assert.Equal(t, "12", found(t, first))
	second.Locked(start+1, second.Step().Number, true)
	assert.Equal(t, "12", found(t, second))
	third.Locked(start+1, third.Step().Number, true)
	assert.Equal(t, "12", found(t, third))
}

// TestEndsWithoutTheLock: nobody knows whether the call that holds it has sent the message.
func TestEndsWithoutTheLock(t *testing.T) {
	d := newDeliverer(t, chatcore.Options{})
	short := begin(t, d.Client, sendMessage, start, chatcore.CallOptions{IdempotencyToken: ownToken, TotalTimeoutMs: 1000})
	assert.Equal(t, start+1000, short.Step().Deadline)
	short.Elapsed(start + 999)
	assert.Equal(t, chatcore.NeedLock, short.Step().Kind)
	short.Elapsed(start + 1000)
	e := unknown(t, short, ownToken)
	assert.Equal(t, chatcore.Timeout, failure(t, e.Cause).Code)
	assert.Zero(t, e.Attempts)

	aborted := locked(t, d, start, ownToken)
	aborted.Abort(start, errAborted)
	require.Equal(t, errAborted, aborted.Step().Err)

	closed := locked(t, d, start, ownToken)
	d.Close(start)
	unknown(t, closed, ownToken)
}

// TestLockQueue gives out each lock to one request at a time, in their order.
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
	c() // before its turn
	a()
	a() // again
	assert.Equal(t, []string{"a", "other", "b waited"}, got)
	b()
	assert.Equal(t, []string{"a", "other", "b waited", "d waited"}, got)
	d()
	other()
	e := request("x", "e")
	defer e()
	assert.Equal(t, []string{"a", "other", "b waited", "d waited", "e"}, got)
}
