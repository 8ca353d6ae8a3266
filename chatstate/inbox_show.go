package chatstate

import "acschat/chatcore"

// rank is what the threads are sorted by.
type rank struct {
	pending int               // which pending message of the inbox is the last message of the thread; 0: none
	time    chatcore.DateTime // of the last message, to the second
	id      int64             // of the last message; 0: not known yet
}

// isBefore tells whether a thread comes before another.
func (e *entry) isBefore(other *entry) bool {
	a, b := &e.rank, &other.rank
	switch {
	case a.pending != b.pending:
		return a.pending > b.pending
	case a.time != b.time:
		return a.time > b.time
	case a.id != b.id:
		return a.id > b.id
	}
	return e.id < other.id
}

// currentRank returns the rank of the thread. Before its messages are known, the list tells the time of the last one.
func (e *entry) currentRank() rank {
	r := rank{pending: e.pendingRank, time: e.rank.time, id: e.lastID}
	const toSecond = len("2006-01-02T15:04:05")
	switch {
	case r.id == 0:
		r.time = e.received[:min(len(e.received), toSecond)]
	case r.id != e.rank.id:
		r.time = chatcore.MessageTime(e.last.ID)[:toSecond]
	}
	return r
}

func (e *entry) isLeft() bool {
	if e.isShared {
		return e.conversation.status == Ended
	}
	isRemoved := e.isRemoved && e.lastID <= e.membershipID // later messages show that the user was added again
	return e.isDeleted || e.isGone || isRemoved || e.absences >= maxAbsences
}

// show brings the list up to date with what is known of a thread. It does nothing if that is shown already.
func (in *Inbox) show(e *entry) {
	t := Thread{e.id, e.topic, e.last, e.count, e.isCapped, e.isLeft()}
	if e.pending != nil {
		t.LastMessage = e.pending
	}
	rank := e.currentRank()
	isSame := e.shown != nil && *e.shown == t
	if isSame && e.rank == rank {
		return
	}
	from, count := 0, len(in.entries)
	for from < count && in.entries[from] != e {
		from++
	}
	e.rank = rank
	if !isSame {
		changed := t
		e.shown = &changed
	}
	if from < count {
		isInOrder := (from == 0 || !e.isBefore(in.entries[from-1])) && (from+1 == count || !in.entries[from+1].isBefore(e))
		if isInOrder {
			if !isSame {
				in.threads[from] = e.shown
				in.changes = append(in.changes, ThreadChange{Replace, from, e.shown})
			}
			return
		}
		in.entries = append(in.entries[:from], in.entries[from+1:]...)
		in.threads = append(in.threads[:from], in.threads[from+1:]...)
		in.changes = append(in.changes, ThreadChange{Remove, from, nil})
	}
	to := 0
	for to < len(in.entries) && !e.isBefore(in.entries[to]) {
		to++
	}
	in.entries = append(in.entries, nil)
	copy(in.entries[to+1:], in.entries[to:])
	in.entries[to] = e
	in.threads = append(in.threads, nil)
	copy(in.threads[to+1:], in.threads[to:])
	in.threads[to] = e.shown
	in.changes = append(in.changes, ThreadChange{Insert, to, e.shown})
}

// count counts the unread messages of a thread, once the mark is known or all is read, and shows the thread.
func (in *Inbox) count(e *entry) {
	switch {
	case e.isShared:
		e.count, e.isCapped = e.conversation.Unread()
	case e.lastID != 0 && e.read >= e.lastID:
		e.count, e.isCapped = 0, false
	case e.isRead && (e.isMarkKnown || !in.isStored()):
		e.count, e.isCapped = e.countFrom(e.low), e.low > e.read
	case e.isGone && !e.isRead: // nothing can be read
		e.count, e.isCapped = 0, false
	}
	in.show(e)
}
