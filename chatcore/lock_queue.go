package chatcore

import "sync"

// LockQueue gives out the locks that [NeedLock] steps ask for, each to one call at a time and in the order of the requests.
// It serves the clients of one program whose platform has no locks of its own. Its zero value is ready. It is safe for
// concurrent use.
type LockQueue struct {
	mu       sync.Mutex
	requests map[string][]*lockRequest // by the name of the lock; the first holds it
}

type lockRequest struct{ granted func(waited bool) }

// Request asks for a lock. granted is called once, when it is free: by Request itself, or by the release of the one before. The
// returned function releases the lock, or withdraws the request.
func (q *LockQueue) Request(name string, granted func(waited bool)) (release func()) {
	r := &lockRequest{granted}
	q.mu.Lock()
	if q.requests == nil {
		q.requests = map[string][]*lockRequest{}
	}
	q.requests[name] = append(q.requests[name], r)
	isFree := len(q.requests[name]) == 1
	q.mu.Unlock()
	if isFree {
		granted(false)
	}
	return func() {
		if next := q.remove(name, r); next != nil {
			next.granted(true)
		}
	}
}

// remove ends a request, and returns the one that gets the lock by that, if any.
func (q *LockQueue) remove(name string, r *lockRequest) (next *lockRequest) {
	q.mu.Lock()
	defer q.mu.Unlock()
	requests := q.requests[name]
	for i, other := range requests {
		if other != r {
			continue
		}
		requests = append(requests[:i:i], requests[i+1:]...)
		if i == 0 && len(requests) > 0 {
			next = requests[0]
		}
	}
	if q.requests[name] = requests; len(requests) == 0 {
		delete(q.requests, name)
	}
	return next
}
