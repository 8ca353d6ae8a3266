//go:build js && wasm && !withoutconversations

package main

import (
	"acschat/chatcore"
	"acschat/chatstate"
)

// conversationMethod is a method of a conversation, by its index in the list of web/conversation.js.
type conversationMethod int

const (
	sendMethod conversationMethod = iota
	editMethod
	cancelMethod
	retryMethod
	discardMethod
	loadOlderMethod
	loadNewerMethod
	jumpToNewestMethod
	markReadMethod
	closeMethod
)

// callConversation calls a method of a conversation, and settles its promise, perhaps later. Send has a second promise, which is settled when
// the message has left the queue. The key of a message, or the id for markRead, is in front of the arguments.
func callConversation(id int, method conversationMethod, promiseID, doneID int, key string, a chatcore.Arguments) {
	defer rejectOnPanic(promiseID)
	v := findConversation(id)
	if v == nil {
		currentHost.resolve(doneID, "")
		currentHost.reject(promiseID, newChatError(chatstate.NewClosed("openConversation")))
		return
	}
	v.driver.waiting[promiseID] = true
	answer := func(ok bool) { v.driver.settleMethod(promiseID, boolJSON(ok), nil) }
	done := func(err error) { v.driver.settleMethod(promiseID, "", err) }
	switch method {
	case sendMethod:
		request, err := chatcore.DecodeMessageArgument(a)
		if err == nil {
			v.driver.run(func(now chatcore.Instant) {
				key, err = v.core.Send(now, request)
				if err == nil {
					v.sends[key] = doneID
				}
			})
		}
		if err != nil {
			currentHost.resolve(doneID, "")
		}
		v.driver.settleMethod(promiseID, chatcore.JSONString(key), err)
	case editMethod:
		request, err := chatcore.DecodeMessageArgument(a)
		if err == nil {
			v.driver.run(func(now chatcore.Instant) { err = v.core.Edit(now, key, request, answer) })
		}
		if err != nil {
			done(err)
		}
	case cancelMethod:
		v.driver.run(func(now chatcore.Instant) { v.core.Cancel(now, key, answer) })
	case retryMethod:
		v.driver.run(func(now chatcore.Instant) { answer(v.core.Retry(now, key)) })
	case discardMethod:
		v.driver.run(func(now chatcore.Instant) { answer(v.core.Discard(now, key)) })
	case loadOlderMethod:
		v.driver.run(func(now chatcore.Instant) { v.core.LoadOlder(now, done) })
	case loadNewerMethod:
		v.driver.run(func(now chatcore.Instant) { v.core.LoadNewer(now, done) })
	case jumpToNewestMethod:
		v.driver.run(func(now chatcore.Instant) { v.core.JumpToNewest(now, done) })
	case markReadMethod:
		v.driver.run(func(now chatcore.Instant) { v.core.MarkRead(now, key, done) })
	case closeMethod:
		delete(v.driver.waiting, promiseID)
		v.driver.close()
		currentHost.resolve(promiseID, "")
	}
}
