package chatcore_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// TestWatchRefusedNextLink: a nextLink that the service refuses in six polls in a row ends the watch.
func TestWatchRefusedNextLink(t *testing.T) {
	call, now := startPolling(t, newClient(t, chatcore.Options{}))
	for range 5 {
		respondOK(call, now, messagesPage(origin+"/2", "c 13"))
		respond(call, now, 403, "")
		now = elapseWait(t, call)
	}
	respondOK(call, now, messagesPage(origin+"/2", "c 13"))
	respond(call, now, 403, "")
	requireFailed(t, call, chatcore.Forbidden)
}

// TestWatchLongPageAfterFailure: a page that is too long to read after a failed attempt leads to one request for a shorter one.
func TestWatchLongPageAfterFailure(t *testing.T) {
	call, now := startPolling(t, newClient(t, chatcore.Options{}))
	respond(call, now, 503, "")
	now = elapseWait(t, call)
	number := call.Step().Number
	call.Response(now, number, chatcore.Response{Status: 200, Err: chatcore.ErrTooLong})
	require.Equal(t, "messages 10", requestedList(t, call))
	assert.Equal(t, number+1, call.Step().Number, "no request in between")
	respondOK(call, now, messagesPage("", "b 11", "a 10"))
	requireBatch(t, call)
}

// TestWatchEndlessPages: a watch reads empty pages no faster than it polls.
func TestWatchEndlessPages(t *testing.T) {
	call, now := startPolling(t, newClient(t, chatcore.Options{}))
	for i := range 100 {
		respondOK(call, now, messagesPage(origin+"/"+strconv.Itoa(i)))
		next := elapseWait(t, call)
		require.GreaterOrEqual(t, next-now, chatcore.Instant(2000))
		now = next
	}
	respondOK(call, now, messagesPage("", "b 11", "a 10"))
	messages, _ := requireBatch(t, call)
	assert.Equal(t, []string{"b 11"}, messages)
}

// TestChangeAfterFirstPage: a poll ignores changes made after its first page. If it returned them, the next poll would start
// after them and miss older changes that were on none of its pages.
func TestChangeAfterFirstPage(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	call, now := startPolling(t, client)
	respondOK(call, now, messagesPage(origin+"/2", "d 14", "c 13"))
	respondOK(call, now, messagesPage("", "b 16", "a 10")) // b was 12; meanwhile e was sent as 15
	messages, nextLink := requireBatch(t, call)
	assert.Equal(t, []string{"c 13", "d 14"}, messages)
	call = startWatch(t, client, now, chatcore.WatchMessagesOptions{NextLink: nextLink})
	now = elapseWait(t, call)
	respondOK(call, now, messagesPage("", "b 16", "e 15", "d 14"))
	messages, _ = requireBatch(t, call)
	assert.Equal(t, []string{"e 15", "b 16"}, messages)
}

// TestVersionsWithLeadingZeros: leading zeros of a version are ignored.
func TestVersionsWithLeadingZeros(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	call := startWatch(t, client, testStart, chatcore.WatchMessagesOptions{SinceVersion: "0000000000010"})
	respondOK(call, testStart, messagesPage("", "b 11", "a 10"))
	messages, _ := requireBatch(t, call)
	assert.Equal(t, []string{"b 11"}, messages)

	call = startWatch(t, client, testStart, chatcore.WatchMessagesOptions{SinceVersion: "0946684800010"})
	respondOK(call, testStart, messagesPage("", "b 0946684800010", "a 0946684800009"))
	assert.NotEqual(t, chatcore.Done, call.Step().Kind, "in a message's version too")
}
