package chatstate

import "acschat/chatcore"

// Durability says what becomes of messages that are not sent when the program ends.
type Durability string

// The values of Durability.
const (
	Disk   Durability = "disk"   // another program with the same user and storage sends them
	Memory Durability = "memory" // they are lost
)

// store keeps a durable queue in the driver's storage.
//
// Several programs, such as tabs, may share a queue. A program sends a message only while it holds the queue's lock, and only what it
// has read from the storage since then. It stores that an attempt begins before it sends anything: a program that finds such a record
// knows that the message may have arrived. Records change only if they are as the program knows them, so that no program edits or
// cancels what another one is sending.
type store struct {
	queue    string // its name in the storage, and that of its lock; "" in memory
	isProven bool   // the storage has answered
	number   int    // of the last effect with an answer
	answers  map[int]answer
	leaving  map[string]int  // how many effects remove the record with a key
	left     map[string]bool // keys of messages that have left the queue, and whose record may be there
	attempt  int             // counts the attempts under the lock
	isKept   bool            // the lock is held, or requested
}

// answer takes the answer to an effect.
type answer struct {
	answered func(now chatcore.Instant, a Answer) // may be nil
	lost     func()                               // there will be no answer; may be nil
}

// Durability says whether messages that are not sent survive the program.
func (c *Conversation) Durability() Durability {
	if c.queue.store.isProven {
		return Disk
	}
	return Memory
}

func (c *Conversation) isStored() bool { return c.queue.store.queue != "" }

// ask asks the driver for an effect. answered gets its answer; lost is called if the storage fails or the conversation is closed.
func (c *Conversation) ask(e Effect, answered func(now chatcore.Instant, a Answer), lost func()) {
	s := &c.queue.store
	s.number++
	e.Number, e.Queue = s.number, s.queue
	s.answers[s.number] = answer{answered, lost}
	c.effects = append(c.effects, e)
}

// Answered takes the answer to an effect.
func (c *Conversation) Answered(now chatcore.Instant, number int, a Answer) {
	s := &c.queue.store
	asked, ok := s.answers[number]
	if !ok {
		return
	}
	if a.Err != nil {
		c.loseStore(now)
		return
	}
	delete(s.answers, number)
	if !s.isProven {
		s.isProven = true
		c.changed |= DurabilityChanged
	}
	if asked.answered != nil {
		asked.answered(now, a)
	}
}

// loseAnswers calls lost for all effects that have no answer yet.
func (c *Conversation) loseAnswers() {
	s := &c.queue.store
	for number := 1; number <= s.number && len(s.answers) > 0; number++ {
		asked, ok := s.answers[number]
		delete(s.answers, number)
		if ok && asked.lost != nil {
			asked.lost()
		}
	}
}

// QueuePrefix returns the beginning of the names of a user's queues. userID is a raw id.
func QueuePrefix(endpoint, userID string) string { return endpoint + " " + userID + " " }

// openStore starts to store the queue.
func (c *Conversation) openStore(now chatcore.Instant) {
	s := &c.queue.store
	s.queue = QueuePrefix(c.client.Endpoint(), c.user) + c.threadID
	s.answers, s.leaving, s.left = map[int]answer{}, map[string]int{}, map[string]bool{}
	c.refresh(now)
	for _, item := range c.queue.items {
		c.save(item)
	}
	c.saveMark(now)
}

// loseStore goes on in memory after the storage has failed. What other programs have queued stays in the storage, if that still exists:
// they, or the next one, send it.
func (c *Conversation) loseStore(now chatcore.Instant) {
	q := &c.queue
	c.releaseLock()
	q.marking = nil
	number, attempt := q.store.number, q.store.attempt
	for i := len(q.items) - 1; i >= 0; i-- {
		item := q.items[i]
		if !item.isOwn && !c.isBeingSent(item) {
			c.removePending(item)
			continue
		}
		item.isShared = item.isShared || item.stored != "" || item.writes > 0
		if item.isShared && !c.isBeingSent(item) {
			item.attempter = ""
		}
	}
	c.loseAnswers()
	q.store = store{number: number, attempt: attempt + 1, answers: map[int]answer{}}
	for _, item := range q.items {
		item.stored, item.writes = "", 0
	}
	c.changed |= DurabilityChanged
	c.pump(now)
}

// refresh reads the queue from the storage.
func (c *Conversation) refresh(now chatcore.Instant) {
	if !c.isStored() || c.closed {
		return
	}
	c.ask(Effect{Kind: ListRecords}, func(now chatcore.Instant, a Answer) {
		c.merge(now, a.Records)
		c.pump(now)
	}, nil)
}

// write asks for an effect on the record of a message.
func (c *Conversation) write(item *pending, e Effect, answered func(now chatcore.Instant, a Answer), lost func()) {
	item.writes++
	c.ask(e, func(now chatcore.Instant, a Answer) {
		item.writes--
		answered(now, a)
	}, lost)
}

// save stores a message as it is now, unless the queue is in memory.
func (c *Conversation) save(item *pending) { c.saveAnd(item, c.pump) }

func (c *Conversation) saveAnd(item *pending, done func(now chatcore.Instant)) {
	if !c.isStored() {
		return
	}
	if item.changes > 0 {
		item.mustSave = true
		return
	}
	attempter := ""
	switch {
	case c.isBeingSent(item) || c.queue.marking == item:
		attempter = c.id
	case item.isAttempted:
		attempter = item.attempter
	}
	text, expected := encodeRecord(item, attempter), item.stored
	item.stored = text
	c.write(item, Effect{Kind: PutRecord, Record: Record{item.sequence, item.key, text}, Expected: expected}, func(now chatcore.Instant, a Answer) {
		if a.Differs {
			c.refresh(now)
		} else {
			item.sequence = a.Sequence
			c.announce(item.key, "", false)
			c.sortPending()
		}
		done(now)
	}, nil)
}

// unsave removes the record of a message that has left the queue.
func (c *Conversation) unsave(item *pending) {
	s := &c.queue.store
	if !c.isStored() || item.stored == "" {
		return
	}
	key := item.key
	s.leaving[key]++
	s.left[key] = true
	c.ask(Effect{Kind: RemoveRecord, Record: Record{Key: key}, Expected: item.stored}, func(now chatcore.Instant, a Answer) {
		if s.leaving[key]--; s.leaving[key] == 0 {
			delete(s.leaving, key)
		}
		if a.Differs { // another program has changed it meanwhile
			c.refresh(now)
		}
	}, nil)
}

// announce tells the other conversations with this queue that a message has changed, or has left the queue.
func (c *Conversation) announce(key, id string, isGone bool) {
	if c.isStored() {
		c.effects = append(c.effects, Effect{Kind: Announce, Queue: c.queue.store.queue, Key: key, ID: id, IsGone: isGone})
	}
}

// Announced tells what another conversation with this queue has announced.
func (c *Conversation) Announced(now chatcore.Instant, key, id string, isGone bool) {
	if c.closed {
		return
	}
	item := c.pendingByKey(key)
	switch {
	case !isGone || item == nil || c.isBeingSent(item) && (id != "" || c.queue.call.MayHaveSucceeded()):
	case id != "":
		item.stored = "" // the other program removes the record
		c.confirm(item, id)
	default:
		if c.isBeingSent(item) { // from memory, after the storage has failed
			c.stopAttempt()
			c.releaseLock()
		}
		c.takeAway(item, newError("sendMessage", Cancelled, "the message was cancelled in another tab"))
		if c.isStored() {
			c.queue.store.left[key] = true // the record may still be there
		}
	}
	c.refresh(now)
	c.pump(now)
}
