package chatcore_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

func TestCall(t *testing.T) {
	each(t, func(t *testing.T, op operation) {
		client := newClient(t, chatcore.Options{})
		call := op.call(client, chatcore.CallOptions{})
		assert.Empty(t, changed(client), "before it starts")
		call.Start(start)
		assert.Equal(t, pathIDs(call), changed(client))

		step := *call.Step()
		assert.Equal(t, chatcore.Send, step.Kind)
		assert.Equal(t, start+30_000, step.Deadline)
		require.NotEmpty(t, step.Request.Header)
		assert.Equal(t, chatcore.HeaderField{Name: "Authorization", Value: "Bearer " + secret}, step.Request.Header[0], "first")
		built, err := op.build(endpoint(t), "", at, op.request)
		require.NoError(t, err)
		want := built
		want.Header = append([]chatcore.HeaderField{step.Request.Header[0]}, built.Header...)
		assert.Equal(t, want, step.Request)

		succeed(call, start+100, op)
		assert.Equal(t, pathIDs(call), changed(client))
		assert.Equal(t, chatcore.Done, call.Step().Kind)
		assert.Greater(t, call.Step().Number, step.Number)
		assert.Zero(t, call.Step().Deadline)
		assert.NoError(t, call.Step().Err)
		parsed, err := op.parse(chatcore.Response{Status: op.success, Body: op.result})
		require.NoError(t, err)
		assert.Equal(t, parsed, call.Step().Result)
		_, exchanged := client.NextExchange()
		assert.False(t, exchanged, "nobody observes")
	})
}

// TestPartialSuccess: a 201 that lists rejected participants is a success.
func TestPartialSuccess(t *testing.T) {
	for dir, op := range map[string]operation{"create-chat-thread": createThread, "add-chat-participants": addParticipants} {
		client := newClient(t, chatcore.Options{})
		call := sending(t, client, op)
		body := read(t, dir+"/response-201.json")
		answer(call, start, 201, body)
		require.Equal(t, chatcore.Done, call.Step().Kind)
		assert.JSONEq(t, body, call.Step().Result.JSON())
	}
}

// TestFailedAttempts answers with all that is no success. What becomes of a send is in TestDelivery.
func TestFailedAttempts(t *testing.T) {
	eachBut(t, sendMessage, func(t *testing.T, op operation) {
		for status, code := range map[int]chatcore.Code{
			200: "HttpError", 201: "HttpError", 202: "HttpError", 204: "HttpError", 302: "HttpError", 400: "BadRequest", 401: "Unauthorized", 403: "Forbidden", 404: "NotFound",
			408: "HttpError", 409: "HttpError", 429: "TooManyRequests", 500: "HttpError", 502: "HttpError", 503: "ServiceUnavailable", 504: "HttpError",
		} {
			if status == op.success {
				continue
			}
			client := newClient(t, chatcore.Options{})
			call := sending(t, client, op)
			answer(call, start+5, status, `{"error":{"code":"C","message":"words"}}`)
			assert.Equal(t, pathIDs(call), changed(client))
			e := failed(t, call, code)
			assert.Equal(t, op.name, e.Operation)
			assert.Equal(t, status, e.Status)
			assert.Equal(t, "C", e.ServiceCode)
			assert.Contains(t, e.Message, "words")
			assert.Equal(t, 1, e.Attempts)
		}

		for _, body := range []string{"", "<html>", `{"chatThread":1,"invalidParticipants":1,"value":1,"id":{}}`} {
			call := sending(t, newClient(t, chatcore.Options{}), op)
			answer(call, start, op.success, body)
			if op.success == 200 && op.result == "" && body == "<html>" { // the service answers nothing: this is another's page
				assert.Contains(t, failed(t, call, chatcore.HTTPError).Hint, "may have taken effect")
				continue
			}
			if op.result == "" {
				assert.Equal(t, chatcore.Done, call.Step().Kind, "nobody looks at it")
				continue
			}
			require.NotEqual(t, chatcore.Done, call.Step().Kind, lenient, op.name, body)
			e := failed(t, call, chatcore.ParseError)
			assert.Equal(t, op.success, e.Status)
			assert.Equal(t, 1, e.Attempts)
		}

		call := sending(t, newClient(t, chatcore.Options{}), op)
		cause := errors.New("TypeError: Failed to fetch")
		call.NetworkFailed(start+5, call.Step().Number, cause)
		e := failed(t, call, chatcore.NetworkError)
		assert.Equal(t, cause, e.Cause)
		assert.Contains(t, e.Message, "TypeError: Failed to fetch")
		assert.Contains(t, e.Message, origin)
		assert.Equal(t, 1, e.Attempts)
		assert.Zero(t, e.Status)

		call = sending(t, newClient(t, chatcore.Options{}), op)
		call.Elapsed(start + 30_000)
		e = failed(t, call, chatcore.Timeout)
		assert.Contains(t, e.Message, "30000 ms")
		assert.Equal(t, 1, e.Attempts)
	})
}

func TestRetryAfterOfACall(t *testing.T) {
	each(t, func(t *testing.T, op operation) {
		for _, status := range []int{429, 503} {
			call := sending(t, newClient(t, chatcore.Options{}), op)
			call.Response(start, call.Step().Number, chatcore.Response{Status: status, Header: header("Retry-After", "7")})
			require.Equal(t, chatcore.Failed, call.Step().Kind)
			assert.Equal(t, 7000, failure(t, call.Step().Err).RetryAfterMs)
		}
	})
}

func TestTimeouts(t *testing.T) {
	each(t, func(t *testing.T, op operation) {
		for _, test := range []struct {
			name    string
			options chatcore.CallOptions
			after   chatcore.Instant
		}{
			{"defaults", chatcore.CallOptions{}, 30_000},
			{"attempt", chatcore.CallOptions{TimeoutMs: 50, TotalTimeoutMs: 60}, 50},
			{"total", chatcore.CallOptions{TimeoutMs: 60, TotalTimeoutMs: 50}, 50},
		} {
			client := newClient(t, chatcore.Options{})
			call := begin(t, client, op, start, test.options)
			step := *call.Step()
			assert.Equal(t, start+test.after, step.Deadline, test.name)
			call.Elapsed(start + test.after - 1)
			still(t, client, call, step)
			call.Elapsed(start + test.after)
			require.Equal(t, chatcore.Failed, call.Step().Kind)
			e := failure(t, call.Step().Err)
			if op.name == "sendMessage" {
				e = failure(t, e.Cause)
			}
			assert.Equal(t, chatcore.Timeout, e.Code)
		}
	})
}

// TestTotalTimeoutCountsTheWaitForAToken: what the token took is not there for the attempt.
func TestTotalTimeoutCountsTheWaitForAToken(t *testing.T) {
	client := callbackClient(t)
	call := begin(t, client, createThread, start, chatcore.CallOptions{TimeoutMs: 100, TotalTimeoutMs: 150})
	assert.Equal(t, start+100, call.Step().Deadline)
	client.Token(start+90, call.Step().Flight, secret)
	assert.Equal(t, chatcore.Send, call.Step().Kind)
	assert.Equal(t, start+150, call.Step().Deadline)
	call.Elapsed(start + 150)
	assert.Contains(t, failed(t, call, chatcore.Timeout).Message, "within 60 ms", "of the attempt")
}

// TestNextReturnsACallOnce also where its step changed more than once.
func TestNextReturnsACallOnce(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	a, b := createThread.call(client, chatcore.CallOptions{}), sendMessage.call(client, chatcore.CallOptions{})
	a.Start(start)
	b.Start(start)
	succeed(a, start+1, createThread)
	assert.Same(t, a, client.Next())
	succeed(b, start+1, sendMessage)
	assert.Same(t, b, client.Next())
	assert.Nil(t, client.Next())
}

func TestClockThatStartsAtZero(t *testing.T) {
	client := callbackClient(t)
	call := begin(t, client, createThread, 0, chatcore.CallOptions{})
	client.Token(0, call.Step().Flight, secret)
	assert.Equal(t, chatcore.Instant(30_000), call.Step().Deadline)
	call.Elapsed(0)
	require.Equal(t, chatcore.Send, call.Step().Kind)
	succeed(call, 0, createThread)
	assert.Equal(t, chatcore.Done, call.Step().Kind)
}
