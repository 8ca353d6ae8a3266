package chathttp

import (
	"acschat/chatcore"
	"acschat/chatstate"
)

// inboxDriver performs the effects of a chatstate.Inbox. The client's mu guards it.
type inboxDriver struct {
	client  *Client
	core    *chatstate.Inbox
	inboxes map[*Inbox]struct{} // that are open
	closed  chan struct{}
	storage *conversationStorage // nil: there is none
	view    inboxView

	timer deadlineTimer // for the core's Deadline
}

func newInboxDriver(c *Client, o InboxOptions) *inboxDriver {
	d := &inboxDriver{
		client: c, inboxes: map[*Inbox]struct{}{}, closed: make(chan struct{}),
		view: inboxView{watchers: map[chan struct{}]struct{}{}},
	}
	d.core = chatstate.OpenInbox(c.core, chatstate.InboxOptions{IntervalMs: milliseconds(o.Interval), Durable: c.storage != nil})
	if c.storage != nil {
		d.storage = newConversationStorage(d, c)
	}
	d.timer = newDeadlineTimer(func() {
		d.tell(func(now chatcore.Instant) {
			d.timer.dueAt = 0
			d.core.Elapsed(now)
		})
	})
	return d
}

// performEffects performs the effects of the inbox. It reports whether there were any.
func (d *inboxDriver) performEffects(now chatcore.Instant) (hadEffects bool) {
	for e, ok := d.core.Next(); ok; e, ok = d.core.Next() {
		hadEffects = true
		switch e.Kind {
		case chatstate.StartCall:
			d.client.startCall(now, e.Call, d.core.Ended)
		case chatstate.AbortCall:
			e.Call.Abort(now, errAbandoned)
		default:
			d.storage.perform(e)
		}
	}
	return hadEffects
}

// finish arms the timer and reports changes, after all effects were performed.
func (d *inboxDriver) finish(chatcore.Instant) {
	d.timer.fireAt(d.core.Deadline(), d.client.clock)
	if changes, fields := d.core.Changed(); len(changes) > 0 || fields != 0 {
		d.view.change()
	}
}

// tell calls f as the client's tell does, unless the inbox is closed.
func (d *inboxDriver) tell(f func(now chatcore.Instant)) {
	d.client.tellUnless(d.closed, f)
}

// close closes the inbox. Its storage still performs what it was asked for.
func (d *inboxDriver) close(now chatcore.Instant) {
	d.core.Close(now)
	d.performEffects(now)
	d.timer.Stop()
	for inbox := range d.inboxes {
		close(inbox.closed)
	}
	clear(d.inboxes)
	d.client.inbox = nil
	close(d.closed)
	stopListening(d)
}

func (d *inboxDriver) join(now chatcore.Instant, c *chatstate.Conversation) { d.core.Join(now, c) }

func (d *inboxDriver) part(now chatcore.Instant, c *chatstate.Conversation) { d.core.Part(now, c) }

func (d *inboxDriver) noted(now chatcore.Instant, c *chatstate.Conversation) { d.core.Noted(now, c) }

func (d *inboxDriver) wake(now chatcore.Instant, threadID, version string) {
	d.core.Wake(now, threadID, version)
}

func (d *inboxDriver) forget(chatcore.Instant) { d.core.Forget() }

// drain waits until the storage has performed what it was asked for. The client's mu must not be held.
func (d *inboxDriver) drain() { d.storage.drain() }

func (d *inboxDriver) answered(now chatcore.Instant, number int, a chatstate.Answer) {
	d.core.Answered(now, number, a)
}

// queueNames returns the queues of all threads of the user. The first queue that an inbox uses has the prefix as its name.
func (d *inboxDriver) queueNames(prefix string) queueNames { return queueNames{prefix, true} }

func (d *inboxDriver) hear(_ chatcore.Instant, e chatstate.Effect) { d.core.Announced(e.Queue, e.Key) }
