package chathttp

import (
	"acschat/chatcore"
	"acschat/chatstate"
)

// conversationDriver performs the effects of a chatstate.Conversation. The client's mu guards it.
type conversationDriver struct {
	client        *Client
	threadID      string
	core          *chatstate.Conversation
	conversations map[*Conversation]struct{} // that are open
	closed        chan struct{}
	pending       map[string]*PendingMessage // by key
	storage       *conversationStorage       // nil: there is none
	view          conversationView

	timer   deadlineTimer // for the core's Deadline, and to look into the storage
	checkAt chatcore.Instant
}

// storageInterval is how often a conversation looks for changes that other programs have made to its queue.
const storageInterval = 5_000 // milliseconds

func newConversationDriver(c *Client, threadID string, o ConversationOptions) *conversationDriver {
	d := &conversationDriver{
		client: c, threadID: threadID, conversations: map[*Conversation]struct{}{}, closed: make(chan struct{}),
		pending: map[string]*PendingMessage{}, view: conversationView{watchers: map[chan struct{}]struct{}{}},
	}
	d.core = chatstate.Open(c.core, threadID, chatstate.Options{
		PageSize: o.PageSize, IntervalMs: milliseconds(o.Interval),
		NewToken: NewIdempotencyToken, UnixMs: unixMs, Durable: c.storage != nil,
	})
	if c.storage != nil {
		d.storage = newConversationStorage(d, c)
	}
	d.timer = newDeadlineTimer(d.elapsed)
	return d
}

// performEffects performs the effects of the conversation. It reports whether there were any.
func (d *conversationDriver) performEffects(now chatcore.Instant) (hadEffects bool) {
	for e, ok := d.core.Next(); ok; e, ok = d.core.Next() {
		hadEffects = true
		switch e.Kind {
		case chatstate.StartCall:
			d.client.startCall(now, e.Call, d.core.Ended)
		case chatstate.AbortCall:
			e.Call.Abort(now, errAbandoned)
		case chatstate.Settle:
			d.settle(e)
		default:
			d.storage.perform(e)
		}
	}
	return hadEffects
}

func (d *conversationDriver) settle(e chatstate.Effect) {
	m := d.pending[e.Key]
	if m == nil {
		return // an earlier program has queued it
	}
	delete(d.pending, e.Key)
	m.id, m.err = e.ID, goError(e.Err)
	close(m.done)
}

// finish arms the timer and reports changes, after all effects were performed.
func (d *conversationDriver) finish(now chatcore.Instant) {
	if d.storage != nil && d.checkAt == 0 && d.core.Durability() == chatstate.Disk {
		d.checkAt = now + storageInterval
	}
	due := d.core.Deadline()
	if d.checkAt != 0 && (due == 0 || d.checkAt < due) {
		due = d.checkAt
	}
	d.timer.fireAt(due, d.client.clock)
	if changes, fields := d.core.Changed(); len(changes) > 0 || fields != 0 {
		d.view.change()
		if d.client.inbox != nil {
			d.client.inbox.noted(now, d.core)
		}
	}
}

// elapsed runs when the timer fires.
func (d *conversationDriver) elapsed() {
	d.tell(func(now chatcore.Instant) {
		d.timer.dueAt = 0
		d.core.Elapsed(now)
		if d.checkAt != 0 && now >= d.checkAt {
			d.checkAt = 0
			d.core.Announced(now, "", "", false)
		}
	})
}

// tell calls f as the client's tell does, unless the conversation is closed.
func (d *conversationDriver) tell(f func(now chatcore.Instant)) {
	d.client.tellUnless(d.closed, f)
}

// close closes the conversation. Its storage still performs what it was asked for.
func (d *conversationDriver) close(now chatcore.Instant) {
	d.core.Close(now)
	d.performEffects(now)
	d.timer.Stop()
	for c := range d.conversations {
		close(c.closed)
	}
	clear(d.conversations)
	delete(d.client.conversations, d.threadID)
	close(d.closed)
	stopListening(d)
	if d.client.inbox != nil {
		d.client.inbox.part(now, d.core)
	}
}

func (d *conversationDriver) answered(now chatcore.Instant, number int, a chatstate.Answer) {
	d.core.Answered(now, number, a)
}

func (d *conversationDriver) queueNames(queue string) queueNames { return queueNames{name: queue} }

func (d *conversationDriver) hear(now chatcore.Instant, e chatstate.Effect) {
	d.core.Announced(now, e.Key, e.ID, e.IsGone)
}

func (d *conversationDriver) forget(now chatcore.Instant) { d.core.Forget(now) }

// drain waits until the storage has performed what it was asked for. The client's mu must not be held.
func (d *conversationDriver) drain() { d.storage.drain() }
