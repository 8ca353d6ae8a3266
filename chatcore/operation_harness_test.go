package chatcore_test

import (
	"reflect"
	"slices"
	"strconv"
	"testing"

	"acschat/chatcore"
)

// operation is what tests of all operations go by.
type operation struct {
	name       string
	method     string
	path       string // of threadID and messageID, as documented: decoded
	apiVersion string
	success    int
	request    string // a small one, where one is needed
	result     string // a small body of a success, where it has one

	// The functions of the package, and the method of its client, that have the operation's parameters.
	buildFunc, parseFunc, callFunc any

	idPrefix string // ids begin with it that are not threadID and messageID
}

// in is the operation in a thread of its own: writes to one target go one after another.
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
		name: "createThread", method: "POST", path: threads, apiVersion: "2024-03-07", success: 201,
		request: `{"topic":"Lunch"}`, result: `{"chatThread":{"id":"19:new@thread.v2"}}`,
		buildFunc: chatcore.BuildCreateChatThread, parseFunc: chatcore.ParseCreateChatThread, callFunc: (*chatcore.Client).CreateThread,
	}
	listThreads = operation{
		name: "listThreads", method: "GET", path: threads, apiVersion: "2025-03-15", success: 200, result: `{"value":[]}`,
		buildFunc: chatcore.BuildListChatThreads, parseFunc: chatcore.ParseListChatThreads, callFunc: (*chatcore.Client).ListThreads,
	}
	getThread = operation{
		name: "getThread", method: "GET", path: thread, apiVersion: "2025-03-15", success: 200, result: `{"id":"19:new@thread.v2"}`,
		buildFunc: chatcore.BuildGetChatThreadProperties, parseFunc: chatcore.ParseGetChatThreadProperties, callFunc: (*chatcore.Client).GetThread,
	}
	updateThread = operation{
		name: "updateThread", method: "PATCH", path: thread, apiVersion: "2025-03-15", success: 204, request: `{"topic":"Lunch"}`,
		buildFunc: chatcore.BuildUpdateChatThreadProperties, parseFunc: chatcore.ParseUpdateChatThreadProperties, callFunc: (*chatcore.Client).UpdateThread,
	}
	deleteThread = operation{
		name: "deleteThread", method: "DELETE", path: thread, apiVersion: "2025-03-15", success: 204,
		buildFunc: chatcore.BuildDeleteChatThread, parseFunc: chatcore.ParseDeleteChatThread, callFunc: (*chatcore.Client).DeleteThread,
	}
	sendMessage = operation{
		name: "sendMessage", method: "POST", path: messages, apiVersion: "2024-03-15-preview", success: 201,
		request: `{"content":"Hi"}`, result: `{"id":"1593072104708"}`,
		buildFunc: chatcore.BuildSendChatMessage, parseFunc: chatcore.ParseSendChatMessage, callFunc: (*chatcore.Client).SendMessage,
	}
	listMessages = operation{
		name: "listMessages", method: "GET", path: messages, apiVersion: "2025-03-15", success: 200, result: `{"value":[]}`,
		buildFunc: chatcore.BuildListChatMessages, parseFunc: chatcore.ParseListChatMessages, callFunc: (*chatcore.Client).ListMessages,
	}
	getMessage = operation{
		name: "getMessage", method: "GET", path: message, apiVersion: "2025-03-15", success: 200, result: `{"id":"1593072104708"}`,
		buildFunc: chatcore.BuildGetChatMessage, parseFunc: chatcore.ParseGetChatMessage, callFunc: (*chatcore.Client).GetMessage,
	}
	updateMessage = operation{
		name: "updateMessage", method: "PATCH", path: message, apiVersion: "2025-03-15", success: 204, request: `{"content":"Hi"}`,
		buildFunc: chatcore.BuildUpdateChatMessage, parseFunc: chatcore.ParseUpdateChatMessage, callFunc: (*chatcore.Client).UpdateMessage,
	}
	deleteMessage = operation{
		name: "deleteMessage", method: "DELETE", path: message, apiVersion: "2025-03-15", success: 204,
		buildFunc: chatcore.BuildDeleteChatMessage, parseFunc: chatcore.ParseDeleteChatMessage, callFunc: (*chatcore.Client).DeleteMessage,
	}
	addParticipants = operation{
		name: "addParticipants", method: "POST", path: thread + "/participants/:add", apiVersion: "2024-03-15-preview", success: 201,
		request: `{"participants":[{"communicationIdentifier":"` + jane + `"}]}`, result: `{}`,
		buildFunc: chatcore.BuildAddChatParticipants, parseFunc: chatcore.ParseAddChatParticipants, callFunc: (*chatcore.Client).AddParticipants,
	}
	listParticipants = operation{
		name: "listParticipants", method: "GET", path: thread + "/participants", apiVersion: "2025-03-15", success: 200, result: `{"value":[]}`,
		buildFunc: chatcore.BuildListChatParticipants, parseFunc: chatcore.ParseListChatParticipants, callFunc: (*chatcore.Client).ListParticipants,
	}
	removeParticipant = operation{
		name: "removeParticipant", method: "POST", path: thread + "/participants/:remove", apiVersion: "2025-03-15", success: 204, request: `"` + jane + `"`,
		buildFunc: chatcore.BuildRemoveChatParticipant, parseFunc: chatcore.ParseRemoveChatParticipant, callFunc: (*chatcore.Client).RemoveParticipant,
	}
	sendTypingNotification = operation{
		name: "sendTypingNotification", method: "POST", path: thread + "/typing", apiVersion: "2025-03-15", success: 200,
		buildFunc: chatcore.BuildSendTypingNotification, parseFunc: chatcore.ParseSendTypingNotification, callFunc: (*chatcore.Client).SendTypingNotification,
	}
	sendReadReceipt = operation{
		name: "sendReadReceipt", method: "POST", path: thread + "/readReceipts", apiVersion: "2025-03-15", success: 200, request: `{"chatMessageId":"1593072104708"}`,
		buildFunc: chatcore.BuildSendReadReceipt, parseFunc: chatcore.ParseSendReadReceipt, callFunc: (*chatcore.Client).SendReadReceipt,
	}
	listReadReceipts = operation{
		name: "listReadReceipts", method: "GET", path: thread + "/readReceipts", apiVersion: "2025-03-15", success: 200, result: `{"value":[]}`,
		buildFunc: chatcore.BuildListReadReceipts, parseFunc: chatcore.ParseListReadReceipts, callFunc: (*chatcore.Client).ListReadReceipts,
	}
)

var operations = []operation{
	createThread, listThreads, getThread, updateThread, deleteThread, sendMessage, listMessages, getMessage, updateMessage, deleteMessage,
	addParticipants, listParticipants, removeParticipant, sendTypingNotification, sendReadReceipt, listReadReceipts,
}

// each runs a test for every operation.
func forEachOperation(t *testing.T, test func(t *testing.T, op operation)) {
	for _, op := range operations {
		t.Run(op.name, func(t *testing.T) { test(t, op) })
	}
}

// eachBut runs it for every operation but one, which is another test's.
func forEachOperationExcept(t *testing.T, other operation, test func(t *testing.T, op operation)) {
	forEachOperation(t, func(t *testing.T, op operation) {
		if op.name != other.name {
			test(t, op)
		}
	})
}

// build builds the request of a text, in the thread and of the message that are named, if any. The repeatability request
// id of a createThread is uuid.
func (op operation) build(e chatcore.Endpoint, apiVersion string, at [2]string, text string) (chatcore.Request, error) {
	if op.name == "createThread" {
		at[0] = uuid
	}
	return op.buildWith(e, apiVersion, at, text)
}

// buildWith is build with all the texts that the function takes: ids, or a repeatability request id.
func (op operation) buildWith(e chatcore.Endpoint, apiVersion string, texts [2]string, text string) (chatcore.Request, error) {
	results, err := op.apply(op.buildFunc, text, e, apiVersion, texts[0], texts[1])
	if err != nil {
		return chatcore.Request{}, err
	}
	err, _ = results[1].Interface().(error)
	return results[0].Interface().(chatcore.Request), err
}

// parse reads an answer; where success has no content, the result is nil.
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

// call makes a call with the small request.
func (op operation) call(c *chatcore.Client, o chatcore.CallOptions) *chatcore.Call {
	results, err := op.apply(op.callFunc, op.request, c, op.idPrefix+threadID, op.idPrefix+messageID, o)
	if err != nil {
		panic(err)
	}
	return results[0].Interface().(*chatcore.Call)
}

// apply calls a function with what is given, as far as it has parameters of those types, and with the request that a text
// says where it has one of another.
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

// lenient says what is wrong where the operation takes any body for its result.
const lenient = "%s takes the body %q for a result: the model of its result needs a method check, which names what the service always sends"

// takesBody tells whether the operation has a body, which may be optional.
func (op operation) hasBody() bool { return op.method == "POST" || op.method == "PATCH" }
