package chatcore_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// ambiguousFailures are the failures of an attempt after which the message may or may not be stored, by name.
func ambiguousFailures() map[string]func(*chatcore.Call, chatcore.Instant) {
	all := map[string]func(*chatcore.Call, chatcore.Instant){
		"501": func(c *chatcore.Call, now chatcore.Instant) { respond(c, now, 501, "") },
	}
	for name, end := range transientFailures {
		if name != "429" {
			all[name] = end
		}
	}
	return all
}

// pageToThreadStart is a page of messages back to the first message of the thread.
var pageToThreadStart = messagesBefore("", "10 ", "20 sequenceId=1")

// TestLookupFindsMessage: a message that was stored although its answer was lost is found by a lookup, and not sent again.
func TestLookupFindsMessage(t *testing.T) {
	for name, end := range ambiguousFailures() {
		d := newSendOnceClient(t, chatcore.Options{})
		call := d.sendOnce(t, testStart, "")
		assert.Equal(t, clientToken, tokenInBody(t, requirePost(t, call)), name)
		end(call, testStart+1)
		now := elapseWait(t, call)
		requireLookup(t, call)
		respondOK(call, now, messagesBefore("", "10", "20 token="+clientToken, "30 token=another"))
		assert.Equal(t, "20", requireSent(t, call))
	}
}

// TestResendAfterLookup: the client resends a message if a lookup after the settle time does not find it.
func TestResendAfterLookup(t *testing.T) {
	for name, end := range ambiguousFailures() {
		d := newSendOnceClient(t, chatcore.Options{})
		call := d.sendOnce(t, testStart, "")
		body := requirePost(t, call)
		end(call, testStart+1)
		ended := waitDeadline(t, call) - 101
		now := elapseWait(t, call)
		requireLookup(t, call)
		respondOK(call, now, pageToThreadStart)
		require.Equal(t, ended+5000, elapseWait(t, call), name)
		requireLookup(t, call)
		respondOK(call, ended+5000, pageToThreadStart)
		assert.Equal(t, body, requirePost(t, call), "the same message")
		respondSuccess(call, ended+5001, sendMessage)
		assert.NotEmpty(t, requireSent(t, call))
	}
}

// TestEarlyLookupProvesNothing: a lookup that began within the settle time does not prove that the message is absent.
func TestEarlyLookupProvesNothing(t *testing.T) {
	d := newSendOnceClient(t, chatcore.Options{})
	call := d.sendOnce(t, testStart, "")
	respond(call, testStart, 503, "")
	now := elapseWait(t, call)
	respondOK(call, testStart+9000, pageToThreadStart) // the answer was slow
	require.Equal(t, chatcore.Wait, call.Step().Kind)
	assert.Less(t, now, testStart+5000)
	call.Elapsed(testStart + 9000)
	requireLookup(t, call)
	respondOK(call, testStart+9000, messagesBefore("", "0 token="+clientToken))
	assert.Equal(t, "0", requireSent(t, call))
}

// TestSettleMs: the caller chooses the settle time.
func TestSettleMs(t *testing.T) {
	for _, settleMs := range []int{0, 1, 101, 102, 5000, 60_000, 119_999, 120_000} {
		d := newSendOnceClient(t, chatcore.Options{CallOptions: chatcore.CallOptions{SettleMs: &settleMs}})
		call := d.sendOnce(t, testStart, "")
		respond(call, testStart, 500, "")
		now := elapseWait(t, call)
		respondOK(call, now, pageToThreadStart)
		switch {
		case settleMs <= 101:
			requirePost(t, call)
		case settleMs < 120_000:
			assert.Equal(t, testStart+chatcore.Instant(settleMs), elapseWait(t, call))
			respondOK(call, testStart+chatcore.Instant(settleMs), pageToThreadStart)
			requirePost(t, call)
		default:
			assert.Contains(t, requireDeliveryUnknown(t, call, clientToken).Message, "no time left")
		}
	}
}

// TestSendOnceAttempts: the client looks the message up after each attempt, and gives up after the last one.
func TestSendOnceAttempts(t *testing.T) {
	none := 0
	d := newSendOnceClient(t, chatcore.Options{CallOptions: chatcore.CallOptions{SettleMs: &none}})
	call := d.sendOnce(t, testStart, "")
	call.Observe()
	now := testStart
	for i := range 4 {
		requirePost(t, call)
		respond(call, now, 503, "")
		now = elapseWait(t, call)
		requireLookup(t, call)
		if i == 1 {
			respond(call, now, 500, "") // failures of lookups are counted separately
			now = elapseWait(t, call)
		}
		respondOK(call, now, pageToThreadStart)
	}
	e := requireDeliveryUnknown(t, call, clientToken)
	assert.Equal(t, 9, e.Attempts)
	assert.Contains(t, e.Message, "no attempt left")
	assert.Equal(t, chatcore.ServiceUnavailable, requireError(t, e.Cause).Code)
	var next []string
	for _, e := range drainExchanges(d.Client) {
		assert.Equal(t, "sendMessage", e.Operation)
		next = append(next, e.Request.Method+" "+e.Outcome+" "+e.Next)
	}
	assert.Equal(t, []string{
		"POST ServiceUnavailable wait", "GET success send", "POST ServiceUnavailable wait", "GET HttpError wait", "GET success send",
		"POST ServiceUnavailable wait", "GET success send", "POST ServiceUnavailable wait", "GET success failed",
	}, next)
}

// TestSendOnceRefusal: a refused send with a token is not DeliveryUnknown, and is retried without a lookup.
func TestSendOnceRefusal(t *testing.T) {
	for status, code := range map[int]chatcore.Code{400: "BadRequest", 401: "Unauthorized", 403: "Forbidden", 404: "NotFound", 413: "HttpError"} {
		call := newSendOnceClient(t, chatcore.Options{}).sendOnce(t, testStart, "")
		respond(call, testStart, status, "")
		assert.Empty(t, requireFailed(t, call, code).IdempotencyToken)
	}
	d := newSendOnceClient(t, chatcore.Options{TokenCallback: true})
	call := d.sendOnce(t, testStart, "")
	d.Token(testStart, d.TokenFlight(), "first.token")
	respond(call, testStart, 401, "")
	d.Token(testStart, d.TokenFlight(), "second.token")
	body := requirePost(t, call)
	respond(call, testStart, 429, "")
	now := elapseWait(t, call)
	assert.Equal(t, body, requirePost(t, call), "resent without a lookup")
	respondSuccess(call, now, sendMessage)
	requireSent(t, call)
}

// TestLookupFailures: transient failures of a lookup are retried. Any other failure leaves the delivery unknown.
func TestLookupFailures(t *testing.T) {
	for name, fail := range transientFailures {
		d := newSendOnceClient(t, chatcore.Options{CallOptions: chatcore.CallOptions{TimeoutMs: 1000}})
		call := d.sendOnce(t, testStart, "")
		respond(call, testStart, 500, "")
		now := elapseWait(t, call)
		for range 3 {
			fail(call, now)
			now = elapseWait(t, call)
			requireLookup(t, call)
		}
		respondOK(call, now, messagesBefore(origin+"/2", "10"))
		for range 3 {
			fail(call, now)
			now = elapseWait(t, call)
			assert.Equal(t, origin+"/2", requestedList(t, call), "the lookup continues at the same page")
		}
		fail(call, now)
		assert.NotEmpty(t, requireDeliveryUnknown(t, call, clientToken).Cause, name)
	}
	call := newSendOnceClient(t, chatcore.Options{}).sendOnce(t, testStart, "")
	respond(call, testStart, 500, "")
	respondOK(call, elapseWait(t, call), "<html>")
	requireDeliveryUnknown(t, call, clientToken)
}

// TestUnreadable201: the id is taken from the Location header if the body is unreadable. Without either the message is looked
// up.
func TestUnreadable201(t *testing.T) {
	for location, id := range map[string]string{
		threadURL + "/messages/1593072104708": "1593072104708", "/chat/threads/a/messages/12": "12", "https://portal.example/session/42": "", "/1": "", threadURL + "/messages/": "", threadURL + "/messages/abc": "", "12": "", "": "",
	} {
		for _, token := range []string{"", clientToken} {
			d := newSendOnceClient(t, chatcore.Options{})
			call := startCall(t, d.Client, sendMessage, testStart, chatcore.CallOptions{Idempotent: token != ""})
			call.Response(testStart, call.Step().Number, chatcore.Response{Status: 201, Body: "{", Header: headerField("Location", location)})
			switch {
			case id != "":
				assert.Equal(t, id, call.Step().Result.(*chatcore.SendChatMessageResult).ID)
			case token == "":
				e := requireFailed(t, call, chatcore.DeliveryUnknown)
				assert.Equal(t, chatcore.ParseError, requireError(t, e.Cause).Code)
			default:
				respondOK(call, elapseWait(t, call), messagesBefore("", "20 token="+clientToken))
				assert.Equal(t, "20", requireSent(t, call))
			}
		}
	}
	call := newSendOnceClient(t, chatcore.Options{}).sendOnce(t, testStart, "")
	call.Response(testStart, call.Step().Number, chatcore.Response{Status: 400, Body: "{", Header: headerField("Location", "/messages/12")})
	requireFailed(t, call, chatcore.BadRequest)
}

// TestOther2xxAnd3xxOfSend: an intermediary may change the status of a success. A 2xx that contains the message's id is a
// success.
func TestOther2xxAnd3xxOfSend(t *testing.T) {
	for _, status := range []int{200, 202, 203, 204, 206, 299, 300, 302, 304, 307} {
		for name, test := range map[string]struct{ location, body, id string }{
			"Location":            {threadURL + "/messages/12", "", "12"},
			"body":                {"", `{"id":"12"}`, "12"},
			"both":                {threadURL + "/messages/12", `{"id":"13"}`, "12"},
			"login portal":        {"https://portal.example/session/42", "<html>", ""},
			"malformed Location":  {threadURL + "/messages/?id=12", `{"id":"12"}`, "12"},
			"invalid id":          {"", `{"id":"m12"}`, ""},
			"id followed by HTML": {"", `{"id":"12"}<html>`, ""},
			"unrelated JSON":      {"", `{"messageId":"12"}`, ""},
			"nothing":             {"", "", ""},
		} {
			if status >= 300 {
				test.id = ""
			}
			for _, token := range []string{"", clientToken} {
				d := newSendOnceClient(t, chatcore.Options{})
				call := startCall(t, d.Client, sendMessage, testStart, chatcore.CallOptions{Idempotent: token != ""})
				call.Response(testStart, call.Step().Number, chatcore.Response{Status: status, Body: test.body, Header: headerField("Location", test.location)})
				switch {
				case test.id != "":
					assert.Equal(t, test.id, requireSent(t, call), "%d %s", status, name)
				case token == "":
					e := requireFailed(t, call, chatcore.DeliveryUnknown)
					assert.Equal(t, status, requireError(t, e.Cause).Status, name)
				default:
					respondOK(call, elapseWait(t, call), messagesBefore("", "20 token="+clientToken))
					assert.Equal(t, "20", requireSent(t, call))
				}
			}
		}
	}
}

// TestOther2xxAnd3xxOfOtherWrites: other writes fail, and the hint says that they may have taken effect.
func TestOther2xxAnd3xxOfOtherWrites(t *testing.T) {
	forEachOperation(t, func(t *testing.T, op operation) {
		if op.name == "sendMessage" {
			return
		}
		for _, status := range []int{202, 299, 302} {
			call := startSending(t, newClient(t, chatcore.Options{}), op)
			respond(call, testStart, status, op.result)
			e := requireFailed(t, call, chatcore.HTTPError)
			if op.httpMethod != "GET" {
				assert.Contains(t, e.Hint, "may have taken effect")
			}
		}
	})
}

// TestNoRefusalAfterUnreadable201: after a 201 without an id, a failed lookup is DeliveryUnknown, since the message was stored.
func TestNoRefusalAfterUnreadable201(t *testing.T) {
	for name, end := range map[string]func(*chatcore.Call, chatcore.Instant){
		"403":    func(c *chatcore.Call, now chatcore.Instant) { respond(c, now, 403, "") },
		"unsure": func(c *chatcore.Call, now chatcore.Instant) { respondOK(c, now, messagesBefore("", "10")) },
	} {
		t.Run(name, func(t *testing.T) {
			call := newSendOnceClient(t, chatcore.Options{}).sendOnce(t, testStart, "")
			respond(call, testStart, 201, "{")
			end(call, elapseWait(t, call))
			requireDeliveryUnknown(t, call, clientToken)
		})
	}
}

// TestTruncatedResponse: if the body is cut off, the Location header still tells the id. Without it the attempt failed.
func TestTruncatedResponse(t *testing.T) {
	cut := chatcore.Response{Status: 201, Header: headerField("Location", threadURL+"/messages/12"), Err: errAborted}
	call := startSending(t, newClient(t, chatcore.Options{}), sendMessage)
	call.Response(testStart, call.Step().Number, cut)
	assert.Equal(t, "12", requireSent(t, call))

	cut.Header = nil
	for op, code := range map[*operation]chatcore.Code{&createThread: chatcore.NetworkError, &sendMessage: chatcore.DeliveryUnknown} {
		call = startSending(t, newClient(t, chatcore.Options{}), *op)
		call.Response(testStart, call.Step().Number, cut)
		assert.ErrorIs(t, requireFailed(t, call, code), errAborted)
	}
}
