package chatstate

import "acschat/chatcore"

// Status says how current a conversation is.
type Status string

// The values of Status.
const (
	Loading Status = "loading" // before the first page
	Live    Status = "live"    // changes arrive
	Waiting Status = "waiting" // the service cannot be reached, or refuses; the conversation goes on when it can
	Ended   Status = "ended"   // the thread was deleted, or the user is not a participant any more
)

// Status says how current the conversation is. The error says why it is waiting or has ended.
func (c *Conversation) Status() (Status, *chatcore.Error) { return c.status, c.err }

func (c *Conversation) setStatus(s Status, e *chatcore.Error) {
	if !c.isOnline && s == Live {
		s = Waiting
	}
	if s != c.status || e != c.err {
		c.status, c.err = s, e
		c.changed |= StatusChanged
	}
}

// endsConversation tells whether an error means that the thread is gone, or that the user is not a participant. Then the conversation
// ends.
func (c *Conversation) endsConversation(now chatcore.Instant, e *chatcore.Error) bool {
	if c.closed || e.Code != chatcore.NotFound && e.Code != chatcore.Forbidden {
		return false
	}
	c.end(now, e)
	return true
}

// end ends the conversation. The watch continues, or is retried, so that the conversation resumes if the user is added again.
func (c *Conversation) end(now chatcore.Instant, e *chatcore.Error) {
	if c.status != Ended || c.err.Code != e.Code {
		c.setStatus(Ended, e)
	}
	if c.queue.call == nil {
		c.releaseLock()
	}
	for _, item := range c.queue.items {
		if !item.isBlocked && item.vanishedAt == 0 && !c.isBeingSent(item) { // the answer decides about that one
			c.fail(item, e)
			c.save(item)
		}
	}
	c.pump(now)
}

// resume goes on after the service was reached. After an end it reads the newest messages again: a removed participant still sees changes
// of old messages, and so the watch has passed versions of messages that it could not see.
func (c *Conversation) resume(now chatcore.Instant) {
	switch {
	case c.people.isRemoved: // a removed participant can still read
	case c.status == Ended:
		c.people.topicID, c.people.topicAt, c.people.listAt = "", now, now
		c.reload(now)
	default:
		c.setStatus(Live, nil)
	}
}

// endedMs is the time between two looks whether the user was added again.
const endedMs = 60_000

// isTransient tells whether trying again may help.
func isTransient(e *chatcore.Error) bool {
	switch e.Code {
	case chatcore.NetworkError, chatcore.Timeout, chatcore.TooManyRequests, chatcore.ServiceUnavailable, chatcore.ParseError:
		return true
	case chatcore.HTTPError:
		return e.Status == 408 || e.Status >= 500 || e.Status < 400
	}
	return false
}

// isAboutToken tells whether there is no usable access token.
func isAboutToken(e *chatcore.Error) bool {
	return e != nil && (e.Code == chatcore.TokenError || e.Code == chatcore.Unauthorized)
}

// backoff returns the pause after so many failures in a row.
func backoff(failures int) chatcore.Instant {
	return chatcore.Instant(min(2000<<min(failures, 5), 30_000))
}
