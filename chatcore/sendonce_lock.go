package chatcore

import "sync"

// LockQueue grants the locks of [NeedLock] steps, in the order of the requests. It is for drivers whose platform has no named locks, and
// works within one program. The zero value is ready for use. A LockQueue is safe for concurrent use.
type LockQueue struct {
	mu       sync.Mutex
	requests []*lockRequest // the first one for each name holds the lock
}

type lockRequest struct {
	name    string
	granted func(waited bool)
}

// Request requests a lock. It calls granted once, when the lock is free: before Request returns, or when the previous holder releases the
// lock. The returned function releases the lock, or withdraws the request.
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

// change adds or removes a request. It returns the request that gets the lock as a consequence, or nil.
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
