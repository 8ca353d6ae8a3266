//go:build js && wasm && !withoutconversations

package main

import (
	"strconv"

	"acschat/chatcore"
	"acschat/chatstate"
)

// Conversations and inboxes exist in pages that use chat.js. The rest of the bridge does not refer to their code, so that a build can leave
// it out with the tag withoutconversations. It tells them of events through the interface pageListener.

// conversation drives a chatstate.Conversation.
type conversation struct {
	driver   stateDriver
	threadID string
	core     *chatstate.Conversation
	sends    map[string]int // by key, the promise of a message that is not sent yet
}

// findConversation returns the open conversation with an ID, or nil.
func findConversation(id int) *conversation {
	if d := findDriver(id); d != nil {
		return d.conversation
	}
	return nil
}

// eachConversation calls f with the open conversations of a client.
func (c *client) eachConversation(f func(v *conversation)) {
	for id := range pageListeners {
		if v := findConversation(id); v != nil && v.driver.client == c {
			f(v)
		}
	}
}

// openConversation opens a conversation with this ID, and resolves the promise with it. If the thread's conversation is open already, it
// resolves the promise with the ID of that one.
func openConversation(clientID, id, promiseID int, hasStorage bool, a chatcore.Arguments) {
	const operation = "openConversation"
	defer rejectOnPanic(promiseID)
	c := clients[clientID]
	if c == nil {
		currentHost.reject(promiseID, newChatError(chatcore.NewClosed(operation)))
		return
	}
	threadID, o, err := c.core.DecodeConversation(a)
	if err != nil {
		currentHost.reject(promiseID, newChatError(err))
		return
	}
	openID := 0
	c.eachConversation(func(v *conversation) {
		if v.threadID == threadID {
			openID = v.driver.id
		}
	})
	if openID != 0 {
		currentHost.resolve(promiseID, strconv.Itoa(openID))
		return
	}
	v := &conversation{driver: stateDriver{id: id, client: c, operation: operation}, threadID: threadID, sends: map[string]int{}}
	v.core = chatstate.Open(c.core, threadID, chatstate.Options{
		SenderDisplayName: o.SenderDisplayName, PageSize: o.PageSize, IntervalMs: o.IntervalMs, Durable: hasStorage && o.Durable != nil && *o.Durable,
		NewToken: newSendToken, UnixMs: unixMs,
	})
	v.driver.conversation = v
	v.driver.drive(promiseID, v.core.Start)
	c.tellInbox(func(in *inbox, now chatcore.Instant) { in.core.Join(now, v.core) })
}

// settle settles the promise of a message that has left the queue. A message from an earlier page has none.
func (v *conversation) settle(e chatstate.Effect) {
	promiseID := v.sends[e.Key]
	if promiseID == 0 {
		return
	}
	delete(v.sends, e.Key)
	if e.Err != nil {
		currentHost.reject(promiseID, newChatError(e.Err))
		return
	}
	currentHost.resolve(promiseID, `{"id":`+chatcore.JSONString(e.ID)+`}`)
}

func (v *conversation) removed(err *chatcore.Error) {
	for key := range v.sends {
		v.settle(chatstate.Effect{Key: key, Err: err})
	}
	v.driver.client.tellInbox(func(in *inbox, now chatcore.Instant) { in.core.Part(now, v.core) })
}
