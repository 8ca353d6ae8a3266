package chatcore_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// startTwoWatches returns two watches of the changes after version 10, which have polled once, and the time of their next poll.
func startTwoWatches(t *testing.T, client *chatcore.Client, second chatcore.CallOptions) (a, b *chatcore.Call, now chatcore.Instant) {
	t.Helper()
	a = startIdleWatch(t, client, 2)
	b = client.WatchMessages(threadID, chatcore.WatchMessagesOptions{SinceVersion: "5"}, second)
	b.Start(testStart)
	require.Equal(t, "messages 200", requestedList(t, b), "the first poll starts at once")
	respondOK(b, testStart, messagesPage("", "b 10", "a 4"))
	_, nextLink := requireBatch(t, b)
	b = client.WatchMessages(threadID, chatcore.WatchMessagesOptions{NextLink: nextLink}, second)
	b.Start(testStart)
	return a, b, waitDeadline(t, a)
}

// TestWatchesShareAPoll: one request serves all watches of a thread. Each gets the changes that it has not had.
func TestWatchesShareAPoll(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	a, b, now := startTwoWatches(t, client, chatcore.CallOptions{})
	b.Elapsed(now)
	assert.Equal(t, "messages 20", requestedList(t, b))
	a.Elapsed(now)
	assert.Equal(t, chatcore.Wait, a.Step().Kind)
	respondOK(b, now+5, messagesPage("", "c 11", "b 10", "a 4"))
	for _, call := range []*chatcore.Call{a, b} {
		messages, nextLink := requireBatch(t, call)
		assert.Equal(t, []string{"c 11"}, messages)
		call = startWatch(t, client, now+5, chatcore.WatchMessagesOptions{NextLink: nextLink, IntervalMs: 5000})
		assert.Equal(t, now+5000, waitDeadline(t, call), "the participants are not counted again")
	}
}

// TestWatchesShareAfterAnAbort: if the watch that sends the requests is aborted, another polls at once.
func TestWatchesShareAfterAnAbort(t *testing.T) {
	a, b, now := startTwoWatches(t, newClient(t, chatcore.Options{}), chatcore.CallOptions{})
	a.Elapsed(now)
	requestedList(t, a)
	a.Abort(now+1, errors.New("left"))
	assert.Equal(t, "messages 20", requestedList(t, b))
	respondOK(b, now+2, messagesPage("", "c 11", "b 10"))
	messages, _ := requireBatch(t, b)
	assert.Equal(t, []string{"c 11"}, messages)
}

// TestWatchesShareFailures: after a temporary failure one watch tries again for all. A permanent one ends all.
func TestWatchesShareFailures(t *testing.T) {
	a, b, now := startTwoWatches(t, newClient(t, chatcore.Options{}), chatcore.CallOptions{})
	a.Elapsed(now)
	a.NetworkFailed(now, a.Step().Number, errors.New("offline"))
	for _, call := range []*chatcore.Call{a, b} {
		failure, ended := call.LastRequest()
		require.True(t, ended)
		assert.Equal(t, chatcore.NetworkError, failure.Code)
	}
	assert.Equal(t, now+4000, waitDeadline(t, a))
	b.Elapsed(max(now+4000, waitDeadline(t, b)))
	assert.Equal(t, chatcore.Wait, b.Step().Kind, "it leaves the retry to the other")
	a.Elapsed(now + 4000)
	respondOK(a, now+4000, messagesPage("", "b 10"))
	failure, _ := b.LastRequest()
	assert.Nil(t, failure)

	a, b, now = startTwoWatches(t, newClient(t, chatcore.Options{}), chatcore.CallOptions{})
	a.Elapsed(now)
	respond(a, now, 404, "")
	requireFailed(t, a, chatcore.NotFound)
	requireFailed(t, b, chatcore.NotFound)
}

// TestWatchesThatCannotShare: watches with another api-version or another user have their own requests.
func TestWatchesThatCannotShare(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	other := client.WatchMessages(threadID, chatcore.WatchMessagesOptions{SinceVersion: "10"}, chatcore.CallOptions{APIVersion: "2024-03-07"})
	other.Start(testStart)
	respondOK(other, testStart, messagesPage("", "a 10"))
	respondOK(other, testStart, participantsPage(2, ""))
	now := elapseWait(t, other)
	assert.Contains(t, other.Step().Request.URL, "2024-03-07")
	shared := startWatch(t, client, now, chatcore.WatchMessagesOptions{SinceVersion: "10"})
	respondOK(other, now, messagesPage("", "b 11", "a 10"))
	requireBatch(t, other)
	assert.Equal(t, "messages 200", requestedList(t, shared))

	client = newCallbackClient(t)
	calls := []*chatcore.Call{startWatch(t, client, testStart, chatcore.WatchMessagesOptions{SinceVersion: "10"})}
	client.Token(testStart, client.TokenFlight(), tokenOf(jane[len("8:"):]))
	respondOK(calls[0], testStart, messagesPage("", "a 10"))
	respondOK(calls[0], testStart, participantsPage(2, ""))
	calls = append(calls, client.WatchMessages(threadID, chatcore.WatchMessagesOptions{SinceVersion: "10"}, chatcore.CallOptions{UserID: jane}))
	calls[1].Start(testStart)
	respondOK(calls[1], testStart, messagesPage("", "a 10"))
	now = elapseWait(t, calls[0])
	respond(calls[0], now, 401, "")
	now = elapseWait(t, calls[0])
	client.Token(now, client.TokenFlight(), tokenOf("acs:alex"))
	respondOK(calls[0], now, messagesPage("", "b 11", "a 10"))
	messages, _ := requireBatch(t, calls[0])
	assert.Equal(t, []string{"b 11"}, messages)
	requireFailed(t, calls[1], chatcore.TokenError)
}

// TestWatchOfAnotherUser: a watch that may not use the current token fails. Others that share its polls go on at once.
func TestWatchOfAnotherUser(t *testing.T) {
	client := newCallbackClient(t)
	a := client.WatchMessages(threadID, chatcore.WatchMessagesOptions{SinceVersion: "10"}, chatcore.CallOptions{UserID: jane})
	a.Start(testStart)
	client.Token(testStart, client.TokenFlight(), tokenOf(jane[len("8:"):]))
	respondOK(a, testStart, messagesPage("", "a 10"))
	respondOK(a, testStart, participantsPage(2, ""))
	b := startWatch(t, client, testStart, chatcore.WatchMessagesOptions{SinceVersion: "10"})
	respondOK(b, testStart, messagesPage("", "a 10"))

	now := elapseWait(t, a)
	require.Equal(t, chatcore.Wait, b.Step().Kind, "it shares the poll")
	respond(a, now, 401, "")
	now = elapseWait(t, a)
	client.Token(now, client.TokenFlight(), tokenOf("acs:alex"))
	requireFailed(t, a, chatcore.TokenError)
	respondOK(b, now, messagesPage("", "b 11", "a 10"))
	messages, _ := requireBatch(t, b)
	assert.Equal(t, []string{"b 11"}, messages)
}

// TestWatchesShareFirstPages: a watch that has to read more pages goes on alone.
func TestWatchesShareFirstPages(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	a := startIdleWatch(t, client, 2)
	b := startWatch(t, client, testStart, chatcore.WatchMessagesOptions{SinceVersion: "1"})
	respondOK(b, testStart, messagesPage(origin+"/2", "d 12", "c 10"))
	messages, _ := requireBatch(t, a)
	assert.Equal(t, []string{"d 12"}, messages)
	assert.Equal(t, origin+"/2", requestedList(t, b))

	c := startWatch(t, client, testStart, chatcore.WatchMessagesOptions{SinceVersion: "11"})
	assert.Equal(t, "messages 200", requestedList(t, c), "which does not keep others from polling")
	respondOK(b, testStart, messagesPage("", "b 9", "a 1"))
	messages, _ = requireBatch(t, b)
	assert.Equal(t, []string{"b 9", "c 10", "d 12"}, messages)

	a = startWatch(t, client, testStart+20_000, chatcore.WatchMessagesOptions{SinceVersion: "12"})
	assert.Equal(t, chatcore.Wait, a.Step().Kind, "c polls")
	respondOK(c, testStart+20_000, messagesPage("", "d 12", "c 10"))
	requireBatch(t, c)
	assert.Equal(t, "messages 200", requestedList(t, a), "once that poll is over")
	b = startWatch(t, client, testStart+20_000, chatcore.WatchMessagesOptions{SinceVersion: "2"})
	respondOK(a, testStart+20_000, messagesPage("", "d 12"))
	respondOK(b, testStart+20_000, messagesPage(origin+"/2", "e 13", "d 12"))
	messages, _ = requireBatch(t, a)
	assert.Equal(t, []string{"e 13"}, messages, "it has joined b's first poll")
	assert.Equal(t, origin+"/2", requestedList(t, b))
}

// TestAWatchTakesOverFurtherPages: if the watch that sent the first request needs no further page, another requests it.
func TestAWatchTakesOverFurtherPages(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	blocking := startManyWatches(t, client, 4)
	a := client.WatchMessages(threadID, chatcore.WatchMessagesOptions{SinceVersion: "10"}, chatcore.CallOptions{})
	b := client.WatchMessages(threadID, chatcore.WatchMessagesOptions{SinceVersion: "1"}, chatcore.CallOptions{})
	a.Start(testStart)
	b.Start(testStart)
	respondOK(blocking[0], testStart+1, messagesPage("", "a 10"))
	blocking[0].Abort(testStart+1, errors.New("left"))
	require.Equal(t, "messages 200", requestedList(t, a))
	respondOK(a, testStart+2, messagesPage(origin+"/2", "d 12", "c 10"))
	messages, _ := requireBatch(t, a)
	assert.Equal(t, []string{"d 12"}, messages)
	assert.Equal(t, origin+"/2", requestedList(t, b))
	respondOK(b, testStart+3, messagesPage("", "b 9", "a 1"))
	messages, _ = requireBatch(t, b)
	assert.Equal(t, []string{"b 9", "c 10", "d 12"}, messages)
}

// startManyWatches starts a watch in each of many other threads.
func startManyWatches(t *testing.T, client *chatcore.Client, threads int) (calls []*chatcore.Call) {
	t.Helper()
	for n := range threads {
		call := client.WatchMessages(fmt.Sprintf("19:%d@thread.v2", n), chatcore.WatchMessagesOptions{SinceVersion: "10"}, chatcore.CallOptions{})
		call.Start(testStart)
		calls = append(calls, call)
	}
	return calls
}

// playManyWatches plays five minutes of watches in 50 threads, and counts the polls of each. The service answers a second after a request,
// and never in the hanging threads, the first of all.
func playManyWatches(t *testing.T, hanging int) (polls []int) {
	t.Helper()
	client := newClient(t, chatcore.Options{})
	calls := startManyWatches(t, client, 50)
	polls = make([]int, len(calls))
	answerAt := map[int]chatcore.Instant{} // of the requests in flight
	for now := testStart; now < testStart+300_000; now += 50 {
		for i, call := range calls {
			if at, inFlight := answerAt[i]; inFlight && at <= now {
				delete(answerAt, i)
				switch {
				case i < hanging:
					call.NetworkFailed(now, call.Step().Number, errors.New("no answer"))
				case strings.Contains(call.Step().Request.URL, "/participants?"):
					respondOK(call, now, participantsPage(2, ""))
				default:
					respondOK(call, now, messagesPage("", "a 10"))
					polls[i]++
				}
			}
			if call.Step().Kind == chatcore.Wait {
				call.Elapsed(now)
			}
		}
		for i, call := range calls {
			if _, inFlight := answerAt[i]; call.Step().Kind == chatcore.Send && !inFlight {
				answerAt[i] = now + 1000
				if i < hanging {
					answerAt[i] = now + 30_000
				}
			}
		}
		require.LessOrEqual(t, len(answerAt), 4)
	}
	return polls
}

// TestManyWatches: with more threads than the service answers in time, at most four requests of watches are in flight, and each thread
// is polled equally often.
func TestManyWatches(t *testing.T) {
	polls := playManyWatches(t, 0)
	for i := range polls {
		require.InDelta(t, polls[0], polls[i], 2, "%v", polls)
	}
	require.Greater(t, polls[0], 20, "300 s, 4 in flight, 50 threads")
}

// TestWatchesThatCannotShareTakeTurns: in a large thread, watches that have their own requests are polled equally often.
func TestWatchesThatCannotShareTakeTurns(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	versions := []string{"", "2024-03-07", "2023-11-07"}
	calls, polls := make([]*chatcore.Call, len(versions)), make([]int, len(versions))
	for i, version := range versions {
		calls[i] = client.WatchMessages(threadID, chatcore.WatchMessagesOptions{SinceVersion: "10"}, chatcore.CallOptions{APIVersion: version})
		calls[i].Start(testStart)
	}
	for now := testStart; now < testStart+300_000; now += 50 {
		for i, call := range calls {
			switch {
			case call.Step().Kind != chatcore.Send:
				call.Elapsed(now)
			case strings.Contains(call.Step().Request.URL, "/participants?"):
				respondOK(call, now, participantsPage(20, ""))
			default:
				respondOK(call, now, messagesPage("", "a 10"))
				polls[i]++
			}
		}
	}
	for i := range polls {
		assert.InDelta(t, polls[0], polls[i], 2, "%v", polls)
	}
}

// TestManyWatchesOfWhichSomeHang: threads whose requests fail do not keep the others from being polled.
func TestManyWatchesOfWhichSomeHang(t *testing.T) {
	polls := playManyWatches(t, 10)[10:]
	for i := range polls {
		require.InDelta(t, polls[0], polls[i], 2, "%v", polls)
	}
	require.Greater(t, polls[0], 2, "300 s, of which 75 are spent on each round of the others")
}

// inFlight counts the calls whose requests are in flight.
func inFlight(calls []*chatcore.Call) (n int) {
	for _, call := range calls {
		if call.Step().Kind == chatcore.Send {
			n++
		}
	}
	return n
}

// elapseUntil ends all waits up to an instant.
func elapseUntil(calls []*chatcore.Call, from, until chatcore.Instant) {
	for now := from; now <= until; now += 100 {
		for _, call := range calls {
			call.Elapsed(now)
		}
	}
}

// TestManyWatchesOnlineAgain: when the network is back, the watches of many threads do not all poll at once.
func TestManyWatchesOnlineAgain(t *testing.T) {
	client := newClient(t, chatcore.Options{CallOptions: chatcore.CallOptions{Retry: &chatcore.RetryOptions{MaxDelayMs: 30_000}}})
	client.SetOnline(testStart, false)
	calls := startManyWatches(t, client, 50)
	elapseUntil(calls, testStart, testStart+20_000)
	assert.Zero(t, inFlight(calls))
	client.SetOnline(testStart+20_000, true)
	assert.Equal(t, 4, inFlight(calls))
}

// TestManyWatchesAfterThrottles: the same when many throttles end.
func TestManyWatchesAfterThrottles(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	calls := startManyWatches(t, client, 8)
	for _, call := range calls {
		call.Response(testStart, call.Step().Number, chatcore.Response{Status: 429, Header: headerField("Retry-After", "9")})
	}
	require.Zero(t, inFlight(calls))
	client.SetOnline(testStart+20_000, true)
	assert.Equal(t, 4, inFlight(calls))
}
