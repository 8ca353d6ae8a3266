//go:build js && wasm && !withoutconversations

package main

import (
	"errors"
	"runtime"
	"syscall/js"

	"acschat/chatcore"
	"acschat/chatstate"
)

// The functions of the class Conversations of chat.js. They are undefined until bindConversations.
var (
	conversationsNewCall, conversationsPassError, conversationsChanged  js.Value
	conversationsPerformEffect, conversationsClosed, conversationsErase js.Value
)

var errStorageFailed = errors.New("the browser's storage has failed")

// bindConversations binds the functions of Conversations, once.
func bindConversations() {
	if !conversationsNewCall.IsUndefined() {
		return
	}
	conversations := currentHost.(*loader).border.Get("conversations")
	for _, f := range [...]borderFunction{
		{&conversationsNewCall, "newCall"}, {&conversationsPassError, "passError"}, {&conversationsChanged, "changed"},
		{&conversationsPerformEffect, "performEffect"}, {&conversationsClosed, "closed"}, {&conversationsErase, "eraseRecords"},
	} {
		*f.target = conversations.Get(f.name)
	}
}

//go:wasmexport acschat.openConversation
func loaderOpenConversation(clientID, id, promiseID, hasStorage, length int32) {
	bindConversations()
	openConversation(int(clientID), int(id), int(promiseID), hasStorage != 0, newArguments(takeText(length), 0))
}

// loaderCallConversation takes one text: the key of a message, a line break, and the arguments.
//
//go:wasmexport acschat.callConversation
func loaderCallConversation(id, method, promiseID, doneID, length int32) {
	key, arguments := splitLine(takeText(length))
	callConversation(int(id), conversationMethod(method), int(promiseID), int(doneID), key, newArguments(arguments, 0))
}

// loaderEffectPerformed takes the answer to an effect. The outcome is 0 if it was performed, 1 if the record has another text, and 2 if the
// storage has failed.
//
//go:wasmexport acschat.effectPerformed
func loaderEffectPerformed(id, number, outcome, length int32) {
	a := chatstate.Answer{Records: decodeRecords(takeText(length)), Differs: outcome == 1}
	if len(a.Records) > 0 {
		a.Sequence = a.Records[0].Sequence
	}
	if outcome == 2 {
		a.Err = errStorageFailed
	}
	if d := findDriver(int(id)); d != nil {
		d.run(func(now chatcore.Instant) { d.answered(now, int(number), a) })
	}
}

// loaderAnnounced takes what another tab has announced. For a conversation the text is the key of a message, a line break, and its id. For an
// inbox it is the key of a record, a line break, and its queue.
//
//go:wasmexport acschat.announced
func loaderAnnounced(id, isGone, length int32) {
	key, name := splitLine(takeText(length))
	if d := findDriver(int(id)); d != nil {
		d.run(func(now chatcore.Instant) { d.announced(now, key, name, isGone != 0) })
	}
}

// splitLine splits a text at its first line break.
func splitLine(text string) (line, rest string) {
	for i := range len(text) {
		if text[i] == '\n' {
			return text[:i], text[i+1:]
		}
	}
	return text, ""
}

// loaderForgotten tells that another tab has called forget.
//
//go:wasmexport acschat.forgotten
func loaderForgotten(id int32) {
	if d := findDriver(int(id)); d != nil {
		d.run(d.forget)
	}
}

//go:wasmexport acschat.openInbox
func loaderOpenInbox(clientID, id, promiseID, hasStorage, length int32) {
	bindConversations()
	openInbox(int(clientID), int(id), int(promiseID), hasStorage != 0, newArguments(takeText(length), 0))
}

//go:wasmexport acschat.markThreadRead
func loaderMarkThreadRead(id, promiseID, length int32) {
	markThreadRead(int(id), int(promiseID), takeText(length))
}

//go:wasmexport acschat.closeInbox
func loaderCloseInbox(id int32) {
	if in := findInbox(int(id)); in != nil {
		in.driver.close()
	}
}

//go:wasmexport acschat.forget
func loaderForget(clientID, promiseID int32) {
	defer rejectOnPanic(int(promiseID))
	bindConversations()
	c := clients[int(clientID)]
	if c == nil {
		currentHost.reject(int(promiseID), newChatError(chatcore.NewClosed("forget")))
		return
	}
	c.forget(int(promiseID))
}

// newUnseenPromise returns the ID of a promise that the page does not see, for a call that the program makes by itself.
func newUnseenPromise(clientID int) int { return conversationsNewCall.Invoke(clientID).Int() }

// passError passes an error for the next stateChanged, which refers to the errors in their order.
func passError(err js.Value) { conversationsPassError.Invoke(err) }

// stateChanged makes chat.js update the snapshot of a conversation or an inbox.
func stateChanged(id int, json string) {
	conversationsChanged.Invoke(id, address(json), len(json))
	runtime.KeepAlive(json)
}

// performEffect makes chat.js perform an effect on the storage, see effectNames. If the effect has an answer, chat.js calls
// loaderEffectPerformed later.
func performEffect(id int, json string) {
	conversationsPerformEffect.Invoke(id, address(json), len(json))
	runtime.KeepAlive(json)
}

func stateClosed(id int) { conversationsClosed.Invoke(id) }

// eraseRecords makes chat.js erase all queues whose names begin with prefix, tell the other tabs, and settle the promise.
func eraseRecords(promiseID int, prefix string) {
	conversationsErase.Invoke(promiseID, address(prefix), len(prefix))
	runtime.KeepAlive(prefix)
}
