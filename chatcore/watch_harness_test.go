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
func watching(t *testing.T, client *chatcore.Client, now chatcore.Instant, o chatcore.WatchMessagesOptions) *chatcore.Call {
	t.Helper()
	changed(client)
	call := client.WatchMessages(threadID, o, chatcore.CallOptions{})
	call.Start(now)
	require.Equal(t, pathIDs(call), changed(client))
	return call
}

// asks returns what a call is asking for: a list of the thread with the size of its pages, or an address as it stands.
func asks(t *testing.T, call *chatcore.Call) string {
	t.Helper()
	require.Equal(t, chatcore.Send, call.Step().Kind, "%v", call.Step().Err)
	request := call.Step().Request
	require.Equal(t, "GET", request.Method)
	require.Empty(t, request.Body)
	list, ours := strings.CutPrefix(request.URL, inThread+"/")
	if !ours {
		return request.URL
	}
	u, err := url.Parse(list)
	require.NoError(t, err)
	require.Equal(t, "2025-03-15", u.Query().Get("api-version"))
	return u.Path + " " + u.Query().Get("maxPageSize")
}

// listed is a page of messages, each written as its id and version, and perhaps its type.
func listed(nextLink string, messages ...string) string {
	var values []string
	for _, message := range messages {
		words := append(strings.Fields(message), "text")
		values = append(values, fmt.Sprintf(`{"id":"%s","version":"%s","type":"%s"}`, words[0], words[1], words[2]))
	}
	return fmt.Sprintf(`{"value":[%s],"nextLink":"%s"}`, strings.Join(values, ","), nextLink)
}

// members is a page of so many participants.
func members(n int, nextLink string) string {
	values := strings.TrimSuffix(strings.Repeat(`{"communicationIdentifier":{"rawId":"a"}},`, n), ",")
	return `{"value":[` + values + `],"nextLink":"` + nextLink + `"}`
}

// list answers what a watch asks for.
func list(call *chatcore.Call, now chatcore.Instant, body string) { answer(call, now, 200, body) }

// due takes a call for one that waits, and returns until when.
func due(t *testing.T, call *chatcore.Call) chatcore.Instant {
	t.Helper()
	require.Equal(t, chatcore.Wait, call.Step().Kind, "%v", call.Step().Err)
	return call.Step().Deadline
}

// elapse lets a call wait to the end, and returns when that is.
func elapse(t *testing.T, call *chatcore.Call) chatcore.Instant {
	t.Helper()
	until := due(t, call)
	step := *call.Step()
	call.Elapsed(until - 1)
	require.Equal(t, step, *call.Step(), "too early")
	call.Elapsed(until)
	return until
}

// yields takes a watch for one that is done, and returns what it found, as id and version, and where the next goes on.
func yields(t *testing.T, call *chatcore.Call) (messages []string, nextLink string) {
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
func since(t *testing.T, client *chatcore.Client) *chatcore.Call {
	t.Helper()
	call := watching(t, client, start, chatcore.WatchMessagesOptions{SinceVersion: "10"})
	require.Equal(t, "messages 200", asks(t, call), "at once, and much of it: who knows how long ago that was")
	return call
}

// settled returns a watch of the changes after version 10 that has found none yet, and has counted its members.
func settled(t *testing.T, client *chatcore.Client, participants int) *chatcore.Call {
	t.Helper()
	call := since(t, client)
	list(call, start, listed("", "a 10"))
	require.Equal(t, "participants 200", asks(t, call))
	list(call, start, members(participants, ""))
	return call
}
