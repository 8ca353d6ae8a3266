package chatcore_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// TestWatchRefusedNextLink ends a watch, though one that is refused once does not.
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

// TestWatchEndlessPages are read no faster than polls are made.
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

// TestChangeAfterFirstPage: what changed after the first page was made is left to the next poll, so that what changed
// before it, and is on no page of this one, is not skipped.
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

// TestVersionsWithLeadingZeros are no part of a version.
func TestVersionsWithLeadingZeros(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	call := startWatch(t, client, testStart, chatcore.WatchMessagesOptions{SinceVersion: "0000000000010"})
	respondOK(call, testStart, messagesPage("", "b 11", "a 10"))
	messages, _ := requireBatch(t, call)
	assert.Equal(t, []string{"b 11"}, messages)

	call = startWatch(t, client, testStart, chatcore.WatchMessagesOptions{SinceVersion: "0946684800010"})
	respondOK(call, testStart, messagesPage("", "b 0946684800010", "a 0946684800009"))
	assert.NotEqual(t, chatcore.Done, call.Step().Kind, "nor of a message's")
}
