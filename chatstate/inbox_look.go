package chatstate

import "acschat/chatcore"

// look reads the newest messages of a thread, and the receipts if they matter.
type look struct {
	startedAt chatcore.Instant
	newest    int64  // message that was known in any thread when the look began
	link      string // of the next page
	pages     int
	low       int64 // lowest version that was read; 0 after the last page
	high      int64 // highest version
	lastID    int64 // highest id
}

const (
	maxLooks     = 4 // under way at a time
	rotationMs   = 270_000
	lookPageSize = 20
	maxLookPages = 5
	// settleMs is for how long a change may hide another one: it has the same second as time of the last message, or appears late.
	settleMs = 6000
	// minLookMs is the shortest time between two looks at a thread. All participants together may list its messages 400 times a minute:
	// inboxes use at most half of it.
	minLookMs        = 1000
	msPerParticipant = 300
	countAgainMs     = 60_000 // a thread with two looks in this time needs to be counted
	inboxReceiptsMs  = 60_000
)

// noRetries makes calls fail at once, so that a thread that cannot be read does not delay the others.
var noRetries chatcore.RetryOptions

// plan makes a look due, as soon as the limits allow.
func (in *Inbox) plan(now chatcore.Instant, e *entry) {
	if e.failures == 0 || e.dueAt == 0 { // otherwise it waits for the next attempt
		e.planAt(now)
	}
}

// Wake tells that a thread has changed. It is a hint, which may be wrong, late or doubled: the inbox looks at the thread as soon as the
// limits allow, unless it has seen the version of the change. "" is an unknown version. Unknown threads are ignored.
func (in *Inbox) Wake(now chatcore.Instant, threadID, version string) {
	e := in.find(threadID)
	if n, isKnown := parseNumber(version); in.closed || e == nil || e.isShared || isKnown && e.hasSeen(n) {
		return
	}
	in.plan(now, e)
	in.proceed(now)
}

// hasSeen tells whether a look has read a version. Of own and system messages, it knows only the last.
func (e *entry) hasSeen(version int64) bool {
	if version <= e.version-overlapMs { // newer ones may have become visible first
		return true
	}
	for i := range e.known {
		if e.known[i].version == version {
			return true
		}
	}
	if e.last == nil {
		return false
	}
	last, _ := parseNumber(e.last.Version)
	return last == version
}

// planAt makes a look due at an instant, or later if the limits require that.
func (e *entry) planAt(at chatcore.Instant) {
	last := e.lookedAt
	if e.look != nil {
		last = e.look.startedAt
	}
	if last != 0 {
		at = max(at, last+max(minLookMs, chatcore.Instant(e.participants)*msPerParticipant))
	}
	e.dueAt = earlier(e.dueAt, at)
}

// canLook tells whether another look may begin.
func (in *Inbox) canLook() bool { return in.looks < maxLooks && in.status != Waiting && in.isBound }

func (e *entry) mayLook() bool { return e.dueAt != 0 && e.look == nil && !e.isShared }

// nextLook returns the thread whose look has been due for the longest time, or nil.
func (in *Inbox) nextLook(now chatcore.Instant) (next *entry) {
	for _, e := range in.entries {
		if e.mayLook() && now >= e.dueAt && (next == nil || e.dueAt < next.dueAt) {
			next = e
		}
	}
	return next
}

// rotate makes a look at the next thread of the rotation due: the one that was looked at first.
func (in *Inbox) rotate(now chatcore.Instant) {
	var next *entry
	count := 0
	for _, e := range in.entries {
		if e.absences > 0 || e.isShared {
			continue
		}
		count++
		if e.dueAt == 0 && e.look == nil && (next == nil || e.lookedAt < next.lookedAt) {
			next = e
		}
	}
	in.rotateAt = 0
	if count == 0 {
		in.rotatedAt = now
		return
	}
	pause := rotationMs / chatcore.Instant(count)
	if now >= in.rotatedAt+pause {
		in.rotatedAt = now
		if next != nil {
			in.plan(now, next)
			next.receiptsAt = 0
		}
	}
	in.rotateAt = in.rotatedAt + pause
}

func (in *Inbox) beginLook(now chatcore.Instant, e *entry) {
	e.look = &look{startedAt: now, newest: in.newest}
	e.dueAt = 0
	in.looks++
	in.readMark(e)
	in.readMessages(e)
}

func (in *Inbox) lookOptions() chatcore.CallOptions {
	o := in.callOptions()
	o.Retry = &noRetries
	return o
}

func (in *Inbox) readMessages(e *entry) {
	o := chatcore.ListChatMessagesOptions{MaxPageSize: lookPageSize, NextLink: e.look.link}
	in.begin(in.client.ListMessages(e.id, o, in.lookOptions()), func(now chatcore.Instant, result chatcore.Result, err error) {
		l := e.look
		if err != nil {
			in.endLook(now, e, err)
			return
		}
		page := result.(*chatcore.ChatMessagesCollection)
		l.pages++
		l.low, l.link = l.lowest(page), page.NextLink
		for i := range page.Value {
			in.noteMessage(e, &page.Value[i])
		}
		if _, isConnected := e.lowAfter(l); isConnected || l.lastID >= l.low { // otherwise a newer message may be on the next page
			in.show(e)
		}
		mayBeUnread := e.countFrom(0) > 0 || !in.hasReadEnough(e)
		if l.pages == 1 && mayBeUnread && in.user != "" && now >= e.receiptsAt && e.participants <= maxWithReceipts && !e.isLeft() {
			in.readReceipts(e)
			return
		}
		in.readOn(now, e)
	})
}

// lowest returns the lowest version that was read with a page, which is 0 after the last page.
func (l *look) lowest(page *chatcore.ChatMessagesCollection) int64 {
	if page.NextLink == "" {
		return 0
	}
	low := l.low
	for i := range page.Value {
		if version, ok := parseNumber(page.Value[i].Version); ok && (low == 0 || version < low) {
			low = version
		}
	}
	return low
}

// readOn reads the next page, or ends the look.
func (in *Inbox) readOn(now chatcore.Instant, e *entry) {
	switch l := e.look; {
	case !in.hasReadEnough(e):
		in.readMessages(e)
	case e.participants == 0 && !e.isLeft() && e.lookedAt != 0 && l.startedAt < e.lookedAt+countAgainMs:
		in.countParticipants(now, e, 0, "")
	default:
		in.endLook(now, e, nil)
	}
}

// hasReadEnough tells whether the look has reached what was known before, or what the user has read.
func (in *Inbox) hasReadEnough(e *entry) bool {
	l := e.look
	low, isConnected := e.lowAfter(l)
	switch {
	case l.link == "" || l.pages >= maxLookPages:
		return true
	case isConnected && e.isDeep:
		return true
	}
	return (isConnected || l.lastID >= l.low) && (low <= e.read || e.countFrom(low) >= maxLookUnread)
}

// readReceipts reads the user's own receipt. In large threads the service lists none, and the mark remains.
func (in *Inbox) readReceipts(e *entry) {
	o := chatcore.ListChatReadReceiptsOptions{MaxPageSize: peoplePageSize}
	in.begin(in.client.ListReadReceipts(e.id, o, in.lookOptions()), func(now chatcore.Instant, result chatcore.Result, err error) {
		e.receiptsAt = now + inboxReceiptsMs
		if failure, ok := err.(*chatcore.Error); ok && failure.Code != chatcore.Forbidden {
			e.receiptsAt = 0
			e.planAt(now + peopleRetryMs)
		}
		if err == nil {
			r := result.(*chatcore.ChatMessageReadReceiptsCollection)
			for i := range r.Value {
				if id, ok := parseNumber(r.Value[i].ChatMessageID); ok && rawID(&r.Value[i].SenderCommunicationIdentifier) == in.user {
					e.receipt = max(e.receipt, id)
					in.raise(e, id)
				}
			}
		}
		in.readOn(now, e)
	})
}

// countParticipants counts those with whom the inbox shares the limits of the thread.
func (in *Inbox) countParticipants(now chatcore.Instant, e *entry, count int, link string) {
	o := chatcore.ListChatParticipantsOptions{MaxPageSize: peoplePageSize, NextLink: link}
	in.begin(in.client.ListParticipants(e.id, o, in.lookOptions()), func(now chatcore.Instant, result chatcore.Result, err error) {
		if err == nil {
			r := result.(*chatcore.ChatParticipantsCollection)
			count += len(r.Value)
			if r.NextLink != "" && len(r.Value) > 0 {
				in.countParticipants(now, e, count, r.NextLink)
				return
			}
			e.participants = max(count, 1)
		}
		in.endLook(now, e, nil)
	})
}

// endLook takes up what a look has read.
func (in *Inbox) endLook(now chatcore.Instant, e *entry, err error) {
	failure, isError := err.(*chatcore.Error)
	if in.closed || err != nil && !isError {
		return
	}
	l := e.look
	e.look, e.lookedAt = nil, l.startedAt
	in.looks--
	if l.pages > 0 {
		e.take(l, !isError)
	}
	switch {
	case !isError:
		e.isGone, e.failures = false, 0
		if l.startedAt < e.settleAt && e.lastID+overlapMs >= l.newest {
			e.planAt(max(now, e.settleAt))
		}
	case failure.Code == chatcore.NotFound || failure.Code == chatcore.Forbidden:
		e.isGone, e.failures = true, 0
	default:
		e.planAt(now + max(backoff(e.failures), chatcore.Instant(failure.RetryAfterMs)))
		e.failures++
	}
	in.count(e)
	in.finishMarking(now, e, err)
}

// noteMessage takes a message that a look has read.
func (in *Inbox) noteMessage(e *entry, m *chatcore.ChatMessage) {
	id, isID := parseNumber(m.ID)
	version, isVersion := parseNumber(m.Version)
	if !isID || !isVersion {
		return
	}
	l := e.look
	l.high, l.lastID = max(l.high, version), max(l.lastID, id)
	in.newest = max(in.newest, id)
	isMine := in.isMine(m)
	switch m.Type {
	case chatcore.ChatMessageTypeText, chatcore.ChatMessageTypeHTML:
		if !isMine {
			e.note(id, version, m.DeletedOn == "")
		}
	case chatcore.ChatMessageTypeParticipantAdded, chatcore.ChatMessageTypeParticipantRemoved:
		in.noteMembership(e, m, id)
	}
	if e.isNewest(id, version) {
		key := m.ID
		if token := m.Metadata[chatcore.IdempotencyTokenName]; isMine && token != "" {
			key = token
		}
		e.last, e.lastID = &Message{ChatMessage: *m, Key: key, Mine: isMine, State: Sent}, id
	}
}

// isNewest tells whether a message is newer than the last one, or a newer version of it. One that was just sent has no version yet.
func (e *entry) isNewest(id, version int64) bool {
	if id != e.lastID || e.last == nil {
		return id > e.lastID
	}
	known, _ := parseNumber(e.last.Version)
	return version > known
}

// noteMembership handles a message about participants.
func (in *Inbox) noteMembership(e *entry, m *chatcore.ChatMessage, id int64) {
	if id > e.countedID {
		e.countedID, e.participants = id, 0
	}
	if id <= e.membershipID || m.Content == nil || in.user == "" {
		return
	}
	for i := range m.Content.Participants {
		if rawID(&m.Content.Participants[i].CommunicationIdentifier) == in.user {
			e.membershipID, e.isRemoved = id, m.Type == chatcore.ChatMessageTypeParticipantRemoved
		}
	}
}
