package chatcore_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// writeTarget names what an operation writes to; writes to one target go one after another.
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

// eachWrite runs a test for every operation that has a target.
func eachWrite(t *testing.T, test func(t *testing.T, op operation)) {
	each(t, func(t *testing.T, op operation) {
		if op.writeTarget() != "" {
			test(t, op)
		}
	})
}

// TestStaleRetry: a newer write begins when an older one has ended, however often that is retried.
func TestStaleRetry(t *testing.T) {
	eachWrite(t, func(t *testing.T, op operation) {
		for _, next := range operations {
			client := retrying(t, chatcore.Options{})
			first := sending(t, client, op)
			second := begin(t, client, next, start, chatcore.CallOptions{})
			if next.writeTarget() != op.writeTarget() {
				assert.Equal(t, chatcore.Send, second.Step().Kind, "%s beside %s", next.name, op.name)
				continue
			}
			third := begin(t, client, next, start, chatcore.CallOptions{})
			answer(first, start, 503, "")
			now := elapse(t, first)
			assert.Equal(t, start+120_000, due(t, second), "%s behind %s", next.name, op.name)
			changed(client)
			succeed(first, now, op)
			assert.Equal(t, pathIDs(first, second), changed(client))
			assert.Equal(t, chatcore.Send, second.Step().Kind)
			assert.Equal(t, chatcore.Wait, third.Step().Kind)
			answer(second, now, 400, "")
			assert.Equal(t, chatcore.Send, third.Step().Kind, "a refusal is an end, too")
		}
	})
}

// TestOtherTargets: writes elsewhere do not wait, nor do those of another client.
func TestOtherTargets(t *testing.T) {
	eachWrite(t, func(t *testing.T, op operation) {
		client := newClient(t, chatcore.Options{})
		sending(t, client, op)
		assert.Equal(t, chatcore.Send, begin(t, client, op.in(1), start, chatcore.CallOptions{}).Step().Kind)
		assert.Equal(t, chatcore.Send, sending(t, newClient(t, chatcore.Options{}), op).Step().Kind)
	})
	client := newClient(t, chatcore.Options{})
	sending(t, client, updateMessage)
	other := client.UpdateMessage(threadID, "2", chatcore.UpdateChatMessageRequest{Content: "x"}, chatcore.CallOptions{})
	other.Start(start)
	assert.Equal(t, chatcore.Send, other.Step().Kind)
}

// TestWriteAfterAnUnknownOutcome: what the earlier write has sent may still be on its way.
func TestWriteAfterAnUnknownOutcome(t *testing.T) {
	settleMs := 3000
	eachWrite(t, func(t *testing.T, op operation) {
		for name, test := range map[string]struct {
			end   func(client *chatcore.Client, call *chatcore.Call)
			waits bool
		}{
			"done":    {func(_ *chatcore.Client, c *chatcore.Call) { succeed(c, start+100, op) }, false},
			"refused": {func(_ *chatcore.Client, c *chatcore.Call) { answer(c, start+100, 400, "") }, false},
			"429":     {func(_ *chatcore.Client, c *chatcore.Call) { answer(c, start+100, 429, "") }, false},
			"503":     {func(_ *chatcore.Client, c *chatcore.Call) { answer(c, start+100, 503, "") }, true},
			"202":     {func(_ *chatcore.Client, c *chatcore.Call) { answer(c, start+100, 202, "") }, true},
			"network": {func(_ *chatcore.Client, c *chatcore.Call) { c.NetworkFailed(start+100, c.Step().Number, errAborted) }, true},
			"timeout": {func(_ *chatcore.Client, c *chatcore.Call) { c.Elapsed(start + 100) }, true},
			"abort":   {func(_ *chatcore.Client, c *chatcore.Call) { c.Abort(start+100, errAborted) }, true},
		} {
			client := newClient(t, chatcore.Options{CallOptions: chatcore.CallOptions{SettleMs: &settleMs, TimeoutMs: 100}})
			first := sending(t, client, op)
			waiting := begin(t, client, op, start, chatcore.CallOptions{})
			test.end(client, first)
			if name == "429" {
				waiting.Elapsed(start + 10_000) // it is held back then
			}
			if !test.waits {
				assert.Equal(t, chatcore.Send, waiting.Step().Kind, name)
				continue
			}
			later := begin(t, client, op, start+200, chatcore.CallOptions{})
			assert.Equal(t, start+3100, elapse(t, waiting), name)
			assert.Equal(t, chatcore.Send, waiting.Step().Kind, name)
			assert.Equal(t, chatcore.Wait, later.Step().Kind, name)
			succeed(waiting, start+3200, op)
			assert.Equal(t, chatcore.Send, later.Step().Kind, name)
		}
	})
}

// TestWriteAfterALostAttempt: the retry has succeeded, but the attempt before it had no answer and may be stored later.
func TestWriteAfterALostAttempt(t *testing.T) {
	client := retrying(t, chatcore.Options{})
	first := sending(t, client, updateThread)
	second := begin(t, client, updateThread, start, chatcore.CallOptions{})
	first.NetworkFailed(start+10, first.Step().Number, errAborted)
	now := elapse(t, first)
	succeed(first, now, updateThread)
	assert.Equal(t, start+5010, elapse(t, second))
	succeed(second, start+5010, updateThread)
	assert.Equal(t, chatcore.Send, begin(t, client, updateThread, start+5010, chatcore.CallOptions{}).Step().Kind, "that is over")
}

// TestWriteAfterAGatewayGaveUp: the retry has succeeded, but what a gateway passed on may be stored later.
func TestWriteAfterAGatewayGaveUp(t *testing.T) {
	for status, waits := range map[int]bool{408: false, 500: false, 502: true, 503: false, 504: true} {
		client := retrying(t, chatcore.Options{})
		first := sending(t, client, updateThread)
		second := begin(t, client, updateThread, start, chatcore.CallOptions{})
		answer(first, start+10, status, "")
		now := elapse(t, first)
		succeed(first, now, updateThread)
		if waits {
			assert.Equal(t, start+5010, elapse(t, second), status)
		}
		assert.Equal(t, chatcore.Send, second.Step().Kind, status)
	}
}

// TestLateTimerInLine: a write whose time is over does not begin because another write has ended.
func TestLateTimerInLine(t *testing.T) {
	client := callbackClient(t)
	first := begin(t, client, updateThread, start, chatcore.CallOptions{})
	second := begin(t, client, updateThread, start, chatcore.CallOptions{TotalTimeoutMs: 1000})
	other := begin(t, client, getThread, start, chatcore.CallOptions{})
	other.Abort(start+2000, errAborted)
	assert.Contains(t, failed(t, second, chatcore.Timeout).Message, "nothing was sent")
	first.Abort(start+3000, errAborted)
	third := begin(t, client, updateThread, start+3000, chatcore.CallOptions{TotalTimeoutMs: 1000})
	fourth := begin(t, client, updateThread, start+3000, chatcore.CallOptions{TotalTimeoutMs: 100})
	third.Abort(start+5000, errAborted)
	assert.Contains(t, failed(t, fourth, chatcore.Timeout).Message, "nothing was sent")
}

// TestTimeoutInLine: a write that waits is in no hold and has sent nothing.
func TestTimeoutInLine(t *testing.T) {
	eachWrite(t, func(t *testing.T, op operation) {
		client := callbackClient(t)
		first := begin(t, client, op, start, chatcore.CallOptions{})
		short := begin(t, client, op, start, chatcore.CallOptions{TotalTimeoutMs: 1000})
		aborted := begin(t, client, op, start, chatcore.CallOptions{})
		last := begin(t, client, op, start, chatcore.CallOptions{})
		assert.Equal(t, start+1000, elapse(t, short))
		e := failed(t, short, chatcore.Timeout)
		assert.Zero(t, e.Attempts)
		assert.Contains(t, e.Message, "nothing was sent")
		aborted.Abort(start+1000, errAborted)
		require.Equal(t, errAborted, aborted.Step().Err)
		client.Token(start+1000, client.TokenFlight(), secret)
		succeed(first, start+1000, op)
		assert.Equal(t, chatcore.Send, last.Step().Kind, "neither has left anything to wait for")
		waiting := begin(t, client, op, start+1000, chatcore.CallOptions{})
		client.Close(start + 1000)
		failed(t, last, chatcore.Closed)
		failed(t, waiting, chatcore.Closed)
	})
}

// TestQueuedWritesAndHolds: a write whose turn comes goes through the hold like any other.
func TestQueuedWritesAndHolds(t *testing.T) {
	client := retrying(t, chatcore.Options{})
	first := sending(t, client, updateMessage)
	second := begin(t, client, updateMessage, start, chatcore.CallOptions{})
	third := begin(t, client, updateMessage, start, chatcore.CallOptions{})
	other := sending(t, client, sendMessage)
	refuse(other, start, "5")
	succeed(first, start+10, updateMessage)
	assert.Equal(t, start+5000, due(t, second), "held back with the others")
	assert.Equal(t, start+120_000, due(t, third))
	assert.Equal(t, start+5000, elapse(t, other))
	succeed(other, start+5000, sendMessage)
	second.Elapsed(start + 5000)
	succeed(second, start+5001, updateMessage)
	assert.Equal(t, chatcore.Send, third.Step().Kind)

	client = retrying(t, chatcore.Options{})
	first = sending(t, client, updateMessage)
	impatient := begin(t, client, updateMessage, start, chatcore.CallOptions{TotalTimeoutMs: 2000})
	last := begin(t, client, updateMessage, start, chatcore.CallOptions{})
	refuse(sending(t, client, sendMessage), start, "5")
	succeed(first, start, updateMessage)
	failed(t, impatient, chatcore.TooManyRequests)
	assert.Equal(t, start+5000, due(t, last), "the next takes its turn at once")
}

// TestReadsAndSendsAreNotQueued: neither can undo what another has written.
func TestReadsAndSendsAreNotQueued(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	for range 3 {
		for _, op := range []operation{createThread, sendMessage, getThread, listMessages, sendTypingNotification} {
			assert.Equal(t, chatcore.Send, begin(t, client, op, start, chatcore.CallOptions{}).Step().Kind, op.name)
		}
	}
}
