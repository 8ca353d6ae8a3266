package chatstate

import "acschat/chatcore"

// inboxStore keeps marks in the driver's storage: each in the queue of its thread, where conversations keep theirs.
type inboxStore struct {
	prefix   string // of the names of the user's queues; "" in memory
	isProven bool   // the storage has answered
	number   int    // of the last effect with an answer
	answers  map[int]answer
	next     int // index of the thread whose mark is read next
}

// marksPerListing is how many marks are read again with each listing, in case another program has changed them.
const marksPerListing = 8

// MarkRead marks all messages of a thread that are known as read. If the user is in the thread, and it has up to 20 participants, it also
// sends a read receipt, whose error done gets. Messages that are marked stay marked if the receipt fails.
func (in *Inbox) MarkRead(now chatcore.Instant, threadID string, done func(err error)) {
	e := in.find(threadID)
	switch {
	case in.closed:
		done(chatcore.NewClosed("sendReadReceipt"))
	case e == nil:
		done(chatcore.NewInvalidArgument("sendReadReceipt", "threadId", "must be the id of a thread of the inbox", nil))
	case e.isShared && (e.last == nil || chatcore.CompareIDs(e.last.ID, e.conversation.timeline.newest) <= 0):
		e.conversation.MarkRead(now, "", done)
	case !e.isRead && !e.isLeft() && !e.isShared:
		e.marking = append(e.marking, done)
		in.proceed(now)
	default:
		in.markRead(now, e, done)
	}
}

func (in *Inbox) markRead(now chatcore.Instant, e *entry, done func(err error)) {
	id := e.lastID
	if in.raise(e, id) {
		e.record.wanted = e.last.ID
		in.saveMark(e)
	}
	in.count(e) // a look that has not ended may have raised the mark already
	if id <= e.receipt || e.isLeft() || e.participants > maxWithReceipts {
		done(nil)
		return
	}
	before := e.receipt
	e.receipt = id
	call := in.client.SendReadReceipt(e.id, chatcore.SendReadReceiptRequest{ChatMessageID: e.last.ID}, in.callOptions())
	in.begin(call, func(_ chatcore.Instant, _ chatcore.Result, err error) {
		if failure, ok := err.(*chatcore.Error); ok && failure.Code == chatcore.Forbidden {
			err = nil // the thread is large, or the user was removed: there are no receipts
		} else if err != nil && e.receipt == id {
			e.receipt = before
		}
		done(err)
	})
}

// finishMarking does what MarkRead was asked for before the first look had ended.
func (in *Inbox) finishMarking(now chatcore.Instant, e *entry, err error) {
	if e.isRead || e.isLeft() {
		for _, done := range e.takeMarking() {
			in.markRead(now, e, done)
		}
		return
	}
	e.endMarking(err)
}

func (e *entry) endMarking(err error) {
	for _, done := range e.takeMarking() {
		done(err)
	}
}

func (e *entry) takeMarking() []func(error) {
	marking := e.marking
	e.marking = nil
	return marking
}

// raise moves the mark to a newer message. It tells whether it was one.
func (in *Inbox) raise(e *entry, id int64) bool {
	isNewer := e.raise(id)
	if isNewer {
		in.passMark(e)
	}
	return isNewer
}

// Durability says whether the marks survive the program.
func (in *Inbox) Durability() Durability {
	if in.store.isProven {
		return Disk
	}
	return Memory
}

func (in *Inbox) isStored() bool { return in.store.prefix != "" }

// ask asks the driver for an effect on the queue of a thread.
func (in *Inbox) ask(threadID string, effect Effect, answered func(now chatcore.Instant, a Answer)) {
	s := &in.store
	s.number++
	effect.Number, effect.Queue = s.number, s.prefix+threadID
	s.answers[s.number] = answer{answered, nil}
	in.effects = append(in.effects, effect)
}

// Answered takes the answer to an effect.
func (in *Inbox) Answered(now chatcore.Instant, number int, a Answer) {
	s := &in.store
	waiting, ok := s.answers[number]
	if !ok || in.closed {
		return
	}
	delete(s.answers, number)
	if a.Err != nil {
		in.loseStore()
		return
	}
	if !s.isProven {
		s.isProven = true
		in.changed |= DurabilityChanged
	}
	waiting.answered(now, a)
}

// loseStore goes on in memory after the storage has failed.
func (in *Inbox) loseStore() {
	in.store = inboxStore{number: in.store.number}
	in.changed |= DurabilityChanged
	for _, e := range append([]*entry(nil), in.entries...) {
		in.count(e)
	}
}

// openStore starts to store the marks. It finds out whether the storage works, also if there are no threads.
func (in *Inbox) openStore() {
	in.store.prefix, in.store.answers = QueuePrefix(in.client.Endpoint(), in.user), map[int]answer{}
	in.CheckStorage()
}

// CheckStorage finds out whether the storage still works. Drivers call it when the storage may be lost.
func (in *Inbox) CheckStorage() {
	if in.isStored() && !in.closed {
		in.ask("", Effect{Kind: ListRecords}, func(chatcore.Instant, Answer) {}) // the prefix is no queue
	}
}

// readMark reads the mark of a thread from the storage.
func (in *Inbox) readMark(e *entry) {
	if !in.isStored() {
		return
	}
	in.ask(e.id, Effect{Kind: ListRecords}, func(_ chatcore.Instant, a Answer) {
		e.isMarkKnown = true
		text := ""
		for i := range a.Records {
			if a.Records[i].Key == markKey {
				text = a.Records[i].Text
			}
		}
		if id, ok := parseNumber(e.record.merge(text)); ok {
			in.raise(e, id)
		}
		if e.record.writes == 0 {
			in.saveMark(e)
		}
		in.count(e)
	})
}

// readMarks reads the marks of some threads with unread messages again.
func (in *Inbox) readMarks() {
	s := &in.store
	left := marksPerListing
	for i := 0; i < len(in.entries) && left > 0; i++ {
		if s.next++; s.next >= len(in.entries) {
			s.next = 0
		}
		if e := in.entries[s.next]; e.count > 0 {
			in.readMark(e)
			left--
		}
	}
}

// saveMark stores how far the user has read, for threads without read receipts, and for other programs.
func (in *Inbox) saveMark(e *entry) {
	k := &e.record
	if !in.isStored() || !k.mustSave() {
		return
	}
	id := k.wanted
	in.ask(e.id, k.put(), func(_ chatcore.Instant, a Answer) {
		if e.record.answered(id, a) {
			in.effects = append(in.effects, Effect{Kind: Announce, Queue: in.store.prefix + e.id, Key: markKey})
		} else {
			in.readMark(e)
		}
	})
}

// Announced tells what another program has announced: that something has changed in a queue.
func (in *Inbox) Announced(queue, key string) {
	n := len(in.store.prefix)
	if in.closed || !in.isStored() || key != markKey || len(queue) <= n || queue[:n] != in.store.prefix {
		return
	}
	if e := in.find(queue[n:]); e != nil {
		in.readMark(e)
	}
}

// Forget clears the marks in the storage.
func (in *Inbox) Forget() {
	for _, e := range in.entries {
		if k := &e.record; in.isStored() && !in.closed && k.text != "" {
			in.ask(e.id, k.remove(), func(chatcore.Instant, Answer) {})
		}
		e.record.wanted = ""
	}
}
