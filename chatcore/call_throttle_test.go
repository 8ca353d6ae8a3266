package chatcore_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// refuse answers a call with 429 and how many seconds to wait.
func refuse(call *chatcore.Call, now chatcore.Instant, seconds string) {
	call.Response(now, call.Step().Number, chatcore.Response{Status: 429, Header: header("Retry-After", seconds)})
}

// kinds returns what each call is at.
func kinds(calls ...*chatcore.Call) (all []chatcore.StepKind) {
	for _, call := range calls {
		all = append(all, call.Step().Kind)
	}
	return all
}

// holding returns a client with a call that was refused, and some that are held back, until 5000 ms after the start.
func holding(t *testing.T, more int) (*chatcore.Client, []*chatcore.Call) {
	t.Helper()
	client := retrying(t, chatcore.Options{})
	calls := []*chatcore.Call{sending(t, client, sendMessage)}
	refuse(calls[0], start, "5")
	for range more {
		calls = append(calls, begin(t, client, sendMessage, start+1, chatcore.CallOptions{}))
	}
	for _, call := range calls {
		require.Equal(t, start+5000, due(t, call))
	}
	changed(client)
	return client, calls
}

// TestHold: what the service counts together is held back together, in its thread or for its user, and nothing else.
func TestHold(t *testing.T) {
	groups := [][]operation{
		{createThread}, {listThreads, getThread}, {updateThread}, {deleteThread}, {sendMessage, updateMessage, deleteMessage}, {listMessages}, {getMessage},
		{addParticipants, removeParticipant}, {listParticipants}, {sendTypingNotification}, {sendReadReceipt}, {listReadReceipts},
	}
	known := []string{}
	for i, group := range groups {
		for _, refused := range group {
			known = append(known, refused.name)
			client := retrying(t, chatcore.Options{})
			call := sending(t, client, refused)
			refuse(call, start, "5")
			for j, others := range groups {
				for _, other := range others {
					held := begin(t, client, other, start+1, chatcore.CallOptions{})
					switch {
					case i == j && refused.writeTarget() != "" && refused.writeTarget() == other.writeTarget():
						assert.Equal(t, start+120_001, due(t, held), "%s behind %s, not held back", other.name, refused.name)
						held.Abort(start+1, errAborted)
					case i == j:
						assert.Equal(t, start+5000, due(t, held), "%s after %s", other.name, refused.name)
						held.Abort(start+1, errAborted)
					case refused.writeTarget() != "" && refused.writeTarget() == other.writeTarget():
						assert.Equal(t, chatcore.Wait, held.Step().Kind)
						held.Abort(start+1, errAborted)
					default:
						assert.Equal(t, chatcore.Send, held.Step().Kind, "%s after %s", other.name, refused.name)
						succeed(held, start+1, other) // so that it keeps no other waiting
					}
					held.Abort(start+1, errors.New("enough"))
				}
			}
		}
	}
	for _, op := range operations {
		assert.True(t, slices.Contains(known, op.name),
			"call_throttle_test.go: groups has no %s: put it with the operations of the same throttleGroup in operation.go, which the service counts together", op.name)
	}
	assert.Len(t, known, len(operations), "call_throttle_test.go: groups has an operation twice")

	client := retrying(t, chatcore.Options{})
	refuse(sending(t, client, getMessage), start, "5")
	refuse(sending(t, client, getThread), start, "5")
	elsewhere := client.GetMessage("19:other@thread.v2", messageID, chatcore.CallOptions{})
	elsewhere.Start(start)
	assert.Equal(t, chatcore.Send, elsewhere.Step().Kind, "another thread")
	elsewhere = client.GetThread("19:other@thread.v2", chatcore.CallOptions{})
	elsewhere.Start(start)
	assert.Equal(t, chatcore.Wait, elsewhere.Step().Kind, "counted by user")
}

// TestHeldCallsGoOneByOne: the one that was refused first, and the next when the one before has got through.
func TestHeldCallsGoOneByOne(t *testing.T) {
	for _, backwards := range []bool{false, true} {
		client, calls := holding(t, 4)
		for i := range calls {
			if backwards {
				i = len(calls) - 1 - i
			}
			calls[i].Elapsed(start + 5000) // as a driver does, in any order
		}
		for i, call := range calls {
			require.Equal(t, chatcore.Send, call.Step().Kind)
			for _, other := range calls[i+1:] {
				require.Equal(t, chatcore.Wait, other.Step().Kind)
			}
			changed(client)
			succeed(call, start+5001, sendMessage)
			if i+1 < len(calls) {
				assert.Equal(t, pathIDs(call, calls[i+1]), changed(client))
			}
		}
		a, b := sending(t, client, sendMessage), sending(t, client, sendMessage)
		assert.Equal(t, []chatcore.StepKind{chatcore.Send, chatcore.Send}, kinds(a, b), "the hold is over")
	}
}

// TestEndOfTheCallThatWasLetGo: whatever becomes of it, the next goes; after another refusal, later.
func TestEndOfTheCallThatWasLetGo(t *testing.T) {
	for name, test := range map[string]struct {
		end  func(*chatcore.Call)
		want []chatcore.StepKind
	}{
		"success": {func(c *chatcore.Call) { succeed(c, start+5001, sendMessage) }, []chatcore.StepKind{chatcore.Done, chatcore.Send, chatcore.Wait}},
		"400":     {func(c *chatcore.Call) { answer(c, start+5001, 400, "") }, []chatcore.StepKind{chatcore.Failed, chatcore.Send, chatcore.Wait}},
		"503":     {func(c *chatcore.Call) { answer(c, start+5001, 503, "") }, []chatcore.StepKind{chatcore.Failed, chatcore.Send, chatcore.Wait}},
		"network": {func(c *chatcore.Call) { c.NetworkFailed(start+5001, c.Step().Number, errors.New("offline")) }, []chatcore.StepKind{chatcore.Failed, chatcore.Send, chatcore.Wait}},
		"timeout": {func(c *chatcore.Call) { c.Elapsed(c.Step().Deadline) }, []chatcore.StepKind{chatcore.Failed, chatcore.Send, chatcore.Wait}},
		"abort":   {func(c *chatcore.Call) { c.Abort(start+5001, errors.New("enough")) }, []chatcore.StepKind{chatcore.Failed, chatcore.Send, chatcore.Wait}},
		"429":     {func(c *chatcore.Call) { refuse(c, start+5001, "7") }, []chatcore.StepKind{chatcore.Wait, chatcore.Wait, chatcore.Wait}},
	} {
		_, calls := holding(t, 2)
		calls[0].Elapsed(start + 5000)
		test.end(calls[0])
		assert.Equal(t, test.want, kinds(calls...), name)
		if name == "429" {
			calls[1].Elapsed(start + 12_000)
			assert.Equal(t, []chatcore.StepKind{chatcore.Wait, chatcore.Wait, chatcore.Wait}, kinds(calls...))
			calls[2].Elapsed(start + 12_001)
			assert.Equal(t, []chatcore.StepKind{chatcore.Send, chatcore.Wait, chatcore.Wait}, kinds(calls...), "it is still the first")
		}
	}
}

// TestRetryOfTheCallThatWasLetGo: meanwhile, others go; it does not have to wait for them either.
func TestRetryOfTheCallThatWasLetGo(t *testing.T) {
	client := retrying(t, chatcore.Options{})
	a := sending(t, client, updateMessage)
	refuse(a, start, "5")
	b := begin(t, client, sendMessage, start, chatcore.CallOptions{})
	a.Elapsed(start + 5000)
	answer(a, start+5001, 503, "")
	assert.Equal(t, []chatcore.StepKind{chatcore.Wait, chatcore.Send}, kinds(a, b))
	elapse(t, a)
	assert.Equal(t, chatcore.Wait, a.Step().Kind, "b is not through")
	succeed(b, start+6000, sendMessage)
	assert.Equal(t, chatcore.Send, a.Step().Kind)
}

// TestRefusalOfOthersUnderWay: a hold grows, and all go on from it in turn.
func TestRefusalOfOthersUnderWay(t *testing.T) {
	client := retrying(t, chatcore.Options{})
	a, b, c := sending(t, client, sendMessage), sending(t, client, sendMessage), sending(t, client, sendMessage)
	refuse(a, start, "5")
	refuse(b, start+1000, "2")
	assert.Equal(t, start+3000, due(t, b))
	refuse(c, start+2000, "9")
	b.Elapsed(start + 3000)
	a.Elapsed(start + 5000)
	assert.Equal(t, []chatcore.StepKind{chatcore.Wait, chatcore.Wait, chatcore.Wait}, kinds(a, b, c), "until all have waited")
	a.Elapsed(start + 11_000)
	b.Elapsed(start + 11_000)
	c.Elapsed(start + 11_000)
	assert.Equal(t, []chatcore.StepKind{chatcore.Wait, chatcore.Wait, chatcore.Send}, kinds(a, b, c))
	succeed(c, start+11_001, sendMessage)
	assert.Equal(t, []chatcore.StepKind{chatcore.Wait, chatcore.Send, chatcore.Done}, kinds(a, b, c))
	succeed(b, start+11_002, sendMessage)
	succeed(a, start+11_003, sendMessage)
	assert.Equal(t, chatcore.Done, a.Step().Kind)
}

// TestHoldThatIsTooLong: a call that has less time fails at once, and was not sent.
func TestHoldThatIsTooLong(t *testing.T) {
	client, calls := holding(t, 1)
	for total, want := range map[int]chatcore.StepKind{4000: chatcore.Failed, 5000 - 1: chatcore.Failed, 5000: chatcore.Wait} {
		call := begin(t, client, sendMessage, start+1, chatcore.CallOptions{TotalTimeoutMs: total})
		require.Equal(t, want, call.Step().Kind, total)
		if want == chatcore.Failed {
			e := failed(t, call, chatcore.TooManyRequests)
			assert.Equal(t, 4999, e.RetryAfterMs)
			assert.Zero(t, e.Attempts)
			assert.Zero(t, e.Status)
		} else {
			call.Abort(start+1, errors.New("enough"))
		}
	}
	calls[0].Elapsed(start + 5000)
	refuse(calls[0], start+5000, "1000")
	failed(t, calls[0], chatcore.TooManyRequests)
	calls[1].Elapsed(start + 5000)
	failed(t, calls[1], chatcore.TooManyRequests)
}

// TestTimeoutOfAHeldCall: it may take no longer because another hangs.
func TestTimeoutOfAHeldCall(t *testing.T) {
	client := retrying(t, chatcore.Options{})
	a := begin(t, client, sendMessage, start, chatcore.CallOptions{TimeoutMs: 300_000, TotalTimeoutMs: 300_000})
	refuse(a, start, "5")
	b := begin(t, client, sendMessage, start, chatcore.CallOptions{TotalTimeoutMs: 10_000})
	a.Elapsed(start + 5000)
	b.Elapsed(start + 5000)
	assert.Equal(t, start+10_000, elapse(t, b))
	e := failed(t, b, chatcore.Timeout)
	assert.Zero(t, e.Attempts)
	assert.Contains(t, e.Message, "10000 ms")
	assert.Equal(t, chatcore.Send, a.Step().Kind)
}

// TestLetGoTooLate: a call whose time is over is not sent, also where its timer is late.
func TestLetGoTooLate(t *testing.T) {
	client := retrying(t, chatcore.Options{})
	a := sending(t, client, sendMessage)
	refuse(a, start, "5")
	b := begin(t, client, sendMessage, start, chatcore.CallOptions{TotalTimeoutMs: 10_000})
	a.Elapsed(start + 5000)
	succeed(a, start+12_000, sendMessage)
	b.Elapsed(start + 12_000)
	assert.Zero(t, failed(t, b, chatcore.Timeout).Attempts)
}

// TestRefusalThatEndsACall holds back the others as well: of what is never repeated, or was too often.
func TestRefusalThatEndsACall(t *testing.T) {
	client := newClient(t, chatcore.Options{}) // without retries
	for _, op := range []operation{sendTypingNotification, sendMessage} {
		call := sending(t, client, op)
		refuse(call, start, "5")
		failed(t, call, chatcore.TooManyRequests)
		next := begin(t, client, op, start+1, chatcore.CallOptions{})
		assert.Equal(t, start+5000, elapse(t, next))
		assert.Equal(t, chatcore.Send, next.Step().Kind)
	}
}
