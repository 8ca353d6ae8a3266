package chathttp

import (
	"context"
	"iter"

	"acschat/chatcore"
	"acschat/chatstate"
)

// InboxSnapshot is what an inbox shows at one time. It does not change, and callers must not change it. Threads that have not changed
// since an earlier snapshot are the same ones.
type InboxSnapshot struct {
	Status chatstate.Status // Loading until all threads were listed
	Err    error            // why it is waiting, or nil

	// Threads are the user's threads, the one with the newest message first.
	Threads []*chatstate.Thread

	Durability chatstate.Durability // of what the user has read
}

// inboxView is how the snapshots of an inbox get to its callers. The client's mu guards it.
type inboxView struct {
	snapshot *InboxSnapshot                          // nil if something has changed since
	failed   map[*chatstate.Thread]*chatstate.Thread // the threads with errors in the words of this package
	watchers map[chan struct{}]struct{}              // hold one when something has changed
}

func (v *inboxView) change() {
	v.snapshot = nil
	for watcher := range v.watchers {
		select {
		case watcher <- struct{}{}:
		default:
		}
	}
}

// Snapshot returns what the inbox shows now: the same snapshot until something changes. After Close it returns the last one.
func (i *Inbox) Snapshot() *InboxSnapshot {
	d := i.driver
	d.client.mu.Lock()
	defer d.client.mu.Unlock()
	if d.view.snapshot == nil {
		d.view.snapshot = d.newSnapshot()
	}
	return d.view.snapshot
}

func (d *inboxDriver) newSnapshot() *InboxSnapshot {
	s := &InboxSnapshot{Durability: d.core.Durability()}
	status, err := d.core.Status()
	if s.Status = status; err != nil {
		s.Err = goError(err)
	}
	failed := map[*chatstate.Thread]*chatstate.Thread{}
	for _, t := range d.core.Threads() {
		if m := t.LastMessage; m != nil && m.Error != nil {
			known := d.view.failed[t]
			if known == nil {
				message, thread := *m, *t
				message.Error = goError(m.Error).(*chatcore.Error)
				thread.LastMessage = &message
				known = &thread
			}
			failed[t], t = known, known
		}
		s.Threads = append(s.Threads, t)
	}
	d.view.failed = failed
	return s
}

// InboxChange is a change of what an inbox shows.
type InboxChange struct {
	*InboxSnapshot

	// ThreadChanges lead from the threads of the last change to those of this one. Each counts after the ones before it.
	ThreadChanges []chatstate.ThreadChange
}

// Changes yields a snapshot at once, and another one after each change. If the loop is slower, it yields several changes as one. The
// ThreadChanges of the first one insert all threads.
//
// The iteration lasts until you leave the loop. If ctx ends, the last error is its cause. If the inbox is closed, the last error has code
// Closed. An inbox that is waiting is not an error: see InboxSnapshot.Status.
func (i *Inbox) Changes(ctx context.Context) iter.Seq2[InboxChange, error] {
	return func(yield func(InboxChange, error) bool) {
		watcher := make(chan struct{}, 1)
		d := i.driver
		d.client.tell(func(chatcore.Instant) { d.view.watchers[watcher] = struct{}{} })
		defer d.client.tell(func(chatcore.Instant) { delete(d.view.watchers, watcher) })
		shown := &InboxSnapshot{}
		for {
			if ctx.Err() != nil {
				yield(InboxChange{}, context.Cause(ctx))
				return
			}
			snapshot := i.Snapshot()
			select {
			case <-i.closed:
				yield(InboxChange{}, goError(chatcore.NewClosed("openInbox")))
				return
			default:
			}
			if snapshot != shown {
				if !yield(InboxChange{snapshot, threadChanges(shown.Threads, snapshot.Threads)}, nil) {
					return
				}
				shown = snapshot
			}
			select {
			case <-watcher:
			case <-ctx.Done():
			case <-i.closed:
			}
		}
	}
}

// threadChanges returns the changes that lead from one list of threads to another.
func threadChanges(from, to []*chatstate.Thread) (changes []chatstate.ThreadChange) {
	key := func(t *chatstate.Thread) string { return t.ID }
	changesBetween(from, to, key, func(kind chatstate.ChangeKind, index int, t *chatstate.Thread) {
		changes = append(changes, chatstate.ThreadChange{Kind: kind, Index: index, Thread: t})
	})
	return changes
}
