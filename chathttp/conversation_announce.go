package chathttp

import (
	"strings"
	"sync"

	"acschat/chatcore"
	"acschat/chatstate"
)

// listener is a driver that hears at once what others in the process do with a queue in a Storage.
type listener interface {
	tell(f func(now chatcore.Instant))
	hear(now chatcore.Instant, e chatstate.Effect)
}

// listeners are those of the process.
var listeners = struct {
	mu     sync.Mutex
	queues map[listener]queueNames
}{queues: map[listener]queueNames{}}

// queueNames is the queue that a listener hears of, or all queues whose names begin with a prefix.
type queueNames struct {
	name     string
	isPrefix bool
}

func (n queueNames) contain(queue string) bool {
	return queue == n.name || n.isPrefix && strings.HasPrefix(queue, n.name)
}

// listen makes a driver hear of queues.
func listen(l listener, names queueNames) {
	listeners.mu.Lock()
	defer listeners.mu.Unlock()
	listeners.queues[l] = names
}

func stopListening(l listener) {
	listeners.mu.Lock()
	defer listeners.mu.Unlock()
	delete(listeners.queues, l)
}

// announce tells the other listeners what a driver has done with a queue.
func announce(from listener, e chatstate.Effect) {
	listeners.mu.Lock()
	defer listeners.mu.Unlock()
	for other, names := range listeners.queues {
		if other != from && names.contain(e.Queue) {
			go other.tell(func(now chatcore.Instant) { other.hear(now, e) })
		}
	}
}
