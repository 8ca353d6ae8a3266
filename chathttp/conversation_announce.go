package chathttp

import (
	"sync"

	"acschat/chatcore"
	"acschat/chatstate"
)

// durable are the conversations of the process that have a queue in a Storage. They tell one another at once what happens to a message
// of the same queue.
var durable = struct {
	mu     sync.Mutex
	queues map[*conversationDriver]string
}{queues: map[*conversationDriver]string{}}

// join makes the conversation one of those that hear of its queue. The client's mu is held.
func (d *conversationDriver) join() {
	durable.mu.Lock()
	defer durable.mu.Unlock()
	durable.queues[d] = d.storage.queue
}

func (d *conversationDriver) part() {
	durable.mu.Lock()
	defer durable.mu.Unlock()
	delete(durable.queues, d)
}

// announce tells the others with a queue what has happened to a message of it. The client's mu is held.
func (d *conversationDriver) announce(e chatstate.Effect) {
	durable.mu.Lock()
	defer durable.mu.Unlock()
	for other, queue := range durable.queues {
		if other != d && queue == e.Queue {
			go other.tell(func(now chatcore.Instant) { other.core.Announced(now, e.Key, e.ID, e.IsGone) })
		}
	}
}
