package chatcore_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// TestResults reads responses that differ slightly from the documentation.
func TestResults(t *testing.T) {
	for _, test := range []struct {
		op         operation
		body, want string
	}{
		{sendMessage, `{"id":"1"}`, `{"id":"1"}`},
		{sendMessage, ` {"ID":"1","x":[{"y":null}]} `, `{"id":"1"}`},
		{sendMessage, `{"id":1593072104708}`, `{"id":"1593072104708"}`},
		{addParticipants, `{}`, `{"invalidParticipants":[]}`},
		{addParticipants, `null`, `{"invalidParticipants":[]}`},
		{addParticipants, `{"invalidParticipants":null}`, `{"invalidParticipants":[]}`},
		{addParticipants, `{"invalidParticipants":[]}`, `{"invalidParticipants":[]}`},
		{addParticipants, `{"InvalidParticipants":[{"Code":404,"Target":"a","Message":null,"Details":[{"Code":"x"}],"InnerError":{"message":"deep"}}]}`,
			`{"invalidParticipants":[{"code":"404","target":"a","details":[{"code":"x"}],"innererror":{"message":"deep"}}]}`},
		{createThread, `{"chatThread":{"id":"t","topic":"","createdOn":"2020-06-06T05:55:41Z","deletedOn":"2020-06-07T05:55:41Z","metadata":{"a":"b"},"retentionPolicy":{"kind":"none"}},"x":0}`,
			`{"chatThread":{"id":"t","topic":"","createdOn":"2020-06-06T05:55:41Z","createdByCommunicationIdentifier":{},"deletedOn":"2020-06-07T05:55:41Z","metadata":{"a":"b"},"retentionPolicy":{"kind":"none"}},"invalidParticipants":[]}`},
		{createThread, `{"chatThread":{"id":"t","metadata":null}}`, `{"chatThread":{"id":"t","topic":"","createdByCommunicationIdentifier":{}},"invalidParticipants":[]}`},
		{createThread, `{"chatThread":{"id":"t","topic":"😀\ud83d"},"invalidParticipants":[{"target":"a","code":"403","message":"m"}]}`,
			`{"chatThread":{"id":"t","topic":"😀\ufffd","createdByCommunicationIdentifier":{}},"invalidParticipants":[{"target":"a","code":"403","message":"m"}]}`},
		{getThread, `{"id":"a","retentionPolicy":{"kind":"somethingNew","deleteThreadAfterDays":-1}}`, `{"id":"a","topic":"","createdByCommunicationIdentifier":{},"retentionPolicy":{"kind":"somethingNew","deleteThreadAfterDays":-1}}`},
		{getMessage, `{"id":"1","type":"topicUpdated","sequenceId":"1","version":"1","content":{"topic":"x"}}`, `{"id":"1","type":"topicUpdated","sequenceId":"1","version":"1","content":{"topic":"x"}}`},
		{getMessage, `{"id":"1","type":"topicUpdated","content":{"topic":"","initiatorCommunicationIdentifier":{"rawId":"a"}}}`,
			`{"id":"1","type":"topicUpdated","content":{"topic":"","initiatorCommunicationIdentifier":{"rawId":"a"}}}`},
		{getMessage, `{"id":"1","type":"participantAdded","sequenceId":"1","version":"1","content":{"participants":[],"initiatorCommunicationIdentifier":{"rawId":"a"}}}`,
			`{"id":"1","type":"participantAdded","sequenceId":"1","version":"1","content":{"initiatorCommunicationIdentifier":{"rawId":"a"}}}`},
		{getMessage, `{"id":"1","type":"text","sequenceId":"1","version":"1","content":{}}`, `{"id":"1","type":"text","sequenceId":"1","version":"1","content":{"message":""}}`},
	} {
		result, err := test.op.parse(chatcore.Response{Status: test.op.success, Body: test.body})
		require.NoError(t, err, test.body)
		assert.JSONEq(t, test.want, result.JSON())
	}
}

func TestUnreadableResults(t *testing.T) {
	forEachOperation(t, func(t *testing.T, op operation) {
		if op.result == "" {
			return
		}
		bodies := []string{``, ` `, `{`, `[]`, `"ok"`, `42`, `<!DOCTYPE html><title>Sign in</title>`, op.result + "x", op.result[:len(op.result)-1], "\x00"}
		switch op.name {
		case "createThread":
			bodies = append(bodies, `{}`, `null`, `{"chatThread":null}`, `{"chatThread":{}}`, `{"chatThread":{"id":""}}`, `{"chatThread":{"topic":"Lunch"}}`, `{"id":"t"}`,
				`{"chatThread":[]}`, `{"chatThread":{"id":{}}}`, `{"chatThread":{"id":"t"},"invalidParticipants":{}}`)
		case "addParticipants":
			bodies = append(bodies, `{"invalidParticipants":{}}`, `{"invalidParticipants":["a"]}`, `{"invalidParticipants":[{"code":true}]}`)
		case "sendMessage", "getMessage", "getThread":
			bodies = append(bodies, `{}`, `null`, `{"id":""}`, `{"id":null}`, `{"id":[]}`, `{"chatMessageId":"1"}`)
		default:
			bodies = append(bodies, `{}`, `null`, `{"error":{"code":"C"}}`, `{"value":{}}`, `{"value":"x"}`, `{"value":[1]}`, `{"value":["x"]}`, `{"value":[[]]}`, `{"value":[],"nextLink":[]}`, `{"value":[],"nextLink":{}}`)
		}
		for _, body := range bodies {
			_, err := op.parse(chatcore.Response{Status: op.success, Body: body})
			require.Error(t, err, acceptsAnyBody, op.name, body)
			e := requireError(t, err)
			assert.Equal(t, chatcore.ParseError, e.Code, "%q", body)
			assert.Equal(t, op.name, e.Operation)
			assert.Equal(t, op.success, e.Status)
			assert.Contains(t, e.Message, "HTTP "+strconv.Itoa(op.success))
			assert.NotEmpty(t, e.Hint)
		}
	})
}

func TestStatuses(t *testing.T) {
	want := map[int]chatcore.Code{
		400: chatcore.BadRequest, 401: chatcore.Unauthorized, 403: chatcore.Forbidden, 404: chatcore.NotFound, 429: chatcore.TooManyRequests, 503: chatcore.ServiceUnavailable,
	}
	forEachOperation(t, func(t *testing.T, op operation) {
		for status := 200; status < 600; status++ {
			_, err := op.parse(chatcore.Response{Status: status, Body: op.result})
			if status == op.success {
				require.NoError(t, err)
				continue
			}
			e := requireError(t, err)
			code, known := want[status]
			if !known {
				code = chatcore.HTTPError
			}
			assert.Equal(t, code, e.Code, status)
			assert.Equal(t, status, e.Status)
			assert.Zero(t, e.Attempts, "only calls count attempts")
		}
	})
}

func TestRetryAfter(t *testing.T) {
	for value, want := range map[string]int{
		"": 0, "0": 0, "1": 1000, "30": 30_000, "007": 7000, "999999": 999_999_000, "1000000": 0, "99999999999999999999": 0,
		"1.5": 0, "-1": 0, "+1": 0, "1e3": 0, " 1": 0, "soon": 0, "Sun, 22 Nov 2026 10:20:30 GMT": 0,
	} {
		for _, status := range []int{429, 503} {
			e := parseErrorOf(t, chatcore.Response{Status: status, Header: headerField("Retry-After", value)})
			assert.Equal(t, want, e.RetryAfterMs, "%d %q", status, value)
		}
		for _, status := range []int{400, 401, 403, 404, 408, 500, 502} {
			e := parseErrorOf(t, chatcore.Response{Status: status, Header: headerField("Retry-After", value)})
			assert.Zero(t, e.RetryAfterMs, "%d %q", status, value)
		}
	}
	assert.Zero(t, parseErrorOf(t, chatcore.Response{Status: 429}).RetryAfterMs, "a response without headers")
}

// headerField returns the Header function of a response with one header.
func headerField(name, value string) func(string) string {
	return func(asked string) string {
		if asked == name {
			return value
		}
		return ""
	}
}

func parseErrorOf(t *testing.T, resp chatcore.Response) *chatcore.Error {
	t.Helper()
	_, err := sendMessage.parse(resp)
	return requireError(t, err)
}
