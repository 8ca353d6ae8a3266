package chatcore_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// startPolling returns a watch that has just started its second poll, and the time.
func startPolling(t *testing.T, client *chatcore.Client) (*chatcore.Call, chatcore.Instant) {
	t.Helper()
	call := startWatch(t, client, testStart, chatcore.WatchMessagesOptions{SinceVersion: "10"})
	if call.Step().Kind == chatcore.NeedToken {
		client.Token(testStart, client.TokenFlight(), secretToken)
	}
	respondOK(call, testStart, messagesPage("", "a 10"))
	respondOK(call, testStart, participantsPage(2, ""))
	return call, elapseWait(t, call)
}

// TestWatchSurvivesTransientFailures: transient failures do not end a watch, however many there are.
func TestWatchSurvivesTransientFailures(t *testing.T) {
	for name, fail := range map[string]func(*chatcore.Call, chatcore.Instant){
		"network": func(c *chatcore.Call, now chatcore.Instant) {
			c.NetworkFailed(now, c.Step().Number, errors.New("offline"))
		},
		"timeout": func(c *chatcore.Call, now chatcore.Instant) { c.Elapsed(c.Step().Deadline) },
		"408":     func(c *chatcore.Call, now chatcore.Instant) { respond(c, now, 408, "") },
		"429":     func(c *chatcore.Call, now chatcore.Instant) { respond(c, now, 429, "") },
		"500":     func(c *chatcore.Call, now chatcore.Instant) { respond(c, now, 500, "") },
		"502":     func(c *chatcore.Call, now chatcore.Instant) { respond(c, now, 502, "<html>") },
		"503":     func(c *chatcore.Call, now chatcore.Instant) { respond(c, now, 503, "") },
	} {
		call, now := startPolling(t, newClient(t, chatcore.Options{}))
		for range 100 {
			fail(call, now)
			now = elapseWait(t, call)
			require.Equal(t, "messages 20", requestedList(t, call), name)
			require.Equal(t, now+30_000, call.Step().Deadline, "the attempt's time limit")
		}
		require.Greater(t, now, testStart+600_000, "a watch has no total time limit")
		respondOK(call, now, messagesPage("", "b 11", "a 10"))
		messages, _ := requireBatch(t, call)
		assert.Equal(t, []string{"b 11"}, messages)
	}
}

// TestWatchGivesUp: a watch ends at the sixth unreadable response in a row.
func TestWatchGivesUp(t *testing.T) {
	call, now := startPolling(t, newClient(t, chatcore.Options{}))
	for range 5 {
		respond(call, now, 200, "<html>Sign in</html>")
		now = elapseWait(t, call)
	}
	respondOK(call, now, messagesPage("", "a 10")) // resets the count
	now = elapseWait(t, call)
	for range 5 {
		respond(call, now, 200, "<html>Sign in</html>")
		now = elapseWait(t, call)
		assert.Equal(t, "messages 20", requestedList(t, call))
	}
	respond(call, now, 200, "<html>Sign in</html>")
	e := requireFailed(t, call, chatcore.ParseError)
	assert.Equal(t, "watchMessages", e.Operation)
	assert.Equal(t, 14, e.Attempts, "12 polls after the first list and the participants")
}

func TestWatchPermanentFailures(t *testing.T) {
	for status, code := range map[int]chatcore.Code{400: "BadRequest", 401: "Unauthorized", 403: "Forbidden", 404: "NotFound", 410: "HttpError", 201: "HttpError", 204: "HttpError"} {
		call, now := startPolling(t, newClient(t, chatcore.Options{}))
		respond(call, now, status, `{"error":{"code":"C","message":"words"}}`)
		e := requireFailed(t, call, code)
		assert.Equal(t, "watchMessages", e.Operation)
		assert.Equal(t, status, e.Status)
		assert.Equal(t, 3, e.Attempts)

	}
}

// TestWatchWithoutParticipantAccess: if the participants cannot be listed, the watch first returns the changes that it can
// read. A removed participant can still read older messages.
func TestWatchWithoutParticipantAccess(t *testing.T) {
	for status, code := range map[int]chatcore.Code{400: "BadRequest", 401: "Unauthorized", 403: "Forbidden", 404: "NotFound", 410: "HttpError", 500: "", 503: ""} {
		client := newClient(t, chatcore.Options{})
		call := startWatchAfter10(t, client)
		respondOK(call, testStart, messagesPage("", "a 10"))
		respond(call, testStart, status, "") // the list of participants
		now := elapseWait(t, call)
		assert.Equal(t, "messages 20", requestedList(t, call))
		respondOK(call, now, messagesPage("", "d 12 participantRemoved", "c 11", "a 10"))
		messages, nextLink := requireBatch(t, call)
		assert.Equal(t, []string{"c 11", "d 12"}, messages)

		call = startWatch(t, client, now, chatcore.WatchMessagesOptions{NextLink: nextLink})
		require.Equal(t, "participants 200", requestedList(t, call))
		respond(call, now, status, "")
		now = elapseWait(t, call)
		respondOK(call, now, messagesPage("", "d 12", "c 11", "a 10"))
		if code == "" {
			assert.Equal(t, "participants 200", requestedList(t, call), "a transient failure: it counts again")
		} else {
			requireFailed(t, call, code)
		}
	}
}

// TestWatchExpiredNextLinks: if the service refuses a nextLink, the watch reads the list again from the first page.
func TestWatchExpiredNextLinks(t *testing.T) {
	for _, status := range []int{400, 403, 404, 410} {
		client := newClient(t, chatcore.Options{})
		call, now := startPolling(t, client)
		respondOK(call, now, messagesPage(origin+"/2", "d 14", "c 13"))
		call.NetworkFailed(now, call.Step().Number, errors.New("offline"))
		now = elapseWait(t, call)
		assert.Equal(t, origin+"/2", requestedList(t, call), "after a transient failure it tries the same nextLink")
		respond(call, now, status, "")
		now = elapseWait(t, call)
		assert.Equal(t, "messages 20", requestedList(t, call))
		respondOK(call, now, messagesPage(origin+"/2", "e 15", "d 14", "c 13"))
		respondOK(call, now, messagesPage("", "b 12", "a 10"))
		messages, _ := requireBatch(t, call)
		assert.Equal(t, []string{"b 12", "c 13", "d 14", "e 15"}, messages)

		call = startWatchAfter10(t, newClient(t, chatcore.Options{}))
		respondOK(call, testStart, messagesPage("", "a 10"))
		respondOK(call, testStart, participantsPage(20, origin+"/2"))
		respond(call, testStart, status, "")
		now = elapseWait(t, call)
		requestedList(t, call)
		respondOK(call, now, messagesPage("", "a 10"))
		assert.Equal(t, "participants 200", requestedList(t, call), "the participants are counted again")
		respondOK(call, now, participantsPage(7, ""))
		assert.Equal(t, now+3150, waitDeadline(t, call), "counted from the first page")
	}
}

// TestWatchAbortAndClose: a watch can be aborted in any state. Closing the client ends it too.
func TestWatchAbortAndClose(t *testing.T) {
	reason := errors.New("the page's own")
	for _, kind := range []chatcore.StepKind{chatcore.NeedToken, chatcore.Send, chatcore.Wait} {
		make := func() (*chatcore.Client, *chatcore.Call) {
			client := newCallbackClient(t)
			call := startWatch(t, client, testStart, chatcore.WatchMessagesOptions{SinceVersion: "10"})
			if kind != chatcore.NeedToken {
				client.Token(testStart, client.TokenFlight(), secretToken)
				respondOK(call, testStart, messagesPage(origin+"/2", "b 11"))
			}
			if kind == chatcore.Wait {
				call.NetworkFailed(testStart, call.Step().Number, reason)
			}
			require.Equal(t, kind, call.Step().Kind)
			drainChanged(client)
			return client, call
		}
		client, call := make()
		call.Abort(testStart+1, reason)
		assert.Equal(t, callIDs(call), drainChanged(client))
		assert.Equal(t, reason, call.Step().Err)
		step := *call.Step()
		call.Elapsed(testStart + 1_000_000)
		client.SetHidden(testStart+1, true)
		respondOK(call, testStart+2, messagesPage("", "c 12"))
		requireUnchanged(t, client, call, step)

		client, call = make()
		client.Close(testStart + 1)
		assert.Equal(t, callIDs(call), drainChanged(client))
		requireFailed(t, call, chatcore.Closed)
	}
}

// TestWatchExchanges: every exchange of a watch is reported with the step it leads to.
func TestWatchExchanges(t *testing.T) {
	client := newCallbackClient(t)
	call := client.WatchMessages(threadID, chatcore.WatchMessagesOptions{}, chatcore.CallOptions{})
	call.Observe()
	call.Start(testStart)
	client.Token(testStart, client.TokenFlight(), secretToken)
	respondOK(call, testStart, messagesPage("", "a 10"))
	respondOK(call, testStart+7, participantsPage(2, ""))
	now := elapseWait(t, call)
	respond(call, now, 401, "")
	now = elapseWait(t, call)
	client.Token(now, client.TokenFlight(), secretToken)
	respondOK(call, now, messagesPage(origin+"/2", "c 12"))
	respondOK(call, now, messagesPage("", "b 11"))
	requireBatch(t, call)
	var got [][3]any
	for i, e := range drainExchanges(client) {
		assert.Equal(t, i+1, e.Attempt)
		assert.Equal(t, "watchMessages", e.Operation)
		got = append(got, [3]any{e.Outcome, e.Next, e.DurationMs})
	}
	assert.Equal(t, [][3]any{{"success", "send", 0}, {"success", "wait", 7}, {"Unauthorized", "wait", 0}, {"success", "send", 0}, {"success", "done", 0}}, got)
}
