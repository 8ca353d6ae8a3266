package chatcore_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// unknowns are the ends of an attempt after which the message may be there or not.
func unknowns() map[string]func(*chatcore.Call, chatcore.Instant) {
	all := map[string]func(*chatcore.Call, chatcore.Instant){
		"501": func(c *chatcore.Call, now chatcore.Instant) { answer(c, now, 501, "") },
	}
	for name, end := range passing {
		if name != "429" {
			all[name] = end
		}
	}
	return all
}

// firstLine is a page that goes back to the first message of the thread.
var firstLine = shown("", "10 ", "20 sequenceId=1")

// TestFoundAfterAll: what arrived without an answer is found, and not sent again.
func TestFoundAfterAll(t *testing.T) {
	for name, end := range unknowns() {
		d := newDeliverer(t, chatcore.Options{})
		call := d.deliver(t, start, "")
		assert.Equal(t, madeToken, tokenOf(t, posts(t, call)), name)
		end(call, start+1)
		now := elapse(t, call)
		looks(t, call)
		list(call, now, shown("", "10", "20 token="+madeToken, "30 token=another"))
		assert.Equal(t, "20", found(t, call))
	}
}

// TestSentAgain: what is not there once an attempt cannot be on its way any more did not arrive.
func TestSentAgain(t *testing.T) {
	for name, end := range unknowns() {
		d := newDeliverer(t, chatcore.Options{})
		call := d.deliver(t, start, "")
		body := posts(t, call)
		end(call, start+1)
		ended := due(t, call) - 101
		now := elapse(t, call)
		looks(t, call)
		list(call, now, firstLine)
		require.Equal(t, ended+5000, elapse(t, call), name)
		looks(t, call)
		list(call, ended+5000, firstLine)
		assert.Equal(t, body, posts(t, call), "the same")
		succeed(call, ended+5001, sendMessage)
		assert.NotEmpty(t, found(t, call))
	}
}

// TestFoundLate: a look-up that began too early proves nothing by what it does not find.
func TestFoundLate(t *testing.T) {
	d := newDeliverer(t, chatcore.Options{})
	call := d.deliver(t, start, "")
	answer(call, start, 503, "")
	now := elapse(t, call)
	list(call, start+9000, firstLine) // whose answer was slow
	require.Equal(t, chatcore.Wait, call.Step().Kind)
	assert.Less(t, now, start+5000)
	call.Elapsed(start + 9000)
	looks(t, call)
	list(call, start+9000, shown("", "0 token="+madeToken))
	assert.Equal(t, "0", found(t, call))
}

// TestSettleTimes are the caller's to choose.
func TestSettleTimes(t *testing.T) {
	for _, settleMs := range []int{0, 1, 101, 102, 5000, 60_000, 119_999, 120_000} {
		d := newDeliverer(t, chatcore.Options{CallOptions: chatcore.CallOptions{SettleMs: &settleMs}})
		call := d.deliver(t, start, "")
		answer(call, start, 500, "")
		now := elapse(t, call)
		list(call, now, firstLine)
		switch {
		case settleMs <= 101:
			posts(t, call)
		case settleMs < 120_000:
			assert.Equal(t, start+chatcore.Instant(settleMs), elapse(t, call))
			list(call, start+chatcore.Instant(settleMs), firstLine)
			posts(t, call)
		default:
			assert.Contains(t, unknown(t, call, madeToken).Message, "no time left")
		}
	}
}

// TestAttemptsOfADelivery: it looks after each, and gives up after the last.
func TestAttemptsOfADelivery(t *testing.T) {
	none := 0
	d := newDeliverer(t, chatcore.Options{CallOptions: chatcore.CallOptions{SettleMs: &none}})
	call := d.deliver(t, start, "")
	call.Observe()
	now := start
	for i := range 4 {
		posts(t, call)
		answer(call, now, 503, "")
		now = elapse(t, call)
		looks(t, call)
		if i == 1 {
			answer(call, now, 500, "") // a failure of a look-up counts for itself
			now = elapse(t, call)
		}
		list(call, now, firstLine)
	}
	e := unknown(t, call, madeToken)
	assert.Equal(t, 9, e.Attempts)
	assert.Contains(t, e.Message, "no attempt left")
	assert.Equal(t, chatcore.ServiceUnavailable, failure(t, e.Cause).Code)
	var next []string
	for _, e := range exchanges(d.Client) {
		assert.Equal(t, "sendMessage", e.Operation)
		next = append(next, e.Request.Method+" "+e.Outcome+" "+e.Next)
	}
	assert.Equal(t, []string{
		"POST ServiceUnavailable wait", "GET success send", "POST ServiceUnavailable wait", "GET HttpError wait", "GET success send",
		"POST ServiceUnavailable wait", "GET success send", "POST ServiceUnavailable wait", "GET success failed",
	}, next)
}

// TestRefusedDelivery: a refusal is one also with a token, and is known.
func TestRefusedDelivery(t *testing.T) {
	for status, code := range map[int]chatcore.Code{400: "BadRequest", 401: "Unauthorized", 403: "Forbidden", 404: "NotFound", 413: "HttpError"} {
		call := newDeliverer(t, chatcore.Options{}).deliver(t, start, "")
		answer(call, start, status, "")
		assert.Empty(t, failed(t, call, code).IdempotencyToken)
	}
	d := newDeliverer(t, chatcore.Options{TokenCallback: true})
	call := d.deliver(t, start, "")
	d.Token(start, d.TokenFlight(), "first.token")
	answer(call, start, 401, "")
	d.Token(start, d.TokenFlight(), "second.token")
	body := posts(t, call)
	answer(call, start, 429, "")
	now := elapse(t, call)
	assert.Equal(t, body, posts(t, call), "without a look-up: it was refused")
	succeed(call, now, sendMessage)
	found(t, call)
}

// TestFailuresOfALookUp are retried if they may pass, and are not taken for an answer otherwise.
func TestFailuresOfALookUp(t *testing.T) {
	for name, fail := range passing {
		d := newDeliverer(t, chatcore.Options{CallOptions: chatcore.CallOptions{TimeoutMs: 1000}})
		call := d.deliver(t, start, "")
		answer(call, start, 500, "")
		now := elapse(t, call)
		for range 3 {
			fail(call, now)
			now = elapse(t, call)
			looks(t, call)
		}
		list(call, now, shown(origin+"/2", "10"))
		for range 3 {
			fail(call, now)
			now = elapse(t, call)
			assert.Equal(t, origin+"/2", asks(t, call), "it goes on where it was")
		}
		fail(call, now)
		assert.NotEmpty(t, unknown(t, call, madeToken).Cause, name)
	}
	call := newDeliverer(t, chatcore.Options{}).deliver(t, start, "")
	answer(call, start, 500, "")
	list(call, elapse(t, call), "<html>")
	unknown(t, call, madeToken)
}

// TestUnreadableSuccess: where the message is says its id, too, and otherwise it is looked for.
func TestUnreadableSuccess(t *testing.T) {
	for location, id := range map[string]string{
		inThread + "/messages/1593072104708": "1593072104708", "/chat/threads/a/messages/12": "12", "https://portal.example/session/42": "", "/1": "", inThread + "/messages/": "", inThread + "/messages/abc": "", "12": "", "": "",
	} {
		for _, token := range []string{"", madeToken} {
			d := newDeliverer(t, chatcore.Options{})
			call := begin(t, d.Client, sendMessage, start, chatcore.CallOptions{Idempotent: token != ""})
			call.Response(start, call.Step().Number, chatcore.Response{Status: 201, Body: "{", Header: header("Location", location)})
			switch {
			case id != "":
				assert.Equal(t, id, call.Step().Result.(*chatcore.SendChatMessageResult).ID)
			case token == "":
				e := failed(t, call, chatcore.DeliveryUnknown)
				assert.Equal(t, chatcore.ParseError, failure(t, e.Cause).Code)
			default:
				list(call, elapse(t, call), shown("", "20 token="+madeToken))
				assert.Equal(t, "20", found(t, call))
			}
		}
	}
	call := newDeliverer(t, chatcore.Options{}).deliver(t, start, "")
	call.Response(start, call.Step().Number, chatcore.Response{Status: 400, Body: "{", Header: header("Location", "/messages/12")})
	failed(t, call, chatcore.BadRequest)
}

// TestOtherSuccesses: something on the way may change the status of a success. What says which message was sent is one.
func TestOtherSuccesses(t *testing.T) {
	for _, status := range []int{200, 202, 203, 204, 206, 299, 300, 302, 304, 307} {
		for name, test := range map[string]struct{ location, body, id string }{
			"Location":          {inThread + "/messages/12", "", "12"},
			"body":              {"", `{"id":"12"}`, "12"},
			"both":              {inThread + "/messages/12", `{"id":"13"}`, "12"},
			"a portal's":        {"https://portal.example/session/42", "<html>", ""},
			"another Location":  {inThread + "/messages/?id=12", `{"id":"12"}`, "12"},
			"an id of no kind":  {"", `{"id":"m12"}`, ""},
			"an id beside HTML": {"", `{"id":"12"}<html>`, ""},
			"another body":      {"", `{"messageId":"12"}`, ""},
			"nothing":           {"", "", ""},
		} {
			if status >= 300 {
				test.id = ""
			}
			for _, token := range []string{"", madeToken} {
				d := newDeliverer(t, chatcore.Options{})
				call := begin(t, d.Client, sendMessage, start, chatcore.CallOptions{Idempotent: token != ""})
				call.Response(start, call.Step().Number, chatcore.Response{Status: status, Body: test.body, Header: header("Location", test.location)})
				switch {
				case test.id != "":
					assert.Equal(t, test.id, found(t, call), "%d %s", status, name)
				case token == "":
					e := failed(t, call, chatcore.DeliveryUnknown)
					assert.Equal(t, status, failure(t, e.Cause).Status, name)
				default:
					list(call, elapse(t, call), shown("", "20 token="+madeToken))
					assert.Equal(t, "20", found(t, call))
				}
			}
		}
	}
}

// TestOtherSuccessesOfOtherWrites are failures, and may have had their effect.
func TestOtherSuccessesOfOtherWrites(t *testing.T) {
	each(t, func(t *testing.T, op operation) {
		if op.name == "sendMessage" {
			return
		}
		for _, status := range []int{202, 299, 302} {
			call := sending(t, newClient(t, chatcore.Options{}), op)
			answer(call, start, status, op.result)
			e := failed(t, call, chatcore.HTTPError)
			if op.method != "GET" {
				assert.Contains(t, e.Hint, "may have taken effect")
			}
		}
	})
}

// TestAfterAnUnreadableSuccess it is known that the message was stored, so that nothing refuses it any more.
func TestAfterAnUnreadableSuccess(t *testing.T) {
	for name, end := range map[string]func(*chatcore.Call, chatcore.Instant){
		"403":    func(c *chatcore.Call, now chatcore.Instant) { answer(c, now, 403, "") },
		"unsure": func(c *chatcore.Call, now chatcore.Instant) { list(c, now, shown("", "10")) },
	} {
		t.Run(name, func(t *testing.T) {
			call := newDeliverer(t, chatcore.Options{}).deliver(t, start, "")
			answer(call, start, 201, "{")
			end(call, elapse(t, call))
			unknown(t, call, madeToken)
		})
	}
}

// TestAnswerCutOff: its headers may have come, and say which message was sent. Otherwise it is no answer.
func TestAnswerCutOff(t *testing.T) {
	cut := chatcore.Response{Status: 201, Header: header("Location", inThread+"/messages/12"), Err: errAborted}
	call := sending(t, newClient(t, chatcore.Options{}), sendMessage)
	call.Response(start, call.Step().Number, cut)
	assert.Equal(t, "12", found(t, call))

	cut.Header = nil
	for op, code := range map[*operation]chatcore.Code{&createThread: chatcore.NetworkError, &sendMessage: chatcore.DeliveryUnknown} {
		call = sending(t, newClient(t, chatcore.Options{}), *op)
		call.Response(start, call.Step().Number, cut)
		assert.ErrorIs(t, failed(t, call, code), errAborted)
	}
}
