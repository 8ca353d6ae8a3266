package chatcore_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// TestDeliveryUnknown: a send that may have been stored fails with DeliveryUnknown. The attempt's error is the cause.
func TestDeliveryUnknown(t *testing.T) {
	network := errors.New("connection reset")
	for _, test := range []struct {
		name  string
		end   func(*chatcore.Call)
		cause chatcore.Code
		check func(t *testing.T, e *chatcore.Error)
	}{
		{"network", func(c *chatcore.Call) { c.NetworkFailed(testStart+1, c.Step().Number, network) }, chatcore.NetworkError, func(t *testing.T, e *chatcore.Error) {
			assert.ErrorIs(t, e, network)
			assert.Contains(t, e.Message, "connection reset")
		}},
		{"timeout", func(c *chatcore.Call) { c.Elapsed(testStart + 30_000) }, chatcore.Timeout, func(t *testing.T, e *chatcore.Error) {
			assert.Contains(t, e.Message, "30000 ms")
		}},
		{"408", func(c *chatcore.Call) { respond(c, testStart+1, 408, "slow") }, chatcore.HTTPError, nil},
		{"500", func(c *chatcore.Call) { respond(c, testStart+1, 500, "") }, chatcore.HTTPError, nil},
		{"501", func(c *chatcore.Call) { respond(c, testStart+1, 501, "") }, chatcore.HTTPError, nil},
		{"502", func(c *chatcore.Call) { respond(c, testStart+1, 502, "<html>") }, chatcore.HTTPError, nil},
		{"503", func(c *chatcore.Call) {
			c.Response(testStart+1, c.Step().Number, chatcore.Response{
				Status: 503, Body: `{"error":{"code":"ServiceUnavailable","message":"busy"}}`, Header: headerField("Retry-After", "3")})
		}, chatcore.ServiceUnavailable, func(t *testing.T, e *chatcore.Error) {
			assert.Equal(t, "ServiceUnavailable", e.ServiceCode)
			assert.Equal(t, 3000, e.RetryAfterMs)
			assert.Contains(t, e.Message, "busy")
		}},
		{"504", func(c *chatcore.Call) { respond(c, testStart+1, 504, "") }, chatcore.HTTPError, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			call := startSending(t, newClient(t, chatcore.Options{}), sendMessage)
			test.end(call)
			e := requireFailed(t, call, chatcore.DeliveryUnknown)
			assert.Equal(t, "sendMessage", e.Operation)
			assert.Equal(t, 1, e.Attempts)
			assert.NotEmpty(t, e.Hint)
			cause := requireError(t, e.Cause)
			assert.Equal(t, test.cause, cause.Code, "the attempt's error")
			assert.Equal(t, 1, cause.Attempts)
			assert.Equal(t, cause.Status, e.Status)
			assert.Contains(t, e.Message, cause.Message)
			if test.check != nil {
				test.check(t, e)
				test.check(t, cause)
			}
		})
	}
}

// TestRefusedSend: a 4xx other than 408 means that the message was not sent.
func TestRefusedSend(t *testing.T) {
	for status, code := range map[int]chatcore.Code{
		400: "BadRequest", 401: "Unauthorized", 403: "Forbidden", 404: "NotFound",
		405: "HttpError", 409: "HttpError", 413: "HttpError", 429: "TooManyRequests", 499: "HttpError",
	} {
		call := startSending(t, newClient(t, chatcore.Options{}), sendMessage)
		respond(call, testStart+1, status, `{"error":{"code":"C","message":"words"}}`)
		e := requireFailed(t, call, code)
		assert.Equal(t, status, e.Status)
		assert.Equal(t, 1, e.Attempts)
		assert.NoError(t, e.Cause)
	}
}

// TestFailureBeforeSend: failures before anything was sent are not DeliveryUnknown.
func TestFailureBeforeSend(t *testing.T) {
	client := newCallbackClient(t)
	call := startCall(t, client, sendMessage, testStart, chatcore.CallOptions{})
	call.Elapsed(testStart + 30_000)
	assert.Zero(t, requireFailed(t, call, chatcore.Timeout).Attempts)

	call = startCall(t, client, sendMessage, testStart, chatcore.CallOptions{})
	client.TokenFailed(testStart, call.Step().Flight, errors.New("x"))
	assert.Zero(t, requireFailed(t, call, chatcore.TokenError).Attempts)

	call = startSending(t, newClient(t, chatcore.Options{}), sendMessage)
	reason := errors.New("the page's own")
	call.Abort(testStart+1, reason)
	require.Equal(t, reason, call.Step().Err, "an abort fails with its reason")
}

// Test401AtTotalTimeout: a 401 after totalTimeoutMs is a Timeout, not DeliveryUnknown: the message was refused.
func Test401AtTotalTimeout(t *testing.T) {
	for _, idempotent := range []bool{false, true} {
		d := newSendOnceClient(t, chatcore.Options{TokenCallback: true})
		call := startCall(t, d.Client, sendMessage, testStart, chatcore.CallOptions{Idempotent: idempotent})
		d.Token(testStart, d.TokenFlight(), "first.token")
		other := startCall(t, d.Client, getThread, testStart, chatcore.CallOptions{})
		respond(other, testStart, 401, "")
		d.Token(testStart, d.TokenFlight(), "second.token")
		respond(call, testStart+130_000, 401, "")
		assert.Equal(t, 1, requireFailed(t, call, chatcore.Timeout).Attempts)
	}
}

// TestDeliveryStaysUnknown: after an attempt with an unknown outcome, any later failure is reported as DeliveryUnknown.
func TestDeliveryStaysUnknown(t *testing.T) {
	none := 0
	for name, end := range map[string]func(*sendOnceClient, *chatcore.Call, chatcore.Instant){
		"400":   func(_ *sendOnceClient, c *chatcore.Call, now chatcore.Instant) { respond(c, now, 400, "") },
		"401":   func(_ *sendOnceClient, c *chatcore.Call, now chatcore.Instant) { respond(c, now, 401, "") },
		"403":   func(_ *sendOnceClient, c *chatcore.Call, now chatcore.Instant) { respond(c, now, 403, "") },
		"404":   func(_ *sendOnceClient, c *chatcore.Call, now chatcore.Instant) { respond(c, now, 404, "") },
		"409":   func(_ *sendOnceClient, c *chatcore.Call, now chatcore.Instant) { respond(c, now, 409, "") },
		"429":   func(_ *sendOnceClient, c *chatcore.Call, now chatcore.Instant) { respond429(c, now, "1000") },
		"close": func(d *sendOnceClient, _ *chatcore.Call, now chatcore.Instant) { d.Close(now) },
	} {
		for _, resends := range []bool{false, true} {
			d := newSendOnceClient(t, chatcore.Options{CallOptions: chatcore.CallOptions{SettleMs: &none}})
			call := d.sendOnce(t, testStart, "")
			respond(call, testStart, 500, "")
			now := elapseWait(t, call)
			if resends {
				respondOK(call, now, pageToThreadStart)
				requirePost(t, call)
			} else {
				requireLookup(t, call)
			}
			end(d, call, now)
			e := requireDeliveryUnknown(t, call, clientToken)
			assert.NotEmpty(t, requireError(t, e.Cause).Code, name)
		}
	}
}

// TestAbortOfSendOnce: a send with a token can be aborted in any state. Closing the client ends it too.
func TestAbortOfSendOnce(t *testing.T) {
	reason := errors.New("the page's own")
	for name, reach := range map[string]func(*sendOnceClient) *chatcore.Call{
		"token": func(d *sendOnceClient) *chatcore.Call { return d.sendOnce(t, testStart, "") },
		"send":  func(d *sendOnceClient) *chatcore.Call { return startSendOnce(t, d) },
		"back-off": func(d *sendOnceClient) *chatcore.Call {
			call := startSendOnce(t, d)
			respond(call, testStart, 500, "")
			return call
		},
		"lookup": func(d *sendOnceClient) *chatcore.Call {
			call := startSendOnce(t, d)
			respond(call, testStart, 500, "")
			elapseWait(t, call)
			return call
		},
		"settling": func(d *sendOnceClient) *chatcore.Call {
			call := startSendOnce(t, d)
			respond(call, testStart, 500, "")
			respondOK(call, elapseWait(t, call), pageToThreadStart)
			return call
		},
		"throttled": func(d *sendOnceClient) *chatcore.Call {
			call := startSendOnce(t, d)
			respond429(call, testStart, "5")
			return call
		},
		"second call with one token": func(d *sendOnceClient) *chatcore.Call {
			d.sendOnce(t, testStart, callerToken)
			return d.sendOnce(t, testStart, callerToken)
		},
	} {
		d := newSendOnceClient(t, chatcore.Options{TokenCallback: true})
		call := reach(d)
		drainChanged(d.Client)
		call.Abort(testStart+200, reason)
		assert.Contains(t, drainChanged(d.Client), call.ID(), name)
		require.Equal(t, reason, call.Step().Err, name)
		step := *call.Step()
		call.Elapsed(testStart + 1_000_000)
		require.Equal(t, step, *call.Step())

		d = newSendOnceClient(t, chatcore.Options{TokenCallback: true})
		call = reach(d)
		d.Close(testStart + 200)
		e := requireError(t, call.Step().Err)
		if name == "token" || name == "throttled" {
			assert.Equal(t, chatcore.Closed, e.Code, name)
		} else if name != "send" {
			assert.Equal(t, chatcore.DeliveryUnknown, e.Code, name)
		}
	}
}

// startSendOnce starts a sendOnce on a client with a callback, and gives it an access token.
func startSendOnce(t *testing.T, d *sendOnceClient) *chatcore.Call {
	t.Helper()
	call := d.sendOnce(t, testStart, "")
	d.Token(testStart, d.TokenFlight(), secretToken)
	requirePost(t, call)
	return call
}
