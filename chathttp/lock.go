package chathttp

import "acschat/chatcore"

// What the clients of the process share for sending messages exactly once.
var (
	memory = chatcore.NewSendMemory()
	locks  chatcore.LockQueue
)

// lock asks for a lock, and tells the core when the call has it. The client's mu is held.
func (c *call) lock(name string, number int) {
	c.unlock = locks.Request(name, func(waited bool) {
		go c.client.tell(func(now chatcore.Instant) { c.core.Locked(now, number, waited) })
	})
}
