package chatcore_test

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

func wake(client *chatcore.Client, now chatcore.Instant, version string) {
	client.Wake(now, threadID, chatcore.WakeOptions{Version: version})
}

// TestWake: a hint makes a waiting watch poll at once, also on a hidden page. It does not matter whether it names a version.
func TestWake(t *testing.T) {
	for _, version := range []string{"", "11", "0011", "999999999999999", "9999999999999999", "x", "-1", "1.5", "0"} {
		for _, hidden := range []bool{false, true} {
			client := newClient(t, chatcore.Options{})
			call := startIdleWatch(t, client, 2)
			client.SetHidden(testStart, hidden)
			waitDeadline(t, call)
			drainChanged(client)
			wake(client, testStart+700, version)
			assert.Equal(t, callIDs(call), drainChanged(client), version)
			require.Equal(t, "messages 20", requestedList(t, call), version)
			respondOK(call, testStart+750, messagesPage("", "b 11", "a 10"))
			messages, nextLink := requireBatch(t, call)
			assert.Equal(t, []string{"b 11"}, messages)

			call = startWatch(t, client, testStart+750, chatcore.WatchMessagesOptions{NextLink: nextLink})
			assert.Equal(t, chatcore.Wait, call.Step().Kind)
		}
	}
}

// TestWakeIgnored: hints for versions that the watch has seen, and for threads without a watch, cost nothing.
func TestWakeIgnored(t *testing.T) {
	settleMs := 5000
	client, call := startWatchFromNow(t, chatcore.Options{CallOptions: chatcore.CallOptions{SettleMs: &settleMs}}, "", "c 100003", "b 100001", "a 90000")
	drainChanged(client)
	step := *call.Step()
	for _, version := range []string{"1", "90000", "95003", "100003", "0100003", "100001"} {
		wake(client, testStart+10, version)
		requireUnchanged(t, client, call, step)
	}
	for _, id := range []string{"", "19:other@thread.v2", threadID + "x"} {
		client.Wake(testStart+10, id, chatcore.WakeOptions{})
		client.Wake(testStart+10, id, chatcore.WakeOptions{Version: "100005"})
		requireUnchanged(t, client, call, step)
	}
	wake(client, testStart+10, "100002")
	assert.Equal(t, "messages 20", requestedList(t, call), "a version that became visible late")

	client.Close(testStart + 20)
	wake(client, testStart+20, "100009")
	requireFailed(t, call, chatcore.Closed)
	newClient(t, chatcore.Options{}).Wake(testStart, threadID, chatcore.WakeOptions{Version: "1"})
}

// TestWakeAsksAgain: a version that a poll has not found is asked for again after 0.5, 1 and 2 s. Then it is dropped.
func TestWakeAsksAgain(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	call := startIdleWatch(t, client, 2)
	now := testStart + 100
	wake(client, now, "999999999999999")
	for _, pause := range []chatcore.Instant{500, 1000, 2000} {
		respondOK(call, now+20, messagesPage("", "a 10"))
		wake(client, now+30, "999999999999999") // a doubled hint changes nothing
		require.Equal(t, now+20+pause, waitDeadline(t, call))
		now = elapseWait(t, call)
	}
	respondOK(call, now, messagesPage("", "a 10"))
	assert.Equal(t, now+4500, waitDeadline(t, call), "the usual interval, after five polls without changes")

	now += 50
	wake(client, now, "999999999999999")
	assert.Equal(t, "messages 20", requestedList(t, call), "a new hint, after that")
	respondOK(call, now, messagesPage("", "b 11", "a 10"))
	messages, nextLink := requireBatch(t, call)
	assert.Equal(t, []string{"b 11"}, messages, "the hinted version does not move the cursor")
	call = startWatch(t, client, now, chatcore.WatchMessagesOptions{NextLink: nextLink})
	assert.Equal(t, now+500, elapseWait(t, call), "the version is still asked for")
	respondOK(call, now+500, messagesPage("", "c 999999999999999", "b 11"))
	_, nextLink = requireBatch(t, call)
	call = startWatch(t, client, now+500, chatcore.WatchMessagesOptions{NextLink: nextLink})
	assert.Greater(t, waitDeadline(t, call), now+2400, "not any more")
}

// TestWakeDuringAPoll: hints that come during a poll are merged. They lead to one more poll, unless the poll has found their versions.
func TestWakeDuringAPoll(t *testing.T) {
	for name, test := range map[string]struct {
		versions []string
		again    bool
	}{
		"found": {[]string{"12", "12", "11"}, false}, "not found": {[]string{"12", "13", "14"}, true}, "no version": {[]string{"12", ""}, true},
	} {
		client := newClient(t, chatcore.Options{})
		call := startIdleWatch(t, client, 2)
		wake(client, testStart+100, "11")
		drainChanged(client)
		step := *call.Step()
		for _, version := range test.versions {
			wake(client, testStart+110, version)
			requireUnchanged(t, client, call, step)
		}
		respondOK(call, testStart+120, messagesPage("", "c 12", "b 11", "a 10"))
		_, nextLink := requireBatch(t, call)
		call = startWatch(t, client, testStart+130, chatcore.WatchMessagesOptions{NextLink: nextLink})
		if !test.again {
			assert.Greater(t, waitDeadline(t, call), testStart+2000, name)
			continue
		}
		require.Equal(t, "messages 20", requestedList(t, call), name)
		respondOK(call, testStart+140, messagesPage("", "e 14", "d 13", "c 12", "b 11", "a 10"))
		if name == "no version" {
			requireBatch(t, call)
			continue
		}
		_, nextLink = requireBatch(t, call)
		call = startWatch(t, client, testStart+150, chatcore.WatchMessagesOptions{NextLink: nextLink})
		waitDeadline(t, call)
	}
}

// TestWakeBetweenBatches: a hint between two batches of a watch is not lost.
func TestWakeBetweenBatches(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	call := startIdleWatch(t, client, 2)
	now := elapseWait(t, call)
	respondOK(call, now, messagesPage("", "b 11", "a 10"))
	_, nextLink := requireBatch(t, call)
	wake(client, now+10, "12")
	call = startWatch(t, client, now+20, chatcore.WatchMessagesOptions{NextLink: nextLink})
	assert.Equal(t, "messages 20", requestedList(t, call))
}

// TestWakeWhileRequestsFail: hints do not shorten the pause after a failure.
func TestWakeWhileRequestsFail(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	call := startIdleWatch(t, client, 2)
	now := elapseWait(t, call)
	call.Response(now, call.Step().Number, chatcore.Response{Status: 429, Header: headerField("Retry-After", "9")})
	wake(client, now+100, "")
	wake(client, now+100, "11")
	assert.Equal(t, now+9000, waitDeadline(t, call))
	now = elapseWait(t, call)
	respondOK(call, now, messagesPage("", "a 10"))
	assert.Equal(t, now+500, waitDeadline(t, call), "the version was not found")
}

// TestWakeAfterAnAbort: if the watch that a hint has made poll is aborted, another polls.
func TestWakeAfterAnAbort(t *testing.T) {
	for _, version := range []string{"", "11"} {
		client := newClient(t, chatcore.Options{})
		a, b, now := startTwoWatches(t, client, chatcore.CallOptions{})
		wake(client, now-1000, version)
		requestedList(t, a)
		a.Abort(now-990, errors.New("left"))
		assert.Equal(t, "messages 20", requestedList(t, b), "version %q", version)
	}
}

// userMessage is a message on a page.
func userMessage(version int, sender, kind string) string {
	return fmt.Sprintf(`{"id":"%d","version":"%[1]d","type":"%s","senderCommunicationIdentifier":{"rawId":"%s"}}`, version, kind, sender)
}

// TestLearnedTrust: after n announced changes in a row the wait is min(60 s, usual × 2ⁿ). One that was not announced sets n to 0.
func TestLearnedTrust(t *testing.T) {
	const other = "8:acs:alex"
	type change struct {
		hint         string // "version", "no version" or "" for no hint
		sender, kind string
		wait         chatcore.Instant // after it
	}
	for name, changes := range map[string][]change{
		"announced": {{"version", other, "text", 4000}, {"version", other, "html", 8000}, {"version", other, "text", 16_000},
			{"version", other, "text", 32_000}, {"version", other, "text", 60_000}, {"version", other, "text", 60_000}, {"", other, "text", 2000}},
		"not announced": {{"", other, "text", 2000}, {"version", other, "text", 4000}, {"", other, "text", 2000}, {"", other, "text", 2000}},
		"no version":    {{"no version", other, "text", 4000}, {"no version", other, "text", 8000}, {"version", other, "text", 16_000}},
		"own": {{"", jane, "text", 2000}, {"version", jane, "text", 2000}, {"version", other, "text", 4000},
			{"", jane, "text", 4000}, {"", jane, "html", 4000}, {"", other, "topicUpdated", 4000}, {"version", other, "topicUpdated", 4000}},
	} {
		t.Run(name, func(t *testing.T) {
			client := newClient(t, chatcore.Options{Token: tokenOf(jane[len("8:"):])})
			call := startIdleWatch(t, client, 2)
			now, version := testStart, 100_000
			for i, c := range changes {
				now, version = now+30_000, version+10_000
				switch c.hint {
				case "version":
					wake(client, now, strconv.Itoa(version))
				case "no version":
					wake(client, now, "")
				}
				if call.Step().Kind == chatcore.Wait {
					now = max(now, waitDeadline(t, call))
					call.Elapsed(now)
				}
				respondOK(call, now, `{"value":[`+userMessage(version, c.sender, c.kind)+`]}`)
				_, nextLink := requireBatch(t, call)
				call = startWatch(t, client, now, chatcore.WatchMessagesOptions{NextLink: nextLink})
				assert.Equal(t, now+c.wait, waitDeadline(t, call), i)
			}
		})
	}
}

// TestTrustKeepsPagesShort: after a long wait a poll reads long pages, unless hints have announced the changes so far, and these were few.
func TestTrustKeepsPagesShort(t *testing.T) {
	for _, test := range []struct {
		changes   int
		announced bool
		list      string
	}{{1, true, "messages 20"}, {21, true, "messages 200"}, {1, false, "messages 200"}} {
		client := newClient(t, chatcore.Options{})
		call := startIdleWatch(t, client, 2)
		now := waitDeadline(t, call)
		var messages []string
		for n := range test.changes {
			version := 100 + test.changes - n
			messages = append(messages, userMessage(version, "8:acs:alex", "text"))
			if test.announced {
				wake(client, now, strconv.Itoa(version))
			}
		}
		call.Elapsed(now)
		respondOK(call, now, `{"value":[`+strings.Join(messages, ",")+`]}`)
		_, nextLink := requireBatch(t, call)
		call = startWatch(t, client, now, chatcore.WatchMessagesOptions{NextLink: nextLink})
		wake(client, now+40_000, "")
		assert.Equal(t, test.list, requestedList(t, call), "%+v", test)
	}
}

// TestTrustNeedsTheVersion: a hint announces a change only if it has exactly its version.
func TestTrustNeedsTheVersion(t *testing.T) {
	for offset, want := range map[int]chatcore.Instant{-1: 3500, 0: 4000, 1: 3500} {
		client := newClient(t, chatcore.Options{})
		call := startIdleWatch(t, client, 2)
		now := testStart + 100
		wake(client, now, strconv.Itoa(100+offset))
		respondOK(call, now, `{"value":[`+userMessage(100, "8:acs:alex", "text")+`]}`)
		_, nextLink := requireBatch(t, call)
		call = startWatch(t, client, now, chatcore.WatchMessagesOptions{NextLink: nextLink})
		for range 3 {
			if offset != 0 { // the watch asks three times more
				now = elapseWait(t, call)
				respondOK(call, now, `{"value":[]}`)
			}
		}
		assert.Equal(t, now+want, waitDeadline(t, call), offset)
	}
}

// TestTrustInHintsWithoutVersions: such a hint announces the changes of polls that start less than 5 s later.
func TestTrustInHintsWithoutVersions(t *testing.T) {
	for after, want := range map[chatcore.Instant]chatcore.Instant{4999: 4000, 5000: 2000} {
		client := newClient(t, chatcore.Options{})
		call := startIdleWatch(t, client, 2)
		now := testStart + 100
		wake(client, now, "")
		respondOK(call, now, `{"value":[]}`)
		call.Elapsed(now + after)
		respondOK(call, now+after, `{"value":[`+userMessage(100, "8:acs:alex", "text")+`]}`)
		_, nextLink := requireBatch(t, call)
		call = startWatch(t, client, now+after, chatcore.WatchMessagesOptions{NextLink: nextLink})
		assert.Equal(t, now+after+want, waitDeadline(t, call), after)
	}
}

// TestTrustIsNotForBacklogs: changes from before the watch's last poll say nothing about the hints.
func TestTrustIsNotForBacklogs(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	a := startIdleWatch(t, client, 2)
	wake(client, testStart+100, "100")
	respondOK(a, testStart+100, `{"value":[`+userMessage(100, "8:acs:alex", "text")+`]}`)
	_, nextLink := requireBatch(t, a)
	a = startWatch(t, client, testStart+100, chatcore.WatchMessagesOptions{NextLink: nextLink})
	b := startWatch(t, client, testStart+200, chatcore.WatchMessagesOptions{SinceVersion: "0"})
	respondOK(b, testStart+200, `{"value":[`+userMessage(100, "8:acs:alex", "text")+`,`+userMessage(5, "8:acs:alex", "text")+`]}`)
	messages, _ := requireBatch(t, b)
	assert.Equal(t, []string{"5 5", "100 100"}, messages)
	assert.Equal(t, testStart+200+4000, waitDeadline(t, a))
}

// TestTrustIsNotForFirstPolls: what the first poll of a watch finds says nothing about the hints, either.
func TestTrustIsNotForFirstPolls(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	blocking := startManyWatches(t, client, 4)
	call := startWatch(t, client, testStart, chatcore.WatchMessagesOptions{SinceVersion: "10"})
	waitDeadline(t, call)
	wake(client, testStart+10, "")
	blocking[0].Abort(testStart+20, errors.New("left"))
	respondOK(call, testStart+20, `{"value":[`+userMessage(100, "8:acs:alex", "text")+`]}`)
	_, nextLink := requireBatch(t, call)
	call = startWatch(t, client, testStart+20, chatcore.WatchMessagesOptions{NextLink: nextLink})
	respondOK(call, testStart+20, participantsPage(2, ""))
	assert.Equal(t, testStart+2020, waitDeadline(t, call))
}

// budgetOf returns how many polls a minute a client may make in a thread.
func budgetOf(participants int) int { return max(1, min(400/participants, 200)) }

// TestWakeBudget: whatever the hints, a client makes at most 400 / participants polls a minute, and at most 10 in a burst.
func TestWakeBudget(t *testing.T) {
	for _, participants := range []int{1, 2, 3, 20, 40, 41, 100, 250} {
		for _, hints := range []string{"no version", "versions", "seen"} {
			client := newClient(t, chatcore.Options{})
			call := startIdleWatch(t, client, participants)
			var polls []chatcore.Instant
			changed := 0
			for now := testStart; now < testStart+200_000; now += 5 {
				for n := range 10 {
					switch hints {
					case "no version":
						wake(client, now, "")
					case "versions":
						wake(client, now, strconv.Itoa(int(now)*10+n))
					default:
						wake(client, now, "9")
					}
				}
				changed += len(drainChanged(client))
				if call.Step().Kind == chatcore.Wait {
					call.Elapsed(now)
				}
				if call.Step().Kind == chatcore.Send {
					polls = append(polls, now)
					respondOK(call, now, `{"value":[]}`)
				}
			}
			most := budgetOf(participants)
			gap := chatcore.Instant(60_000 / most)
			for i, at := range polls {
				if i >= most {
					require.GreaterOrEqual(t, at-polls[i-most], chatcore.Instant(60_000), "%d participants, %s: poll %d of %v", participants, hints, i, polls)
				}
				if i >= 10 {
					require.GreaterOrEqual(t, at-polls[i-10], gap, "%d participants, %s: poll %d is the 11th of a burst", participants, hints, i)
				}
			}
			if hints == "seen" {
				require.LessOrEqual(t, len(polls), 200_000/2000)
				continue
			}
			require.GreaterOrEqual(t, len(polls), most*2, "%d participants, %s: the budget is used", participants, hints)
			require.LessOrEqual(t, changed, 3*len(polls)+10, "hints that change nothing change no step")
		}
	}
}

// TestBudgetAfterOtherLists: lists of other calls, such as of a thread's history, hold up polls for at most 10 seconds. If the client learns
// then that the thread is large, it is a minute.
func TestBudgetAfterOtherLists(t *testing.T) {
	for participants, longest := range map[int]chatcore.Instant{1: 10_000, 20: 10_000, 250: 75_000} {
		client := newClient(t, chatcore.Options{})
		call := startWatchAfter10(t, client)
		for range 300 {
			list := startCall(t, client, listMessages, testStart, chatcore.CallOptions{})
			respondSuccess(list, testStart, listMessages)
		}
		respondOK(call, testStart, messagesPage("", "a 10"))
		respondOK(call, testStart, participantsPage(participants, ""))
		now := testStart
		for range 3 {
			next := max(now, waitDeadline(t, call))
			assert.LessOrEqual(t, next-now, longest, "%d participants", participants)
			now = next
			call.Elapsed(now)
			respondOK(call, now, messagesPage("", "a 10"))
		}
	}
}

// TestWakeFlood: hints in a flood allocate nothing.
func TestWakeFlood(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	startIdleWatch(t, client, 2)
	version := 1000
	flood := func() {
		version++
		wake(client, testStart+1, "")
		client.Wake(testStart+1, threadID, chatcore.WakeOptions{Version: "1000"})
		client.Wake(testStart+1, "19:other@thread.v2", chatcore.WakeOptions{Version: "1000"})
	}
	for range 1000 {
		flood()
		wake(client, testStart+1, strconv.Itoa(version))
	}
	assert.Zero(t, testing.AllocsPerRun(1000, flood))
}

// TestOwnChangesWakeWatches: what a client sends, edits or deletes reaches its watches at once, if it was stored or may have been.
func TestOwnChangesWakeWatches(t *testing.T) {
	for _, op := range []operation{sendMessage, updateMessage, deleteMessage} {
		for status, wakes := range map[int]bool{op.success: true, 0: true, 500: true, 408: true, 403: false, 429: false} {
			client := newClient(t, chatcore.Options{})
			a, b, _ := startTwoWatches(t, client, chatcore.CallOptions{})
			elsewhere := startManyWatches(t, client, 1)[0]
			respondOK(elsewhere, testStart, messagesPage("", "a 10"))
			respondOK(elsewhere, testStart, participantsPage(2, ""))
			call := startCall(t, client, op, testStart+100, chatcore.CallOptions{Retry: &chatcore.RetryOptions{}})
			assert.Equal(t, []chatcore.StepKind{chatcore.Wait, chatcore.Wait}, stepKinds(a, b))
			switch status {
			case op.success:
				respondSuccess(call, testStart+150, op)
			case 0:
				call.NetworkFailed(testStart+150, call.Step().Number, errors.New("offline"))
			default:
				respond(call, testStart+150, status, "")
			}
			want := []chatcore.StepKind{chatcore.Wait, chatcore.Wait}
			if wakes {
				want[0] = chatcore.Send
			}
			assert.Equal(t, want, stepKinds(a, b), "%s %d", op.name, status)
			assert.Equal(t, chatcore.Wait, elsewhere.Step().Kind)
		}
	}

	client := newClient(t, chatcore.Options{})
	watch := startIdleWatch(t, client, 2)
	call := startCall(t, client, sendMessage, testStart+100, chatcore.CallOptions{})
	call.Abort(testStart+200, errors.New("left"))
	assert.Equal(t, "messages 20", requestedList(t, watch), "the service may store it")
	respondOK(watch, testStart+210, messagesPage("", "a 10"))
	call = startCall(t, client, getMessage, testStart+300, chatcore.CallOptions{})
	respondSuccess(call, testStart+300, getMessage)
	waitDeadline(t, watch)
}

// TestOwnChangesAreNoHints: a poll after an own message does not make unannounced changes announced.
func TestOwnChangesAreNoHints(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	call := startIdleWatch(t, client, 2)
	respondSuccess(startCall(t, client, sendMessage, testStart+100, chatcore.CallOptions{}), testStart+100, sendMessage)
	respondOK(call, testStart+100, `{"value":[`+userMessage(100, "8:acs:alex", "text")+`]}`)
	_, nextLink := requireBatch(t, call)
	call = startWatch(t, client, testStart+100, chatcore.WatchMessagesOptions{NextLink: nextLink})
	assert.Equal(t, testStart+2100, waitDeadline(t, call))
}
