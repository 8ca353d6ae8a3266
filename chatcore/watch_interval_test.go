package chatcore_test

import (
	"errors"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// TestWatchIntervals: a watch polls every intervalMs, or less often in threads with many participants.
func TestWatchIntervals(t *testing.T) {
	for _, test := range []struct {
		intervalMs, members int
		want                chatcore.Instant
	}{
		{0, 1, 2000}, {0, 6, 2000}, {0, 7, 2100}, {0, 20, 6000}, {0, 250, 75_000},
		{1, 1, 300}, {299, 1, 300}, {300, 1, 300}, {300, 2, 600}, {1000, 2, 1000}, {5000, 2, 5000}, {60_000, 2, 60_000}, {2_147_483_647, 2, 2_147_483_647},
	} {
		client := newClient(t, chatcore.Options{})
		call := startWatch(t, client, testStart, chatcore.WatchMessagesOptions{SinceVersion: "10", IntervalMs: test.intervalMs})
		respondOK(call, testStart, messagesPage("", "b 11", "a 10"))
		_, nextLink := requireBatch(t, call)
		call = startWatch(t, client, testStart, chatcore.WatchMessagesOptions{IntervalMs: test.intervalMs, NextLink: nextLink})
		respondOK(call, testStart, participantsPage(test.members, ""))
		assert.Equal(t, testStart+test.want, waitDeadline(t, call), "%+v", test)
	}
}

// TestIdleWatchInterval: while nothing changes, the interval grows up to 10 s. A change resets it.
func TestIdleWatchInterval(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	call := startIdleWatch(t, client, 2)
	now, before := testStart, chatcore.Instant(0)
	for range 30 {
		interval := waitDeadline(t, call) - now
		require.GreaterOrEqual(t, interval, before)
		require.Greater(t, interval, chatcore.Instant(2000))
		before, now = interval, elapseWait(t, call)
		assert.Equal(t, "messages 20", requestedList(t, call))
		respondOK(call, now, messagesPage("", "a 10"))
	}
	assert.Equal(t, chatcore.Instant(10_000), before)
	now = elapseWait(t, call)
	respondOK(call, now, messagesPage("", "b 11"))
	_, nextLink := requireBatch(t, call)
	call = startWatch(t, client, now, chatcore.WatchMessagesOptions{NextLink: nextLink})
	assert.Equal(t, now+2000, waitDeadline(t, call))

	call = startIdleWatch(t, newClient(t, chatcore.Options{}), 100) // the interval is 30 s anyway
	for range 10 {
		now = elapseWait(t, call)
		respondOK(call, now, messagesPage(""))
		assert.Equal(t, now+30_000, waitDeadline(t, call))
	}
}

// TestWatchIntervalBeginsWithThePoll: a slow answer does not delay the next poll.
func TestWatchIntervalBeginsWithThePoll(t *testing.T) {
	call := startIdleWatch(t, newClient(t, chatcore.Options{}), 2)
	now := elapseWait(t, call)
	respondOK(call, now+2900, messagesPage(""))
	assert.Equal(t, now+3000, waitDeadline(t, call))
	now = elapseWait(t, call)
	respondOK(call, now+29_000, messagesPage(""))
	assert.Equal(t, "messages 20", requestedList(t, call), "the interval is over")
}

// TestWatchBackoff: the interval doubles with each failure in a row, up to 30 s.
func TestWatchBackoff(t *testing.T) {
	call := startIdleWatch(t, newClient(t, chatcore.Options{}), 2)
	now := elapseWait(t, call)
	for _, want := range []chatcore.Instant{4000, 8000, 16_000, 30_000, 30_000, 30_000} {
		call.NetworkFailed(now, call.Step().Number, errors.New("offline"))
		assert.Equal(t, now+want, waitDeadline(t, call))
		now = elapseWait(t, call)
		assert.Equal(t, "messages 20", requestedList(t, call))
	}
	respondOK(call, now, messagesPage("", "a 10"))
	assert.Equal(t, now+3000, waitDeadline(t, call), "a success resets the back-off")
}

// TestWatchRetryAfter: a Retry-After counts for one wait, if it is longer than the back-off.
func TestWatchRetryAfter(t *testing.T) {
	for _, status := range []int{429, 503} {
		call := startIdleWatch(t, newClient(t, chatcore.Options{}), 2)
		now := elapseWait(t, call)
		for _, test := range []struct {
			seconds string
			want    chatcore.Instant
		}{{"90", 90_000}, {"1", 8000}, {"", 16_000}} {
			call.Response(now, call.Step().Number, chatcore.Response{Status: status, Header: headerField("Retry-After", test.seconds)})
			assert.Equal(t, now+test.want, waitDeadline(t, call))
			now = elapseWait(t, call)
		}
	}
}

// TestHiddenWatch: a hidden watch polls once a minute. When it is shown again it polls as soon as its usual interval allows.
func TestHiddenWatch(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	call := startIdleWatch(t, client, 2)
	drainChanged(client)
	client.SetHidden(testStart+100, true)
	assert.Equal(t, callIDs(call), drainChanged(client))
	assert.Equal(t, testStart+60_000, waitDeadline(t, call))
	client.SetHidden(testStart+200, true)
	assert.Equal(t, testStart+60_000, waitDeadline(t, call), "hiding twice has no effect")

	client.SetHidden(testStart+300, false)
	assert.Equal(t, testStart+2500, waitDeadline(t, call), "the usual interval")
	client.SetHidden(testStart+400, true)
	now := elapseWait(t, call)
	assert.Equal(t, testStart+60_000, now)
	assert.Contains(t, requestedList(t, call), "messages ")
	step := *call.Step()
	client.SetHidden(now, false)
	client.SetHidden(now, true)
	assert.Equal(t, step, *call.Step(), "a poll in flight goes on")
	respondOK(call, now, messagesPage("", "a 10"))

	client.SetHidden(now+20_000, false)
	assert.Equal(t, "messages 20", requestedList(t, call), "the usual interval is over")

	client = newClient(t, chatcore.Options{})
	call = startIdleWatch(t, client, 2)
	client.SetHidden(testStart, true)
	elapseWait(t, call)
	assert.Equal(t, "messages 200", requestedList(t, call), "long pages after a long wait")
}

// TestHiddenClientOtherCalls: SetHidden does not affect other calls, nor a watch that waits for a token.
func TestHiddenClientOtherCalls(t *testing.T) {
	client := newCallbackClient(t)
	var calls []*chatcore.Call
	for n, op := range operations {
		calls = append(calls, startCall(t, client, op.inThread(n), testStart, chatcore.CallOptions{}))
	}
	calls = append(calls, startWatch(t, client, testStart, chatcore.WatchMessagesOptions{}))
	for _, hidden := range []bool{true, false} {
		client.SetHidden(testStart+1, hidden)
		assert.Empty(t, drainChanged(client))
	}
	client.Token(testStart+2, client.TokenFlight(), secretToken)
	assert.Equal(t, callIDs(calls...), drainChanged(client))
	for _, call := range calls {
		assert.Equal(t, secretToken, sentToken(t, call))
	}
}

// TestWatchStaysWithinServiceLimits: even the fastest watch sends no more polls in a minute than the service allows.
func TestWatchStaysWithinServiceLimits(t *testing.T) {
	for name, answers := range map[string]func(call *chatcore.Call, now chatcore.Instant, n int){
		"idle":    func(call *chatcore.Call, now chatcore.Instant, _ int) { respondOK(call, now, messagesPage("", "a 10")) },
		"refused": func(call *chatcore.Call, now chatcore.Instant, _ int) { respond(call, now, 429, "") },
		"offline": func(call *chatcore.Call, now chatcore.Instant, _ int) {
			call.NetworkFailed(now, call.Step().Number, errors.New("offline"))
		},
		"busy": func(call *chatcore.Call, now chatcore.Instant, n int) {
			respondOK(call, now, messagesPage("", "a "+strconv.Itoa(1000+n), "b 10"))
		},
	} {
		client := newClient(t, chatcore.Options{})
		call := startWatch(t, client, testStart, chatcore.WatchMessagesOptions{SinceVersion: "10", IntervalMs: 1})
		var polls []chatcore.Instant
		for now := testStart; len(polls) < 1000 && now < testStart+3_600_000; {
			switch call.Step().Kind {
			case chatcore.Send:
				if requestedList(t, call) == "participants 200" {
					respondOK(call, now, participantsPage(1, ""))
					continue
				}
				polls = append(polls, now)
				answers(call, now, len(polls))
			case chatcore.Wait:
				now = elapseWait(t, call)
			case chatcore.Done:
				_, nextLink := requireBatch(t, call)
				call = startWatch(t, client, now, chatcore.WatchMessagesOptions{IntervalMs: 1, NextLink: nextLink})
			}
		}
		require.Greater(t, len(polls), 100, name)
		for i, at := range polls {
			if i >= 200 {
				assert.GreaterOrEqual(t, at-polls[i-200], chatcore.Instant(60_000), name)
			}
			if i >= 50 {
				assert.GreaterOrEqual(t, at-polls[i-50], chatcore.Instant(10_000), name)
			}
		}
	}
}
