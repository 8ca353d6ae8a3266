package chatcore_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// TestLateAnswers gives answers to steps that are over.
func TestLateAnswers(t *testing.T) {
	network := errors.New("network")
	each(t, func(t *testing.T, op operation) {
		client := callbackClient(t)
		call := begin(t, client, op, start, chatcore.CallOptions{})
		asking := *call.Step()
		require.Equal(t, chatcore.NeedToken, asking.Kind)
		for _, number := range []int{-1, 0, asking.Number, asking.Number + 1} { // nothing was sent
			call.Response(start, number, chatcore.Response{Status: op.success, Body: op.result})
			call.NetworkFailed(start, number, network)
			still(t, client, call, asking)
		}
		client.Token(start+1, asking.Flight, secret)
		assert.Equal(t, pathIDs(call), changed(client))
		sent := *call.Step()
		require.Equal(t, chatcore.Send, sent.Kind)
		for _, number := range []int{-1, 0, asking.Number, sent.Number + 1} {
			call.Response(start, number, chatcore.Response{Status: op.success, Body: op.result})
			call.NetworkFailed(start, number, network)
			still(t, client, call, sent)
		}

		for name, end := range map[string]func(){
			"response": func() { succeed(call, start+2, op) },
			"network":  func() { call.NetworkFailed(start+2, call.Step().Number, network) },
			"elapsed":  func() { call.Elapsed(call.Step().Deadline) },
			"abort":    func() { call.Abort(start+2, network) },
			"close":    func() { client.Close(start + 2) },
		} {
			client = newClient(t, chatcore.Options{})
			call = sending(t, client, op)
			call.Observe()
			sent := *call.Step()
			end()
			assert.Equal(t, pathIDs(call), changed(client), name)
			ended := *call.Step()
			require.Contains(t, []chatcore.StepKind{chatcore.Done, chatcore.Failed}, ended.Kind)
			_, exchanged := client.NextExchange()
			assert.True(t, exchanged)
			for _, number := range []int{sent.Number, ended.Number} {
				call.Response(start+3, number, chatcore.Response{Status: op.success, Body: op.result})
				call.Response(start+3, number, chatcore.Response{Status: 401})
				call.NetworkFailed(start+3, number, network)
				call.Elapsed(start + 1_000_000)
				call.Abort(start+3, errors.New("other"))
				client.Token(start+3, 1, "other")
				client.TokenFailed(start+3, 1, network)
				still(t, client, call, ended)
			}
			_, exchanged = client.NextExchange()
			assert.False(t, exchanged, "once only")
		}
	})
}

func TestAbort(t *testing.T) {
	reason := errors.New("the page's own")
	each(t, func(t *testing.T, op operation) {
		for _, kind := range []chatcore.StepKind{chatcore.NeedToken, chatcore.Wait, chatcore.Send} {
			client := callbackClient(t)
			call := begin(t, client, op, start, chatcore.CallOptions{})
			switch kind {
			case chatcore.Wait:
				call = begin(t, client, op, start, chatcore.CallOptions{})
			case chatcore.Send:
				client.Token(start, call.Step().Flight, secret)
			}
			require.Equal(t, kind, call.Step().Kind)
			changed(client)
			call.Abort(start+1, reason)
			assert.Equal(t, pathIDs(call), changed(client))
			assert.Equal(t, chatcore.Failed, call.Step().Kind)
			assert.Same(t, reason, call.Step().Err, "unchanged, also of a send")
		}
	})
}

// TestAbortBeforeStart: a call that was aborted stays so.
func TestAbortBeforeStart(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	call := sendMessage.call(client, chatcore.CallOptions{})
	reason := errors.New("the page's own")
	call.Abort(start, reason)
	assert.Equal(t, chatcore.Failed, call.Step().Kind)
	call.Start(start)
	assert.Equal(t, chatcore.Failed, call.Step().Kind)
	assert.Equal(t, reason, call.Step().Err)
}

// TestStartTwice: the second has no effect.
func TestStartTwice(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	call := sending(t, client, sendMessage)
	step := *call.Step()
	call.Start(start + 1)
	still(t, client, call, step)
	succeed(call, start+2, sendMessage)
	changed(client)
	step = *call.Step()
	call.Start(start + 3)
	still(t, client, call, step)
}
