package chathttp

import (
	"context"
	"time"

	"acschat/chatcore"
)

// InboxOptions are the options of an inbox.
type InboxOptions struct {
	// Interval is the shortest time between two lists of the threads: by default 5 s.
	Interval time.Duration
}

// Inbox is the list of the user's threads: the one with the newest message first, each with its last message and the number of unread
// messages. It follows the threads until it is closed. It may be used from any number of goroutines.
type Inbox struct {
	driver *inboxDriver
	closed chan struct{}
}

// OpenInbox opens the inbox of the client's user. It returns at once: [Inbox.Snapshot] is empty then, and [Inbox.Changes] tells when that
// changes. The error has code InvalidArgument or Closed.
//
// Inboxes that a client has opened share what they show until all are closed. Interval is that of the first. With Options.Storage, the
// inbox keeps there how far the user has read, together with the client's conversations.
func (c *Client) OpenInbox(o InboxOptions) (inbox *Inbox, err error) {
	const operation = "openInbox"
	c.tell(func(now chatcore.Instant) {
		switch {
		case c.conversations == nil:
			err = goError(chatcore.NewClosed(operation))
			return
		case milliseconds(o.Interval) < 0:
			err = goError(chatcore.NewInvalidArgument(operation, "InboxOptions.Interval", "must be from 1ms to "+maxDuration.String()+", or 0 for the default", nil))
			return
		}
		driver, _ := c.inbox.(*inboxDriver)
		if driver == nil {
			driver = newInboxDriver(c, o)
			c.inbox = driver
			for _, conversation := range c.conversations {
				driver.join(now, conversation.(*conversationDriver).core)
			}
			driver.core.Start(now)
		}
		inbox = &Inbox{driver, make(chan struct{})}
		driver.inboxes[inbox] = struct{}{}
	})
	return inbox, err
}

// MarkRead marks all messages of a thread that are known as read. In threads of up to 20 participants it also sends a read receipt, and
// waits for the answer. It waits for the thread's messages if they are not known yet. The error has code InvalidArgument if the inbox
// does not have the thread. If ctx ends, MarkRead goes on.
func (i *Inbox) MarkRead(ctx context.Context, chatThreadID string) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	answers := make(chan error, 1)
	i.tell(func(now chatcore.Instant) {
		i.driver.core.MarkRead(now, chatThreadID, func(err error) { answers <- err })
	})
	select {
	case err := <-answers:
		return goError(err)
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-i.closed:
	}
	select {
	case err := <-answers:
		return goError(err)
	default:
		return goError(chatcore.NewClosed("sendReadReceipt"))
	}
}

// Close closes the inbox. If it is the client's last one that is open, it stops following the threads, and Close waits until what the
// user has read is stored. Closing again does nothing.
func (i *Inbox) Close() {
	i.tell(func(now chatcore.Instant) {
		close(i.closed)
		delete(i.driver.inboxes, i)
		if len(i.driver.inboxes) == 0 {
			i.driver.close(now)
		}
	})
	select {
	case <-i.driver.closed:
		i.driver.storage.drain()
	default:
	}
}

// tell calls f as the client's tell does, if the inbox is open.
func (i *Inbox) tell(f func(now chatcore.Instant)) {
	i.driver.client.tellUnless(i.closed, f)
}
