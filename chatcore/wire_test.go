package chatcore_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// threadURL and messageURL are the URLs of the thread and the message.
const (
	threadURL  = origin + "/chat/threads/19%3Af2167429acf6482880c6b7790a9086c1%40thread.v2"
	messageURL = threadURL + "/messages/1593072104708"
)

// callMethod starts a call of a method with JSON, as a page does. For a list, text is its options.
func callMethod(t *testing.T, client *chatcore.Client, op operation, text, options string) *chatcore.Call {
	t.Helper()
	m := methodNamed(t, op.name)
	if m.List {
		text, options = "", text
	}
	call := m.Call(client, targetIDs, text, options, "")
	call.Start(testStart)
	require.Equal(t, callIDs(call), drainChanged(client))
	return call
}

// TestWire checks the requests of the methods without a sample in the REST documentation.
func TestWire(t *testing.T) {
	const stable = "?api-version=2025-03-15"
	for _, test := range []struct {
		op        operation
		text      string
		url, body string
	}{
		{listThreads, ``, origin + "/chat/threads" + stable, ``},
		{listThreads, `{}`, origin + "/chat/threads" + stable, ``},
		{listThreads, `{"maxPageSize":1}`, origin + "/chat/threads" + stable + "&maxPageSize=1", ``},
		{listThreads, `{"startTime":"2020-06-06T05:55:41.6460000+09:30","maxPageSize":2147483647,"timeoutMs":5}`,
			origin + "/chat/threads" + stable + "&maxPageSize=2147483647&startTime=2020-06-06T05%3A55%3A41.6460000%2B09%3A30", ``},
		{listThreads, `{"apiVersion":"2031-01-01","startTime":""}`, origin + "/chat/threads?api-version=2031-01-01", ``},

		{getThread, ``, threadURL + stable, ``},
		{updateThread, `{"topic":"é \u003c"}`, threadURL + stable, `{"topic":"é <"}`},
		{updateThread, `{"metadata":{"b":"","a":"1"}}`, threadURL + stable, `{"metadata":{"a":"1","b":""}}`},
		{updateThread, `{"retentionPolicy":{"deleteThreadAfterDays":30,"kind":"threadCreationDate"}}`, threadURL + stable, `{"retentionPolicy":{"kind":"threadCreationDate","deleteThreadAfterDays":30}}`},
		{updateThread, `{"retentionPolicy":{"kind":"threadCreationDate","deleteThreadAfterDays":90},"topic":"x"}`, threadURL + stable, `{"topic":"x","retentionPolicy":{"kind":"threadCreationDate","deleteThreadAfterDays":90}}`},
		{updateThread, `{"retentionPolicy":{"kind":"none"}}`, threadURL + stable, `{"retentionPolicy":{"kind":"none"}}`},
		{updateThread, `{}`, threadURL + stable, `{}`},
		{deleteThread, ``, threadURL + stable, ``},

		{listMessages, ``, threadURL + "/messages" + stable, ``},
		{listMessages, `{"maxPageSize":200,"startTime":"1970-01-01T00:00:00Z"}`, threadURL + "/messages" + stable + "&maxPageSize=200&startTime=1970-01-01T00%3A00%3A00Z", ``},
		{getMessage, ``, messageURL + stable, ``},
		{updateMessage, `{"content":"Hi"}`, messageURL + stable, `{"content":"Hi"}`},
		{updateMessage, `{"metadata":{"k":""}}`, messageURL + stable, `{"metadata":{"k":""}}`},
		{updateMessage, `{"metadata":{}}`, messageURL + stable, `{"metadata":{}}`},
		{deleteMessage, ``, messageURL + stable, ``},

		{listParticipants, ``, threadURL + "/participants" + stable, ``},
		{listParticipants, `{"maxPageSize":7,"skip":250}`, threadURL + "/participants" + stable + "&maxPageSize=7&skip=250", ``},
		{listParticipants, `{"skip":0}`, threadURL + "/participants" + stable, ``},
		{removeParticipant, `"8:acs:a_b"`, threadURL + "/participants/:remove" + stable, `{"rawId":"8:acs:a_b","communicationUser":{"id":"8:acs:a_b"}}`},
		{removeParticipant, `{"rawId":"28:bot"}`, threadURL + "/participants/:remove" + stable, `{"rawId":"28:bot"}`},
		{removeParticipant, `{"microsoftTeamsUser":{"userId":"a"}}`, threadURL + "/participants/:remove" + stable, `{"microsoftTeamsUser":{"userId":"a"}}`},

		{sendTypingNotification, ``, threadURL + "/typing" + stable, `{}`},
		{sendTypingNotification, `{}`, threadURL + "/typing" + stable, `{}`},
		{sendTypingNotification, `{"senderDisplayName":"Jane"}`, threadURL + "/typing" + stable, `{"senderDisplayName":"Jane"}`},
		{sendReadReceipt, `{"chatMessageId":"1593072104708"}`, threadURL + "/readReceipts" + stable, `{"chatMessageId":"1593072104708"}`},
		{listReadReceipts, ``, threadURL + "/readReceipts" + stable, ``},
		{listReadReceipts, `{"maxPageSize":1,"skip":1}`, threadURL + "/readReceipts" + stable + "&maxPageSize=1&skip=1", ``},
	} {
		t.Run(test.op.name+" "+test.text, func(t *testing.T) {
			call := callMethod(t, newClient(t, chatcore.Options{}), test.op, test.text, "")
			require.Equal(t, chatcore.Send, call.Step().Kind, "%v", call.Step().Err)
			sent := call.Step().Request
			assert.Equal(t, test.op.httpMethod, sent.Method)
			assert.Equal(t, test.url, sent.URL)
			assert.Equal(t, test.body, sent.Body)
			want := map[string]string{"Authorization": "Bearer " + secretToken}
			switch test.op.httpMethod {
			case "POST":
				want["Content-Type"] = "application/json"
			case "PATCH":
				want["Content-Type"] = "application/merge-patch+json"
			}
			assert.Equal(t, want, headerMap(t, sent.Header))
		})
	}
}

// TestOperationsMatchMethods: the tests' operations are all methods except watchMessages.
func TestOperationsMatchMethods(t *testing.T) {
	known, methods := []string{}, []string{}
	for _, op := range operations {
		known = append(known, op.name)
	}
	for _, m := range chatcore.Methods {
		if m.Live { // watchMessages is not an operation of the service
			continue
		}
		methods = append(methods, m.Name)
		assert.True(t, slices.Contains(known, m.Name),
			"operation_harness_test.go: the list operations has no %s: declare it there, with its Build and Parse functions and its method of Client", m.Name)
	}
	for _, op := range operations {
		if !assert.True(t, slices.Contains(methods, op.name), "jsonapi.go: the list Methods has no %s, which operation_harness_test.go has", op.name) {
			continue
		}
		m := methodNamed(t, op.name)
		assert.Equal(t, op.hasBody(), m.Argument != "", "operation.go: %s is a %s: its field requestName says otherwise", op.name, op.httpMethod)
		assert.Equal(t, op.result == `{"value":[]}`, m.List, "operation.go: %s is a list if its field requestName is options, and its result in operation_harness_test.go says otherwise", op.name)
	}
	if !t.Failed() {
		assert.Equal(t, methods, known, "operation_harness_test.go: the list operations has another order than Methods in jsonapi.go")
	}
}

// TestMethodsMatchGoFunctions: a method with JSON sends the same request as the Go functions build, and returns the same result
// as they parse.
func TestMethodsMatchGoFunctions(t *testing.T) {
	forEachOperation(t, func(t *testing.T, op operation) {
		pasted := methodNamed(t, op.name).Call(newClient(t, chatcore.Options{}), targetIDs, op.request, "", "")
		built := op.call(newClient(t, chatcore.Options{}), chatcore.CallOptions{})
		for _, call := range []*chatcore.Call{pasted, built} {
			call.Start(testStart)
		}
		assert.Equal(t, built.Step(), pasted.Step())
		for _, call := range []*chatcore.Call{pasted, built} {
			respondSuccess(call, testStart, op)
		}
		assert.Equal(t, built.Step(), pasted.Step())
	})
}
