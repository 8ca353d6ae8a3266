//go:build js && wasm && !withoutconversations

package main

import (
	"strconv"

	"acschat/chatcore"
	"acschat/chatstate"
)

// Conversations exist in pages that use chat.js. The rest of the bridge does not refer to their code, so that a build can leave it out
// with the tag withoutconversations. It tells them of events through the interface pageListener.

// conversation drives a chatstate.Conversation.
type conversation struct {
	id        int // by which the host knows it
	threadID  string
	client    *client
	core      *chatstate.Conversation
	sends     map[string]int // by key, the promise of a message that is not sent yet
	waiting   map[int]bool   // the promises of its methods that are not settled
	isRunning bool
}

// findConversation returns the open conversation with an ID, or nil.
func findConversation(id int) *conversation {
	v, _ := pageListeners[id].(*conversation)
	return v
}

// effectNames are the effects that the host performs.
var effectNames = [...]string{
	chatstate.RequestLock: "requestLock", chatstate.ReleaseLock: "releaseLock", chatstate.ListRecords: "listRecords",
	chatstate.PutRecord: "putRecord", chatstate.RemoveRecord: "removeRecord", chatstate.Announce: "announce",
}

// openConversation opens a conversation with this ID, and resolves the promise with it. If the thread's conversation is open already, it
// resolves the promise with the ID of that one.
func openConversation(clientID, id, promiseID int, hasStorage bool, a chatcore.Arguments) {
	defer rejectOnPanic(promiseID)
	c := clients[clientID]
	if c == nil {
		currentHost.reject(promiseID, newChatError(chatcore.NewClosed("openConversation")))
		return
	}
	threadID, o, err := c.core.DecodeConversation(a)
	if err != nil {
		currentHost.reject(promiseID, newChatError(err))
		return
	}
	for id := range pageListeners {
		if v := findConversation(id); v != nil && v.client == c && v.threadID == threadID {
			currentHost.resolve(promiseID, strconv.Itoa(v.id))
			return
		}
	}
	v := &conversation{id: id, threadID: threadID, client: c, sends: map[string]int{}, waiting: map[int]bool{}}
	v.core = chatstate.Open(c.core, threadID, chatstate.Options{
		SenderDisplayName: o.SenderDisplayName, PageSize: o.PageSize, IntervalMs: o.IntervalMs, Durable: hasStorage && o.Durable != nil && *o.Durable,
		NewToken: newSendToken, UnixMs: unixMs,
	})
	pageListeners[id] = v
	currentHost.resolve(promiseID, strconv.Itoa(id))
	c.followVisibility()
	v.run(func(now chatcore.Instant) {
		if !isOnline() {
			v.core.SetOnline(now, false)
		}
		v.core.Start(now)
	})
}

// run calls notify, which tells the conversation what happened, and then does what the conversation asks for. After a panic the
// conversation ends, but not the program.
func (v *conversation) run(notify func(now chatcore.Instant)) {
	if v.isRunning { // the outer run does the rest
		notify(now())
		return
	}
	v.isRunning = true
	defer func() {
		v.isRunning = false
		if r := recover(); r != nil {
			v.fail(panicError(r))
		}
	}()
	notify(now())
	for e, ok := v.core.Next(); ok; e, ok = v.core.Next() {
		v.perform(e)
	}
	v.report()
	v.setTimer()
}

func (v *conversation) setTimer() {
	if deadline := v.core.Deadline(); deadline != 0 {
		timer.fireBy(deadline)
	}
}

func (v *conversation) perform(e chatstate.Effect) {
	switch e.Kind {
	case chatstate.StartCall:
		v.client.startUnseen(e.Call, func() { v.callEnded(e.Call) })
	case chatstate.AbortCall:
		abort(e.Call.Driver.(*call).promiseID, errAborted)
	case chatstate.Settle:
		v.settle(e)
	default:
		performEffect(v.id, `{"kind":"`+effectNames[e.Kind]+`","number":`+strconv.Itoa(e.Number)+`,"queue":`+chatcore.JSONString(e.Queue)+
			`,"sequence":`+strconv.FormatInt(e.Record.Sequence, 10)+`,"key":`+chatcore.JSONString(e.Record.Key+e.Key)+`,"text":`+chatcore.JSONString(e.Record.Text)+
			`,"expected":`+chatcore.JSONString(e.Expected)+`,"id":`+chatcore.JSONString(e.ID)+`,"isGone":`+strconv.FormatBool(e.IsGone)+`}`)
	}
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

// callEnded tells the conversation that one of its calls has ended.
func (v *conversation) callEnded(core *chatcore.Call) {
	if findConversation(v.id) == v {
		v.run(func(now chatcore.Instant) { v.core.Ended(now, core) })
	}
}

// startUnseen starts a call whose promise the page does not see.
func (c *client) startUnseen(core *chatcore.Call, ended func()) {
	c.start(&call{promiseID: newUnseenPromise(c.id), core: core, ended: ended}, 0)
}

// fail ends a conversation after a panic.
func (v *conversation) fail(err *chatcore.Error) {
	v.remove(err)
	passError(newChatError(err))
	conversationChanged(v.id, `{"changes":[],"status":"ended","hasError":true}`)
}

// close closes the conversation.
func (v *conversation) close() {
	v.run(v.core.Close)
	v.remove(chatstate.NewClosed("openConversation"))
	conversationClosed(v.id)
}

// remove forgets the conversation, and ends what is left of it.
func (v *conversation) remove(err *chatcore.Error) {
	delete(pageListeners, v.id)
	for key := range v.sends {
		v.settle(chatstate.Effect{Key: key, Err: err})
	}
	for promiseID := range v.waiting {
		v.settleMethod(promiseID, "", err)
	}
}

// effectPerformed takes the host's answer to an effect.
func effectPerformed(id, number int, a chatstate.Answer) {
	if v := findConversation(id); v != nil {
		v.run(func(now chatcore.Instant) { v.core.Answered(now, number, a) })
	}
}

// decodeRecords reads records from the host: the sequence, the key and the text of each, with a NUL after each.
func decodeRecords(text string) (records []chatstate.Record) {
	var parts [3]string
	n, start := 0, 0
	for i := range len(text) {
		if text[i] != 0 {
			continue
		}
		parts[n] = text[start:i]
		start = i + 1
		if n++; n == len(parts) {
			n = 0
			sequence := int64(0) // strconv.ParseInt would add 6 KB to the download
			for _, digit := range parts[0] {
				sequence = sequence*10 + int64(digit-'0')
			}
			records = append(records, chatstate.Record{Sequence: sequence, Key: parts[1], Text: parts[2]})
		}
	}
	return records
}

// suspended makes the conversation release its lock.
func (v *conversation) suspended() { v.run(v.core.Freeze) }

func (v *conversation) resumed() { v.run(v.core.Resume) }

func (v *conversation) networkChanged() {
	v.run(func(now chatcore.Instant) { v.core.SetOnline(now, isOnline()) })
}

func (v *conversation) elapsed() {
	if deadline := v.core.Deadline(); deadline != 0 && deadline <= now() {
		v.run(v.core.Elapsed)
	} else {
		v.setTimer()
	}
}

func (v *conversation) clientClosed(c *client) {
	if v.client == c {
		v.close()
	}
}

// forget discards the pending messages of the client's user in this page, and erases what the user has in the storage. If the user is not
// known yet, it asks for a token first, with a call.
func (c *client) forget(promiseID int) {
	if c.core.UserID() != "" {
		c.erase(promiseID)
		return
	}
	core := c.core.ListThreads(chatcore.ListChatThreadsOptions{MaxPageSize: 1}, chatcore.CallOptions{})
	c.startUnseen(core, func() {
		if err := core.Step().Err; err != nil && c.core.UserID() == "" {
			currentHost.reject(promiseID, newChatError(err))
			return
		}
		c.erase(promiseID)
	})
}

func (c *client) erase(promiseID int) {
	for id := range pageListeners {
		if v := findConversation(id); v != nil && v.client.core.Endpoint() == c.core.Endpoint() && v.client.core.UserID() == c.core.UserID() {
			v.run(v.core.Forget)
		}
	}
	eraseRecords(promiseID, chatstate.QueuePrefix(c.core.Endpoint(), c.core.UserID()))
}
