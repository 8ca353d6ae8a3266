package chatcore_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// writeTarget names what an operation writes to. The client sends writes to one target one after another.
func (op operation) writeTarget() string {
	switch op.name {
	case "updateThread", "deleteThread":
		return "thread"
	case "updateMessage", "deleteMessage":
		return "message"
	case "addParticipants", "removeParticipant":
		return "participants"
	case "sendReadReceipt":
		return "receipt"
	}
	return ""
}

// forEachWrite runs a test for every operation that has a write target.
func forEachWrite(t *testing.T, test func(t *testing.T, op operation)) {
	forEachOperation(t, func(t *testing.T, op operation) {
		if op.writeTarget() != "" {
			test(t, op)
		}
	})
}

// TestWritesToOneTargetAreQueued: a newer write starts when the older one has ended, with all its retries.
func TestWritesToOneTargetAreQueued(t *testing.T) {
	forEachWrite(t, func(t *testing.T, op operation) {
		for _, next := range operations {
			client := newRetryingClient(t, chatcore.Options{})
			first := startSending(t, client, op)
			second := startCall(t, client, next, testStart, chatcore.CallOptions{})
			if next.writeTarget() != op.writeTarget() {
				assert.Equal(t, chatcore.Send, second.Step().Kind, "%s beside %s", next.name, op.name)
				continue
			}
			third := startCall(t, client, next, testStart, chatcore.CallOptions{})
			respond(first, testStart, 503, "")
			now := elapseWait(t, first)
			assert.Equal(t, testStart+120_000, waitDeadline(t, second), "%s behind %s", next.name, op.name)
			drainChanged(client)
			respondSuccess(first, now, op)
			assert.Equal(t, callIDs(first, second), drainChanged(client))
			assert.Equal(t, chatcore.Send, second.Step().Kind)
			assert.Equal(t, chatcore.Wait, third.Step().Kind)
			respond(second, now, 400, "")
			assert.Equal(t, chatcore.Send, third.Step().Kind, "a refused write has ended too")
		}
	})
}

// TestWritesToOtherTargetsAreNotQueued: writes to other targets and of other clients do not wait.
func TestWritesToOtherTargetsAreNotQueued(t *testing.T) {
	forEachWrite(t, func(t *testing.T, op operation) {
		client := newClient(t, chatcore.Options{})
		startSending(t, client, op)
		assert.Equal(t, chatcore.Send, startCall(t, client, op.inThread(1), testStart, chatcore.CallOptions{}).Step().Kind)
		assert.Equal(t, chatcore.Send, startSending(t, newClient(t, chatcore.Options{}), op).Step().Kind)
	})
	client := newClient(t, chatcore.Options{})
	startSending(t, client, updateMessage)
	other := client.UpdateMessage(threadID, "2", chatcore.UpdateChatMessageRequest{Content: "x"}, chatcore.CallOptions{})
	other.Start(testStart)
	assert.Equal(t, chatcore.Send, other.Step().Kind)
}

// TestWriteAfterUnknownOutcomeWaits: the next write waits for settleMs, since the earlier one may still be stored.
func TestWriteAfterUnknownOutcomeWaits(t *testing.T) {
	settleMs := 3000
	forEachWrite(t, func(t *testing.T, op operation) {
		for name, test := range map[string]struct {
			end   func(client *chatcore.Client, call *chatcore.Call)
			waits bool
		}{
			"done":    {func(_ *chatcore.Client, c *chatcore.Call) { respondSuccess(c, testStart+100, op) }, false},
			"refused": {func(_ *chatcore.Client, c *chatcore.Call) { respond(c, testStart+100, 400, "") }, false},
			"429":     {func(_ *chatcore.Client, c *chatcore.Call) { respond(c, testStart+100, 429, "") }, false},
			"503":     {func(_ *chatcore.Client, c *chatcore.Call) { respond(c, testStart+100, 503, "") }, true},
			"202":     {func(_ *chatcore.Client, c *chatcore.Call) { respond(c, testStart+100, 202, "") }, true},
			"network": {func(_ *chatcore.Client, c *chatcore.Call) {
				c.NetworkFailed(testStart+100, c.Step().Number, errAborted)
			}, true},
			"timeout": {func(_ *chatcore.Client, c *chatcore.Call) { c.Elapsed(testStart + 100) }, true},
			"abort":   {func(_ *chatcore.Client, c *chatcore.Call) { c.Abort(testStart+100, errAborted) }, true},
		} {
			client := newClient(t, chatcore.Options{CallOptions: chatcore.CallOptions{SettleMs: &settleMs, TimeoutMs: 100}})
			first := startSending(t, client, op)
			waiting := startCall(t, client, op, testStart, chatcore.CallOptions{})
			test.end(client, first)
			if name == "429" {
				waiting.Elapsed(testStart + 10_000) // it is throttled until then
			}
			if !test.waits {
				assert.Equal(t, chatcore.Send, waiting.Step().Kind, name)
				continue
			}
			later := startCall(t, client, op, testStart+200, chatcore.CallOptions{})
			assert.Equal(t, testStart+3100, elapseWait(t, waiting), name)
			assert.Equal(t, chatcore.Send, waiting.Step().Kind, name)
			assert.Equal(t, chatcore.Wait, later.Step().Kind, name)
			respondSuccess(waiting, testStart+3200, op)
			assert.Equal(t, chatcore.Send, later.Step().Kind, name)
		}
	})
}

// TestWriteAfterLostAttemptWaits: the retry succeeded, but the attempt before it had no answer and may be stored later.
func TestWriteAfterLostAttemptWaits(t *testing.T) {
	client := newRetryingClient(t, chatcore.Options{})
	first := startSending(t, client, updateThread)
	second := startCall(t, client, updateThread, testStart, chatcore.CallOptions{})
	first.NetworkFailed(testStart+10, first.Step().Number, errAborted)
	now := elapseWait(t, first)
	respondSuccess(first, now, updateThread)
	assert.Equal(t, testStart+5010, elapseWait(t, second))
	respondSuccess(second, testStart+5010, updateThread)
	assert.Equal(t, chatcore.Send, startCall(t, client, updateThread, testStart+5010, chatcore.CallOptions{}).Step().Kind, "the settle time is over")
}

// TestWriteAfterGatewayTimeoutWaits: the retry succeeded, but a request that a gateway gave up on may be stored later.
func TestWriteAfterGatewayTimeoutWaits(t *testing.T) {
	for status, waits := range map[int]bool{408: false, 500: false, 502: true, 503: false, 504: true} {
		client := newRetryingClient(t, chatcore.Options{})
		first := startSending(t, client, updateThread)
		second := startCall(t, client, updateThread, testStart, chatcore.CallOptions{})
		respond(first, testStart+10, status, "")
		now := elapseWait(t, first)
		respondSuccess(first, now, updateThread)
		if waits {
			assert.Equal(t, testStart+5010, elapseWait(t, second), status)
		}
		assert.Equal(t, chatcore.Send, second.Step().Kind, status)
	}
}

// TestQueuedWritePastItsTimeout: a queued write whose time is over is not sent when its turn comes, even if its timer is late.
func TestQueuedWritePastItsTimeout(t *testing.T) {
	client := newCallbackClient(t)
	first := startCall(t, client, updateThread, testStart, chatcore.CallOptions{})
	second := startCall(t, client, updateThread, testStart, chatcore.CallOptions{TotalTimeoutMs: 1000})
	other := startCall(t, client, getThread, testStart, chatcore.CallOptions{})
	other.Abort(testStart+2000, errAborted)
	assert.Contains(t, requireFailed(t, second, chatcore.Timeout).Message, "nothing was sent")
	first.Abort(testStart+3000, errAborted)
	third := startCall(t, client, updateThread, testStart+3000, chatcore.CallOptions{TotalTimeoutMs: 1000})
	fourth := startCall(t, client, updateThread, testStart+3000, chatcore.CallOptions{TotalTimeoutMs: 100})
	third.Abort(testStart+5000, errAborted)
	assert.Contains(t, requireFailed(t, fourth, chatcore.Timeout).Message, "nothing was sent")
}

// TestQueuedWriteTimesOut: a queued write that times out or is aborted has sent nothing, so later writes need not wait for it.
func TestQueuedWriteTimesOut(t *testing.T) {
	forEachWrite(t, func(t *testing.T, op operation) {
		client := newCallbackClient(t)
		first := startCall(t, client, op, testStart, chatcore.CallOptions{})
		short := startCall(t, client, op, testStart, chatcore.CallOptions{TotalTimeoutMs: 1000})
		aborted := startCall(t, client, op, testStart, chatcore.CallOptions{})
		last := startCall(t, client, op, testStart, chatcore.CallOptions{})
		assert.Equal(t, testStart+1000, elapseWait(t, short))
		e := requireFailed(t, short, chatcore.Timeout)
		assert.Zero(t, e.Attempts)
		assert.Contains(t, e.Message, "nothing was sent")
		aborted.Abort(testStart+1000, errAborted)
		require.Equal(t, errAborted, aborted.Step().Err)
		client.Token(testStart+1000, client.TokenFlight(), secretToken)
		respondSuccess(first, testStart+1000, op)
		assert.Equal(t, chatcore.Send, last.Step().Kind, "no settle time after writes that were not sent")
		waiting := startCall(t, client, op, testStart+1000, chatcore.CallOptions{})
		client.Close(testStart + 1000)
		requireFailed(t, last, chatcore.Closed)
		requireFailed(t, waiting, chatcore.Closed)
	})
}

// TestQueuedWritesAreThrottled: a queued write whose turn comes is throttled like any other call.
func TestQueuedWritesAreThrottled(t *testing.T) {
	client := newRetryingClient(t, chatcore.Options{})
	first := startSending(t, client, updateMessage)
	second := startCall(t, client, updateMessage, testStart, chatcore.CallOptions{})
	third := startCall(t, client, updateMessage, testStart, chatcore.CallOptions{})
	other := startSending(t, client, sendMessage)
	respond429(other, testStart, "5")
	respondSuccess(first, testStart+10, updateMessage)
	assert.Equal(t, testStart+5000, waitDeadline(t, second), "throttled")
	assert.Equal(t, testStart+120_000, waitDeadline(t, third))
	assert.Equal(t, testStart+5000, elapseWait(t, other))
	respondSuccess(other, testStart+5000, sendMessage)
	second.Elapsed(testStart + 5000)
	respondSuccess(second, testStart+5001, updateMessage)
	assert.Equal(t, chatcore.Send, third.Step().Kind)

	client = newRetryingClient(t, chatcore.Options{})
	first = startSending(t, client, updateMessage)
	impatient := startCall(t, client, updateMessage, testStart, chatcore.CallOptions{TotalTimeoutMs: 2000})
	last := startCall(t, client, updateMessage, testStart, chatcore.CallOptions{})
	respond429(startSending(t, client, sendMessage), testStart, "5")
	respondSuccess(first, testStart, updateMessage)
	requireFailed(t, impatient, chatcore.TooManyRequests)
	assert.Equal(t, testStart+5000, waitDeadline(t, last), "the next write has its turn at once")
}

// TestReadsAndSendsAreNotQueued: they cannot undo another write.
func TestReadsAndSendsAreNotQueued(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	for range 3 {
		for _, op := range []operation{createThread, sendMessage, getThread, listMessages, sendTypingNotification} {
			assert.Equal(t, chatcore.Send, startCall(t, client, op, testStart, chatcore.CallOptions{}).Step().Kind, op.name)
		}
	}
}
