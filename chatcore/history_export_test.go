package chatcore

// SharePoll tells whether a call gets the pages that another one requests.
func SharePoll(leader, other *Call) bool {
	a, ok := leader.flow.(*watch)
	b, _ := other.flow.(*watch)
	return ok && b != nil && (a == b || a.poll != 0 && a.poll == b.poll && a.poller == b.poller)
}
