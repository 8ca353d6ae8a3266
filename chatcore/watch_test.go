package chatcore_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// TestWatchFromNow: without a since, what is there already is not news.
func TestWatchFromNow(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	call := watching(t, client, start, chatcore.WatchMessagesOptions{})
	assert.Equal(t, "messages 20", asks(t, call))
	list(call, start, listed("", "a 10"))
	assert.Equal(t, "participants 200", asks(t, call))
	list(call, start, members(2, ""))

	now := elapse(t, call)
	assert.Less(t, start, now)
	assert.Equal(t, "messages 20", asks(t, call))
	list(call, now, listed("", "c 12", "b 11", "a 10"))
	messages, nextLink := yields(t, call)
	assert.Equal(t, []string{"b 11", "c 12"}, messages, "the newest last")

	call = watching(t, client, now+1, chatcore.WatchMessagesOptions{NextLink: nextLink})
	assert.Equal(t, now+2000, elapse(t, call), "the batches of a watch share its interval")
	assert.Equal(t, "messages 20", asks(t, call), "and the count of its members")
	list(call, now+2000, listed("", "d 13", "c 12"))
	messages, _ = yields(t, call)
	assert.Equal(t, []string{"d 13"}, messages)
}

// TestWatchOfAnEmptyThread: whatever comes there first is news.
func TestWatchOfAnEmptyThread(t *testing.T) {
	call := watching(t, newClient(t, chatcore.Options{}), start, chatcore.WatchMessagesOptions{})
	list(call, start, listed(""))
	list(call, start, members(0, ""))
	now := elapse(t, call)
	list(call, now, listed("", "a 1"))
	messages, _ := yields(t, call)
	assert.Equal(t, []string{"a 1"}, messages)
}

func TestWatchSince(t *testing.T) {
	for _, o := range []chatcore.WatchMessagesOptions{{SinceVersion: "10"}, {SinceMessageID: "10"}} {
		call := watching(t, newClient(t, chatcore.Options{}), start, o)
		assert.Equal(t, "messages 200", asks(t, call), "the first is not kept waiting")
		list(call, start, listed("", "100 100", "9 12", "10 10", "8 8"))
		messages, _ := yields(t, call)
		assert.Equal(t, []string{"9 12", "100 100"}, messages, "versions are compared as numbers")
	}
}

// TestWatchPages: of what is new on several pages, a watch reads all, and no more.
func TestWatchPages(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	call := since(t, client)
	list(call, start, listed(origin+"/2", "e 18", "d 17"))
	assert.Equal(t, origin+"/2", asks(t, call))
	assert.Equal(t, secret, bearer(t, call))
	list(call, start, listed(origin+"/3"))
	now := elapse(t, call)
	assert.Equal(t, origin+"/3", asks(t, call), "an empty page need not be the last, but there may be many")
	list(call, now, listed(origin+"/4", "c 16", "b 10", "a 9"))
	messages, nextLink := yields(t, call)
	assert.Equal(t, []string{"c 16", "d 17", "e 18"}, messages)

	call = watching(t, client, now, chatcore.WatchMessagesOptions{NextLink: nextLink})
	list(call, now, members(2, ""))
	now = elapse(t, call)
	list(call, now, listed(origin+"/2", "g 20", "f 19"))
	list(call, now, listed("", "e 18"))
	messages, _ = yields(t, call)
	assert.Equal(t, []string{"f 19", "g 20"}, messages)
}

// TestWatchStaysOnItsOrigin: the token goes nowhere else, wherever a page says the next one is.
func TestWatchStaysOnItsOrigin(t *testing.T) {
	for _, link := range []string{"https://evil.example/2", origin + "@evil.example/2", origin + ".evil.example/2", "http" + origin[len("https"):] + "/2"} {
		client := newClient(t, chatcore.Options{})
		call := since(t, client)
		list(call, start, listed(link, "b 11"))
		assert.NotContains(t, call.Step().Request.URL, link, "of messages")

		call = since(t, client)
		list(call, start, listed("", "a 10"))
		require.Equal(t, "participants 200", asks(t, call))
		list(call, start, members(2, link))
		assert.NotContains(t, call.Step().Request.URL, link, "of participants")
	}
}

// TestWatchBacklog: after a while away, pages are long.
func TestWatchBacklog(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	call := settled(t, client, 2)
	now := elapse(t, call)
	list(call, now, listed("", "b 11"))
	_, nextLink := yields(t, call)
	for after, want := range map[chatcore.Instant]string{30_000: "messages 20", 30_001: "messages 200"} {
		call = watching(t, client, now+after, chatcore.WatchMessagesOptions{NextLink: nextLink})
		assert.Equal(t, want, asks(t, call), after)
	}
}

// TestWatchOfWhatChangesMeanwhile: between two pages, a message may move to the front and push others down.
func TestWatchOfWhatChangesMeanwhile(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	call := settled(t, client, 2)
	now := elapse(t, call)
	list(call, now, listed(origin+"/2", "d 14", "c 13"))
	list(call, start, listed(origin+"/3", "c 13", "b 12")) // a was edited
	list(call, start, listed("", "b 12"))
	messages, nextLink := yields(t, call)
	assert.Equal(t, []string{"b 12", "c 13", "d 14"}, messages, "each once")

	call = watching(t, client, now, chatcore.WatchMessagesOptions{NextLink: nextLink})
	now = elapse(t, call)
	list(call, now, listed(origin+"/2", "a 15", "d 14"))
	list(call, now, listed("", "c 13", "b 12"))
	messages, _ = yields(t, call)
	assert.Equal(t, []string{"a 15"}, messages)

	call = since(t, client)
	list(call, start, listed(origin+"/2", "a 14", "c 13"))
	list(call, start, listed("", "b 12", "a 11"))
	messages, _ = yields(t, call)
	assert.Equal(t, []string{"b 12", "c 13", "a 14"}, messages, "the later state")
}

// TestWatchOfEditsAndDeletes: they are changes, and come as the message is then.
func TestWatchOfEditsAndDeletes(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	call := settled(t, client, 2)
	now := elapse(t, call)
	edited := `{"id":"1","type":"text","sequenceId":"5","version":"12","content":{"message":"new"},"editedOn":"2020-06-25T08:02:00Z"}`
	list(call, now, `{"value":[`+deleted+`,`+edited+`,`+`{"id":"0","version":"10"}]}`)
	_, nextLink := yields(t, call)
	assert.JSONEq(t, `{"value":[`+edited+`,`+deleted+`],"nextLink":`+strconv.Quote(nextLink)+`}`, call.Step().Result.JSON())
}

// TestWatchCountsParticipants: once, and again when there are others.
func TestWatchCountsParticipants(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	call := since(t, client)
	list(call, start, listed("", "b 11", "a 10"))
	_, nextLink := yields(t, call)
	call = watching(t, client, start+1, chatcore.WatchMessagesOptions{NextLink: nextLink})
	assert.Equal(t, "participants 200", asks(t, call), "not before the first changes are told")
	list(call, start+1, members(30, origin+"/2"))
	assert.Equal(t, origin+"/2", asks(t, call))
	list(call, start+2, members(0, origin+"/3"))
	counted := elapse(t, call)
	assert.Equal(t, origin+"/3", asks(t, call))
	list(call, counted, members(10, ""))
	assert.Equal(t, counted+12_000, due(t, call), "40 on three pages")

	version := 12
	for _, kind := range []string{"participantAdded", "participantRemoved"} {
		now := elapse(t, call)
		assert.Equal(t, "messages 20", asks(t, call))
		list(call, now, listed("", "x "+strconv.Itoa(version)+" "+kind, "a 10"))
		_, nextLink = yields(t, call)
		call = watching(t, client, now, chatcore.WatchMessagesOptions{NextLink: nextLink})
		require.Equal(t, "participants 200", asks(t, call), "after %s", kind)
		list(call, now, members(20, ""))
		assert.Equal(t, now+6_000, due(t, call))
		version++
	}
	now := elapse(t, call)
	list(call, now, listed("", "y "+strconv.Itoa(version)+" topicUpdated", "a 10"))
	_, nextLink = yields(t, call)
	call = watching(t, client, now, chatcore.WatchMessagesOptions{NextLink: nextLink})
	assert.Equal(t, now+6_000, due(t, call), "of other messages the count stays")
}
