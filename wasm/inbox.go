//go:build js && wasm && !withoutconversations

package main

import (
	"strconv"

	"acschat/chatcore"
	"acschat/chatstate"
)

// inbox drives a chatstate.Inbox.
type inbox struct {
	driver stateDriver
	core   *chatstate.Inbox
}

// findInbox returns the open inbox with an ID, or nil.
func findInbox(id int) *inbox {
	if d := findDriver(id); d != nil {
		return d.inbox
	}
	return nil
}

// inbox returns the open inbox of the client, or nil.
func (c *client) inbox() *inbox {
	for id := range pageListeners {
		if in := findInbox(id); in != nil && in.driver.client == c {
			return in
		}
	}
	return nil
}

// tellInbox tells the client's inbox something, if one is open.
func (c *client) tellInbox(tell func(in *inbox, now chatcore.Instant)) {
	if in := c.inbox(); in != nil {
		in.driver.run(func(now chatcore.Instant) { tell(in, now) })
	}
}

// openInbox opens an inbox with this ID, and resolves the promise with it. If the client's inbox is open already, it resolves the promise
// with the ID of that one.
func openInbox(clientID, id, promiseID int, hasStorage bool, a chatcore.Arguments) {
	const operation = "openInbox"
	defer rejectOnPanic(promiseID)
	c := clients[clientID]
	if c == nil {
		currentHost.reject(promiseID, newChatError(chatcore.NewClosed(operation)))
		return
	}
	o, err := chatcore.DecodeInbox(a)
	if err != nil {
		currentHost.reject(promiseID, newChatError(err))
		return
	}
	if in := c.inbox(); in != nil {
		currentHost.resolve(promiseID, strconv.Itoa(in.driver.id))
		return
	}
	in := &inbox{driver: stateDriver{id: id, client: c, operation: operation}}
	in.core = chatstate.OpenInbox(c.core, chatstate.InboxOptions{IntervalMs: o.IntervalMs, Durable: hasStorage && o.Durable != nil && *o.Durable})
	in.driver.inbox = in
	in.driver.drive(promiseID, func(now chatcore.Instant) {
		c.eachConversation(func(v *conversation) { in.core.Join(now, v.core) })
		in.core.Start(now)
	})
}

// markThreadRead marks the messages of a thread as read, and settles the promise.
func markThreadRead(id, promiseID int, threadID string) {
	defer rejectOnPanic(promiseID)
	in := findInbox(id)
	if in == nil {
		currentHost.reject(promiseID, newChatError(chatstate.NewClosed("openInbox")))
		return
	}
	in.driver.waiting[promiseID] = true
	in.driver.run(func(now chatcore.Instant) {
		in.core.MarkRead(now, threadID, func(err error) { in.driver.settleMethod(promiseID, "", err) })
	})
}

// report tells the host what has changed, if anything has. Of the threads only the changed ones cross the border. Conversations of the
// client have changed, too, if they have got a mark from the inbox.
func (in *inbox) report() (hadChanges bool) {
	in.driver.client.eachConversation(func(v *conversation) { v.driver.run(func(chatcore.Instant) {}) })
	changes, fields := in.core.Changed()
	if len(changes) == 0 && fields == 0 {
		return false
	}
	json := changesJSON(len(changes), func(i int) (kind chatstate.ChangeKind, index int, itemJSON string, err *chatcore.Error) {
		c := changes[i]
		if t := c.Thread; t != nil {
			itemJSON = threadJSON(t)
			if t.LastMessage != nil {
				err = t.LastMessage.Error
			}
		}
		return c.Kind, c.Index, itemJSON, err
	})
	if fields&chatstate.StatusChanged != 0 {
		json += statusJSON(in.core.Status())
	}
	if fields&chatstate.DurabilityChanged != 0 {
		json += `,"durability":"` + string(in.core.Durability()) + `"`
	}
	stateChanged(in.driver.id, json+"}")
	return true
}

// threadJSON returns a thread as pages get it, without the error of its last message.
func threadJSON(t *chatstate.Thread) string {
	last := ""
	if t.LastMessage != nil {
		last = `,"lastMessage":` + t.LastMessage.JSON()
	}
	return `{"id":` + chatcore.JSONString(t.ID) + `,"topic":` + chatcore.JSONString(t.Topic) + last + `,"unreadCount":` + strconv.Itoa(t.UnreadCount) +
		`,"unreadIsCapped":` + boolJSON(t.UnreadIsCapped) + `,"left":` + boolJSON(t.Left) + "}"
}
