package chatcore_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// unknowns are the ends of an attempt after which the message may be there or not.
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

// firstLine is a page that goes back to the first message of the thread.
var pageToThreadStart = messagesBefore("", "10 ", "20 sequenceId=1")

// TestLookupFindsMessage: what arrived without an answer is found, and not sent again.
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

// TestResendAfterLookup: what is not there once an attempt cannot be on its way any more did not arrive.
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
		assert.Equal(t, body, requirePost(t, call), "the same")
		respondSuccess(call, ended+5001, sendMessage)
		assert.NotEmpty(t, requireSent(t, call))
	}
}

// TestEarlyLookupProvesNothing: a look-up that began too early proves nothing by what it does not find.
func TestEarlyLookupProvesNothing(t *testing.T) {
	d := newSendOnceClient(t, chatcore.Options{})
	call := d.sendOnce(t, testStart, "")
	respond(call, testStart, 503, "")
	now := elapseWait(t, call)
	respondOK(call, testStart+9000, pageToThreadStart) // whose answer was slow
	require.Equal(t, chatcore.Wait, call.Step().Kind)
	assert.Less(t, now, testStart+5000)
	call.Elapsed(testStart + 9000)
	requireLookup(t, call)
	respondOK(call, testStart+9000, messagesBefore("", "0 token="+clientToken))
	assert.Equal(t, "0", requireSent(t, call))
}

// TestSettleMs are the caller's to choose.
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

// TestSendOnceAttempts: it looks after each, and gives up after the last.
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
			respond(call, now, 500, "") // a failure of a look-up counts for itself
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

// TestSendOnceRefusal: a refusal is one also with a token, and is known.
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
	assert.Equal(t, body, requirePost(t, call), "without a look-up: it was refused")
	respondSuccess(call, now, sendMessage)
	requireSent(t, call)
}

// TestLookupFailures are retried if they may pass, and are not taken for an answer otherwise.
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
			assert.Equal(t, origin+"/2", requestedList(t, call), "it goes on where it was")
		}
		fail(call, now)
		assert.NotEmpty(t, requireDeliveryUnknown(t, call, clientToken).Cause, name)
	}
	call := newSendOnceClient(t, chatcore.Options{}).sendOnce(t, testStart, "")
	respond(call, testStart, 500, "")
	respondOK(call, elapseWait(t, call), "<html>")
	requireDeliveryUnknown(t, call, clientToken)
}

// TestUnreadable201: where the message is says its id, too, and otherwise it is looked for.
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

// TestOther2xxAnd3xxOfSend: something on the way may change the status of a success. What says which message was sent is one.
func TestOther2xxAnd3xxOfSend(t *testing.T) {
	for _, status := range []int{200, 202, 203, 204, 206, 299, 300, 302, 304, 307} {
		for name, test := range map[string]struct{ location, body, id string }{
			"Location":          {threadURL + "/messages/12", "", "12"},
			"body":              {"", `{"id":"12"}`, "12"},
			"both":              {threadURL + "/messages/12", `{"id":"13"}`, "12"},
			"a portal's":        {"https://portal.example/session/42", "<html>", ""},
			"another Location":  {threadURL + "/messages/?id=12", `{"id":"12"}`, "12"},
			"an id of no kind":  {"", `{"id":"m12"}`, ""},
			"an id beside HTML": {"", `{"id":"12"}<html>`, ""},
			"another body":      {"", `{"messageId":"12"}`, ""},
			"nothing":           {"", "", ""},
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

// TestOther2xxAnd3xxOfOtherWrites are failures, and may have had their effect.
func TestOther2xxAnd3xxOfOtherWrites(t *testing.T) {
	forEachOperation(t, func(t *testing.T, op operation) {
		if op.name == "sendMessage" {
			return
		}
		for _, status := range []int{202, 299, 302} {
			call := startSending(t, newClient(t, chatcore.Options{}), op)
			respond(call, testStart, status, op.result)
			e := requireFailed(t, call, chatcore.HTTPError)
			if op.method != "GET" {
				assert.Contains(t, e.Hint, "may have taken effect")
			}
		}
	})
}

// TestNoRefusalAfterUnreadable201 it is known that the message was stored, so that nothing refuses it any more.
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

// TestTruncatedResponse: its headers may have come, and say which message was sent. Otherwise it is no answer.
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
