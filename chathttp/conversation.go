package chathttp

import (
	"context"
	"strings"
	"time"

	"acschat/chatcore"
	"acschat/chatstate"
)

// ConversationOptions are the options of a conversation.
type ConversationOptions struct {
	// SenderDisplayName is the sender's name in messages that have none.
	SenderDisplayName string

	// PageSize is how many messages are loaded at once: from 1 to 200, by default 50.
	PageSize int

	// Interval is the shortest time between two polls: at least 300 ms, by default 2 s.
	Interval time.Duration
}

// Conversation is what an application shows of a thread, and the queue of the messages that its user sends to it. It follows the
// thread until it is closed. It may be used from any number of goroutines.
type Conversation struct {
	driver            *conversationDriver
	senderDisplayName string
	closed            chan struct{}
}

// OpenConversation opens the conversation of a thread. It returns at once: [Conversation.Snapshot] is empty then, and
// [Conversation.Changes] tells when that changes. The error has code InvalidArgument or Closed.
//
// Conversations of one thread that a client has opened share what they show and their queue until all are closed. PageSize and
// Interval are those of the first.
func (c *Client) OpenConversation(chatThreadID string, o ConversationOptions) (conversation *Conversation, err error) {
	c.tell(func(now chatcore.Instant) {
		if err = c.checkConversation(chatThreadID, o); err != nil {
			return
		}
		driver, _ := c.conversations[chatThreadID].(*conversationDriver)
		if driver == nil {
			driver = newConversationDriver(c, chatThreadID, o)
			c.conversations[chatThreadID] = driver
			driver.core.Start(now)
			if c.inbox != nil {
				c.inbox.join(now, driver.core)
			}
		}
		conversation = &Conversation{driver, o.SenderDisplayName, make(chan struct{})}
		driver.conversations[conversation] = struct{}{}
	})
	return conversation, err
}

// checkConversation returns what is wrong with the arguments of OpenConversation, or nil. The client's mu is held.
func (c *Client) checkConversation(chatThreadID string, o ConversationOptions) error {
	const operation = "openConversation"
	invalid := func(target, problem string) error {
		return goError(chatcore.NewInvalidArgument(operation, target, problem, nil))
	}
	if c.conversations == nil {
		return goError(chatcore.NewClosed(operation))
	}
	if e, ok := c.core.CheckMessage(chatThreadID, chatcore.SendChatMessageRequest{Content: "x"}).(*chatcore.Error); ok {
		return invalid(e.Target, strings.TrimPrefix(e.Message, e.Operation+": "+e.Target+" "))
	}
	if o.PageSize < 0 || o.PageSize > 200 {
		return invalid("ConversationOptions.PageSize", "must be from 1 to 200, or 0 for the default")
	}
	if milliseconds(o.Interval) < 0 {
		return invalid("ConversationOptions.Interval", "must be from 1ms to "+maxDuration.String()+", or 0 for the default")
	}
	return nil
}

// PendingMessage is a message in the queue of a conversation.
type PendingMessage struct {
	Key string // that of the message in snapshots, also after it was sent

	done chan struct{}
	id   string
	err  error
}

// Done returns a channel that is closed when the message has left the queue.
func (m *PendingMessage) Done() <-chan struct{} { return m.done }

// Wait waits until the message was sent, and returns its id. It goes on waiting after failures: the message is sent again, or waits
// for [Conversation.Retry]. The error has code Cancelled if the message was cancelled or discarded, and Closed if the conversation was
// closed; a Storage then still has it. If ctx ends, the error is its cause, and the message stays in the queue.
func (m *PendingMessage) Wait(ctx context.Context) (id string, err error) {
	select {
	case <-m.done:
		return m.id, m.err
	default:
	}
	select {
	case <-m.done:
		return m.id, m.err
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
}

// Send puts a message into the queue. The next snapshot has it. The error has code InvalidArgument or Closed: then nothing is queued.
//
// The conversation sends messages in the order of Send, each exactly once. It retries after temporary failures for as long as it is open.
// After any other failure, the message blocks the queue until you retry or discard it.
func (c *Conversation) Send(request chatcore.SendChatMessageRequest) (*PendingMessage, error) {
	m := &PendingMessage{done: make(chan struct{})}
	var err error
	isOpen := c.tell(func(now chatcore.Instant) {
		if m.Key, err = c.driver.core.Send(now, c.named(request)); err == nil {
			c.driver.pending[m.Key] = m
		}
	})
	if !isOpen {
		err = chatstate.NewClosed("sendMessage")
	}
	if err != nil {
		return nil, goError(err)
	}
	return m, nil
}

// named returns a message with the sender's name.
func (c *Conversation) named(request chatcore.SendChatMessageRequest) chatcore.SendChatMessageRequest {
	if request.SenderDisplayName == "" {
		request.SenderDisplayName = c.senderDisplayName
	}
	return request
}

// Edit replaces a message in the queue. It returns false if it is too late: the service may have the message.
func (c *Conversation) Edit(ctx context.Context, key string, request chatcore.SendChatMessageRequest) (bool, error) {
	type answer struct {
		isEdited bool
		err      error
	}
	a, err := waitFor(ctx, c, "sendMessage", func(now chatcore.Instant, done func(answer)) {
		err := c.driver.core.Edit(now, key, c.named(request), func(isEdited bool) { done(answer{isEdited: isEdited}) })
		if err != nil {
			done(answer{err: goError(err)})
		}
	})
	if err == nil {
		err = a.err
	}
	return a.isEdited, err
}

// Cancel removes a message from the queue. It returns false if it is too late: the service may have the message.
func (c *Conversation) Cancel(ctx context.Context, key string) (bool, error) {
	return waitFor(ctx, c, "sendMessage", func(now chatcore.Instant, done func(bool)) { c.driver.core.Cancel(now, key, done) })
}

// Retry sends a failed message again, also one that has waited for more than 24 hours. It returns false if the message does not wait
// for that.
func (c *Conversation) Retry(key string) (isRetried bool) {
	c.tell(func(now chatcore.Instant) { isRetried = c.driver.core.Retry(now, key) })
	return isRetried
}

// Discard removes a message from the queue even if the service may have it. It returns false while the message is being sent.
func (c *Conversation) Discard(key string) (isDiscarded bool) {
	c.tell(func(now chatcore.Instant) { isDiscarded = c.driver.core.Discard(now, key) })
	return isDiscarded
}

// LoadOlder loads PageSize older messages, or what is left of them, and waits for them. If ctx ends, the load goes on.
func (c *Conversation) LoadOlder(ctx context.Context) error {
	return c.load(ctx, c.driver.core.LoadOlder)
}

// LoadNewer loads newer messages, if the loaded ones do not reach to the newest, and waits for them. If ctx ends, the load goes on.
func (c *Conversation) LoadNewer(ctx context.Context) error {
	return c.load(ctx, c.driver.core.LoadNewer)
}

// JumpToNewest loads the newest messages in place of those that are loaded. If ctx ends, the load goes on.
func (c *Conversation) JumpToNewest(ctx context.Context) error {
	return c.load(ctx, c.driver.core.JumpToNewest)
}

func (c *Conversation) load(ctx context.Context, load func(chatcore.Instant, func(error))) error {
	return c.awaitError(ctx, "listMessages", load)
}

// MarkRead marks a message and those before it as read, by default the newest that is loaded. In threads of up to 20 participants it
// also sends a read receipt, and waits for the answer.
func (c *Conversation) MarkRead(ctx context.Context, chatMessageID string) error {
	return c.awaitError(ctx, "sendReadReceipt", func(now chatcore.Instant, done func(error)) {
		c.driver.core.MarkRead(now, chatMessageID, done)
	})
}

// Close closes the conversation. If it is the last one of its thread that is open, messages that are not sent yet stay in the
// client's Storage, and without one they are lost. Close waits until they are stored. Closing again does nothing.
func (c *Conversation) Close() {
	c.tell(func(now chatcore.Instant) {
		close(c.closed)
		delete(c.driver.conversations, c)
		if len(c.driver.conversations) == 0 {
			c.driver.close(now)
		}
	})
	select {
	case <-c.driver.closed:
		c.driver.storage.drain()
	default:
	}
}

// tell calls f as the client's tell does, if the conversation is open.
func (c *Conversation) tell(f func(now chatcore.Instant)) (isOpen bool) {
	return c.driver.client.tellUnless(c.closed, f)
}

func (c *Conversation) awaitError(ctx context.Context, operation string, ask func(chatcore.Instant, func(error))) error {
	failure, err := waitFor(ctx, c, operation, ask)
	if err == nil && failure != nil {
		err = goError(failure)
	}
	return err
}

// waitFor asks the core for something, and waits for its answer, for the end of ctx, or until the conversation is closed.
func waitFor[T any](ctx context.Context, c *Conversation, operation string, ask func(now chatcore.Instant, done func(T))) (answer T, err error) {
	if ctx.Err() != nil {
		return answer, context.Cause(ctx)
	}
	answers := make(chan T, 1)
	c.tell(func(now chatcore.Instant) { ask(now, func(a T) { answers <- a }) })
	select {
	case answer = <-answers:
		return answer, nil
	case <-ctx.Done():
		return answer, context.Cause(ctx)
	case <-c.closed:
	}
	select {
	case answer = <-answers:
		return answer, nil
	default:
		return answer, goError(chatstate.NewClosed(operation))
	}
}
