package chatcore_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"

	"acschat/chatcore"
)

// TestAbortOfHeldCalls leaves those behind them where they are.
func TestAbortOfHeldCalls(t *testing.T) {
	reason := errors.New("the page's own")
	client, calls := holding(t, 3)
	calls[0].Abort(start+2, reason)
	calls[2].Abort(start+2, reason)
	assert.Equal(t, pathIDs(calls[0], calls[2]), changed(client))
	assert.Equal(t, reason, calls[0].Step().Err)
	calls[1].Elapsed(start + 5000)
	assert.Equal(t, chatcore.Send, calls[1].Step().Kind)
	succeed(calls[1], start+5000, sendMessage)
	assert.Equal(t, chatcore.Send, calls[3].Step().Kind)

	client, calls = holding(t, 3)
	client.Close(start + 2)
	assert.Equal(t, pathIDs(calls...), changed(client))
	for _, call := range calls {
		failed(t, call, chatcore.Closed)
	}
}

// TestHoldAndToken: the call that was let go counts as under way while it waits for a token.
func TestHoldAndToken(t *testing.T) {
	client := retrying(t, chatcore.Options{TokenCallback: true})
	a := begin(t, client, sendMessage, start, chatcore.CallOptions{})
	client.Token(start, client.TokenFlight(), "first.token")
	b := begin(t, client, sendMessage, start, chatcore.CallOptions{})
	refuse(a, start, "5")
	answer(b, start, 401, "")
	assert.Equal(t, start+5000, due(t, b), "held, before it asks")
	a.Elapsed(start + 5000)
	assert.Equal(t, []chatcore.StepKind{chatcore.NeedToken, chatcore.Wait}, kinds(a, b))
	b.Elapsed(start + 5001)
	c := begin(t, client, getMessage, start+5001, chatcore.CallOptions{})
	client.Token(start+5002, client.TokenFlight(), "second.token")
	assert.Equal(t, []chatcore.StepKind{chatcore.Send, chatcore.Wait, chatcore.Send}, kinds(a, b, c))
	succeed(a, start+5003, sendMessage)
	assert.Equal(t, "second.token", bearer(t, b))
}

// TestHeldWatch waits its turn however long that takes.
func TestHeldWatch(t *testing.T) {
	client := retrying(t, chatcore.Options{})
	first := begin(t, client, listMessages, start, chatcore.CallOptions{})
	refuse(first, start, "5")
	call := watching(t, client, start, chatcore.WatchMessagesOptions{SinceVersion: "10"})
	assert.Equal(t, start+5000, due(t, call))
	client.SetHidden(start+1, true)
	client.SetHidden(start+2, false)
	assert.Equal(t, start+5000, due(t, call), "held")
	first.Elapsed(start + 5000)
	call.Elapsed(start + 5000)
	for range 3 {
		elapse(t, call)
		assert.Equal(t, chatcore.Wait, call.Step().Kind)
	}
	succeed(first, start+5001, listMessages)
	assert.Equal(t, "messages 200", asks(t, call))
}

// TestTheNextAfterOneWhoseTimeIsOver: a held call that ends as it is let go does not keep those behind it.
func TestTheNextAfterOneWhoseTimeIsOver(t *testing.T) {
	client := retrying(t, chatcore.Options{})
	a := sending(t, client, sendMessage)
	refuse(a, start, "5")
	b := begin(t, client, sendMessage, start, chatcore.CallOptions{TotalTimeoutMs: 10_000})
	c := begin(t, client, sendMessage, start, chatcore.CallOptions{})
	a.Elapsed(start + 5000)
	succeed(a, start+12_000, sendMessage)
	assert.Equal(t, chatcore.Failed, b.Step().Kind)
	assert.Equal(t, chatcore.Send, c.Step().Kind)
}

// TestTheNextAfterOneThatIsRefusedForGood: the others go when the time that its refusal asks for is over.
func TestTheNextAfterOneThatIsRefusedForGood(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	a := sending(t, client, sendMessage)
	b := begin(t, client, sendMessage, start, chatcore.CallOptions{Retry: &chatcore.RetryOptions{MaxRetries: 1}})
	c := begin(t, client, sendMessage, start, chatcore.CallOptions{Retry: &chatcore.RetryOptions{MaxRetries: 1}})
	refuse(b, start, "5")
	refuse(c, start, "5")
	refuse(a, start, "5")
	failed(t, a, chatcore.TooManyRequests)
	now := start + 5000
	for _, call := range []*chatcore.Call{b, c} {
		call.Elapsed(now)
	}
	probe, other := b, c
	if probe.Step().Kind != chatcore.Send {
		probe, other = c, b
	}
	refuse(probe, now, "5")
	failed(t, probe, chatcore.TooManyRequests)
	assert.Equal(t, now+5000, elapse(t, other))
	succeed(other, now+5000, sendMessage)
}
