package chatcore_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// TestLateAnswersAreIgnored answers steps that are over.
func TestLateAnswersAreIgnored(t *testing.T) {
	network := errors.New("network")
	forEachOperation(t, func(t *testing.T, op operation) {
		client := newCallbackClient(t)
		call := startCall(t, client, op, testStart, chatcore.CallOptions{})
		needToken := *call.Step()
		require.Equal(t, chatcore.NeedToken, needToken.Kind)
		for _, number := range []int{-1, 0, needToken.Number, needToken.Number + 1} { // before anything was sent
			call.Response(testStart, number, chatcore.Response{Status: op.success, Body: op.result})
			call.NetworkFailed(testStart, number, network)
			requireUnchanged(t, client, call, needToken)
		}
		client.Token(testStart+1, needToken.Flight, secretToken)
		assert.Equal(t, callIDs(call), drainChanged(client))
		sent := *call.Step()
		require.Equal(t, chatcore.Send, sent.Kind)
		for _, number := range []int{-1, 0, needToken.Number, sent.Number + 1} {
			call.Response(testStart, number, chatcore.Response{Status: op.success, Body: op.result})
			call.NetworkFailed(testStart, number, network)
			requireUnchanged(t, client, call, sent)
		}

		for name, end := range map[string]func(){
			"response": func() { respondSuccess(call, testStart+2, op) },
			"network":  func() { call.NetworkFailed(testStart+2, call.Step().Number, network) },
			"elapsed":  func() { call.Elapsed(call.Step().Deadline) },
			"abort":    func() { call.Abort(testStart+2, network) },
			"close":    func() { client.Close(testStart + 2) },
		} {
			client = newClient(t, chatcore.Options{})
			call = startSending(t, client, op)
			call.Observe()
			sent := *call.Step()
			end()
			assert.Equal(t, callIDs(call), drainChanged(client), name)
			ended := *call.Step()
			require.Contains(t, []chatcore.StepKind{chatcore.Done, chatcore.Failed}, ended.Kind)
			_, exchanged := client.NextExchange()
			assert.True(t, exchanged)
			for _, number := range []int{sent.Number, ended.Number} {
				call.Response(testStart+3, number, chatcore.Response{Status: op.success, Body: op.result})
				call.Response(testStart+3, number, chatcore.Response{Status: 401})
				call.NetworkFailed(testStart+3, number, network)
				call.Elapsed(testStart + 1_000_000)
				call.Abort(testStart+3, errors.New("other"))
				client.Token(testStart+3, 1, "other")
				client.TokenFailed(testStart+3, 1, network)
				requireUnchanged(t, client, call, ended)
			}
			_, exchanged = client.NextExchange()
			assert.False(t, exchanged, "reported a second time")
		}
	})
}

func TestAbort(t *testing.T) {
	reason := errors.New("the page's own")
	forEachOperation(t, func(t *testing.T, op operation) {
		for _, kind := range []chatcore.StepKind{chatcore.NeedToken, chatcore.Wait, chatcore.Send} {
			client := newCallbackClient(t)
			call := startCall(t, client, op, testStart, chatcore.CallOptions{})
			switch kind {
			case chatcore.Wait:
				call = startCall(t, client, op, testStart, chatcore.CallOptions{})
			case chatcore.Send:
				client.Token(testStart, call.Step().Flight, secretToken)
			}
			require.Equal(t, kind, call.Step().Kind)
			drainChanged(client)
			call.Abort(testStart+1, reason)
			assert.Equal(t, callIDs(call), drainChanged(client))
			assert.Equal(t, chatcore.Failed, call.Step().Kind)
			assert.Same(t, reason, call.Step().Err, "the error is the abort's reason, for sends too")
		}
	})
}

// TestAbortBeforeStart: a call that was aborted before Start does not start.
func TestAbortBeforeStart(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	call := sendMessage.call(client, chatcore.CallOptions{})
	reason := errors.New("the page's own")
	call.Abort(testStart, reason)
	assert.Equal(t, chatcore.Failed, call.Step().Kind)
	call.Start(testStart)
	assert.Equal(t, chatcore.Failed, call.Step().Kind)
	assert.Equal(t, reason, call.Step().Err)
}

func TestSecondStartIsIgnored(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	call := startSending(t, client, sendMessage)
	step := *call.Step()
	call.Start(testStart + 1)
	requireUnchanged(t, client, call, step)
	respondSuccess(call, testStart+2, sendMessage)
	drainChanged(client)
	step = *call.Step()
	call.Start(testStart + 3)
	requireUnchanged(t, client, call, step)
}
