package chatcore_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// watching begins a watch.
func startWatch(t *testing.T, client *chatcore.Client, now chatcore.Instant, o chatcore.WatchMessagesOptions) *chatcore.Call {
	t.Helper()
	drainChanged(client)
	call := client.WatchMessages(threadID, o, chatcore.CallOptions{})
	call.Start(now)
	require.Equal(t, callIDs(call), drainChanged(client))
	return call
}

// asks returns what a call is asking for: a list of the thread with the size of its pages, or an address as it stands.
func requestedList(t *testing.T, call *chatcore.Call) string {
	t.Helper()
	require.Equal(t, chatcore.Send, call.Step().Kind, "%v", call.Step().Err)
	request := call.Step().Request
	require.Equal(t, "GET", request.Method)
	require.Empty(t, request.Body)
	list, ours := strings.CutPrefix(request.URL, threadURL+"/")
	if !ours {
		return request.URL
	}
	u, err := url.Parse(list)
	require.NoError(t, err)
	require.Equal(t, "2025-03-15", u.Query().Get("api-version"))
	return u.Path + " " + u.Query().Get("maxPageSize")
}

// listed is a page of messages, each written as its id and version, and perhaps its type.
func messagesPage(nextLink string, messages ...string) string {
	var values []string
	for _, message := range messages {
		words := append(strings.Fields(message), "text")
		values = append(values, fmt.Sprintf(`{"id":"%s","version":"%s","type":"%s"}`, words[0], words[1], words[2]))
	}
	return fmt.Sprintf(`{"value":[%s],"nextLink":"%s"}`, strings.Join(values, ","), nextLink)
}

// members is a page of so many participants.
func participantsPage(n int, nextLink string) string {
	values := strings.TrimSuffix(strings.Repeat(`{"communicationIdentifier":{"rawId":"a"}},`, n), ",")
	return `{"value":[` + values + `],"nextLink":"` + nextLink + `"}`
}

// list answers what a watch asks for.
func respondOK(call *chatcore.Call, now chatcore.Instant, body string) { respond(call, now, 200, body) }

// due takes a call for one that waits, and returns until when.
func waitDeadline(t *testing.T, call *chatcore.Call) chatcore.Instant {
	t.Helper()
	require.Equal(t, chatcore.Wait, call.Step().Kind, "%v", call.Step().Err)
	return call.Step().Deadline
}

// elapse lets a call wait to the end, and returns when that is.
func elapseWait(t *testing.T, call *chatcore.Call) chatcore.Instant {
	t.Helper()
	until := waitDeadline(t, call)
	step := *call.Step()
	call.Elapsed(until - 1)
	require.Equal(t, step, *call.Step(), "too early")
	call.Elapsed(until)
	return until
}

// yields takes a watch for one that is done, and returns what it found, as id and version, and where the next goes on.
func requireBatch(t *testing.T, call *chatcore.Call) (messages []string, nextLink string) {
	t.Helper()
	require.Equal(t, chatcore.Done, call.Step().Kind, "%v", call.Step().Err)
	page := call.Step().Result.(*chatcore.ChatMessagesCollection)
	require.NotEmpty(t, page.Value)
	require.NotEmpty(t, page.NextLink)
	for _, message := range page.Value {
		messages = append(messages, message.ID+" "+message.Version)
	}
	return messages, page.NextLink
}

// since begins a watch of the changes after version 10.
func startWatchAfter10(t *testing.T, client *chatcore.Client) *chatcore.Call {
	t.Helper()
	call := startWatch(t, client, testStart, chatcore.WatchMessagesOptions{SinceVersion: "10"})
	require.Equal(t, "messages 200", requestedList(t, call), "at once, and much of it: who knows how long ago that was")
	return call
}

// settled returns a watch of the changes after version 10 that has found none yet, and has counted its members.
func startIdleWatch(t *testing.T, client *chatcore.Client, participants int) *chatcore.Call {
	t.Helper()
	call := startWatchAfter10(t, client)
	respondOK(call, testStart, messagesPage("", "a 10"))
	require.Equal(t, "participants 200", requestedList(t, call))
	respondOK(call, testStart, participantsPage(participants, ""))
	return call
}
