package chatcore_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// drainExchanges returns all exchanges that the client has to report.
func drainExchanges(client *chatcore.Client) (all []chatcore.Exchange) {
	for e, ok := client.NextExchange(); ok; e, ok = client.NextExchange() {
		all = append(all, e)
	}
	return all
}

func TestExchangeReport(t *testing.T) {
	forEachOperation(t, func(t *testing.T, op operation) {
		client := newClient(t, chatcore.Options{})
		startSending(t, client, getThread) // so that the id is not 1
		call := op.call(client, chatcore.CallOptions{})
		call.Observe()
		call.Start(testStart)
		sent := call.Step().Request
		assert.Empty(t, drainExchanges(client), "nothing is reported before the answer")
		respondSuccess(call, testStart+123, op)

		all := drainExchanges(client)
		require.Len(t, all, 1)
		header := append([]chatcore.HeaderField{{Name: "Authorization", Value: "Bearer [redacted]"}}, sent.Header[1:]...)
		assert.Equal(t, chatcore.Exchange{
			Operation: op.name, CallID: 2, Attempt: 1, Request: chatcore.Request{Method: op.httpMethod, URL: sent.URL, Header: header, Body: sent.Body},
			Status: op.success, ResponseBody: op.result, DurationMs: 123, Outcome: "success", Next: "done",
		}, all[0])
		assert.Equal(t, "Bearer "+secretToken, sent.Header[0].Value, "the request itself is not redacted")
	})
}

func TestExchangeJSON(t *testing.T) {
	e := chatcore.Exchange{
		Operation: "sendMessage", CallID: 12, Attempt: 1, Status: 201, ResponseBody: `{"id":"1"}`, DurationMs: 5, Outcome: "success", Next: "done",
		Request: chatcore.Request{Method: "POST", URL: "https://a.example/x", Body: `{"content":"\"Hi\""}`,
			Header: []chatcore.HeaderField{{Name: "Authorization", Value: "Bearer [redacted]"}, {Name: "Content-Type", Value: "application/json"}}},
	}
	assert.JSONEq(t, `{"operation":"sendMessage","callId":"12","attempt":1,"method":"POST","url":"https://a.example/x",
		"requestHeaders":{"Authorization":"Bearer [redacted]","Content-Type":"application/json"},"requestBody":"{\"content\":\"\\\"Hi\\\"\"}",
		"status":201,"responseBody":"{\"id\":\"1\"}","durationMs":5,"outcome":"success","next":"done"}`, e.JSON())

	assert.JSONEq(t, `{"operation":"sendMessage","callId":"1","attempt":1,"requestHeaders":{},"durationMs":0,"outcome":"NetworkError","next":"failed"}`,
		chatcore.Exchange{Operation: "sendMessage", CallID: 1, Attempt: 1, Outcome: "NetworkError", Next: "failed"}.JSON())
}

// TestExchangeOutcomes: an exchange reports the error of its attempt, not DeliveryUnknown.
func TestExchangeOutcomes(t *testing.T) {
	for name, test := range map[string]struct {
		end     func(*chatcore.Client, *chatcore.Call, operation)
		outcome string
		status  int
	}{
		"400":     {func(_ *chatcore.Client, c *chatcore.Call, _ operation) { respond(c, testStart+7, 400, "body") }, "BadRequest", 400},
		"401":     {func(_ *chatcore.Client, c *chatcore.Call, _ operation) { respond(c, testStart+7, 401, "body") }, "Unauthorized", 401},
		"500":     {func(_ *chatcore.Client, c *chatcore.Call, _ operation) { respond(c, testStart+7, 500, "body") }, "HttpError", 500},
		"garbage": {func(_ *chatcore.Client, c *chatcore.Call, op operation) { respond(c, testStart+7, op.success, "body") }, "ParseError", 0},
		"network": {func(_ *chatcore.Client, c *chatcore.Call, _ operation) {
			c.NetworkFailed(testStart+7, c.Step().Number, errors.New("x"))
		}, "NetworkError", 0},
		"timeout": {func(_ *chatcore.Client, c *chatcore.Call, _ operation) { c.Elapsed(testStart + 30_000) }, "Timeout", 0},
		"abort":   {func(_ *chatcore.Client, c *chatcore.Call, _ operation) { c.Abort(testStart+7, errors.New("x")) }, "aborted", 0},
		"close":   {func(client *chatcore.Client, _ *chatcore.Call, _ operation) { client.Close(testStart + 7) }, "Closed", 0},
	} {
		forEachOperation(t, func(t *testing.T, op operation) {
			if name == "garbage" {
				if op.result == "" {
					return // the body is not read
				}
				test.status = op.success
			}
			client := newClient(t, chatcore.Options{})
			call := startSending(t, client, op)
			call.Observe()
			test.end(client, call, op)
			assert.Equal(t, chatcore.Failed, call.Step().Kind)
			all := drainExchanges(client)
			require.Len(t, all, 1, name)
			assert.Equal(t, test.outcome, all[0].Outcome)
			assert.Equal(t, "failed", all[0].Next)
			assert.Equal(t, test.status, all[0].Status)
			if test.status != 0 {
				assert.Equal(t, "body", all[0].ResponseBody)
			} else {
				assert.Empty(t, all[0].ResponseBody)
			}
			if name == "timeout" {
				assert.Equal(t, 30_000, all[0].DurationMs)
			} else {
				assert.Equal(t, 7, all[0].DurationMs)
			}
		})
	}
}

// TestUnreportedExchanges: requests that were not sent and calls that are not observed are not reported.
func TestUnreportedExchanges(t *testing.T) {
	client := newCallbackClient(t)
	for _, end := range []func(*chatcore.Call){
		func(c *chatcore.Call) { client.TokenFailed(testStart, c.Step().Flight, errors.New("x")) },
		func(c *chatcore.Call) { c.Elapsed(testStart + 30_000) },
		func(c *chatcore.Call) {
			c.Abort(testStart, errors.New("x"))
			client.TokenFailed(testStart, client.TokenFlight(), errors.New("x"))
		},
		func(*chatcore.Call) { client.Close(testStart) },
	} {
		call := startCall(t, client, sendMessage, testStart, chatcore.CallOptions{})
		call.Observe()
		end(call)
		assert.Equal(t, chatcore.Failed, call.Step().Kind)
		assert.Empty(t, drainExchanges(client))
	}

	client = newClient(t, chatcore.Options{})
	observed, other := startSending(t, client, sendMessage), startSending(t, client, sendMessage)
	observed.Observe()
	respondSuccess(other, testStart, sendMessage)
	assert.Empty(t, drainExchanges(client))
	respondSuccess(observed, testStart, sendMessage)
	assert.Len(t, drainExchanges(client), 1)
}

func TestExchangesAreReportedInOrder(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	var calls []*chatcore.Call
	for range 5 {
		call := startSending(t, client, sendMessage)
		call.Observe()
		calls = append(calls, call)
	}
	for _, i := range []int{3, 0, 4} {
		respondSuccess(calls[i], testStart, sendMessage)
	}
	e, ok := client.NextExchange()
	require.True(t, ok)
	assert.Equal(t, 4, e.CallID)
	respond(calls[1], testStart, 500, "")
	var got []int
	for _, e := range drainExchanges(client) {
		got = append(got, e.CallID)
	}
	assert.Equal(t, []int{1, 5, 2}, got)
	assert.Empty(t, drainExchanges(client))
}
