package chatcore_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"

	"acschat/chatcore"
)

// TestErrorBodies: the client reads error bodies in the documented form, in the forms that the service was seen to send, and in
// similar forms.
func TestErrorBodies(t *testing.T) {
	for _, body := range []string{
		`{"error":{"code":"C","message":"words"}}`,
		`{"Error":{"Code":"C","Message":"words"}}`,
		`{"ERROR":{"CODE":"C","MESSAGE":"words"}}`,
		`{"CommunicationError":{"Code":"C","Message":"words","Details":[]}}`,
		`{"communicationError":{"code":"C","message":"words"}}`,
		`{"code":"C","message":"words"}`,
		`{"Code":"C","Message":"words","traceId":"x"}`,
		`{"x":{},"error":{"message":"words","x":[1],"code":"C","target":null,"details":null,"innererror":null}}`,
		`{"error":null,"CommunicationError":{"Code":"C","Message":"words"}}`,
		`{"error":{},"code":"C","message":"words"}`,
		`{"error":{"code":"C","message":"words"},"code":"D","message":"other"}`,
	} {
		e := parseErrorOf(t, chatcore.Response{Status: 403, Body: body})
		assert.Equal(t, chatcore.Forbidden, e.Code, body)
		assert.Equal(t, "C", e.ServiceCode, body)
		assert.Equal(t, "sendMessage: HTTP 403 C: words", e.Message, body)
	}
}

func TestIncompleteErrorBodies(t *testing.T) {
	for body, want := range map[string]string{
		``:                       "sendMessage: HTTP 403",
		`{}`:                     "sendMessage: HTTP 403",
		`null`:                   "sendMessage: HTTP 403",
		`{"error":{}}`:           "sendMessage: HTTP 403",
		`{"error":null}`:         "sendMessage: HTTP 403",
		`{"error":{"code":"C"}}`: "sendMessage: HTTP 403 C",
		`{"CommunicationError":{"Code":"C","Details":[]}}`: "sendMessage: HTTP 403 C",
		`{"error":{"message":"words"}}`:                    "sendMessage: HTTP 403: words",
		`{"error":{"code":403,"message":"words"}}`:         "sendMessage: HTTP 403 403: words",
		`plain words`:                     "sendMessage: HTTP 403: plain words",
		`<html><body>words</body></html>`: "sendMessage: HTTP 403: <html><body>words</body></html>",
		`"words"`:                         `sendMessage: HTTP 403: "words"`,
		`[{"code":"C"}]`:                  `sendMessage: HTTP 403: [{"code":"C"}]`,
		`{"error":{"code":"C","message":"words"}`:                "sendMessage: HTTP 403 C: words", // truncated JSON
		`{"error":{"code":"C","message":"words","details":"x"}}`: "sendMessage: HTTP 403 C: words",
		`{"error":{"co`: `sendMessage: HTTP 403: {"error":{"co`,
	} {
		e := parseErrorOf(t, chatcore.Response{Status: 403, Body: body})
		assert.Equal(t, chatcore.Forbidden, e.Code, body)
		assert.Equal(t, want, e.Message, body)
		assert.NotEmpty(t, e.Hint)
	}
}

func TestErrorDetails(t *testing.T) {
	for _, body := range []string{
		`{"error":{"code":"C","message":"m","target":"t","details":[{"code":"D","message":"n","target":"u"},{}],"innererror":{"code":"I","innererror":{"code":"J"}}}}`,
		`{"CommunicationError":{"Code":"C","Message":"m","Target":"t","Details":[{"Code":"D","Message":"n","Target":"u"},{}],"InnerError":{"Code":"I","InnerError":{"Code":"J"}}}}`,
		`{"code":"C","message":"m","target":"t","details":[{"code":"D","message":"n","target":"u"},null],"innerError":{"code":"I","innerError":{"code":"J"}}}`,
	} {
		e := parseErrorOf(t, chatcore.Response{Status: 400, Body: body})
		assert.Equal(t, "t", e.Target)
		assert.Equal(t, []chatcore.CommunicationError{{Code: "D", Message: "n", Target: "u"}, {}}, e.Details)
		assert.Equal(t, &chatcore.CommunicationError{Code: "I", InnerError: &chatcore.CommunicationError{Code: "J"}}, e.InnerError)
		e.Hint = "h"
		assert.JSONEq(t, `{"operation":"sendMessage","code":"BadRequest","hint":"h","status":400,"serviceCode":"C","target":"t",
			"details":[{"code":"D","message":"n","target":"u"},{}],"innererror":{"code":"I","innererror":{"code":"J"}},"attempts":0}`, e.JSON())
	}
}

func TestLongErrorBodyIsTruncated(t *testing.T) {
	for _, letter := range []string{"x", "é", "日", "😀"} {
		for length := 195; length < 206; length++ {
			body := strings.Repeat("y", length%7) + strings.Repeat(letter, length)
			message := strings.TrimPrefix(parseErrorOf(t, chatcore.Response{Status: 500, Body: body}).Message, "sendMessage: HTTP 500: ")
			assert.True(t, utf8.ValidString(message), message)
			if len(body) <= 200 {
				assert.Equal(t, body, message)
				continue
			}
			kept, cut := strings.CutSuffix(message, "…")
			if cut {
				assert.True(t, strings.HasPrefix(body, kept))
			} else {
				assert.Equal(t, body, message)
			}
			assert.Less(t, len(message), 210)
		}
	}
}

func TestErrorJSON(t *testing.T) {
	e := &chatcore.Error{
		Operation: "sendMessage", Code: chatcore.TooManyRequests, Message: "not in it", Hint: "h", Status: 429, ServiceCode: "S", Target: "t",
		RetryAfterMs: 2000, Attempts: 1, Cause: errors.New("nor in it"),
	}
	assert.JSONEq(t, `{"operation":"sendMessage","code":"TooManyRequests","hint":"h","status":429,"serviceCode":"S","target":"t","retryAfterMs":2000,"attempts":1}`, e.JSON())
	assert.JSONEq(t, `{"operation":"x","code":"Closed","attempts":0}`, (&chatcore.Error{Operation: "x", Code: chatcore.Closed}).JSON())
}

func TestErrorConstructors(t *testing.T) {
	cause := errors.New("cause")

	e := chatcore.NewInvalidArgument("sendMessage", "options.signal", "must be an AbortSignal", cause)
	requireInvalidArgument(t, e, "sendMessage", "options.signal")
	assert.Equal(t, "sendMessage: options.signal must be an AbortSignal", e.Message)
	assert.ErrorIs(t, e, cause)

	e = chatcore.NewClosed("addParticipants")
	assert.Equal(t, chatcore.Closed, requireError(t, e).Code)
	assert.Equal(t, "addParticipants", e.Operation)
	assert.NoError(t, e.Unwrap())

	e = chatcore.NewInternalError("panic: x", cause)
	assert.Equal(t, chatcore.InternalError, requireError(t, e).Code)
	assert.Contains(t, e.Message, "panic: x")
	assert.ErrorIs(t, e, cause)
	assert.NotEmpty(t, e.Hint)
}
