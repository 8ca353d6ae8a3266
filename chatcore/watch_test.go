package chatcore_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// TestWatchFromNow: without sinceVersion or sinceMessageId, a watch does not return existing messages.
func TestWatchFromNow(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	call := startWatch(t, client, testStart, chatcore.WatchMessagesOptions{})
	assert.Equal(t, "messages 20", requestedList(t, call))
	respondOK(call, testStart, messagesPage("", "a 10"))
	assert.Equal(t, "participants 200", requestedList(t, call))
	respondOK(call, testStart, participantsPage(2, ""))

	now := elapseWait(t, call)
	assert.Less(t, testStart, now)
	assert.Equal(t, "messages 20", requestedList(t, call))
	respondOK(call, now, messagesPage("", "c 12", "b 11", "a 10"))
	messages, nextLink := requireBatch(t, call)
	assert.Equal(t, []string{"b 11", "c 12"}, messages, "the newest last")

	call = startWatch(t, client, now+1, chatcore.WatchMessagesOptions{NextLink: nextLink})
	assert.Equal(t, now+2000, elapseWait(t, call), "the interval counts from the poll of the batch before")
	assert.Equal(t, "messages 20", requestedList(t, call), "the participants are not counted again")
	respondOK(call, now+2000, messagesPage("", "d 13", "c 12"))
	messages, _ = requireBatch(t, call)
	assert.Equal(t, []string{"d 13"}, messages)
}

// TestWatchEmptyThread: a watch of an empty thread returns its first message.
func TestWatchEmptyThread(t *testing.T) {
	call := startWatch(t, newClient(t, chatcore.Options{}), testStart, chatcore.WatchMessagesOptions{})
	respondOK(call, testStart, messagesPage(""))
	respondOK(call, testStart, participantsPage(0, ""))
	now := elapseWait(t, call)
	respondOK(call, now, messagesPage("", "a 1"))
	messages, _ := requireBatch(t, call)
	assert.Equal(t, []string{"a 1"}, messages)
}

func TestWatchSince(t *testing.T) {
	for _, o := range []chatcore.WatchMessagesOptions{{SinceVersion: "10"}, {SinceMessageID: "10"}} {
		call := startWatch(t, newClient(t, chatcore.Options{}), testStart, o)
		assert.Equal(t, "messages 200", requestedList(t, call), "the first poll starts at once")
		respondOK(call, testStart, messagesPage("", "100 100", "9 12", "10 10", "8 8"))
		messages, _ := requireBatch(t, call)
		assert.Equal(t, []string{"9 12", "100 100"}, messages, "versions are compared as numbers")
	}
}

// TestWatchPages: a watch reads all pages with changes, and no more.
func TestWatchPages(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	call := startWatchAfter10(t, client)
	respondOK(call, testStart, messagesPage(origin+"/2", "e 18", "d 17"))
	assert.Equal(t, origin+"/2", requestedList(t, call))
	assert.Equal(t, secretToken, sentToken(t, call))
	respondOK(call, testStart, messagesPage(origin+"/3"))
	now := elapseWait(t, call)
	assert.Equal(t, origin+"/3", requestedList(t, call), "after an empty page it waits before it reads on")
	respondOK(call, now, messagesPage(origin+"/4", "c 16", "b 10", "a 9"))
	messages, nextLink := requireBatch(t, call)
	assert.Equal(t, []string{"c 16", "d 17", "e 18"}, messages)

	call = startWatch(t, client, now, chatcore.WatchMessagesOptions{NextLink: nextLink})
	respondOK(call, now, participantsPage(2, ""))
	assert.Equal(t, "messages 20", requestedList(t, call), "the interval counts from the first page")
	respondOK(call, now, messagesPage(origin+"/2", "g 20", "f 19"))
	respondOK(call, now, messagesPage("", "e 18"))
	messages, _ = requireBatch(t, call)
	assert.Equal(t, []string{"f 19", "g 20"}, messages)
}

// TestWatchStaysOnItsOrigin: the watch follows no nextLink to another origin.
func TestWatchStaysOnItsOrigin(t *testing.T) {
	for _, link := range []string{"https://evil.example/2", origin + "@evil.example/2", origin + ".evil.example/2", "http" + origin[len("https"):] + "/2"} {
		client := newClient(t, chatcore.Options{})
		call := startWatchAfter10(t, client)
		respondOK(call, testStart, messagesPage(link, "b 11"))
		assert.NotContains(t, call.Step().Request.URL, link, "messages")

		call = startWatchAfter10(t, client)
		respondOK(call, testStart, messagesPage("", "a 10"))
		require.Equal(t, "participants 200", requestedList(t, call))
		respondOK(call, testStart, participantsPage(2, link))
		assert.NotContains(t, call.Step().Request.URL, link, "participants")
	}
}

// TestWatchBacklog: a watch that continues after more than 30 s requests long pages.
func TestWatchBacklog(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	call := startIdleWatch(t, client, 2)
	now := elapseWait(t, call)
	respondOK(call, now, messagesPage("", "b 11"))
	_, nextLink := requireBatch(t, call)
	for after, want := range map[chatcore.Instant]string{30_000: "messages 20", 30_001: "messages 200"} {
		call = startWatch(t, newClient(t, chatcore.Options{}), now+after, chatcore.WatchMessagesOptions{NextLink: nextLink})
		assert.Equal(t, want, requestedList(t, call), after)
	}
}

// TestChangeBetweenPages: an edit between two pages moves a message to the front, so others appear twice.
func TestChangeBetweenPages(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	call := startIdleWatch(t, client, 2)
	now := elapseWait(t, call)
	respondOK(call, now, messagesPage(origin+"/2", "d 14", "c 13"))
	respondOK(call, testStart, messagesPage(origin+"/3", "c 13", "b 12")) // a was edited
	respondOK(call, testStart, messagesPage("", "b 12"))
	messages, nextLink := requireBatch(t, call)
	assert.Equal(t, []string{"b 12", "c 13", "d 14"}, messages, "each message once")

	call = startWatch(t, client, now, chatcore.WatchMessagesOptions{NextLink: nextLink})
	now = elapseWait(t, call)
	respondOK(call, now, messagesPage(origin+"/2", "a 15", "d 14"))
	respondOK(call, now, messagesPage("", "c 13", "b 12"))
	messages, _ = requireBatch(t, call)
	assert.Equal(t, []string{"a 15"}, messages)

	call = startWatchAfter10(t, newClient(t, chatcore.Options{}))
	respondOK(call, testStart, messagesPage(origin+"/2", "a 14", "c 13"))
	respondOK(call, testStart, messagesPage("", "b 12", "a 11"))
	messages, _ = requireBatch(t, call)
	assert.Equal(t, []string{"b 12", "c 13", "a 14"}, messages, "the later state")
}

// TestWatchEditsAndDeletes: a watch returns edited and deleted messages in their new state.
func TestWatchEditsAndDeletes(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	call := startIdleWatch(t, client, 2)
	now := elapseWait(t, call)
	edited := `{"id":"1","type":"text","sequenceId":"5","version":"12","content":{"message":"new"},"editedOn":"2020-06-25T08:02:00Z"}`
	respondOK(call, now, `{"value":[`+deleted+`,`+edited+`,`+`{"id":"0","version":"10"}]}`)
	_, nextLink := requireBatch(t, call)
	assert.JSONEq(t, `{"value":[`+edited+`,`+deleted+`],"nextLink":`+strconv.Quote(nextLink)+`}`, call.Step().Result.JSON())
}

// TestWatchCountsParticipants: a watch counts the participants once, and again after participants were added or removed.
func TestWatchCountsParticipants(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	call := startWatchAfter10(t, client)
	respondOK(call, testStart, messagesPage("", "b 11", "a 10"))
	_, nextLink := requireBatch(t, call)
	call = startWatch(t, client, testStart+1, chatcore.WatchMessagesOptions{NextLink: nextLink})
	assert.Equal(t, "participants 200", requestedList(t, call), "it counts once the first batch is returned")
	respondOK(call, testStart+1, participantsPage(30, origin+"/2"))
	assert.Equal(t, origin+"/2", requestedList(t, call))
	respondOK(call, testStart+2, participantsPage(0, origin+"/3"))
	counted := elapseWait(t, call)
	assert.Equal(t, origin+"/3", requestedList(t, call))
	respondOK(call, counted, participantsPage(10, ""))
	assert.Equal(t, testStart+12_000, waitDeadline(t, call), "40 on three pages")

	version := 12
	for _, kind := range []string{"participantAdded", "participantRemoved"} {
		now := elapseWait(t, call)
		assert.Equal(t, "messages 20", requestedList(t, call))
		respondOK(call, now, messagesPage("", "x "+strconv.Itoa(version)+" "+kind, "a 10"))
		_, nextLink = requireBatch(t, call)
		call = startWatch(t, client, now, chatcore.WatchMessagesOptions{NextLink: nextLink})
		require.Equal(t, "participants 200", requestedList(t, call), "after %s", kind)
		respondOK(call, now, participantsPage(20, ""))
		assert.Equal(t, now+6_000, waitDeadline(t, call))
		version++
	}
	now := elapseWait(t, call)
	respondOK(call, now, messagesPage("", "y "+strconv.Itoa(version)+" topicUpdated", "a 10"))
	_, nextLink = requireBatch(t, call)
	call = startWatch(t, client, now, chatcore.WatchMessagesOptions{NextLink: nextLink})
	assert.Equal(t, now+6_000, waitDeadline(t, call), "other messages do not change the count")
}
