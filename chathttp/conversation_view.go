package chathttp

import (
	"context"
	"iter"

	"acschat/chatcore"
	"acschat/chatstate"
)

// Snapshot is what a conversation shows at one time. It does not change, and callers must not change it. Messages and participants
// that have not changed since an earlier snapshot are the same ones.
type Snapshot struct {
	Status chatstate.Status
	Err    error // why it is waiting or has ended, or nil

	Topic        string
	Participants []chatstate.Participant

	// Messages are the loaded messages in the order of their creation, then those in the queue in the order of sending.
	Messages           []*chatstate.Message
	HasOlder, HasNewer bool // LoadOlder and LoadNewer may find more

	// UnreadCount is the number of text and HTML messages of others that were not read. If UnreadIsCapped is true, there may be more.
	UnreadCount    int
	UnreadIsCapped bool

	Durability chatstate.Durability // of the queue
	Paused     chatstate.Pause      // why nothing is sent
}

// conversationView is how the snapshots of a conversation get to its callers. The client's mu guards it.
type conversationView struct {
	snapshot *Snapshot                                 // nil if something has changed since
	failed   map[*chatstate.Message]*chatstate.Message // the messages with errors in the words of this package
	watchers map[chan struct{}]struct{}                // hold one when something has changed
}

func (v *conversationView) change() {
	v.snapshot = nil
	for watcher := range v.watchers {
		select {
		case watcher <- struct{}{}:
		default:
		}
	}
}

// Snapshot returns what the conversation shows now: the same snapshot until something changes. After Close it returns the last one.
func (c *Conversation) Snapshot() *Snapshot {
	d := c.driver
	d.client.mu.Lock()
	defer d.client.mu.Unlock()
	if d.view.snapshot == nil {
		d.view.snapshot = d.newSnapshot()
	}
	return d.view.snapshot
}

func (d *conversationDriver) newSnapshot() *Snapshot {
	s := &Snapshot{
		Topic: d.core.Topic(), Participants: d.core.Participants(), HasOlder: d.core.HasOlder(), HasNewer: d.core.HasNewer(),
		Durability: d.core.Durability(), Paused: d.core.Paused(),
	}
	status, err := d.core.Status()
	if s.Status = status; err != nil {
		s.Err = goError(err)
	}
	s.UnreadCount, s.UnreadIsCapped = d.core.Unread()
	failed := map[*chatstate.Message]*chatstate.Message{}
	for _, m := range d.core.Messages() {
		if m.Error != nil {
			known := d.view.failed[m]
			if known == nil {
				copied := *m
				copied.Error = goError(m.Error).(*chatcore.Error)
				known = &copied
			}
			failed[m], m = known, known
		}
		s.Messages = append(s.Messages, m)
	}
	d.view.failed = failed
	return s
}

// Change is a change of what a conversation shows.
type Change struct {
	*Snapshot

	// MessageChanges lead from the messages of the last change to those of this one. Each counts after the ones before it.
	MessageChanges []chatstate.Change
}

// Changes yields a snapshot at once, and another one after each change. If the loop is slower, it yields several changes as one. The
// MessageChanges of the first one insert all messages.
//
// The iteration lasts until you leave the loop. If ctx ends, the last error is its cause. If the conversation is closed, the last error has
// code Closed. A conversation that is waiting, or has ended, is not an error: see Snapshot.Status.
func (c *Conversation) Changes(ctx context.Context) iter.Seq2[Change, error] {
	return func(yield func(Change, error) bool) {
		watcher := make(chan struct{}, 1)
		d := c.driver
		d.client.tell(func(chatcore.Instant) { d.view.watchers[watcher] = struct{}{} })
		defer d.client.tell(func(chatcore.Instant) { delete(d.view.watchers, watcher) })
		shown := &Snapshot{}
		for {
			if ctx.Err() != nil {
				yield(Change{}, context.Cause(ctx))
				return
			}
			snapshot := c.Snapshot()
			select {
			case <-c.closed:
				yield(Change{}, goError(chatstate.NewClosed("openConversation")))
				return
			default:
			}
			if snapshot != shown {
				if !yield(Change{snapshot, messageChanges(shown.Messages, snapshot.Messages)}, nil) {
					return
				}
				shown = snapshot
			}
			select {
			case <-watcher:
			case <-ctx.Done():
			case <-c.closed:
			}
		}
	}
}

// messageChanges returns the changes that lead from one list of messages to another.
func messageChanges(from, to []*chatstate.Message) (changes []chatstate.Change) {
	key := func(m *chatstate.Message) string { return m.Key }
	changesBetween(from, to, key, func(kind chatstate.ChangeKind, index int, m *chatstate.Message) {
		changes = append(changes, chatstate.Change{Kind: kind, Index: index, Message: m})
	})
	return changes
}
