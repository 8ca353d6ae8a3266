package chatstate

import (
	"strconv"

	"acschat/chatcore"
)

// Join tells that the client has opened a conversation. While it has loaded the newest messages, the inbox takes from it what it shows of
// the thread, and does not read the thread itself.
func (in *Inbox) Join(now chatcore.Instant, c *Conversation) {
	in.conversations = append(in.conversations, c)
	in.connect(now, c)
}

// connect connects a conversation with its thread, if the inbox knows that.
func (in *Inbox) connect(now chatcore.Instant, c *Conversation) {
	if e := in.find(c.threadID); e != nil && e.conversation != c && !in.closed {
		e.conversation = c
		in.passMark(e)
		in.Noted(now, c)
	}
}

// Part tells that a conversation was closed.
func (in *Inbox) Part(now chatcore.Instant, c *Conversation) {
	for i := range in.conversations {
		if in.conversations[i] == c {
			in.conversations = append(in.conversations[:i], in.conversations[i+1:]...)
			break
		}
	}
	e := in.find(c.threadID)
	if e == nil || e.conversation != c || in.closed {
		return
	}
	e.conversation, e.isShared, e.pending, e.pendingRank = nil, false, nil, 0
	in.plan(now, e)
	in.show(e)
	in.proceed(now)
}

// Noted tells that a conversation has changed, after its Changed has reported that.
func (in *Inbox) Noted(now chatcore.Instant, c *Conversation) {
	e := in.find(c.threadID)
	if in.closed || e == nil || e.conversation != c || !in.isOfUser(c) {
		return
	}
	t := &c.timeline
	if n := len(t.items); n > t.sent {
		last := t.items[n-1]
		if e.pending == nil || e.pending.Key != last.Key {
			in.pendingCount++
			e.pendingRank = in.pendingCount
		}
		e.pending = last
	} else {
		e.pending, e.pendingRank = nil, 0
	}
	if id, ok := parseNumber(c.marks.read); ok {
		e.raise(id)
	}
	wasShared := e.isShared
	if e.isShared = t.isLoaded() && !c.HasNewer(); e.isShared {
		in.takeFrom(now, e, c)
	} else if wasShared {
		in.plan(now, e)
	}
	in.count(e)
}

// takeFrom takes what a conversation knows.
func (in *Inbox) takeFrom(now chatcore.Instant, e *entry, c *Conversation) {
	if t := &c.timeline; t.sent > 0 {
		last := t.items[t.sent-1]
		id, _ := parseNumber(last.ID)
		version, _ := parseNumber(last.Version)
		if e.isNewest(id, version) {
			e.last, e.lastID = last, id
			in.newest = max(in.newest, id)
		}
	}
	if c.people.topic != "" {
		e.topic, e.topicAt = c.people.topic, now
	}
	if count := len(c.people.participants); count > 0 {
		e.participants = count
	}
}

// passMark tells a conversation how far the user has read.
func (in *Inbox) passMark(e *entry) {
	if c := e.conversation; c != nil && e.read != 0 && in.isOfUser(c) {
		c.raiseMark(strconv.FormatInt(e.read, 10))
	}
}

// isOfUser tells whether a conversation belongs to the user of the inbox, or will.
func (in *Inbox) isOfUser(c *Conversation) bool {
	user := c.user
	if !c.isBound {
		user = in.client.UserID()
	}
	return in.isBound && user == in.user
}
