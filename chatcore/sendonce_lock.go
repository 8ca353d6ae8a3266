package chatcore

import "sync"

// LockQueue gives out the locks that [NeedLock] steps ask for, each to one call at a time and in the order of the requests.
// It serves the clients of one program whose platform has no locks of its own. Its zero value is ready. It is safe for
// concurrent use.
type LockQueue struct {
	mu       sync.Mutex
	requests []*lockRequest // the first for each lock holds it
}

type lockRequest struct {
	name    string
	granted func(waited bool)
}

// Request asks for a lock. granted is called once, when it is free: by Request itself, or by the release of the one before. The
// returned function releases the lock, or withdraws the request.
func (q *LockQueue) Request(name string, granted func(waited bool)) (release func()) {
	r := &lockRequest{name, granted}
	if q.change(r, true) == r {
		granted(false)
	}
	return func() {
		if next := q.change(r, false); next != nil {
			next.granted(true)
		}
	}
}

// change adds or removes a request, and returns the one that gets the lock by that, if any.
func (q *LockQueue) change(r *lockRequest, adds bool) *lockRequest {
	q.mu.Lock()
	defer q.mu.Unlock()
	before := q.holder(r.name)
	if adds {
		q.requests = append(q.requests, r)
	} else {
		q.requests = without(q.requests, r)
	}
	if after := q.holder(r.name); after != before {
		return after
	}
	return nil
}

func (q *LockQueue) holder(name string) *lockRequest {
	for _, r := range q.requests {
		if r.name == name {
			return r
		}
	}
	return nil
}
