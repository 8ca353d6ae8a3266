package chathttp

import "acschat/chatcore"

// Wake tells the client that a thread has changed. It is for hints from anywhere: from a server that gets the service's events, or from
// another user's program. The thread's watches and conversations and the inbox poll at once, unless they have seen options.Version. What
// they return does not depend on hints, which may be wrong, late, doubled or missing.
//
// If hints announce the changes of a thread reliably, its watches poll less often by themselves. However many hints there are, the client
// polls a thread at most 400 / participants times a minute, and at most 10 times in a burst. Wake does nothing for a thread that is not
// followed, and on a closed client.
func (c *Client) Wake(chatThreadID string, options chatcore.WakeOptions) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.clock.now()
	hasSteps := c.core.Wake(now, chatThreadID, options)
	if c.inbox != nil {
		c.inbox.wake(now, chatThreadID, options.Version)
	}
	if hasSteps || c.inbox != nil {
		c.perform(now)
	}
}
