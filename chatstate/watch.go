package chatstate

import (
	"strconv"

	"acschat/chatcore"
)

// watch follows the changes of the thread.
type watch struct {
	call     *chatcore.Call
	options  chatcore.WatchMessagesOptions
	failures int
	retryAt  chatcore.Instant // 0: it does not wait
	checkAt  chatcore.Instant // when to see whether the call reaches the service; 0: there is no call
}

const (
	// overlapMs is how far before the newest version a watch begins: a change may become visible later than a newer one.
	overlapMs = 10_000
	// checkMs is the time between two checks of the watch, which itself goes on after most failures.
	checkMs = 5000
)

// followFrom starts the watch after the first page, whose highest version it is.
func (c *Conversation) followFrom(now chatcore.Instant, version string) {
	w := &c.watch
	if w.call != nil || w.retryAt != 0 {
		return
	}
	since := "0"
	if n, ok := parseNumber(version); ok && n > overlapMs {
		since = strconv.FormatInt(n-overlapMs, 10)
	}
	w.options = chatcore.WatchMessagesOptions{SinceVersion: since, IntervalMs: c.options.IntervalMs}
	if now-c.people.startedAt > overlapMs/2 { // the watch may miss what has changed since these were asked for
		c.people.topicAt, c.people.listAt = now, now
	}
	if !c.people.isRemoved {
		c.setStatus(Live, nil)
	}
	c.follow(now)
}

func (c *Conversation) follow(now chatcore.Instant) {
	w := &c.watch
	w.retryAt, w.checkAt = 0, now+checkMs
	w.call = c.client.WatchMessages(c.threadID, w.options, c.callOptions())
	c.begin(w.call, func(now chatcore.Instant, result chatcore.Result, err error) {
		w.call, w.checkAt = nil, 0
		if err != nil {
			c.watchFailed(now, err)
			return
		}
		page := result.(*chatcore.ChatMessagesCollection)
		w.failures, w.options = 0, chatcore.WatchMessagesOptions{NextLink: page.NextLink, IntervalMs: c.options.IntervalMs}
		c.resume(now)
		c.applyAll(now, page.Value)
		c.noteSystemMessages(now, page.Value)
		c.trimWindow()
		if c.isReloading() {
			return
		}
		c.follow(now)
		c.pump(now)
	})
}

// checkWatch updates the status. It is needed because the watch's call survives failures, and does not end at a poll without changes.
func (c *Conversation) checkWatch(now chatcore.Instant) {
	c.watch.checkAt = now + checkMs
	e, hasEnded := c.watch.call.LastRequest()
	switch {
	case !hasEnded:
	case e == nil:
		c.resume(now)
		c.pump(now)
	case c.status != Ended && e.Code != chatcore.NotFound && e.Code != chatcore.Forbidden: // with these, the call ends soon
		c.setStatus(Waiting, e)
	}
}

// watchFailed follows again later.
func (c *Conversation) watchFailed(now chatcore.Instant, err error) {
	e, ok := err.(*chatcore.Error)
	if !ok || c.closed {
		return
	}
	if c.endsConversation(now, e) {
		c.watch.retryAt = now + endedMs
		return
	}
	if c.status != Ended {
		c.setStatus(Waiting, e)
	}
	c.watch.retryAt = now + backoff(c.watch.failures)
	c.watch.failures++
}

// noteSystemMessages handles changes of the topic and of the participants.
func (c *Conversation) noteSystemMessages(now chatcore.Instant, messages []chatcore.ChatMessage) {
	for i := range messages {
		m := &messages[i]
		switch m.Type {
		case chatcore.ChatMessageTypeTopicUpdated:
			if m.Content != nil && chatcore.CompareIDs(m.ID, c.people.topicID) > 0 {
				c.people.topicID = m.ID
				c.setTopic(m.Content.Topic)
			}
		case chatcore.ChatMessageTypeParticipantAdded, chatcore.ChatMessageTypeParticipantRemoved:
			c.noteMembership(now, m)
		}
	}
	if p := &c.people; p.isRemoved && c.hasMessageAfter(p.membershipID) {
		p.isRemoved = false
		c.resume(now)
	}
}
