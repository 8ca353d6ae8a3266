package chatcore_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// respond429 answers a call with 429 and Retry-After.
func respond429(call *chatcore.Call, now chatcore.Instant, seconds string) {
	call.Response(now, call.Step().Number, chatcore.Response{Status: 429, Header: headerField("Retry-After", seconds)})
}

// stepKinds returns the kind of each call's step.
func stepKinds(calls ...*chatcore.Call) (all []chatcore.StepKind) {
	for _, call := range calls {
		all = append(all, call.Step().Kind)
	}
	return all
}

// throttledClient returns a client whose first call was refused with 429, so that it and `more` other calls are throttled until
// 5000 ms after the start.
func throttledClient(t *testing.T, more int) (*chatcore.Client, []*chatcore.Call) {
	t.Helper()
	client := newRetryingClient(t, chatcore.Options{})
	calls := []*chatcore.Call{startSending(t, client, sendMessage)}
	respond429(calls[0], testStart, "5")
	for range more {
		calls = append(calls, startCall(t, client, sendMessage, testStart+1, chatcore.CallOptions{}))
	}
	for _, call := range calls {
		require.Equal(t, testStart+5000, waitDeadline(t, call))
	}
	drainChanged(client)
	return client, calls
}

// TestThrottleGroups: a 429 throttles the operations that the service counts together, in their thread or for their user, and
// no others.
func TestThrottleGroups(t *testing.T) {
	groups := [][]operation{
		{createThread}, {listThreads, getThread}, {updateThread}, {deleteThread}, {sendMessage, updateMessage, deleteMessage}, {listMessages}, {getMessage},
		{addParticipants, removeParticipant}, {listParticipants}, {sendTypingNotification}, {sendReadReceipt}, {listReadReceipts},
	}
	known := []string{}
	for i, group := range groups {
		for _, refused := range group {
			known = append(known, refused.name)
			client := newRetryingClient(t, chatcore.Options{})
			call := startSending(t, client, refused)
			respond429(call, testStart, "5")
			for j, others := range groups {
				for _, other := range others {
					second := startCall(t, client, other, testStart+1, chatcore.CallOptions{})
					switch {
					case i == j && refused.writeTarget() != "" && refused.writeTarget() == other.writeTarget():
						assert.Equal(t, testStart+120_001, waitDeadline(t, second), "%s queued behind %s, not throttled", other.name, refused.name)
						second.Abort(testStart+1, errAborted)
					case i == j:
						assert.Equal(t, testStart+5000, waitDeadline(t, second), "%s after %s", other.name, refused.name)
						second.Abort(testStart+1, errAborted)
					case refused.writeTarget() != "" && refused.writeTarget() == other.writeTarget():
						assert.Equal(t, chatcore.Wait, second.Step().Kind)
						second.Abort(testStart+1, errAborted)
					default:
						assert.Equal(t, chatcore.Send, second.Step().Kind, "%s after %s", other.name, refused.name)
						respondSuccess(second, testStart+1, other) // so that later writes are not queued behind it
					}
					second.Abort(testStart+1, errors.New("enough"))
				}
			}
		}
	}
	for _, op := range operations {
		assert.True(t, slices.Contains(known, op.name),
			"call_throttle_test.go: groups has no %s: put it with the operations of the same throttleGroup in operation.go, which the service counts together", op.name)
	}
	assert.Len(t, known, len(operations), "call_throttle_test.go: groups has an operation twice")

	client := newRetryingClient(t, chatcore.Options{})
	respond429(startSending(t, client, getMessage), testStart, "5")
	respond429(startSending(t, client, getThread), testStart, "5")
	elsewhere := client.GetMessage("19:other@thread.v2", messageID, chatcore.CallOptions{})
	elsewhere.Start(testStart)
	assert.Equal(t, chatcore.Send, elsewhere.Step().Kind, "another thread")
	elsewhere = client.GetThread("19:other@thread.v2", chatcore.CallOptions{})
	elsewhere.Start(testStart)
	assert.Equal(t, chatcore.Wait, elsewhere.Step().Kind, "counted per user")
}

// TestThrottledCallsStartOneByOne: the refused call starts first. Each of the others starts when the attempt before it has
// ended.
func TestThrottledCallsStartOneByOne(t *testing.T) {
	for _, backwards := range []bool{false, true} {
		client, calls := throttledClient(t, 4)
		for i := range calls {
			if backwards {
				i = len(calls) - 1 - i
			}
			calls[i].Elapsed(testStart + 5000) // drivers call this in any order
		}
		for i, call := range calls {
			require.Equal(t, chatcore.Send, call.Step().Kind)
			for _, other := range calls[i+1:] {
				require.Equal(t, chatcore.Wait, other.Step().Kind)
			}
			drainChanged(client)
			respondSuccess(call, testStart+5001, sendMessage)
			if i+1 < len(calls) {
				assert.Equal(t, callIDs(call, calls[i+1]), drainChanged(client))
			}
		}
		a, b := startSending(t, client, sendMessage), startSending(t, client, sendMessage)
		assert.Equal(t, []chatcore.StepKind{chatcore.Send, chatcore.Send}, stepKinds(a, b), "the throttle is over")
	}
}

// TestNextCallStartsAfterProbe: the next throttled call starts whatever the probe's outcome is. After another 429 it waits
// again.
func TestNextCallStartsAfterProbe(t *testing.T) {
	for name, test := range map[string]struct {
		end  func(*chatcore.Call)
		want []chatcore.StepKind
	}{
		"success": {func(c *chatcore.Call) { respondSuccess(c, testStart+5001, sendMessage) }, []chatcore.StepKind{chatcore.Done, chatcore.Send, chatcore.Wait}},
		"400":     {func(c *chatcore.Call) { respond(c, testStart+5001, 400, "") }, []chatcore.StepKind{chatcore.Failed, chatcore.Send, chatcore.Wait}},
		"503":     {func(c *chatcore.Call) { respond(c, testStart+5001, 503, "") }, []chatcore.StepKind{chatcore.Failed, chatcore.Send, chatcore.Wait}},
		"network": {func(c *chatcore.Call) { c.NetworkFailed(testStart+5001, c.Step().Number, errors.New("offline")) }, []chatcore.StepKind{chatcore.Failed, chatcore.Send, chatcore.Wait}},
		"timeout": {func(c *chatcore.Call) { c.Elapsed(c.Step().Deadline) }, []chatcore.StepKind{chatcore.Failed, chatcore.Send, chatcore.Wait}},
		"abort":   {func(c *chatcore.Call) { c.Abort(testStart+5001, errors.New("enough")) }, []chatcore.StepKind{chatcore.Failed, chatcore.Send, chatcore.Wait}},
		"429":     {func(c *chatcore.Call) { respond429(c, testStart+5001, "7") }, []chatcore.StepKind{chatcore.Wait, chatcore.Wait, chatcore.Wait}},
	} {
		_, calls := throttledClient(t, 2)
		calls[0].Elapsed(testStart + 5000)
		test.end(calls[0])
		assert.Equal(t, test.want, stepKinds(calls...), name)
		if name == "429" {
			calls[1].Elapsed(testStart + 12_000)
			assert.Equal(t, []chatcore.StepKind{chatcore.Wait, chatcore.Wait, chatcore.Wait}, stepKinds(calls...))
			calls[2].Elapsed(testStart + 12_001)
			assert.Equal(t, []chatcore.StepKind{chatcore.Send, chatcore.Wait, chatcore.Wait}, stepKinds(calls...), "the probe is still the first")
		}
	}
}

// TestRetryOfTheProbe: other calls start while the probe backs off. The probe then queues behind the one in flight.
func TestRetryOfTheProbe(t *testing.T) {
	client := newRetryingClient(t, chatcore.Options{})
	a := startSending(t, client, updateMessage)
	respond429(a, testStart, "5")
	b := startCall(t, client, sendMessage, testStart, chatcore.CallOptions{})
	a.Elapsed(testStart + 5000)
	respond(a, testStart+5001, 503, "")
	assert.Equal(t, []chatcore.StepKind{chatcore.Wait, chatcore.Send}, stepKinds(a, b))
	elapseWait(t, a)
	assert.Equal(t, chatcore.Wait, a.Step().Kind, "b is still in flight")
	respondSuccess(b, testStart+6000, sendMessage)
	assert.Equal(t, chatcore.Send, a.Step().Kind)
}

// Test429OfCallsInFlight: another 429 extends the throttle. All its calls then start one by one.
func Test429OfCallsInFlight(t *testing.T) {
	client := newRetryingClient(t, chatcore.Options{})
	a, b, c := startSending(t, client, sendMessage), startSending(t, client, sendMessage), startSending(t, client, sendMessage)
	respond429(a, testStart, "5")
	respond429(b, testStart+1000, "2")
	assert.Equal(t, testStart+3000, waitDeadline(t, b))
	respond429(c, testStart+2000, "9")
	b.Elapsed(testStart + 3000)
	a.Elapsed(testStart + 5000)
	assert.Equal(t, []chatcore.StepKind{chatcore.Wait, chatcore.Wait, chatcore.Wait}, stepKinds(a, b, c), "until the longest Retry-After is over")
	a.Elapsed(testStart + 11_000)
	b.Elapsed(testStart + 11_000)
	c.Elapsed(testStart + 11_000)
	assert.Equal(t, []chatcore.StepKind{chatcore.Wait, chatcore.Wait, chatcore.Send}, stepKinds(a, b, c))
	respondSuccess(c, testStart+11_001, sendMessage)
	assert.Equal(t, []chatcore.StepKind{chatcore.Wait, chatcore.Send, chatcore.Done}, stepKinds(a, b, c))
	respondSuccess(b, testStart+11_002, sendMessage)
	respondSuccess(a, testStart+11_003, sendMessage)
	assert.Equal(t, chatcore.Done, a.Step().Kind)
}

// TestThrottleOutlastsTotalTimeout: a call whose totalTimeoutMs ends before the throttle does fails at once and is not sent.
func TestThrottleOutlastsTotalTimeout(t *testing.T) {
	client, calls := throttledClient(t, 1)
	for total, want := range map[int]chatcore.StepKind{4000: chatcore.Failed, 5000 - 1: chatcore.Failed, 5000: chatcore.Wait} {
		call := startCall(t, client, sendMessage, testStart+1, chatcore.CallOptions{TotalTimeoutMs: total})
		require.Equal(t, want, call.Step().Kind, total)
		if want == chatcore.Failed {
			e := requireFailed(t, call, chatcore.TooManyRequests)
			assert.Equal(t, 4999, e.RetryAfterMs)
			assert.Zero(t, e.Attempts)
			assert.Zero(t, e.Status)
		} else {
			call.Abort(testStart+1, errors.New("enough"))
		}
	}
	calls[0].Elapsed(testStart + 5000)
	respond429(calls[0], testStart+5000, "1000")
	requireFailed(t, calls[0], chatcore.TooManyRequests)
	calls[1].Elapsed(testStart + 5000)
	requireFailed(t, calls[1], chatcore.TooManyRequests)
}

// TestThrottledCallTimesOut: a throttled call times out even if the probe does not end.
func TestThrottledCallTimesOut(t *testing.T) {
	client := newRetryingClient(t, chatcore.Options{})
	a := startCall(t, client, sendMessage, testStart, chatcore.CallOptions{TimeoutMs: 300_000, TotalTimeoutMs: 300_000})
	respond429(a, testStart, "5")
	b := startCall(t, client, sendMessage, testStart, chatcore.CallOptions{TotalTimeoutMs: 10_000})
	a.Elapsed(testStart + 5000)
	b.Elapsed(testStart + 5000)
	assert.Equal(t, testStart+10_000, elapseWait(t, b))
	e := requireFailed(t, b, chatcore.Timeout)
	assert.Zero(t, e.Attempts)
	assert.Contains(t, e.Message, "10000 ms")
	assert.Equal(t, chatcore.Send, a.Step().Kind)
}

// TestFinal429ThrottlesOthers: the 429 of a call that is not retried throttles other calls too.
func TestFinal429ThrottlesOthers(t *testing.T) {
	client := newClient(t, chatcore.Options{}) // without retries
	for _, op := range []operation{sendTypingNotification, sendMessage} {
		call := startSending(t, client, op)
		respond429(call, testStart, "5")
		requireFailed(t, call, chatcore.TooManyRequests)
		next := startCall(t, client, op, testStart+1, chatcore.CallOptions{})
		assert.Equal(t, testStart+5000, elapseWait(t, next))
		assert.Equal(t, chatcore.Send, next.Step().Kind)
	}
}
