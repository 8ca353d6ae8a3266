//go:build js && wasm && !withoutconversations

package main

import (
	"strconv"

	"acschat/chatcore"
	"acschat/chatstate"
)

// stateDriver performs the effects of a conversation or an inbox.
type stateDriver struct {
	id        int // by which the host knows it
	client    *client
	operation string       // that has opened it
	waiting   map[int]bool // the promises of its methods that are not settled
	isRunning bool

	conversation *conversation // nil for an inbox
	inbox        *inbox        // nil for a conversation
}

// effectNames are the effects that the host performs.
var effectNames = [...]string{
	chatstate.RequestLock: "requestLock", chatstate.ReleaseLock: "releaseLock", chatstate.ListRecords: "listRecords",
	chatstate.PutRecord: "putRecord", chatstate.RemoveRecord: "removeRecord", chatstate.Announce: "announce",
}

// drive registers a conversation or an inbox, resolves the promise with its ID, and starts it.
func (d *stateDriver) drive(promiseID int, start func(now chatcore.Instant)) {
	d.waiting = map[int]bool{}
	pageListeners[d.id] = d
	currentHost.resolve(promiseID, strconv.Itoa(d.id))
	d.client.followVisibility()
	d.run(func(now chatcore.Instant) {
		if !isOnline() {
			d.setOnline(now, false)
		}
		if d.inbox != nil {
			d.inbox.core.SetHidden(now, isHidden())
		}
		start(now)
	})
}

// findDriver returns the driver of the open conversation or inbox with an ID, or nil.
func findDriver(id int) *stateDriver {
	d, _ := pageListeners[id].(*stateDriver)
	return d
}

// run calls notify, which tells the state what happened, and then does what the state asks for. After a panic the state ends, but not the
// program.
func (d *stateDriver) run(notify func(now chatcore.Instant)) {
	if d.isRunning { // the outer run does the rest
		notify(now())
		return
	}
	d.isRunning = true
	defer func() {
		d.isRunning = false
		if r := recover(); r != nil {
			d.fail(panicError(r))
		}
	}()
	notify(now())
	for isBusy := true; isBusy; {
		isBusy = false
		for e, ok := d.next(); ok; e, ok = d.next() {
			isBusy = true
			d.perform(e)
		}
		isBusy = d.report() || isBusy
	}
	d.setTimer()
}

func (d *stateDriver) setTimer() {
	if deadline := d.deadline(); deadline != 0 {
		timer.fireBy(deadline)
	}
}

func (d *stateDriver) elapsed() {
	if deadline := d.deadline(); deadline != 0 && deadline <= now() {
		d.run(d.elapse)
	} else {
		d.setTimer()
	}
}

func (d *stateDriver) perform(e chatstate.Effect) {
	switch e.Kind {
	case chatstate.StartCall:
		d.client.startUnseen(e.Call, func() { d.callEnded(e.Call) })
	case chatstate.AbortCall:
		abort(e.Call.Driver.(*call).promiseID, errAborted)
	case chatstate.Settle:
		d.conversation.settle(e)
	default:
		performEffect(d.id, `{"kind":"`+effectNames[e.Kind]+`","number":`+strconv.Itoa(e.Number)+`,"queue":`+chatcore.JSONString(e.Queue)+
			`,"sequence":`+strconv.FormatInt(e.Record.Sequence, 10)+`,"key":`+chatcore.JSONString(e.Record.Key+e.Key)+`,"text":`+chatcore.JSONString(e.Record.Text)+
			`,"expected":`+chatcore.JSONString(e.Expected)+`,"id":`+chatcore.JSONString(e.ID)+`,"isGone":`+boolJSON(e.IsGone)+`}`)
	}
}

// callEnded tells the state that one of its calls has ended.
func (d *stateDriver) callEnded(core *chatcore.Call) {
	if pageListeners[d.id] != nil {
		d.run(func(now chatcore.Instant) { d.ended(now, core) })
	}
}

// startUnseen starts a call whose promise the page does not see.
func (c *client) startUnseen(core *chatcore.Call, ended func()) {
	c.start(&call{promiseID: newUnseenPromise(c.id), core: core, ended: ended}, 0)
}

// fail ends the state after a panic.
func (d *stateDriver) fail(err *chatcore.Error) {
	d.remove(err)
	passError(newChatError(err))
	stateChanged(d.id, `{"changes":[],"status":"ended","hasError":true}`)
}

func (d *stateDriver) close() {
	d.run(d.closeCore)
	d.remove(chatstate.NewClosed(d.operation))
	stateClosed(d.id)
}

func (d *stateDriver) clientClosed(c *client) {
	if d.client == c {
		d.close()
	}
}

// threadChanged tells an inbox. A conversation has a watch, which the client tells.
func (d *stateDriver) threadChanged(c *client, threadID, version string) {
	if d.client == c && d.inbox != nil {
		d.run(func(now chatcore.Instant) { d.inbox.core.Wake(now, threadID, version) })
	}
}

// remove forgets the conversation or inbox, and ends what is left of it.
func (d *stateDriver) remove(err *chatcore.Error) {
	delete(pageListeners, d.id)
	for promiseID := range d.waiting {
		d.settleMethod(promiseID, "", err)
	}
	if d.conversation != nil {
		d.conversation.removed(err)
	}
}

// settleMethod settles the promise of a method, once.
func (d *stateDriver) settleMethod(promiseID int, json string, err error) {
	if !d.waiting[promiseID] {
		return
	}
	delete(d.waiting, promiseID)
	switch err {
	case nil:
		currentHost.resolve(promiseID, json)
	default:
		currentHost.reject(promiseID, newChatError(err))
	}
}

func boolJSON(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

// statusJSON returns the members of a report for a status and its error.
func statusJSON(status chatstate.Status, err *chatcore.Error) string {
	return `,"status":"` + string(status) + `","hasError":` + boolJSON(reportError(err))
}

// reportError passes an error to the host for the next report, unless it is nil.
func reportError(err *chatcore.Error) bool {
	if err != nil {
		passError(newChatError(err))
	}
	return err != nil
}

// changesJSON returns the beginning of a report: a list of changes. Each is a list: the index, how many items are removed there, and the
// item that is inserted there, if one is, with whether it has an error. itemJSON returns "" if none is inserted.
func changesJSON(count int, change func(i int) (kind chatstate.ChangeKind, index int, itemJSON string, err *chatcore.Error)) string {
	buffer := []byte(`{"changes":[`) // a page of changes is long: adding to a string would copy it for each
	for i := range count {
		kind, index, itemJSON, err := change(i)
		removed := "1"
		if kind == chatstate.Insert {
			removed = "0"
		}
		if i > 0 {
			buffer = append(buffer, ',')
		}
		buffer = append(buffer, "["+strconv.Itoa(index)+","+removed...)
		if itemJSON != "" {
			buffer = append(buffer, ","+itemJSON+","+boolJSON(reportError(err))...)
		}
		buffer = append(buffer, ']')
	}
	return string(append(buffer, ']'))
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
		if d := findDriver(id); d.client.core.Endpoint() == c.core.Endpoint() && d.client.core.UserID() == c.core.UserID() {
			d.run(d.forget)
		}
	}
	eraseRecords(promiseID, chatstate.QueuePrefix(c.core.Endpoint(), c.core.UserID()))
}
