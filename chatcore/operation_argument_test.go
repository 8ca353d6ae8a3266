package chatcore_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"acschat/chatcore"
)

// requireNothingSent checks that a call failed with InvalidArgument and requested nothing, not even a token.
func requireNothingSent(t *testing.T, client *chatcore.Client, call *chatcore.Call, operation, path string) *chatcore.Error {
	t.Helper()
	e := requireInvalidArgument(t, requireFailed(t, call, chatcore.InvalidArgument), operation, path)
	assert.Zero(t, e.Attempts)
	assert.Zero(t, client.TokenFlight())
	return e
}

// TestInvalidListOptionsAndIDs covers the operations without a sample in the REST documentation. For a list, text is its
// options. TestInvalidRequests covers the other operations.
func TestInvalidListOptionsAndIDs(t *testing.T) {
	for _, test := range []struct {
		op                  operation
		text, path, problem string
	}{
		{listThreads, `{"maxPageSize":0}`, "options.maxPageSize", "must be from 1 to 2147483647"},
		{listThreads, `{"maxPageSize":-1}`, "options.maxPageSize", "must be from 1 to 2147483647"},
		{listThreads, `{"maxPageSize":2147483648}`, "options.maxPageSize", "must be from 1 to 2147483647"},
		{listThreads, `{"maxPageSize":1.5}`, "options.maxPageSize", "must be a whole number"},
		{listThreads, `{"maxPageSize":"5"}`, "options.maxPageSize", "must be a whole number, not a string"},
		{listThreads, `{"maxPageSize":null}`, "options.maxPageSize", "must be a whole number, not null"},
		{listThreads, `{"startTime":"yesterday"}`, "options.startTime", "RFC 3339"},
		{listThreads, `{"startTime":"2020-06-06"}`, "options.startTime", "RFC 3339"},
		{listThreads, `{"startTime":1591422941}`, "options.startTime", "must be a string, not a number"},
		{listThreads, `{"skip":1}`, "options.skip", "is not a known field"},
		{listThreads, `{"nextLink":"` + origin + `/x"}`, "options.nextLink", "is not a known field"},
		{listThreads, `{"maxpagesize":1}`, "options.maxpagesize", "is not a known field"},
		{listThreads, `[]`, "options", "must be an object, not an array"},
		{listMessages, `{"maxPageSize":0}`, "options.maxPageSize", "must be from 1 to 2147483647"},
		{listMessages, `{"maxPageSize":201}`, "options.maxPageSize", "must be from 1 to 200"},
		{listMessages, `{"startTime":"2020-06-06T05:55:41"}`, "options.startTime", "RFC 3339"},
		{listMessages, `{"skip":0}`, "options.skip", "is not a known field"},
		{listParticipants, `{"maxPageSize":-1}`, "options.maxPageSize", "must be from 1 to 2147483647"},
		{listParticipants, `{"skip":-1}`, "options.skip", "must be from 0 to 2147483647"},
		{listParticipants, `{"skip":2147483648}`, "options.skip", "must be from 0 to 2147483647"},
		{listParticipants, `{"skip":0.5}`, "options.skip", "must be a whole number"},
		{listParticipants, `{"startTime":"2020-06-06T05:55:41Z"}`, "options.startTime", "is not a known field"},
		{listReadReceipts, `{"maxPageSize":0}`, "options.maxPageSize", "must be from 1 to 2147483647"},
		{listReadReceipts, `{"skip":-1}`, "options.skip", "must be from 0 to 2147483647"},
		{listReadReceipts, `{"skip":"1"}`, "options.skip", "must be a whole number, not a string"},
		{listReadReceipts, `{"startTime":""}`, "options.startTime", "is not a known field"},

		{updateThread, ``, "request", "is not JSON"},
		{updateThread, `null`, "request", "must be an object, not null"},
		{updateThread, `{"topic":""}`, "topic", "must not be empty: leave it out"},
		{updateThread, `{"topic":null}`, "topic", "must be a string, not null"},
		{updateThread, `{"topic":1}`, "topic", "must be a string, not a number"},
		{updateThread, `{"participants":[]}`, "participants", "is not a known field"},
		{updateThread, `{"metadata":null}`, "metadata", "must be an object, not null"},
		{updateThread, `{"metadata":{"a":"b","c":1}}`, "metadata.c", "must be a string, not a number"},
		{updateThread, `{"metadata":{"a":null}}`, "metadata.a", "must be a string, not null"},
		{updateThread, `{"metadata":{"k":"` + strings.Repeat("x", 1024) + `"}}`, "metadata", "is limited to 1024 bytes"},
		{updateThread, `{"retentionPolicy":null}`, "retentionPolicy", "must be an object, not null"},
		{updateThread, `{"retentionPolicy":"none"}`, "retentionPolicy", "must be an object, not a string"},
		{updateThread, `{"retentionPolicy":{}}`, "retentionPolicy.kind", "is required"},
		{updateThread, `{"retentionPolicy":{"deleteThreadAfterDays":30}}`, "retentionPolicy.kind", "is required"},
		{updateThread, `{"retentionPolicy":{"kind":"None"}}`, "retentionPolicy", `must have "threadCreationDate" or "none"`},
		{updateThread, `{"retentionPolicy":{"kind":"threadCreationDate"}}`, "retentionPolicy.deleteThreadAfterDays", "is required"},
		{updateThread, `{"retentionPolicy":{"kind":"threadCreationDate","deleteThreadAfterDays":29}}`, "retentionPolicy.deleteThreadAfterDays", "from 30 to 90"},
		{updateThread, `{"retentionPolicy":{"kind":"threadCreationDate","deleteThreadAfterDays":91}}`, "retentionPolicy.deleteThreadAfterDays", "from 30 to 90"},
		{updateThread, `{"retentionPolicy":{"kind":"threadCreationDate","deleteThreadAfterDays":-30}}`, "retentionPolicy.deleteThreadAfterDays", "must be from 0"},
		{updateThread, `{"retentionPolicy":{"kind":"threadCreationDate","deleteThreadAfterDays":30.5}}`, "retentionPolicy.deleteThreadAfterDays", "must be a whole number"},
		{updateThread, `{"retentionPolicy":{"kind":"threadCreationDate","deleteThreadAfterDays":"30"}}`, "retentionPolicy.deleteThreadAfterDays", "must be a whole number"},
		{updateThread, `{"retentionPolicy":{"kind":"none","deleteThreadAfterDays":30}}`, "retentionPolicy", "must not have deleteThreadAfterDays"},
		{updateThread, `{"retentionPolicy":{"kind":"none","x":1}}`, "retentionPolicy.x", "is not a known field"},

		{updateMessage, ``, "request", "is not JSON"},
		{updateMessage, `"Hi"`, "request", "must be an object, not a string"},
		{updateMessage, `{"content":""}`, "content", "must not be empty: leave it out"},
		{updateMessage, `{"content":{"message":"Hi"}}`, "content", "must be a string, not an object"},
		{updateMessage, `{"content":"` + strings.Repeat("x", 28*1024+1) + `"}`, "content", "is limited to 28672 bytes of UTF-8, and has 28673"},
		{updateMessage, `{"senderDisplayName":"Jane"}`, "senderDisplayName", "is not a known field"},
		{updateMessage, `{"type":"html"}`, "type", "is not a known field"},
		{updateMessage, `{"metadata":[]}`, "metadata", "must be an object, not an array"},
		{updateMessage, `{"attachments":[]}`, "attachments", "must not be empty"},

		{removeParticipant, ``, "identifier", "is not JSON"},
		{removeParticipant, `null`, "identifier", "must be an object, not null"},
		{removeParticipant, `""`, "identifier", "is required"},
		{removeParticipant, `{}`, "identifier", "is required"},
		{removeParticipant, `1`, "identifier", "must be an object, not a number"},
		{removeParticipant, `{"id":"8:acs:a_b"}`, "id", "is not a known field"},
		{removeParticipant, `{"communicationIdentifier":{"rawId":"a"}}`, "communicationIdentifier", "is not a known field"},
		{removeParticipant, `{"communicationUser":{"id":""}}`, "communicationUser.id", "is required"},
		{removeParticipant, `{"communicationUser":{"id":"a"},"phoneNumber":{"value":"b"}}`, "identifier", "more than one kind"},

		{sendTypingNotification, `null`, "request", "must be an object, not null"},
		{sendTypingNotification, `{"senderDisplayName":1}`, "senderDisplayName", "must be a string, not a number"},
		{sendTypingNotification, `{"displayName":"Jane"}`, "displayName", "is not a known field"},
		{sendReadReceipt, ``, "request", "is not JSON"},
		{sendReadReceipt, `{}`, "chatMessageId", "is required"},
		{sendReadReceipt, `{"chatMessageId":""}`, "chatMessageId", "is required"},
		{sendReadReceipt, `{"chatMessageId":1593072104708}`, "chatMessageId", "must be a string, not a number"},
		{sendReadReceipt, `{"messageId":"1"}`, "messageId", "is not a known field"},
	} {
		t.Run(test.op.name+" "+test.text[:min(len(test.text), 80)], func(t *testing.T) {
			client := newCallbackClient(t)
			e := requireNothingSent(t, client, callMethod(t, client, test.op, test.text, ""), test.op.name, test.path)
			assert.Contains(t, e.Message, test.problem)
		})
	}
}

// TestInvalidIDs: ids that would change the path are refused before anything is sent.
func TestInvalidIDs(t *testing.T) {
	forEachOperation(t, func(t *testing.T, op operation) {
		m := methodNamed(t, op.name)
		for i, name := range m.IDs {
			for _, id := range []string{"", ".", ".."} {
				ids := targetIDs
				ids[i] = id
				client := newCallbackClient(t)
				call := m.Call(client, ids, op.request, "", "")
				call.Start(testStart)
				requireNothingSent(t, client, call, op.name, name)
			}
		}
	})
}

// TestArgumentsRequireAPIVersion: fields of the other operations that the api-version lacks are refused.
func TestArgumentsRequireAPIVersion(t *testing.T) {
	const (
		old, preview, stable = "2024-03-07", "2024-03-15-preview", "2025-03-15"
		policy               = `{"retentionPolicy":{"kind":"threadCreationDate","deleteThreadAfterDays":30}}`
		never                = `{"retentionPolicy":{"kind":"none"}}`
		metadata             = `{"metadata":{"k":"v"}}`
		attachments          = `{"attachments":[{"id":"a","attachmentType":"file"}]}`
		teams                = `{"rawId":"a","teamsExtensionUser":{"userId":"u","tenantId":"t","resourceId":"r"}}`
	)
	for _, test := range []struct {
		op            operation
		version, text string
		path, hint    string // the error's, if it is refused
	}{
		{updateThread, old, policy, "retentionPolicy", stable},
		{updateThread, preview, policy, "", ""},
		{updateThread, stable, policy, "", ""},
		{updateThread, old, never, "retentionPolicy", stable},
		{updateThread, preview, never, "retentionPolicy.kind", stable},
		{updateThread, stable, never, "", ""},
		{updateThread, "2031-01-01", never, "", ""},
		{updateThread, old, metadata, "metadata", stable},
		{updateThread, old, `{"metadata":{}}`, "metadata", stable},
		{updateThread, preview, metadata, "", ""},
		{updateThread, old, `{"topic":"x"}`, "", ""},

		{createThread, "", `{"topic":"x",` + policy[1:], "retentionPolicy", stable},
		{createThread, preview, `{"topic":"x",` + policy[1:], "", ""},
		{createThread, preview, `{"topic":"x",` + never[1:], "retentionPolicy.kind", stable},
		{createThread, stable, `{"topic":"x",` + never[1:], "", ""},

		{updateMessage, old, metadata, "", ""},
		{updateMessage, old, attachments, "attachments", preview},
		{updateMessage, preview, attachments, "", ""},
		{updateMessage, stable, attachments, "attachments", preview},
		{removeParticipant, old, teams, "teamsExtensionUser", stable},
		{removeParticipant, preview, `"8:acs:r_t_u"`, "teamsExtensionUser", stable},
		{removeParticipant, stable, teams, "", ""},
	} {
		t.Run(test.op.name+" "+test.version+" "+test.text, func(t *testing.T) {
			options := ""
			if test.version != "" {
				options = `{"apiVersion":"` + test.version + `","checkLimits":false}` // checkLimits does not turn this check off
			}
			client := newClient(t, chatcore.Options{})
			call := callMethod(t, client, test.op, test.text, options)
			if test.path == "" {
				assert.Equal(t, chatcore.Send, call.Step().Kind, "%v", call.Step().Err)
				return
			}
			e := requireNothingSent(t, client, call, test.op.name, test.path)
			assert.Contains(t, e.Message, "does not exist in api-version")
			assert.Contains(t, e.Hint, `"`+test.hint+`"`)
		})
	}
}
