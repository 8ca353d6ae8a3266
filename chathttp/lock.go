package chathttp

import "acschat/chatcore"

// All clients of the process share these, so that they send a message exactly once.
var (
	memory = chatcore.NewSendMemory()
	locks  chatcore.LockQueue
)

// lock requests a lock, and tells the core when the call has it. The caller holds the client's mu.
func (c *call) lock(name string, number int) {
	c.unlock = locks.Request(name, func(waited bool) {
		go c.client.tell(func(now chatcore.Instant) { c.core.Locked(now, number, waited) })
	})
}
