package chatcore_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// offline returns a client whose browser says that it is offline.
func offline(t *testing.T, o chatcore.Options) *chatcore.Client {
	t.Helper()
	client := retrying(t, o)
	client.SetOnline(start, false)
	return client
}

// TestOffline: attempts wait until the browser is online.
func TestOffline(t *testing.T) {
	each(t, func(t *testing.T, op operation) {
		client := offline(t, chatcore.Options{})
		call := begin(t, client, op, start, chatcore.CallOptions{})
		assert.Equal(t, start+10_000, due(t, call), "at most maxDelayMs")
		client.SetOnline(start+100, true)
		assert.Equal(t, pathIDs(call), changed(client))
		require.Equal(t, chatcore.Send, call.Step().Kind)
		succeed(call, start+200, op)
		require.Equal(t, chatcore.Done, call.Step().Kind)

		client = callbackClient(t)
		client.SetOnline(start, false)
		call = begin(t, client, op, start, chatcore.CallOptions{Retry: &chatcore.RetryOptions{MaxDelayMs: 500}})
		assert.Equal(t, start+500, elapse(t, call))
		assert.Equal(t, chatcore.NeedToken, call.Step().Kind, "it tries anyway, and asks for a token only then")
	})
}

// TestNoWaitForTheNetwork: on this machine there is none in between, and where answers come the browser is wrong.
func TestNoWaitForTheNetwork(t *testing.T) {
	for _, endpoint := range []string{"http://localhost:8080", "http://127.0.0.1", "https://[::1]"} {
		client := offline(t, chatcore.Options{Endpoint: endpoint})
		assert.Equal(t, chatcore.Send, begin(t, client, sendMessage, start, chatcore.CallOptions{}).Step().Kind, endpoint)
	}
	client := offline(t, chatcore.Options{})
	call := begin(t, client, getThread, start, chatcore.CallOptions{})
	answer(call, elapse(t, call), 404, "")
	failed(t, call, chatcore.NotFound)
	assert.Equal(t, chatcore.Send, begin(t, client, getThread, start, chatcore.CallOptions{}).Step().Kind)
	assert.Equal(t, chatcore.Send, begin(t, newClient(t, chatcore.Options{}), getThread, start, chatcore.CallOptions{}).Step().Kind)
}

// TestFailuresWhileOffline use up no retry, for as long as the call may take.
func TestFailuresWhileOffline(t *testing.T) {
	client := offline(t, chatcore.Options{})
	call := begin(t, client, getThread, start, chatcore.CallOptions{})
	now := start
	for call.Step().Kind != chatcore.Failed {
		if call.Step().Kind == chatcore.Send {
			call.NetworkFailed(now, call.Step().Number, errors.New("offline"))
			continue
		}
		now = elapse(t, call)
	}
	assert.Equal(t, start+120_000, now)
	assert.Greater(t, failure(t, call.Step().Err).Attempts, 4)

	client = offline(t, chatcore.Options{})
	call = begin(t, client, getThread, start, chatcore.CallOptions{})
	now = start
	for range 4 {
		now = elapse(t, call)
		for call.Step().Kind == chatcore.Wait {
			now = elapse(t, call)
		}
		call.NetworkFailed(now, call.Step().Number, errors.New("offline"))
	}
	client.SetOnline(now, true)
	for range 3 {
		if call.Step().Kind == chatcore.Wait {
			now = elapse(t, call)
		}
		call.NetworkFailed(now, call.Step().Number, errors.New("broken"))
	}
	assert.Equal(t, chatcore.Wait, call.Step().Kind, "three retries are left when it is online")
	call.NetworkFailed(elapse(t, call), call.Step().Number, errors.New("broken"))
	failed(t, call, chatcore.NetworkError)

	call = begin(t, offline(t, chatcore.Options{}), getThread, start, chatcore.CallOptions{Retry: &chatcore.RetryOptions{}})
	call.NetworkFailed(start, call.Step().Number, errors.New("offline"))
	failed(t, call, chatcore.NetworkError)
}

// TestOnlineAgain: a call in a pause after such a failure goes on at once.
func TestOnlineAgain(t *testing.T) {
	client := offline(t, chatcore.Options{})
	call := begin(t, client, getThread, start, chatcore.CallOptions{})
	now := elapse(t, call)
	call.NetworkFailed(now, call.Step().Number, errors.New("offline"))
	due(t, call)
	client.SetOnline(now, true)
	assert.Equal(t, chatcore.Send, call.Step().Kind)
}

// TestOnlineDuringAPauseOfTheService: what the service asks for counts, whatever the network does.
func TestOnlineDuringAPauseOfTheService(t *testing.T) {
	client := offline(t, chatcore.Options{})
	call := begin(t, client, getThread, start, chatcore.CallOptions{})
	now := elapse(t, call)
	call.NetworkFailed(now, call.Step().Number, errors.New("offline"))
	for call.Step().Kind == chatcore.Wait {
		now = elapse(t, call)
	}
	call.Response(now, call.Step().Number, chatcore.Response{Status: 503, Header: header("Retry-After", "30")})
	client.SetOnline(now+10, true)
	assert.Equal(t, now+30_000, due(t, call))
}

// TestNothingWasSent: a call that waited for the network until its end knows that nothing was sent, unless an earlier call
// may have sent it.
func TestNothingWasSent(t *testing.T) {
	each(t, func(t *testing.T, op operation) {
		client := offline(t, chatcore.Options{CallOptions: chatcore.CallOptions{TotalTimeoutMs: 2000}})
		call := begin(t, client, op, start, chatcore.CallOptions{})
		assert.Equal(t, start+2000, elapse(t, call))
		e := failed(t, call, chatcore.NetworkError)
		assert.Zero(t, e.Attempts)
		assert.Contains(t, e.Message, "nothing was sent")
	})
	d := newDeliverer(t, chatcore.Options{CallOptions: chatcore.CallOptions{TotalTimeoutMs: 2000, Retry: &chatcore.RetryOptions{MaxRetries: 3, BaseDelayMs: 100, MaxDelayMs: 30_000}}})
	d.SetOnline(start, false)
	call := d.deliver(t, start, "")
	elapse(t, call)
	assert.Zero(t, failed(t, call, chatcore.NetworkError).Attempts)
	call = d.deliver(t, start, ownToken)
	elapse(t, call)
	unknown(t, call, ownToken)
}

// TestDeliveryWhileOffline: a message is sent once, however long that takes.
func TestDeliveryWhileOffline(t *testing.T) {
	d := newDeliverer(t, chatcore.Options{})
	call := d.deliver(t, start, "")
	d.SetOnline(start, false)
	call.NetworkFailed(start, call.Step().Number, errors.New("offline"))
	now := start
	for range 12 {
		for call.Step().Kind == chatcore.Wait {
			now = elapse(t, call)
		}
		looks(t, call)
		call.NetworkFailed(now, call.Step().Number, errors.New("offline"))
	}
	d.SetOnline(now, true)
	looks(t, call)
	list(call, now, firstLine)
	for call.Step().Kind == chatcore.Wait {
		now = elapse(t, call)
		list(call, now, firstLine)
	}
	posts(t, call)
}

// TestNotSent: where it is certain that nothing was sent, a message is sent again, and in the end that is said.
func TestNotSent(t *testing.T) {
	refused := errors.New("connection refused")
	each(t, func(t *testing.T, op operation) {
		call := sending(t, retrying(t, chatcore.Options{}), op)
		now := start
		for call.Step().Kind == chatcore.Send {
			call.NotSent(now, call.Step().Number, refused)
			if call.Step().Kind == chatcore.Wait {
				now = elapse(t, call)
			}
		}
		e := failed(t, call, chatcore.NetworkError)
		assert.Equal(t, refused, e.Cause)
		if op.name == "sendTypingNotification" {
			assert.Equal(t, 1, e.Attempts)
		} else {
			assert.Equal(t, 4, e.Attempts)
		}
	})
	d := newDeliverer(t, chatcore.Options{})
	call := d.deliver(t, start, "")
	call.NotSent(start, call.Step().Number, refused)
	now := elapse(t, call)
	posts(t, call)
	answer(call, now, 503, "")
	now = elapse(t, call)
	looks(t, call)
	call.NotSent(now, call.Step().Number, refused)
	elapse(t, call)
	looks(t, call)
}

// TestHiddenWhileOffline: a watch that waits for the network goes on with what it was at when there is one, though the page was
// hidden or shown meanwhile.
func TestHiddenWhileOffline(t *testing.T) {
	for _, hidden := range []bool{true, false} {
		retrying := chatcore.Options{CallOptions: chatcore.CallOptions{Retry: &chatcore.RetryOptions{MaxRetries: 3, BaseDelayMs: 800, MaxDelayMs: 30_000}}}
		client := newClient(t, retrying)
		client.SetOnline(start, false)
		call := watching(t, client, start, chatcore.WatchMessagesOptions{})
		due(t, call)
		client.SetHidden(start+100, hidden)
		client.SetOnline(start+1000, true)
		require.Equal(t, "messages 20", asks(t, call), "the first poll, from which on there is news")

		client = newClient(t, retrying)
		call = settled(t, client, 2)
		client.SetOnline(start+2000, false)
		now := elapse(t, call)
		client.SetHidden(now+100, hidden)
		client.SetOnline(now+1000, true)
		assert.Equal(t, chatcore.Send, call.Step().Kind, "a later poll is not put off")
	}
}
