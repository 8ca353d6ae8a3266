package chatcore

// SharePoll tells whether a call gets the pages that another one requests.
func SharePoll(leader, other *Call) bool {
	a, ok := leader.flow.(*watch)
	b, _ := other.flow.(*watch)
	return ok && b != nil && (a == b || a.poll != nil && a.poll == b.poll)
}
