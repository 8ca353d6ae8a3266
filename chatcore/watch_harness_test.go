package chatcore_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// startWatch starts a watch.
func startWatch(t *testing.T, client *chatcore.Client, now chatcore.Instant, o chatcore.WatchMessagesOptions) *chatcore.Call {
	t.Helper()
	drainChanged(client)
	call := client.WatchMessages(threadID, o, chatcore.CallOptions{})
	call.Start(now)
	require.Equal(t, callIDs(call), drainChanged(client))
	return call
}

// requestedList returns which list a call is requesting: for a first page the list's name and page size, such as "messages 20";
// for any other URL the URL itself.
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

// messagesPage returns a page of messages. Each is given as its id, its version and optionally its type.
func messagesPage(nextLink string, messages ...string) string {
	var values []string
	for _, message := range messages {
		words := append(strings.Fields(message), "text")
		values = append(values, fmt.Sprintf(`{"id":"%s","version":"%s","type":"%s"}`, words[0], words[1], words[2]))
	}
	return fmt.Sprintf(`{"value":[%s],"nextLink":"%s"}`, strings.Join(values, ","), nextLink)
}

// participantsPage returns a page of n participants.
func participantsPage(n int, nextLink string) string {
	values := strings.TrimSuffix(strings.Repeat(`{"communicationIdentifier":{"rawId":"a"}},`, n), ",")
	return `{"value":[` + values + `],"nextLink":"` + nextLink + `"}`
}

// respondOK answers the request of a call with 200.
func respondOK(call *chatcore.Call, now chatcore.Instant, body string) { respond(call, now, 200, body) }

// waitDeadline checks that a call is waiting, and returns until when.
func waitDeadline(t *testing.T, call *chatcore.Call) chatcore.Instant {
	t.Helper()
	require.Equal(t, chatcore.Wait, call.Step().Kind, "%v", call.Step().Err)
	return call.Step().Deadline
}

// elapseWait ends a call's wait at its deadline, and returns that time.
func elapseWait(t *testing.T, call *chatcore.Call) chatcore.Instant {
	t.Helper()
	until := waitDeadline(t, call)
	step := *call.Step()
	call.Elapsed(until - 1)
	require.Equal(t, step, *call.Step(), "too early")
	call.Elapsed(until)
	return until
}

// requireBatch checks that a watch has succeeded. It returns the messages of the batch, each as id and version, and the batch's
// nextLink.
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

// startWatchAfter10 starts a watch of the changes after version 10.
func startWatchAfter10(t *testing.T, client *chatcore.Client) *chatcore.Call {
	t.Helper()
	call := startWatch(t, client, testStart, chatcore.WatchMessagesOptions{SinceVersion: "10"})
	require.Equal(t, "messages 200", requestedList(t, call), "the first poll reads long pages, since there may be many changes")
	return call
}

// startIdleWatch returns a watch of the changes after version 10 that has found none so far and has counted the participants.
func startIdleWatch(t *testing.T, client *chatcore.Client, participants int) *chatcore.Call {
	t.Helper()
	call := startWatchAfter10(t, client)
	respondOK(call, testStart, messagesPage("", "a 10"))
	require.Equal(t, "participants 200", requestedList(t, call))
	respondOK(call, testStart, participantsPage(participants, ""))
	return call
}
