package chatcore_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// TestSameToken: calls with the same token at the same time share one message and one result.
func TestSameToken(t *testing.T) {
	d := newDeliverer(t, chatcore.Options{})
	leader := d.deliver(t, start, ownToken)
	followers := []*chatcore.Call{d.deliver(t, start+1, ownToken), d.deliver(t, start+2, ownToken)}
	for i, call := range followers {
		assert.Equal(t, start+120_001+chatcore.Instant(i), due(t, call), "its own end")
	}
	list(leader, start, beginning)
	now := elapse(t, leader)
	list(leader, now, beginning)
	posts(t, leader)
	changed(d.Client)
	answer(leader, now, 201, `{"id":"12"}`)
	assert.Equal(t, ids(leader, followers[0], followers[1]), changed(d.Client))
	for _, call := range followers {
		assert.Equal(t, "12", found(t, call))
	}

	assert.Equal(t, "12", found(t, d.deliver(t, now, ownToken)), "nor later: it may not be visible yet")
	elsewhere := d.SendMessage("19:other@thread.v2", chatcore.SendChatMessageRequest{Content: "Hi"}, chatcore.CallOptions{IdempotencyToken: ownToken})
	elsewhere.Start(now)
	assert.Equal(t, chatcore.Send, elsewhere.Step().Kind)
}

// TestOtherTokens have nothing to do with each other, nor has the same one in another thread.
func TestOtherTokens(t *testing.T) {
	d := newDeliverer(t, chatcore.Options{})
	d.deliver(t, start, ownToken)
	looks(t, d.deliver(t, start, ownToken+"x"))
	elsewhere := d.SendMessage("19:other@thread.v2", chatcore.SendChatMessageRequest{Content: "Hi"}, chatcore.CallOptions{IdempotencyToken: ownToken})
	elsewhere.Start(start)
	assert.Equal(t, chatcore.Send, elsewhere.Step().Kind)
	posts(t, begin(t, d.Client, sendMessage, start, chatcore.CallOptions{}))

	d = newDeliverer(t, chatcore.Options{})
	d.SendMessage(threadID, chatcore.SendChatMessageRequest{Content: "Hi"}, chatcore.CallOptions{IdempotencyToken: ownToken})
	looks(t, d.deliver(t, start, ownToken)) // the other was not started
}

// TestFailureOfTheLeader is that of all, each with an error of its own.
func TestFailureOfTheLeader(t *testing.T) {
	d := newDeliverer(t, chatcore.Options{})
	leader := d.deliver(t, start, ownToken)
	follower := d.deliver(t, start, ownToken)
	answer(leader, start, 403, "")
	e, other := unknown(t, leader, ownToken), unknown(t, follower, ownToken)
	assert.NotSame(t, e, other)
	assert.Equal(t, 1, e.Attempts)
	assert.Zero(t, other.Attempts)

	leader = d.deliver(t, start, ownToken)
	list(leader, start, beginning)
	now := elapse(t, leader)
	list(leader, now, beginning)
	follower = d.deliver(t, now, ownToken)
	answer(leader, now, 400, "")
	failed(t, leader, chatcore.BadRequest)
	assert.Equal(t, 400, failed(t, follower, chatcore.BadRequest).Status, "as little is unknown")
}

// TestAbortOfTheLeader: the next takes its place, and looks first.
func TestAbortOfTheLeader(t *testing.T) {
	d := newDeliverer(t, chatcore.Options{Made: start - 60_000})
	d.unixMs += 60_000
	token := madeAt(d.unixMs)
	leader := d.deliver(t, start, token)
	second, third := d.deliver(t, start, token), d.deliver(t, start, token)
	list(leader, start, beginning)
	posts(t, leader)
	changed(d.Client)
	leader.Abort(start+1000, errors.New("gone"))
	assert.Equal(t, ids(leader, second, third), changed(d.Client))
	looks(t, second)
	due(t, third)
	list(second, start+1100, beginning)
	assert.Equal(t, start+6000, elapse(t, second), "what the first has sent may be under way")
	list(second, start+6000, shown("", "0 token="+token))
	assert.Equal(t, "0", found(t, second))
	assert.Equal(t, "0", found(t, third))
}

// TestEndsOfFollowers are no matter of the others.
func TestEndsOfFollowers(t *testing.T) {
	reason := errors.New("the page's own")
	d := newDeliverer(t, chatcore.Options{})
	leader := begin(t, d.Client, sendMessage, start, chatcore.CallOptions{IdempotencyToken: ownToken, TimeoutMs: 500_000, TotalTimeoutMs: 500_000})
	short := begin(t, d.Client, sendMessage, start, chatcore.CallOptions{IdempotencyToken: ownToken, TotalTimeoutMs: 1000})
	aborted := d.deliver(t, start, ownToken)
	last := d.deliver(t, start, ownToken)
	assert.Equal(t, start+1000, elapse(t, short))
	assert.Equal(t, chatcore.Timeout, failure(t, unknown(t, short, ownToken).Cause).Code, "the other may have sent it")
	aborted.Abort(start, reason)
	require.Equal(t, reason, aborted.Step().Err)
	looks(t, leader)
	list(leader, start, shown("", "5 token="+ownToken))
	assert.Equal(t, "5", found(t, last))

	leader, last = d.deliver(t, start, madeAt(noon)), d.deliver(t, start, madeAt(noon))
	d.Close(start)
	unknown(t, leader, madeAt(noon))
	unknown(t, last, madeAt(noon))
}
