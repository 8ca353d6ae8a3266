package chatstate

import "acschat/chatcore"

// Options are the options of a conversation.
type Options struct {
	SenderDisplayName string
	PageSize          int  // messages per request; default 50
	Limit             int  // most sent messages that are loaded; default 500, at least two pages
	IntervalMs        int  // of the watch, see [chatcore.WatchMessagesOptions]
	Durable           bool // the driver stores what is not sent yet

	NewToken func() string // returns a version 7 UUID
	UnixMs   func() int64  // returns the time of day in milliseconds since 1970
}

// Conversation is the state of one thread, and the queue of the messages that the user sends to it.
//
// After each method that it calls, a driver performs the effects that Next returns, until there are none, and sets a timer to Deadline.
// A Conversation is not safe for concurrent use.
//
// It belongs to the user of the first access token. With a token of another user it neither reads nor sends.
type Conversation struct {
	client   *chatcore.Client
	threadID string
	options  Options
	id       string // tells the attempts of this conversation from those of others
	user     string // raw id of the token's user; "" until isBound, or if the token does not say
	isBound  bool   // the user is known, or it is known that the token does not say

	work
	closed bool

	changed  Fields
	status   Status
	err      *chatcore.Error
	isOnline bool

	timeline timeline
	pages    pages
	watch    watch
	people   people
	marks    marks
	queue    queue
}

// Open returns the conversation of a thread. It makes its first calls in Start.
func Open(client *chatcore.Client, threadID string, o Options) *Conversation {
	c := &Conversation{client: client, threadID: threadID, options: o, id: o.NewToken(), status: Loading, isOnline: true}
	c.options.PageSize = firstOf(o.PageSize, 50)
	c.options.Limit = max(firstOf(o.Limit, 500), 2*c.options.PageSize)
	c.calls = calls{}
	c.timeline = newTimeline(c.isMine)
	return c
}

// Start makes the first calls.
func (c *Conversation) Start(now chatcore.Instant) {
	c.bindUser(now, false)
	c.load(now, newest, nil)
	c.people.topicAt, c.people.listAt, c.people.startedAt = now, now, now
	c.listPeople(now)
}

// bindUser ties the conversation to the user of the access token, once there is one. hasToken tells that a call has succeeded.
func (c *Conversation) bindUser(now chatcore.Instant, hasToken bool) {
	user := c.client.UserID()
	if c.isBound || c.closed || user == "" && !hasToken {
		return
	}
	c.isBound, c.user = true, user
	for _, item := range c.queue.items {
		c.show(item) // with its sender
	}
	if user != "" && c.options.Durable {
		c.openStore(now)
	}
}

// isOtherUser tells whether the access token belongs to another user than the conversation.
func (c *Conversation) isOtherUser() bool { return c.isBound && c.client.UserID() != c.user }

// callOptions makes calls fail with a TokenError if the token belongs to another user.
func (c *Conversation) callOptions() chatcore.CallOptions {
	return chatcore.CallOptions{UserID: c.user}
}

func (c *Conversation) isMine(m *chatcore.ChatMessage) bool {
	return c.user != "" && m.SenderCommunicationIdentifier != nil && m.SenderCommunicationIdentifier.RawID == c.user
}

// Fields of a conversation that have changed, see [Conversation.Changed].
type Fields int

// The fields. Messages are reported by their changes.
const (
	StatusChanged Fields = 1 << iota // Status
	TopicChanged
	ParticipantsChanged
	UnreadChanged
	PausedChanged
	DurabilityChanged
	PagesChanged // HasOlder and HasNewer
)

// Changed returns what has changed since it was last called: the changes of the messages, and which other fields.
func (c *Conversation) Changed() ([]Change, Fields) {
	changes, fields := c.timeline.changes, c.changed
	c.timeline.changes, c.changed = nil, 0
	if len(changes) > 0 {
		fields |= UnreadChanged | PagesChanged
	}
	return changes, fields
}

// Messages returns the messages in the window, and then the pending ones. The caller must not change the slice, and not keep it.
func (c *Conversation) Messages() []*Message { return c.timeline.items }

// HasOlder tells whether LoadOlder may find more.
func (c *Conversation) HasOlder() bool { return c.timeline.isLoaded() && c.timeline.low != "0" }

// HasNewer tells whether the window does not reach to the newest message.
func (c *Conversation) HasNewer() bool { return c.timeline.high != "" }

func firstOf(a, b int) int {
	if a != 0 {
		return a
	}
	return b
}
