package chatcore_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// TestDelivery: a send that may have arrived says so, and why that is not known.
func TestDelivery(t *testing.T) {
	network := errors.New("connection reset")
	for _, test := range []struct {
		name  string
		end   func(*chatcore.Call)
		cause chatcore.Code
		check func(t *testing.T, e *chatcore.Error)
	}{
		{"network", func(c *chatcore.Call) { c.NetworkFailed(start+1, c.Step().Number, network) }, chatcore.NetworkError, func(t *testing.T, e *chatcore.Error) {
			assert.ErrorIs(t, e, network)
			assert.Contains(t, e.Message, "connection reset")
		}},
		{"timeout", func(c *chatcore.Call) { c.Elapsed(start + 30_000) }, chatcore.Timeout, func(t *testing.T, e *chatcore.Error) {
			assert.Contains(t, e.Message, "30000 ms")
		}},
		{"408", func(c *chatcore.Call) { answer(c, start+1, 408, "slow") }, chatcore.HTTPError, nil},
		{"500", func(c *chatcore.Call) { answer(c, start+1, 500, "") }, chatcore.HTTPError, nil},
		{"501", func(c *chatcore.Call) { answer(c, start+1, 501, "") }, chatcore.HTTPError, nil},
		{"502", func(c *chatcore.Call) { answer(c, start+1, 502, "<html>") }, chatcore.HTTPError, nil},
		{"503", func(c *chatcore.Call) {
			c.Response(start+1, c.Step().Number, chatcore.Response{
				Status: 503, Body: `{"error":{"code":"ServiceUnavailable","message":"busy"}}`, Header: header("Retry-After", "3")})
		}, chatcore.ServiceUnavailable, func(t *testing.T, e *chatcore.Error) {
			assert.Equal(t, "ServiceUnavailable", e.ServiceCode)
			assert.Equal(t, 3000, e.RetryAfterMs)
			assert.Contains(t, e.Message, "busy")
		}},
		{"504", func(c *chatcore.Call) { answer(c, start+1, 504, "") }, chatcore.HTTPError, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			call := sending(t, newClient(t, chatcore.Options{}), sendMessage)
			test.end(call)
			e := failed(t, call, chatcore.DeliveryUnknown)
			assert.Equal(t, "sendMessage", e.Operation)
			assert.Equal(t, 1, e.Attempts)
			assert.NotEmpty(t, e.Hint)
			cause := failure(t, e.Cause)
			assert.Equal(t, test.cause, cause.Code, "the plain error")
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

// TestNoDelivery: a refusal is one.
func TestNoDelivery(t *testing.T) {
	for status, code := range map[int]chatcore.Code{
		400: "BadRequest", 401: "Unauthorized", 403: "Forbidden", 404: "NotFound",
		405: "HttpError", 409: "HttpError", 413: "HttpError", 429: "TooManyRequests", 499: "HttpError",
	} {
		call := sending(t, newClient(t, chatcore.Options{}), sendMessage)
		answer(call, start+1, status, `{"error":{"code":"C","message":"words"}}`)
		e := failed(t, call, code)
		assert.Equal(t, status, e.Status)
		assert.Equal(t, 1, e.Attempts)
		assert.NoError(t, e.Cause)
	}
}

// TestNoDeliveryWithoutARequest: what fails before a send leaves nothing unknown.
func TestNoDeliveryWithoutARequest(t *testing.T) {
	client := callbackClient(t)
	call := begin(t, client, sendMessage, start, chatcore.CallOptions{})
	call.Elapsed(start + 30_000)
	assert.Zero(t, failed(t, call, chatcore.Timeout).Attempts)

	call = begin(t, client, sendMessage, start, chatcore.CallOptions{})
	client.TokenFailed(start, call.Step().Flight, errors.New("x"))
	assert.Zero(t, failed(t, call, chatcore.TokenError).Attempts)

	call = sending(t, newClient(t, chatcore.Options{}), sendMessage)
	reason := errors.New("the page's own")
	call.Abort(start+1, reason)
	require.Equal(t, reason, call.Step().Err, "an abort is the page's choice")
}

// TestRefusedAfterAllTime: a 401 that comes when the call has no time left leaves nothing unknown.
func TestRefusedAfterAllTime(t *testing.T) {
	for _, idempotent := range []bool{false, true} {
		d := newDeliverer(t, chatcore.Options{TokenCallback: true})
		call := begin(t, d.Client, sendMessage, start, chatcore.CallOptions{Idempotent: idempotent})
		d.Token(start, d.TokenFlight(), "first.token")
		other := begin(t, d.Client, getThread, start, chatcore.CallOptions{})
		answer(other, start, 401, "")
		d.Token(start, d.TokenFlight(), "second.token")
		answer(call, start+130_000, 401, "")
		assert.Equal(t, 1, failed(t, call, chatcore.Timeout).Attempts)
	}
}

// TestOnceUnknown: after an attempt whose outcome is not known, no other code tells what became of the message.
func TestOnceUnknown(t *testing.T) {
	none := 0
	for name, end := range map[string]func(*deliverer, *chatcore.Call, chatcore.Instant){
		"400":   func(_ *deliverer, c *chatcore.Call, now chatcore.Instant) { answer(c, now, 400, "") },
		"401":   func(_ *deliverer, c *chatcore.Call, now chatcore.Instant) { answer(c, now, 401, "") },
		"403":   func(_ *deliverer, c *chatcore.Call, now chatcore.Instant) { answer(c, now, 403, "") },
		"404":   func(_ *deliverer, c *chatcore.Call, now chatcore.Instant) { answer(c, now, 404, "") },
		"409":   func(_ *deliverer, c *chatcore.Call, now chatcore.Instant) { answer(c, now, 409, "") },
		"429":   func(_ *deliverer, c *chatcore.Call, now chatcore.Instant) { refuse(c, now, "1000") },
		"close": func(d *deliverer, _ *chatcore.Call, now chatcore.Instant) { d.Close(now) },
	} {
		for _, again := range []bool{false, true} {
			d := newDeliverer(t, chatcore.Options{CallOptions: chatcore.CallOptions{SettleMs: &none}})
			call := d.deliver(t, start, "")
			answer(call, start, 500, "")
			now := elapse(t, call)
			if again {
				list(call, now, firstLine)
				posts(t, call)
			} else {
				looks(t, call)
			}
			end(d, call, now)
			e := unknown(t, call, madeToken)
			assert.NotEmpty(t, failure(t, e.Cause).Code, name)
		}
	}
}

// TestAbortOfADelivery ends it at once in any state, and so does closing the client.
func TestAbortOfADelivery(t *testing.T) {
	reason := errors.New("the page's own")
	for name, reach := range map[string]func(*deliverer) *chatcore.Call{
		"token": func(d *deliverer) *chatcore.Call { return d.deliver(t, start, "") },
		"send":  func(d *deliverer) *chatcore.Call { return sendingOnce(t, d) },
		"pause": func(d *deliverer) *chatcore.Call {
			call := sendingOnce(t, d)
			answer(call, start, 500, "")
			return call
		},
		"look-up": func(d *deliverer) *chatcore.Call {
			call := sendingOnce(t, d)
			answer(call, start, 500, "")
			elapse(t, call)
			return call
		},
		"settling": func(d *deliverer) *chatcore.Call {
			call := sendingOnce(t, d)
			answer(call, start, 500, "")
			list(call, elapse(t, call), firstLine)
			return call
		},
		"held": func(d *deliverer) *chatcore.Call {
			call := sendingOnce(t, d)
			refuse(call, start, "5")
			return call
		},
		"following": func(d *deliverer) *chatcore.Call {
			d.deliver(t, start, ownToken)
			return d.deliver(t, start, ownToken)
		},
	} {
		d := newDeliverer(t, chatcore.Options{TokenCallback: true})
		call := reach(d)
		changed(d.Client)
		call.Abort(start+200, reason)
		assert.Contains(t, changed(d.Client), call.ID(), name)
		require.Equal(t, reason, call.Step().Err, name)
		step := *call.Step()
		call.Elapsed(start + 1_000_000)
		require.Equal(t, step, *call.Step())

		d = newDeliverer(t, chatcore.Options{TokenCallback: true})
		call = reach(d)
		d.Close(start + 200)
		e := failure(t, call.Step().Err)
		if name == "token" || name == "held" {
			assert.Equal(t, chatcore.Closed, e.Code, name)
		} else if name != "send" { // of which nobody asks any more
			assert.Equal(t, chatcore.DeliveryUnknown, e.Code, name)
		}
	}
}

// sendingOnce begins a delivery of a client with a callback, and gives it a token.
func sendingOnce(t *testing.T, d *deliverer) *chatcore.Call {
	t.Helper()
	call := d.deliver(t, start, "")
	d.Token(start, d.TokenFlight(), secret)
	posts(t, call)
	return call
}
