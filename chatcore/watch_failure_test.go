package chatcore_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// polling returns a watch that asks for news, of a client that has its token from a callback or not, and when it does.
func polling(t *testing.T, client *chatcore.Client) (*chatcore.Call, chatcore.Instant) {
	t.Helper()
	call := watching(t, client, start, chatcore.WatchMessagesOptions{SinceVersion: "10"})
	if call.Step().Kind == chatcore.NeedToken {
		client.Token(start, client.TokenFlight(), secret)
	}
	list(call, start, listed("", "a 10"))
	list(call, start, members(2, ""))
	return call, elapse(t, call)
}

// TestWatchThroughFailures: what may pass by itself does not end a watch, however long it lasts.
func TestWatchThroughFailures(t *testing.T) {
	for name, fail := range map[string]func(*chatcore.Call, chatcore.Instant){
		"network": func(c *chatcore.Call, now chatcore.Instant) {
			c.NetworkFailed(now, c.Step().Number, errors.New("offline"))
		},
		"timeout": func(c *chatcore.Call, now chatcore.Instant) { c.Elapsed(c.Step().Deadline) },
		"408":     func(c *chatcore.Call, now chatcore.Instant) { answer(c, now, 408, "") },
		"429":     func(c *chatcore.Call, now chatcore.Instant) { answer(c, now, 429, "") },
		"500":     func(c *chatcore.Call, now chatcore.Instant) { answer(c, now, 500, "") },
		"502":     func(c *chatcore.Call, now chatcore.Instant) { answer(c, now, 502, "<html>") },
		"503":     func(c *chatcore.Call, now chatcore.Instant) { answer(c, now, 503, "") },
	} {
		call, now := polling(t, newClient(t, chatcore.Options{}))
		for range 100 {
			fail(call, now)
			now = elapse(t, call)
			require.Equal(t, "messages 20", asks(t, call), name)
			require.Equal(t, now+30_000, call.Step().Deadline, "of one attempt")
		}
		require.Greater(t, now, start+600_000, "a watch has no end of its own")
		list(call, now, listed("", "b 11", "a 10"))
		messages, _ := yields(t, call)
		assert.Equal(t, []string{"b 11"}, messages)
	}
}

// TestWatchGivesUp after a few failures that may or may not pass.
func TestWatchGivesUp(t *testing.T) {
	call, now := polling(t, newClient(t, chatcore.Options{}))
	for range 5 {
		answer(call, now, 200, "<html>Sign in</html>")
		now = elapse(t, call)
	}
	list(call, now, listed("", "a 10")) // which makes up for them
	now = elapse(t, call)
	for range 5 {
		answer(call, now, 200, "<html>Sign in</html>")
		now = elapse(t, call)
		assert.Equal(t, "messages 20", asks(t, call))
	}
	answer(call, now, 200, "<html>Sign in</html>")
	e := failed(t, call, chatcore.ParseError)
	assert.Equal(t, "watchMessages", e.Operation)
	assert.Equal(t, 14, e.Attempts, "with the first list, and that of the participants")
}

// TestPermanentFailuresOfAWatch end it.
func TestPermanentFailuresOfAWatch(t *testing.T) {
	for status, code := range map[int]chatcore.Code{400: "BadRequest", 401: "Unauthorized", 403: "Forbidden", 404: "NotFound", 410: "HttpError", 201: "HttpError", 204: "HttpError"} {
		call, now := polling(t, newClient(t, chatcore.Options{}))
		answer(call, now, status, `{"error":{"code":"C","message":"words"}}`)
		e := failed(t, call, code)
		assert.Equal(t, "watchMessages", e.Operation)
		assert.Equal(t, status, e.Status)
		assert.Equal(t, 3, e.Attempts)

	}
}

// TestWatchThatMayNotCount gives what there is to be read before it ends: somebody who was removed may read what was there before.
func TestWatchThatMayNotCount(t *testing.T) {
	for status, code := range map[int]chatcore.Code{400: "BadRequest", 401: "Unauthorized", 403: "Forbidden", 404: "NotFound", 410: "HttpError", 500: "", 503: ""} {
		client := newClient(t, chatcore.Options{})
		call := since(t, client)
		list(call, start, listed("", "a 10"))
		answer(call, start, status, "") // of the participants
		now := elapse(t, call)
		assert.Equal(t, "messages 20", asks(t, call))
		list(call, now, listed("", "d 12 participantRemoved", "c 11", "a 10"))
		messages, nextLink := yields(t, call)
		assert.Equal(t, []string{"c 11", "d 12"}, messages)

		call = watching(t, client, now, chatcore.WatchMessagesOptions{NextLink: nextLink})
		require.Equal(t, "participants 200", asks(t, call))
		answer(call, now, status, "")
		now = elapse(t, call)
		list(call, now, listed("", "d 12", "c 11", "a 10"))
		if code == "" {
			assert.Equal(t, "participants 200", asks(t, call), "it may pass")
		} else {
			failed(t, call, code)
		}
	}
}

// TestOldNextLinks: where the address of a next page has become too old, the list is read again from its beginning.
func TestOldNextLinks(t *testing.T) {
	for _, status := range []int{400, 403, 404, 410} {
		client := newClient(t, chatcore.Options{})
		call, now := polling(t, client)
		list(call, now, listed(origin+"/2", "d 14", "c 13"))
		call.NetworkFailed(now, call.Step().Number, errors.New("offline"))
		now = elapse(t, call)
		assert.Equal(t, origin+"/2", asks(t, call), "it may still be good")
		answer(call, now, status, "")
		now = elapse(t, call)
		assert.Equal(t, "messages 20", asks(t, call))
		list(call, now, listed(origin+"/2", "e 15", "d 14", "c 13"))
		list(call, now, listed("", "b 12", "a 10"))
		messages, _ := yields(t, call)
		assert.Equal(t, []string{"b 12", "c 13", "d 14", "e 15"}, messages)

		call = since(t, client)
		list(call, start, listed("", "a 10"))
		list(call, start, members(20, origin+"/2"))
		answer(call, start, status, "")
		now = elapse(t, call)
		asks(t, call)
		list(call, now, listed("", "a 10"))
		assert.Equal(t, "participants 200", asks(t, call), "they are counted again, too")
		list(call, now, members(7, ""))
		assert.Equal(t, now+3150, due(t, call), "from the beginning")
	}
}

// TestEndOfAWatch: it can be aborted or closed in any state, with what it has collected so far.
func TestEndOfAWatch(t *testing.T) {
	reason := errors.New("the page's own")
	for _, kind := range []chatcore.StepKind{chatcore.NeedToken, chatcore.Send, chatcore.Wait} {
		make := func() (*chatcore.Client, *chatcore.Call) {
			client := callbackClient(t)
			call := watching(t, client, start, chatcore.WatchMessagesOptions{SinceVersion: "10"})
			if kind != chatcore.NeedToken {
				client.Token(start, client.TokenFlight(), secret)
				list(call, start, listed(origin+"/2", "b 11"))
			}
			if kind == chatcore.Wait {
				call.NetworkFailed(start, call.Step().Number, reason)
			}
			require.Equal(t, kind, call.Step().Kind)
			changed(client)
			return client, call
		}
		client, call := make()
		call.Abort(start+1, reason)
		assert.Equal(t, pathIDs(call), changed(client))
		assert.Equal(t, reason, call.Step().Err)
		step := *call.Step()
		call.Elapsed(start + 1_000_000)
		client.SetHidden(start+1, true)
		list(call, start+2, listed("", "c 12"))
		still(t, client, call, step)

		client, call = make()
		client.Close(start + 1)
		assert.Equal(t, pathIDs(call), changed(client))
		failed(t, call, chatcore.Closed)
	}
}

// TestExchangesOfAWatch tell what each leads to.
func TestExchangesOfAWatch(t *testing.T) {
	client := callbackClient(t)
	call := client.WatchMessages(threadID, chatcore.WatchMessagesOptions{}, chatcore.CallOptions{})
	call.Observe()
	call.Start(start)
	client.Token(start, client.TokenFlight(), secret)
	list(call, start, listed("", "a 10"))
	list(call, start+7, members(2, ""))
	now := elapse(t, call)
	answer(call, now, 401, "")
	now = elapse(t, call)
	client.Token(now, client.TokenFlight(), secret)
	list(call, now, listed(origin+"/2", "c 12"))
	list(call, now, listed("", "b 11"))
	yields(t, call)
	var got [][3]any
	for i, e := range exchanges(client) {
		assert.Equal(t, i+1, e.Attempt)
		assert.Equal(t, "watchMessages", e.Operation)
		got = append(got, [3]any{e.Outcome, e.Next, e.DurationMs})
	}
	assert.Equal(t, [][3]any{{"success", "send", 0}, {"success", "wait", 7}, {"Unauthorized", "wait", 0}, {"success", "send", 0}, {"success", "done", 0}}, got)
}
