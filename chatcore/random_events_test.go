package chatcore_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// TestRandomEventSequences reports random events to clients, in random order, late, or for steps that are over. Whatever the
// order: every call except a watch ends, and does so once; its step numbers increase; and Next returns exactly the calls whose
// step has changed.
func TestRandomEventSequences(t *testing.T) {
	for seed := range uint64(400) {
		h := &eventSequence{random: rand.New(rand.NewPCG(seed, 7)), now: testStart, flights: map[int]bool{}}
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			h.t, h.unixMs = t, startUnixMs
			h.client = newClient(t, chatcore.Options{
				TokenCallback: seed%4 != 0, Random: h.random.Uint32, UnixMs: func() int64 { return h.unixMs + int64(h.now-testStart) },
				NewIdempotencyToken: func() string { h.made++; return fmt.Sprint(clientToken, h.made) },
				CallOptions:         chatcore.CallOptions{Retry: &chatcore.RetryOptions{MaxRetries: int(seed % 3), BaseDelayMs: 20, MaxDelayMs: 50}},
			})
			h.run()
		})
	}
}

// eventSequence is one client with its calls and their steps so far.
type eventSequence struct {
	t       *testing.T
	random  *rand.Rand
	client  *chatcore.Client
	now     chatcore.Instant
	unixMs  int64 // at testStart
	made    int   // idempotency tokens
	calls   []*trackedCall
	flights map[int]bool // the numbers of all token requests
	closed  bool
}

type trackedCall struct {
	*chatcore.Call
	op          operation // its name is empty for a watch
	startedAt   chatcore.Instant
	lastStep    chatcore.Step // when Next last returned the call
	stepNumbers []int         // of all steps so far
	sends       int           // requests of the operation itself, without lookups
	ends        int
	wasEnded    bool
}

func (h *eventSequence) run() {
	const most = 12
	for range 150 {
		if len(h.calls) < most && h.random.IntN(6) == 0 {
			h.startRandomCall()
		} else {
			h.reportRandomEvent()
		}
		h.check()
	}
	h.finish()
	for _, call := range h.calls {
		if !call.isWatch() {
			require.Equal(h.t, 1, call.ends, "call %d", call.ID())
			require.LessOrEqual(h.t, call.sends, 4, "three attempts and one with a fresh token")
			if call.op.name == "sendTypingNotification" {
				require.LessOrEqual(h.t, call.sends, 2)
			}
		}
	}
	h.checkLeftovers()
	h.client.Close(h.now)
	kept, problem := chatcore.WaitingCalls(h.client)
	require.Empty(h.t, problem)
	require.Empty(h.t, kept)
	require.Zero(h.t, chatcore.ThrottleCount(h.client))
	h.closed = true
	h.readChanged()
	for _, call := range h.calls {
		require.Equal(h.t, 1, call.ends, "call %d", call.ID())
	}
	require.Nil(h.t, h.client.Next())
}

func (call *trackedCall) isWatch() bool { return call.op.name == "" }

func (h *eventSequence) startRandomCall() {
	settleMs := h.random.IntN(100)
	options := chatcore.CallOptions{TimeoutMs: 1 + h.random.IntN(300), TotalTimeoutMs: 1 + h.random.IntN(500), SettleMs: &settleMs}
	var op operation
	var call *chatcore.Call
	if h.random.IntN(4) == 0 {
		call = h.client.WatchMessages(threadID, chatcore.WatchMessagesOptions{
			SinceVersion: []string{"", "0", "7"}[h.random.IntN(3)], IntervalMs: 1 + h.random.IntN(1000)}, options)
	} else {
		op = operations[h.random.IntN(len(operations))]
		if h.random.IntN(2) == 0 {
			op = []operation{sendMessage, sendMessage, listMessages, deleteMessage, updateMessage}[h.random.IntN(5)] // most are throttled together
		}
		if op.name == "sendMessage" {
			switch h.random.IntN(3) {
			case 0:
				options.Idempotent = true
			case 1:
				options.IdempotencyToken = []string{callerToken, uuidV7At(startUnixMs), uuidV7At(startUnixMs - 1000)}[h.random.IntN(3)]
			}
		}
		call = op.call(h.client, options)
	}
	if h.random.IntN(2) == 0 {
		call.Observe()
	}
	h.calls = append(h.calls, &trackedCall{Call: call, op: op, startedAt: h.now, stepNumbers: []int{0}})
	call.Start(h.now)
}

// reportRandomEvent reports an event to the client. Most of the time it fits the call's step.
func (h *eventSequence) reportRandomEvent() {
	if len(h.calls) == 0 {
		return
	}
	call := h.calls[h.random.IntN(len(h.calls))]
	number := call.Step().Number
	if h.random.IntN(4) == 0 {
		number = call.stepNumbers[h.random.IntN(len(call.stepNumbers))] + h.random.IntN(2)
	}
	flight := h.client.TokenFlight()
	if h.random.IntN(4) == 0 {
		flight = h.random.IntN(len(h.flights) + 2)
	}
	switch h.random.IntN(14) {
	case 13:
		switch h.random.IntN(4) {
		case 0:
			h.client.Resumed(h.now)
		case 1:
			h.client.SetOnline(h.now, h.random.IntN(3) > 0)
		default:
			call.Locked(h.now, number, h.random.IntN(2) == 0)
		}
	case 0, 1:
		h.now += chatcore.Instant(h.random.IntN(100))
		call.Elapsed(h.now)
	case 2:
		h.now += chatcore.Instant(h.random.IntN(100))
		for _, i := range h.random.Perm(len(h.calls)) {
			h.calls[i].Elapsed(h.now)
		}
	case 3, 4, 5:
		status := []int{200, 201, 204, 400, 401, 401, 408, 429, 500, 503}[h.random.IntN(10)]
		body := []string{call.op.result, call.op.result, `{}`, ``, `<html>`, `{"error":{"code":"C"}}`}[h.random.IntN(6)]
		switch {
		case h.random.IntN(2) != 0:
		case call.isWatch(), call.op.name == "sendMessage" && call.Step().Request.Method == "GET":
			status, body = 200, h.randomPage()
		default:
			status = call.op.success
		}
		call.Response(h.now, number, chatcore.Response{Status: status, Body: body, Header: headerField("Retry-After", []string{"", "1"}[h.random.IntN(2)])})
	case 6:
		call.NetworkFailed(h.now, number, errors.New("network"))
	case 7, 8:
		h.client.Token(h.now, flight, []string{"a.token", "another.token", "a third.token", ""}[h.random.IntN(4)])
	case 9:
		h.client.TokenFailed(h.now, flight, errors.New("no token"))
	case 10:
		if h.random.IntN(3) == 0 {
			call.Abort(h.now, errAborted)
		}
	case 11:
		if h.random.IntN(40) == 0 {
			h.client.Close(h.now)
			h.closed = true
		}
	case 12:
		h.client.SetHidden(h.now, h.random.IntN(2) == 0)
	}
}

// randomPage returns a page that reads as messages and as participants, and may have a nextLink.
func (h *eventSequence) randomPage() string {
	return fmt.Sprintf(`{"value":[{"id":"%d","version":"%d","sequenceId":"%d","type":"%s"}],"nextLink":"%s"}`, h.random.IntN(3), h.random.IntN(30), h.random.IntN(3),
		[]string{"text", "participantAdded"}[h.random.IntN(2)], []string{"", "", origin + "/next", "https://evil.example/"}[h.random.IntN(4)])
}

var errAborted = errors.New("aborted")

// check compares the calls that Next returns with those whose step has changed, now and then.
func (h *eventSequence) check() {
	if h.random.IntN(4) == 0 {
		return // a driver may report several events before it calls Next
	}
	h.readChanged()
}

func (h *eventSequence) readChanged() {
	for next := h.client.Next(); next != nil; next = h.client.Next() {
		call := h.calls[next.ID()-1]
		require.Same(h.t, call.Call, next)
		step := *next.Step()
		require.Greater(h.t, step.Number, call.lastStep.Number, "Next returned a call whose step has not changed")
		require.False(h.t, call.wasEnded, "the call has ended before")
		call.lastStep = step
		call.stepNumbers = append(call.stepNumbers, step.Number)
		h.checkStep(call, step)
	}
	needToken := 0
	for _, call := range h.calls {
		if now := call.Step(); now.Number != call.lastStep.Number || now.Kind != call.lastStep.Kind {
			require.Equal(h.t, call.lastStep, *now, "the step changed, but Next did not return the call")
		}
		if call.Step().Kind == chatcore.NeedToken && call.Step().Flight == h.client.TokenFlight() {
			needToken++
		}
		if h.closed && !call.wasEnded {
			require.Fail(h.t, "the client is closed, but a call has not ended")
		}
	}
	_, problem := chatcore.WaitingCalls(h.client)
	require.Empty(h.t, problem)
	if needToken > 1 {
		require.Fail(h.t, "more than one token request in flight")
	}
}

func (h *eventSequence) checkStep(call *trackedCall, step chatcore.Step) {
	limit := call.startedAt + 500
	if call.isWatch() {
		limit = h.now + 60_000 // the longest wait of a watch
	}
	switch step.Kind {
	case chatcore.NeedToken:
		require.False(h.t, h.flights[step.Flight], "the number of a token request was used before")
		h.flights[step.Flight] = true
		require.True(h.t, step.Deadline > 0 && step.Deadline <= limit)
	case chatcore.Wait, chatcore.NeedLock:
		require.True(h.t, step.Deadline > 0 && step.Deadline <= limit)
	case chatcore.Send:
		if call.isWatch() || step.Request.Method == call.op.httpMethod {
			call.sends++
		}
		require.True(h.t, step.Deadline > 0 && step.Deadline <= limit)
		require.Equal(h.t, "Authorization", step.Request.Header[0].Name)
	case chatcore.Done:
		require.Equal(h.t, call.op.result != "" || call.isWatch(), step.Result != nil)
		require.NoError(h.t, step.Err)
	case chatcore.Failed:
		if !errors.Is(step.Err, errAborted) {
			requireError(h.t, step.Err)
		}
	default:
		require.Fail(h.t, "unknown kind of step")
	}
	if step.Kind == chatcore.Done || step.Kind == chatcore.Failed {
		call.ends++
		call.wasEnded = true
		require.Zero(h.t, step.Deadline)
	}
}

// finish fires the timers until all calls have ended.
func (h *eventSequence) finish() {
	for range 10 {
		h.now += 500
		for _, call := range h.calls {
			call.Elapsed(h.now)
		}
	}
	h.readChanged()
	for _, e := range drainExchanges(h.client) {
		require.NotEmpty(h.t, e.Outcome)
		require.Contains(h.t, []string{"done", "failed", "send", "token", "wait"}, e.Next)
	}
}

// checkLeftovers checks that the client keeps no call that has ended, and that only watches still wait.
func (h *eventSequence) checkLeftovers() {
	if h.closed {
		return
	}
	waiting := map[*chatcore.Call]bool{}
	for _, call := range h.calls {
		waiting[call.Call] = call.isWatch() && !call.wasEnded
	}
	kept, problem := chatcore.WaitingCalls(h.client)
	require.Empty(h.t, problem)
	for _, call := range kept {
		require.True(h.t, waiting[call])
	}
	for _, call := range h.calls {
		call.Abort(h.now, errAborted)
	}
	h.readChanged()
	last := getThread.call(h.client, chatcore.CallOptions{})
	h.calls = append(h.calls, &trackedCall{Call: last, op: getThread, startedAt: h.now, stepNumbers: []int{0}})
	last.Start(h.now + 100_000)
	last.Abort(h.now+100_000, errAborted)
	h.readChanged()
	require.Zero(h.t, chatcore.ThrottleCount(h.client), "throttles without calls")
}
