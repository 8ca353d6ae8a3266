package chatcore_test

import (
	"fmt"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// respondWithoutNews answers the next poll of a watch, and checks that the watch finds no changes and requests no other page.
func respondWithoutNews(t *testing.T, call *chatcore.Call, nextLink string, messages ...string) {
	t.Helper()
	now := elapseWait(t, call)
	require.Contains(t, requestedList(t, call), "messages ")
	respondOK(call, now, messagesPage(nextLink, messages...))
	waitDeadline(t, call)
}

// startWatchFromNow returns a watch whose first poll returned messages, and that has counted two participants.
func startWatchFromNow(t *testing.T, o chatcore.Options, nextLink string, messages ...string) (*chatcore.Client, *chatcore.Call) {
	t.Helper()
	client := newClient(t, o)
	call := startWatch(t, client, testStart, chatcore.WatchMessagesOptions{})
	respondOK(call, testStart, messagesPage(nextLink, messages...))
	require.Equal(t, "participants 200", requestedList(t, call))
	respondOK(call, testStart, participantsPage(2, ""))
	return client, call
}

// TestWatchLateChange: the watch returns a message that becomes visible 3 s after one with a higher version.
func TestWatchLateChange(t *testing.T) {
	client, call := startWatchFromNow(t, chatcore.Options{}, "", "a 100000")
	now := elapseWait(t, call)
	respondOK(call, now, messagesPage("", "c 202000", "a 100000"))
	messages, nextLink := requireBatch(t, call)
	assert.Equal(t, []string{"c 202000"}, messages)

	call = startWatch(t, client, now, chatcore.WatchMessagesOptions{NextLink: nextLink})
	now = elapseWait(t, call)
	respondOK(call, now, messagesPage("", "d 203000", "c 202000", "b 201000", "a 100000"))
	messages, nextLink = requireBatch(t, call)
	assert.Equal(t, []string{"b 201000", "d 203000"}, messages)

	call = startWatch(t, client, now, chatcore.WatchMessagesOptions{NextLink: nextLink})
	respondWithoutNews(t, call, "", "d 203000", "c 202000", "b 201000", "a 100000")
}

// TestWatchFirstPoll: the first poll reads down to settleMs below the highest version. What it shows is not returned, but
// messages that appear in that range later are.
func TestWatchFirstPoll(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	call := startWatch(t, client, testStart, chatcore.WatchMessagesOptions{})
	respondOK(call, testStart, messagesPage(origin+"/2", "e 105000", "d 104000"))
	assert.Equal(t, origin+"/2", requestedList(t, call))
	respondOK(call, testStart, messagesPage(origin+"/3", "b 101000", "a 99999"))
	assert.Equal(t, "participants 200", requestedList(t, call), "the next page is older than settleMs")
	respondOK(call, testStart, participantsPage(2, ""))
	now := elapseWait(t, call)
	respondOK(call, now, messagesPage(origin+"/2", "e 105000", "d 104000", "c 103000"))
	respondOK(call, now, messagesPage("", "b 101000", "z 100000", "a 99999"))
	messages, _ := requireBatch(t, call)
	assert.Equal(t, []string{"c 103000"}, messages)
}

// TestOverlapEnds: settleMs after the highest version was first seen, polls no longer read below it.
func TestOverlapEnds(t *testing.T) {
	for _, settleMs := range []int{0, 5000, 20_000} {
		_, call := startWatchFromNow(t, chatcore.Options{CallOptions: chatcore.CallOptions{SettleMs: &settleMs}}, "", "a 100000")
		for {
			now := elapseWait(t, call)
			respondOK(call, now, messagesPage(origin+"/2", "a 100000"))
			if now > testStart+chatcore.Instant(settleMs) && call.Step().Kind == chatcore.Wait {
				break
			}
			require.LessOrEqual(t, now, testStart+chatcore.Instant(settleMs+10_000))
			require.Equal(t, origin+"/2", requestedList(t, call), "it reads down to the floor")
			respondOK(call, now, messagesPage("", "y 80000"))
		}
		respondWithoutNews(t, call, origin+"/2", "a 100000", "z 99000")
	}
}

// TestPollReturnsOlderState: the watch ignores older states of a message that a later poll shows.
func TestPollReturnsOlderState(t *testing.T) {
	client, call := startWatchFromNow(t, chatcore.Options{}, "", "a 100000")
	now := elapseWait(t, call)
	respondOK(call, now, messagesPage("", "b 203000", "c 202000", "a 100000"))
	_, nextLink := requireBatch(t, call)
	call = startWatch(t, client, now, chatcore.WatchMessagesOptions{NextLink: nextLink})
	respondWithoutNews(t, call, "", "c 202000", "b 201000", "a 100000")
	now = elapseWait(t, call)
	respondOK(call, now, messagesPage("", "b 204000", "c 202000", "a 100000"))
	messages, _ := requireBatch(t, call)
	assert.Equal(t, []string{"b 204000"}, messages)
}

// TestOverlapStopsAtSinceVersion: polls do not read below the version that the caller has seen.
func TestOverlapStopsAtSinceVersion(t *testing.T) {
	for _, o := range []chatcore.WatchMessagesOptions{{SinceVersion: "00100000"}, {SinceMessageID: "100000"}} {
		call := startWatch(t, newClient(t, chatcore.Options{}), testStart, o)
		respondOK(call, testStart, messagesPage("", "c 101000", "b 100000", "a 99000"))
		messages, _ := requireBatch(t, call)
		assert.Equal(t, []string{"c 101000"}, messages)
	}
}

// TestOverlapLimit: a watch remembers 1,000 messages at most. If there are more, it raises the floor above the oldest.
func TestOverlapLimit(t *testing.T) {
	const most = 1000
	message := func(i int) string { return fmt.Sprintf("m%d %d", i, 100_000+i) }
	numbers := func(from, to int) (messages []string) { // the newest first
		for i := to - 1; i >= from; i-- {
			messages = append(messages, message(i))
		}
		return messages
	}
	for _, n := range []int{most - 1, most, most + 1, most + 500} {
		client, call := startWatchFromNow(t, chatcore.Options{}, "", numbers(0, 1)...)
		now := elapseWait(t, call)
		respondOK(call, now, messagesPage("", numbers(0, n)...))
		messages, nextLink := requireBatch(t, call)
		require.Len(t, messages, n-1)
		assert.Less(t, len(nextLink), 32_000)

		call = startWatch(t, client, now, chatcore.WatchMessagesOptions{NextLink: nextLink})
		now = elapseWait(t, call)
		require.Equal(t, "messages 200", requestedList(t, call), "long pages, so that there are few")
		late := fmt.Sprintf("late %d", 100_000+n-most-1) // the version of the newest message that is forgotten, if any
		respondOK(call, now, messagesPage(origin+"/2", append([]string{"new 200000"}, numbers(n/2, n)...)...))
		require.Equal(t, origin+"/2", requestedList(t, call))
		respondOK(call, now, messagesPage("", append(numbers(0, n/2), late)...))
		messages, _ = requireBatch(t, call)
		assert.Equal(t, n <= most, slices.Contains(messages, late), n)
		assert.Equal(t, "new 200000", messages[len(messages)-1])
	}

	call := startWatch(t, newClient(t, chatcore.Options{}), testStart, chatcore.WatchMessagesOptions{})
	for page := 2; page <= 6; page++ {
		respondOK(call, testStart, messagesPage(origin+"/"+strconv.Itoa(page), numbers(2000-200*(page-1), 2000-200*(page-2))...))
	}
	assert.Equal(t, origin+"/6", requestedList(t, call))
	respondOK(call, testStart, messagesPage(origin+"/7", numbers(999, 1000)...))
	assert.Equal(t, "participants 200", requestedList(t, call), "a first poll reads no further")
	respondOK(call, testStart, participantsPage(2, ""))
	respondWithoutNews(t, call, origin+"/2", append(numbers(1000, 2000), "late 100999")...)
}
