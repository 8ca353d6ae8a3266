package chatstate

import "acschat/chatcore"

// Pause says why nothing is sent at the moment.
type Pause string

// The values of Pause.
const (
	NotPaused    Pause = ""
	OfflinePause Pause = "offline" // the browser is offline
	TokenPause   Pause = "token"   // there is no usable token, or it is another user's
)

// Paused says why nothing is sent, if there is something to send.
func (c *Conversation) Paused() Pause { return c.queue.paused }

// expiryMs is how long a message may wait before it needs a retry by the user.
const expiryMs = 24 * 60 * 60 * 1000

// head returns the message that is sent next, or nil.
func (q *queue) head() *pending {
	for _, item := range q.items {
		if item.vanishedAt == 0 {
			return item
		}
	}
	return nil
}

// pump sends the first message of the queue, if that is possible now.
func (c *Conversation) pump(now chatcore.Instant) {
	if c.closed {
		return
	}
	q := &c.queue
	if c.canSend(now) && q.call == nil && !q.store.isKept && (!c.isStored() || q.head().sequence != 0) {
		c.startAttempt(now)
	}
}

// canSend tells whether an attempt at the first message may begin. It updates Paused, and fails messages that have expired.
func (c *Conversation) canSend(now chatcore.Instant) bool {
	c.expire(now)
	q := &c.queue
	head := q.head()
	isWaiting := !c.closed && c.status != Ended && head != nil && !head.isBlocked
	hasToken := !q.tokenFailed && !c.isOtherUser() && (c.timeline.isLoaded() || !isAboutToken(c.err))
	paused := NotPaused
	switch {
	case !isWaiting:
	case !c.isOnline:
		paused = OfflinePause
	case !hasToken:
		paused = TokenPause
	}
	if q.paused != paused {
		q.paused = paused
		c.changed |= PausedChanged
	}
	return isWaiting && c.isOnline && !c.isOtherUser() && c.timeline.isLoaded() && !q.isFrozen && now >= q.retryAt && head.changes == 0
}

// expire fails messages that have waited for too long.
func (c *Conversation) expire(now chatcore.Instant) {
	q := &c.queue
	q.expireAt = 0
	for _, item := range q.items {
		if item.isBlocked || item.vanishedAt != 0 || c.isBeingSent(item) {
			continue
		}
		left := item.createdMs + expiryMs - c.options.UnixMs()
		if left >= 0 {
			q.expireAt = earlier(q.expireAt, now+chatcore.Instant(left)+1)
			continue
		}
		c.fail(item, newError("sendMessage", Expired, "the message has waited for more than 24 hours"))
		c.save(item)
	}
}

// sendHead makes the call that sends the first message.
func (c *Conversation) sendHead(now chatcore.Instant) {
	q := &c.queue
	head := q.head()
	if (head.isAttempted || head.isShared) && head.attempter != c.id {
		c.client.NoteOtherSender(now, head.key)
	}
	head.attempter = c.id
	head.state = Sending
	c.show(head)
	o := c.callOptions()
	o.IdempotencyToken = head.key
	call := c.client.SendMessage(c.threadID, *head.request, o)
	q.sending, q.call = head, call
	c.begin(call, func(now chatcore.Instant, result chatcore.Result, err error) {
		q.call = nil
		if err != nil {
			c.attemptFailed(now, head, call, err)
			return
		}
		q.failures, q.retryAt, q.tokenFailed = 0, 0, false
		id := result.(*chatcore.SendChatMessageResult).ID
		c.confirm(head, id)
		c.announce(head.key, id, true)
		c.endAttempt(now, nil)
	})
}

// attemptFailed decides what becomes of the first message after a failed attempt.
func (c *Conversation) attemptFailed(now chatcore.Instant, head *pending, call *chatcore.Call, err error) {
	q := &c.queue
	e, ok := err.(*chatcore.Error)
	if !ok {
		return // aborted by stopAttempt
	}
	cause := e
	if inner, ok := e.Cause.(*chatcore.Error); ok && e.Code == chatcore.DeliveryUnknown {
		cause = inner
	}
	// A call does not know of what came before it, and so its outcome is unknown until it has looked the message up.
	head.isAttempted = e.Code == chatcore.DeliveryUnknown && (head.isAttempted || call.MayHaveSucceeded())
	if !head.isAttempted {
		e = cause
	}
	head.state, head.err = waitingState(head), e
	q.tokenFailed = isAboutToken(cause)
	switch {
	case c.endsConversation(now, cause): // this message fails, too
	case c.status == Ended:
		c.fail(head, c.err)
	case q.tokenFailed || isTransient(cause):
		q.retryAt = now + max(backoff(q.failures), chatcore.Instant(cause.RetryAfterMs))
		q.failures++
		c.show(head)
	default:
		c.fail(head, e)
	}
	c.endAttempt(now, head)
}

// stopAttempt aborts the call that sends the first message.
func (c *Conversation) stopAttempt() {
	q := &c.queue
	q.marking = nil
	if q.call == nil {
		return
	}
	call, head := q.call, q.sending
	head.isAttempted = head.isAttempted || call.MayHaveSucceeded()
	delete(c.calls, call)
	q.call = nil
	c.effects = append(c.effects, Effect{Kind: AbortCall, Call: call})
	if c.status == Ended {
		c.fail(head, c.err)
		return
	}
	head.state = waitingState(head)
	c.show(head)
}
