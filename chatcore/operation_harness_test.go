package chatcore_test

import (
	"reflect"
	"slices"
	"strconv"
	"testing"

	"acschat/chatcore"
)

// operation describes an operation for tests that run over all of them.
type operation struct {
	name       string
	httpMethod string
	path       string // for threadID and messageID, decoded
	apiVersion string
	success    int
	request    string // a small request, if the operation needs one
	result     string // a small body of a success, if it has one

	// The package's build and parse functions and the client's method for the operation.
	buildFunc, parseFunc, callFunc any

	idPrefix string // ids begin with it that are not threadID and messageID
}

// inThread returns the operation in thread number n. Writes to the same thread would wait for one another.
func (op operation) inThread(n int) operation {
	op.idPrefix = strconv.Itoa(n)
	return op
}

const (
	threads  = "/chat/threads"
	thread   = threads + "/" + threadID
	messages = thread + "/messages"
	message  = messages + "/" + messageID
)

var (
	createThread = operation{
		name: "createThread", httpMethod: "POST", path: threads, apiVersion: "2024-03-07", success: 201,
		request: `{"topic":"Lunch"}`, result: `{"chatThread":{"id":"19:new@thread.v2"}}`,
		buildFunc: chatcore.BuildCreateChatThread, parseFunc: chatcore.ParseCreateChatThread, callFunc: (*chatcore.Client).CreateThread,
	}
	listThreads = operation{
		name: "listThreads", httpMethod: "GET", path: threads, apiVersion: "2025-03-15", success: 200, result: `{"value":[]}`,
		buildFunc: chatcore.BuildListChatThreads, parseFunc: chatcore.ParseListChatThreads, callFunc: (*chatcore.Client).ListThreads,
	}
	getThread = operation{
		name: "getThread", httpMethod: "GET", path: thread, apiVersion: "2025-03-15", success: 200, result: `{"id":"19:new@thread.v2"}`,
		buildFunc: chatcore.BuildGetChatThreadProperties, parseFunc: chatcore.ParseGetChatThreadProperties, callFunc: (*chatcore.Client).GetThread,
	}
	updateThread = operation{
		name: "updateThread", httpMethod: "PATCH", path: thread, apiVersion: "2025-03-15", success: 204, request: `{"topic":"Lunch"}`,
		buildFunc: chatcore.BuildUpdateChatThreadProperties, parseFunc: chatcore.ParseUpdateChatThreadProperties, callFunc: (*chatcore.Client).UpdateThread,
	}
	deleteThread = operation{
		name: "deleteThread", httpMethod: "DELETE", path: thread, apiVersion: "2025-03-15", success: 204,
		buildFunc: chatcore.BuildDeleteChatThread, parseFunc: chatcore.ParseDeleteChatThread, callFunc: (*chatcore.Client).DeleteThread,
	}
	sendMessage = operation{
		name: "sendMessage", httpMethod: "POST", path: messages, apiVersion: "2024-03-15-preview", success: 201,
		request: `{"content":"Hi"}`, result: `{"id":"1593072104708"}`,
		buildFunc: chatcore.BuildSendChatMessage, parseFunc: chatcore.ParseSendChatMessage, callFunc: (*chatcore.Client).SendMessage,
	}
	listMessages = operation{
		name: "listMessages", httpMethod: "GET", path: messages, apiVersion: "2025-03-15", success: 200, result: `{"value":[]}`,
		buildFunc: chatcore.BuildListChatMessages, parseFunc: chatcore.ParseListChatMessages, callFunc: (*chatcore.Client).ListMessages,
	}
	getMessage = operation{
		name: "getMessage", httpMethod: "GET", path: message, apiVersion: "2025-03-15", success: 200, result: `{"id":"1593072104708"}`,
		buildFunc: chatcore.BuildGetChatMessage, parseFunc: chatcore.ParseGetChatMessage, callFunc: (*chatcore.Client).GetMessage,
	}
	updateMessage = operation{
		name: "updateMessage", httpMethod: "PATCH", path: message, apiVersion: "2025-03-15", success: 204, request: `{"content":"Hi"}`,
		buildFunc: chatcore.BuildUpdateChatMessage, parseFunc: chatcore.ParseUpdateChatMessage, callFunc: (*chatcore.Client).UpdateMessage,
	}
	deleteMessage = operation{
		name: "deleteMessage", httpMethod: "DELETE", path: message, apiVersion: "2025-03-15", success: 204,
		buildFunc: chatcore.BuildDeleteChatMessage, parseFunc: chatcore.ParseDeleteChatMessage, callFunc: (*chatcore.Client).DeleteMessage,
	}
	addParticipants = operation{
		name: "addParticipants", httpMethod: "POST", path: thread + "/participants/:add", apiVersion: "2024-03-15-preview", success: 201,
		request: `{"participants":[{"communicationIdentifier":"` + jane + `"}]}`, result: `{}`,
		buildFunc: chatcore.BuildAddChatParticipants, parseFunc: chatcore.ParseAddChatParticipants, callFunc: (*chatcore.Client).AddParticipants,
	}
	listParticipants = operation{
		name: "listParticipants", httpMethod: "GET", path: thread + "/participants", apiVersion: "2025-03-15", success: 200, result: `{"value":[]}`,
		buildFunc: chatcore.BuildListChatParticipants, parseFunc: chatcore.ParseListChatParticipants, callFunc: (*chatcore.Client).ListParticipants,
	}
	removeParticipant = operation{
		name: "removeParticipant", httpMethod: "POST", path: thread + "/participants/:remove", apiVersion: "2025-03-15", success: 204, request: `"` + jane + `"`,
		buildFunc: chatcore.BuildRemoveChatParticipant, parseFunc: chatcore.ParseRemoveChatParticipant, callFunc: (*chatcore.Client).RemoveParticipant,
	}
	sendTypingNotification = operation{
		name: "sendTypingNotification", httpMethod: "POST", path: thread + "/typing", apiVersion: "2025-03-15", success: 200,
		buildFunc: chatcore.BuildSendTypingNotification, parseFunc: chatcore.ParseSendTypingNotification, callFunc: (*chatcore.Client).SendTypingNotification,
	}
	sendReadReceipt = operation{
		name: "sendReadReceipt", httpMethod: "POST", path: thread + "/readReceipts", apiVersion: "2025-03-15", success: 200, request: `{"chatMessageId":"1593072104708"}`,
		buildFunc: chatcore.BuildSendReadReceipt, parseFunc: chatcore.ParseSendReadReceipt, callFunc: (*chatcore.Client).SendReadReceipt,
	}
	listReadReceipts = operation{
		name: "listReadReceipts", httpMethod: "GET", path: thread + "/readReceipts", apiVersion: "2025-03-15", success: 200, result: `{"value":[]}`,
		buildFunc: chatcore.BuildListReadReceipts, parseFunc: chatcore.ParseListReadReceipts, callFunc: (*chatcore.Client).ListReadReceipts,
	}
)

var operations = []operation{
	createThread, listThreads, getThread, updateThread, deleteThread, sendMessage, listMessages, getMessage, updateMessage, deleteMessage,
	addParticipants, listParticipants, removeParticipant, sendTypingNotification, sendReadReceipt, listReadReceipts,
}

// forEachOperation runs a test for every operation.
func forEachOperation(t *testing.T, test func(t *testing.T, op operation)) {
	for _, op := range operations {
		t.Run(op.name, func(t *testing.T) { test(t, op) })
	}
}

// forEachOperationExcept runs a test for every operation except one.
func forEachOperationExcept(t *testing.T, other operation, test func(t *testing.T, op operation)) {
	forEachOperation(t, func(t *testing.T, op operation) {
		if op.name != other.name {
			test(t, op)
		}
	})
}

// build builds the request from its JSON text, for a thread and a message if the operation has them. The repeatability request
// id of createThread is uuid.
func (op operation) build(e chatcore.Endpoint, apiVersion string, at [2]string, text string) (chatcore.Request, error) {
	if op.name == "createThread" {
		at[0] = uuid
	}
	return op.buildWith(e, apiVersion, at, text)
}

// buildWith is build with all string parameters: ids, or a repeatability request id.
func (op operation) buildWith(e chatcore.Endpoint, apiVersion string, texts [2]string, text string) (chatcore.Request, error) {
	results, err := op.apply(op.buildFunc, text, e, apiVersion, texts[0], texts[1])
	if err != nil {
		return chatcore.Request{}, err
	}
	err, _ = results[1].Interface().(error)
	return results[0].Interface().(chatcore.Request), err
}

// parse parses a response. The result is nil if a success has no content.
func (op operation) parse(resp chatcore.Response) (chatcore.Result, error) {
	results, _ := op.apply(op.parseFunc, "", resp)
	err, _ := results[len(results)-1].Interface().(error)
	if len(results) == 1 {
		return nil, err
	}
	result := reflect.New(results[0].Type())
	result.Elem().Set(results[0])
	return result.Interface().(chatcore.Result), err
}

// call returns a call with op.request.
func (op operation) call(c *chatcore.Client, o chatcore.CallOptions) *chatcore.Call {
	results, err := op.apply(op.callFunc, op.request, c, op.idPrefix+threadID, op.idPrefix+messageID, o)
	if err != nil {
		panic(err)
	}
	return results[0].Interface().(*chatcore.Call)
}

// apply calls a function. Each parameter gets the first remaining value in given of its type. A parameter of any other type is
// a request, decoded from text.
func (op operation) apply(function any, text string, given ...any) ([]reflect.Value, error) {
	f := reflect.ValueOf(function)
	var arguments []reflect.Value
	for i := range f.Type().NumIn() {
		want := f.Type().In(i)
		of := func(value any) bool { return reflect.TypeOf(value) == want }
		if at := slices.IndexFunc(given, of); at >= 0 {
			arguments = append(arguments, reflect.ValueOf(given[at]))
			given = slices.Delete(given, at, at+1)
			continue
		}
		request := reflect.New(want)
		if err := chatcore.Decode(op.name, text, request.Interface()); err != nil {
			return nil, err
		}
		arguments = append(arguments, request.Elem())
	}
	return f.Call(arguments), nil
}

// acceptsAnyBody is the message where an operation accepts any body as its result.
const acceptsAnyBody = "%s accepts the body %q as its result: add a method check to the model of its result, which names what the service always sends"

// hasBody reports whether the operation has a request body, perhaps optional.
func (op operation) hasBody() bool { return op.httpMethod == "POST" || op.httpMethod == "PATCH" }
