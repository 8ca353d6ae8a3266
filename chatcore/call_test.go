package chatcore_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

func TestCall(t *testing.T) {
	forEachOperation(t, func(t *testing.T, op operation) {
		client := newClient(t, chatcore.Options{})
		call := op.call(client, chatcore.CallOptions{})
		assert.Empty(t, drainChanged(client), "Next returns a call only once it has started")
		call.Start(testStart)
		assert.Equal(t, callIDs(call), drainChanged(client))

		step := *call.Step()
		assert.Equal(t, chatcore.Send, step.Kind)
		assert.Equal(t, testStart+30_000, step.Deadline)
		require.NotEmpty(t, step.Request.Header)
		assert.Equal(t, chatcore.HeaderField{Name: "Authorization", Value: "Bearer " + secretToken}, step.Request.Header[0], "Authorization is the first header")
		built, err := op.build(testEndpoint(t), "", targetIDs, op.request)
		require.NoError(t, err)
		want := built
		want.Header = append([]chatcore.HeaderField{step.Request.Header[0]}, built.Header...)
		assert.Equal(t, want, step.Request)

		respondSuccess(call, testStart+100, op)
		assert.Equal(t, callIDs(call), drainChanged(client))
		assert.Equal(t, chatcore.Done, call.Step().Kind)
		assert.Greater(t, call.Step().Number, step.Number)
		assert.Zero(t, call.Step().Deadline)
		assert.NoError(t, call.Step().Err)
		parsed, err := op.parse(chatcore.Response{Status: op.success, Body: op.result})
		require.NoError(t, err)
		assert.Equal(t, parsed, call.Step().Result)
		_, exchanged := client.NextExchange()
		assert.False(t, exchanged, "the call is not observed")
	})
}

// TestPartialSuccess: a 201 that lists rejected participants is a success.
func TestPartialSuccess(t *testing.T) {
	for dir, op := range map[string]operation{"create-chat-thread": createThread, "add-chat-participants": addParticipants} {
		client := newClient(t, chatcore.Options{})
		call := startSending(t, client, op)
		body := readTestdata(t, dir+"/response-201.json")
		respond(call, testStart, 201, body)
		require.Equal(t, chatcore.Done, call.Step().Kind)
		assert.JSONEq(t, body, call.Step().Result.JSON())
	}
}

// TestFailedAttempts covers all operations except sendMessage, which TestDeliveryUnknown covers.
func TestFailedAttempts(t *testing.T) {
	forEachOperationExcept(t, sendMessage, func(t *testing.T, op operation) {
		for status, code := range map[int]chatcore.Code{
			200: "HttpError", 201: "HttpError", 202: "HttpError", 204: "HttpError", 302: "HttpError", 400: "BadRequest", 401: "Unauthorized", 403: "Forbidden", 404: "NotFound",
			408: "HttpError", 409: "HttpError", 429: "TooManyRequests", 500: "HttpError", 502: "HttpError", 503: "ServiceUnavailable", 504: "HttpError",
		} {
			if status == op.success {
				continue
			}
			client := newClient(t, chatcore.Options{})
			call := startSending(t, client, op)
			respond(call, testStart+5, status, `{"error":{"code":"C","message":"words"}}`)
			assert.Equal(t, callIDs(call), drainChanged(client))
			e := requireFailed(t, call, code)
			assert.Equal(t, op.name, e.Operation)
			assert.Equal(t, status, e.Status)
			assert.Equal(t, "C", e.ServiceCode)
			assert.Contains(t, e.Message, "words")
			assert.Equal(t, 1, e.Attempts)
		}

		for _, body := range []string{"", "<html>", `{"chatThread":1,"invalidParticipants":1,"value":1,"id":{}}`} {
			call := startSending(t, newClient(t, chatcore.Options{}), op)
			respond(call, testStart, op.success, body)
			if op.success == 200 && op.result == "" && body == "<html>" { // the service sends no body: the page comes from an intermediary
				assert.Contains(t, requireFailed(t, call, chatcore.HTTPError).Hint, "may have taken effect")
				continue
			}
			if op.result == "" {
				assert.Equal(t, chatcore.Done, call.Step().Kind, "the body is not read")
				continue
			}
			require.NotEqual(t, chatcore.Done, call.Step().Kind, acceptsAnyBody, op.name, body)
			e := requireFailed(t, call, chatcore.ParseError)
			assert.Equal(t, op.success, e.Status)
			assert.Equal(t, 1, e.Attempts)
		}

		call := startSending(t, newClient(t, chatcore.Options{}), op)
		cause := errors.New("TypeError: Failed to fetch")
		call.NetworkFailed(testStart+5, call.Step().Number, cause)
		e := requireFailed(t, call, chatcore.NetworkError)
		assert.Equal(t, cause, e.Cause)
		assert.Contains(t, e.Message, "TypeError: Failed to fetch")
		assert.Contains(t, e.Message, origin)
		assert.Equal(t, 1, e.Attempts)
		assert.Zero(t, e.Status)

		call = startSending(t, newClient(t, chatcore.Options{}), op)
		call.Elapsed(testStart + 30_000)
		e = requireFailed(t, call, chatcore.Timeout)
		assert.Contains(t, e.Message, "30000 ms")
		assert.Equal(t, 1, e.Attempts)
	})
}

func TestErrorHasRetryAfter(t *testing.T) {
	forEachOperation(t, func(t *testing.T, op operation) {
		for _, status := range []int{429, 503} {
			call := startSending(t, newClient(t, chatcore.Options{}), op)
			call.Response(testStart, call.Step().Number, chatcore.Response{Status: status, Header: headerField("Retry-After", "7")})
			require.Equal(t, chatcore.Failed, call.Step().Kind)
			assert.Equal(t, 7000, requireError(t, call.Step().Err).RetryAfterMs)
		}
	})
}

func TestTimeouts(t *testing.T) {
	forEachOperation(t, func(t *testing.T, op operation) {
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
			call := startCall(t, client, op, testStart, test.options)
			step := *call.Step()
			assert.Equal(t, testStart+test.after, step.Deadline, test.name)
			call.Elapsed(testStart + test.after - 1)
			requireUnchanged(t, client, call, step)
			call.Elapsed(testStart + test.after)
			require.Equal(t, chatcore.Failed, call.Step().Kind)
			e := requireError(t, call.Step().Err)
			if op.name == "sendMessage" {
				e = requireError(t, e.Cause)
			}
			assert.Equal(t, chatcore.Timeout, e.Code)
		}
	})
}

// TestTotalTimeoutIncludesTokenWait: the time that the token took is missing for the attempt.
func TestTotalTimeoutIncludesTokenWait(t *testing.T) {
	client := newCallbackClient(t)
	call := startCall(t, client, createThread, testStart, chatcore.CallOptions{TimeoutMs: 100, TotalTimeoutMs: 150})
	assert.Equal(t, testStart+100, call.Step().Deadline)
	client.Token(testStart+90, call.Step().Flight, secretToken)
	assert.Equal(t, chatcore.Send, call.Step().Kind)
	assert.Equal(t, testStart+150, call.Step().Deadline)
	call.Elapsed(testStart + 150)
	assert.Contains(t, requireFailed(t, call, chatcore.Timeout).Message, "within 60 ms", "the message states the attempt's limit")
}

// TestNextReturnsACallOnce: Next returns a call once even if its step changed several times.
func TestNextReturnsACallOnce(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	a, b := createThread.call(client, chatcore.CallOptions{}), sendMessage.call(client, chatcore.CallOptions{})
	a.Start(testStart)
	b.Start(testStart)
	respondSuccess(a, testStart+1, createThread)
	assert.Same(t, a, client.Next())
	respondSuccess(b, testStart+1, sendMessage)
	assert.Same(t, b, client.Next())
	assert.Nil(t, client.Next())
}

func TestClockStartsAtZero(t *testing.T) {
	client := newCallbackClient(t)
	call := startCall(t, client, createThread, 0, chatcore.CallOptions{})
	client.Token(0, call.Step().Flight, secretToken)
	assert.Equal(t, chatcore.Instant(30_000), call.Step().Deadline)
	call.Elapsed(0)
	require.Equal(t, chatcore.Send, call.Step().Kind)
	respondSuccess(call, 0, createThread)
	assert.Equal(t, chatcore.Done, call.Step().Kind)
}
