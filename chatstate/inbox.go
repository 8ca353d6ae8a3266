package chatstate

import "acschat/chatcore"

// InboxOptions are the options of an inbox.
type InboxOptions struct {
	IntervalMs int  // the shortest time between two lists of the threads; default 5000
	PageSize   int  // threads per request; default 100
	Durable    bool // the driver stores how far the user has read
}

// Inbox is the list of the user's threads, the one with the newest known message first. It has the last message of each and the number
// of unread messages.
//
// It lists the threads again and again, and looks at those whose time of the last message has changed. What that time means exactly is
// not documented. So it also looks at every thread in rotation, within five minutes.
//
// A driver treats it as a [Conversation]. An Inbox is not safe for concurrent use.
//
// It belongs to the user of the first access token. With a token of another user it reads nothing.
type Inbox struct {
	client  *chatcore.Client
	options InboxOptions
	user    string // raw id of the token's user; "" until isBound, or if the token does not say
	isBound bool   // the user is known, or it is known that the token does not say

	work
	closed bool

	changes  []ThreadChange
	changed  Fields
	status   Status
	err      *chatcore.Error
	isOnline bool
	isHidden bool

	threads       []*Thread       // that are shown
	entries       []*entry        // of the threads that are shown, in the same order
	known         []*entry        // of the threads that were ever listed
	indexes       map[string]int  // in known, by id. A map to *entry would add its types to the download
	conversations []*Conversation // of the same client
	pendingCount  int             // messages that were pending when a conversation showed them first
	newest        int64           // the highest message id that is known

	listing   listing
	looks     int              // that are under way
	rotatedAt chatcore.Instant // when the rotation has got to a thread
	rotateAt  chatcore.Instant // when it gets to the next one; 0: there is none
	store     inboxStore
}

// Thread is a thread of an inbox. A Thread does not change: a changed thread is another Thread with the same id.
type Thread struct {
	ID, Topic string

	// LastMessage is the newest message, pending and system messages included. It is nil before the inbox has looked at the thread.
	LastMessage *Message

	// UnreadCount is the number of text and html messages of others after the newest that the user has read. If UnreadIsCapped is true,
	// there may be more.
	UnreadCount    int
	UnreadIsCapped bool

	Left bool // the user was removed, or the thread deleted
}

// ThreadChange is one change of the list of threads. Changes apply in their order: an index counts after the changes before it.
type ThreadChange struct {
	Kind   ChangeKind
	Index  int
	Thread *Thread // nil for Remove
}

// entry is what an inbox knows of a thread.
type entry struct {
	id    string
	shown *Thread // nil before it is in the list
	rank  rank

	// What the list of threads says.
	topic     string
	topicAt   chatcore.Instant // when a conversation has last told the topic
	received  chatcore.DateTime
	listed    int  // number of the last listing that had the thread
	absences  int  // listings in a row that did not have it
	isDeleted bool // it has a time of deletion

	// What looks say.
	lookedAt     chatcore.Instant // when the last look began that has ended; 0: none has
	dueAt        chatcore.Instant // of the next look; 0: when the rotation gets here
	settleAt     chatcore.Instant // the last change of received may hide another one before a look that begins then
	look         *look            // under way, or nil
	failures     int
	isGone       bool  // the service has refused the last look
	isRemoved    bool  // the newest message about the user's membership says so
	membershipID int64 // of that message
	participants int   // 0: not counted since the message with countedID
	countedID    int64
	last         *Message // the newest that was sent
	lastID       int64
	pending      *Message // the last one in the queue of a conversation, or nil
	pendingRank  int

	unread
	receipt      int64            // id of the newest message that a receipt was sent for, or that the service shows one for
	receiptsAt   chatcore.Instant // when the receipts may be listed again
	marking      []func(error)    // MarkRead waits for the first look
	record       markRecord
	isMarkKnown  bool // the storage has told it
	conversation *Conversation
	isShared     bool // the conversation tells what is shown
	count        int  // of unread messages, as it is shown
	isCapped     bool
}

// OpenInbox returns the inbox of the client's user. It makes its first calls in Start.
func OpenInbox(client *chatcore.Client, o InboxOptions) *Inbox {
	o.IntervalMs, o.PageSize = firstOf(o.IntervalMs, 5000), firstOf(o.PageSize, 100)
	return &Inbox{
		client: client, options: o, status: Loading, isOnline: true, work: work{calls: calls{}},
		indexes: map[string]int{},
	}
}

// find returns what is known of a thread, or nil.
func (in *Inbox) find(threadID string) *entry {
	if i, ok := in.indexes[threadID]; ok {
		return in.known[i]
	}
	return nil
}

// Start makes the first calls.
func (in *Inbox) Start(now chatcore.Instant) {
	in.listing.at, in.rotatedAt = now, now
	in.proceed(now)
}

// Threads returns the threads, the one with the newest message first. The caller must not change the slice, and not keep it.
func (in *Inbox) Threads() []*Thread { return in.threads }

// Status says how current the inbox is: Loading until all threads were listed, then Live or Waiting. The error says why it is waiting.
func (in *Inbox) Status() (Status, *chatcore.Error) { return in.status, in.err }

// Changed returns what has changed since it was last called: the changes of the threads, and which other fields.
func (in *Inbox) Changed() ([]ThreadChange, Fields) {
	changes, fields := in.changes, in.changed
	in.changes, in.changed = nil, 0
	return changes, fields
}

func (in *Inbox) setStatus(s Status, e *chatcore.Error) {
	if !in.isOnline && s == Live {
		s = Waiting
	}
	if s != in.status || e != in.err {
		in.status, in.err = s, e
		in.changed |= StatusChanged
	}
}

// bindUser ties the inbox to the user of the access token, once there is one. hasToken tells that a call has succeeded.
func (in *Inbox) bindUser(hasToken bool) {
	user := in.client.UserID()
	if in.isBound || in.closed || user == "" && !hasToken {
		return
	}
	in.isBound, in.user = true, user
	if user != "" && in.options.Durable {
		in.openStore()
	}
}

// callOptions makes calls fail with a TokenError if the token belongs to another user.
func (in *Inbox) callOptions() chatcore.CallOptions { return chatcore.CallOptions{UserID: in.user} }

func (in *Inbox) isMine(m *chatcore.ChatMessage) bool {
	return in.user != "" && m.SenderCommunicationIdentifier != nil && m.SenderCommunicationIdentifier.RawID == in.user
}
