package chatcore_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

func TestMethods(t *testing.T) {
	methods := []string{}
	for _, m := range chatcore.Methods {
		arguments := append([]string{}, m.IDs...)
		if m.Argument != "" {
			arguments = append(arguments, m.Argument)
		}
		if m.Optional {
			arguments = append(arguments, "?")
		}
		text := m.Name + "(" + strings.Join(arguments, " ") + ")"
		if m.List {
			text += " list"
		}
		methods = append(methods, text)
	}
	assert.Equal(t, []string{
		"createThread(request)", "listThreads() list", "getThread(threadId)", "updateThread(threadId request)", "deleteThread(threadId)",
		"sendMessage(threadId request)", "listMessages(threadId) list", "getMessage(threadId messageId)",
		"updateMessage(threadId messageId request)", "deleteMessage(threadId messageId)",
		"addParticipants(threadId request)", "listParticipants(threadId) list", "removeParticipant(threadId identifier)",
		"sendTypingNotification(threadId request ?)", "sendReadReceipt(threadId request)", "listReadReceipts(threadId) list",
		"watchMessages(threadId) list",
	}, methods, "jsonapi_test.go: this list (expected) and Methods in jsonapi.go (actual) differ: a new method needs a line here")
}

// TestMethodsAgreeWithBuild: a method given a sample's JSON sends the same request as Go code.
func TestMethodsAgreeWithBuild(t *testing.T) {
	for _, sample := range samples {
		text := readTestdata(t, sample.dir+"/request.json")
		options := ""
		if sample.repeatabilityRequestID != "" {
			options = `{"idempotencyToken":"` + sample.repeatabilityRequestID + `"}`
		}
		client := newClient(t, chatcore.Options{NewUUID: func() string { return "made" }})
		call := methodNamed(t, sample.op.name).Call(client, [2]string{sample.threadID}, text, options, "")
		call.Start(testStart)
		require.Equal(t, chatcore.Send, call.Step().Kind)

		texts := [2]string{sample.threadID + sample.repeatabilityRequestID}
		if texts[0] == "" {
			texts[0] = "made"
		}
		built, err := sample.op.buildWith(testEndpoint(t), "", texts, text)
		require.NoError(t, err)
		sent := call.Step().Request
		assert.Equal(t, chatcore.HeaderField{Name: "Authorization", Value: "Bearer " + secretToken}, sent.Header[0])
		assert.Equal(t, built.Header, sent.Header[1:])
		sent.Header = built.Header
		assert.Equal(t, built, sent)

		body := readTestdata(t, sample.dir+"/response-201.json")
		respond(call, testStart+1, 201, body)
		require.Equal(t, chatcore.Done, call.Step().Kind)
		assert.JSONEq(t, body, call.Step().Result.JSON())
	}
}

// TestMethodsRejectInvalidArguments: with invalid arguments a method returns a call that fails when it starts, and sends
// nothing.
func TestMethodsRejectInvalidArguments(t *testing.T) {
	for _, test := range []struct{ method, threadID, request, options, path string }{
		{"createThread", "", `{}`, ``, "topic"},
		{"createThread", "", `{"topic":1}`, ``, "topic"},
		{"createThread", "", ``, ``, "request"},
		{"createThread", "", `{"topic":"Lunch"}`, `{"x":1}`, "options.x"},
		{"addParticipants", "", `{"participants":[{"communicationIdentifier":"a"}]}`, ``, "threadId"},
		{"addParticipants", "..", `{"participants":[{"communicationIdentifier":"a"}]}`, ``, "threadId"},
		{"sendMessage", ".", `{"content":"Hi"}`, ``, "threadId"},
		{"sendMessage", threadID, `{"content":"Hi","attachments":[{"id":"a","attachmentType":"file"}]}`, `{"apiVersion":"2025-03-15"}`, "attachments"},
	} {
		client := newCallbackClient(t)
		call := methodNamed(t, test.method).Call(client, [2]string{test.threadID}, test.request, test.options, "")
		assert.Empty(t, drainChanged(client), "nothing happens until it starts")
		call.Observe()
		call.Start(testStart)
		assert.Equal(t, callIDs(call), drainChanged(client))
		e := requireInvalidArgument(t, requireFailed(t, call, chatcore.InvalidArgument), test.method, test.path)
		assert.Zero(t, e.Attempts)
		_, exchanged := client.NextExchange()
		assert.False(t, exchanged)
		assert.Zero(t, client.TokenFlight())
	}
}

// TestSyntaxErrorInOptions: the error is about the options, not about the request.
func TestSyntaxErrorInOptions(t *testing.T) {
	call := methodNamed(t, "sendMessage").Call(newClient(t, chatcore.Options{}), targetIDs, `{"content":"Hi"}`, `{"timeoutMs":}`, "")
	call.Start(testStart)
	requireInvalidArgument(t, call.Step().Err, "sendMessage", "options")
}

func TestCallIDs(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	for i, op := range operations {
		assert.Equal(t, i+1, op.call(client, chatcore.CallOptions{}).ID())
	}
	assert.Equal(t, len(operations)+1, methodNamed(t, "sendMessage").Call(client, [2]string{}, "", "", "").ID(), "calls with invalid arguments have ids too")
}
