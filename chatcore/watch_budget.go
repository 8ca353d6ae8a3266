package chatcore

// A client polls a thread at most 400 / participants times a minute, in bursts of at most 10: the service answers 400 lists of messages a
// minute in a thread, which all its participants share. It answers 200 of one user.
const (
	maxListsPerThread   = 400
	maxListsPerUser     = 200
	maxBurst            = 10
	budgetMs            = 60_000
	unknownParticipants = 20 // assumed until they are counted: a burst is possible, and most threads have fewer
)

// budget is what a client has spent of a thread's limits.
type budget struct {
	spentAt []Instant // the latest lists of messages, at most maxListsPerUser
	burst   Instant   // polls of the current burst, in thousandths; one less is left after each budgetMs / pollsPerMinute
	burstAt Instant   // when burst was computed
}

// pollsPerMinute returns how often the client may poll the thread.
func (p *poller) pollsPerMinute() int {
	return max(1, min(maxListsPerThread/firstOf(p.members, unknownParticipants), maxListsPerUser))
}

// allowedAt returns when the next poll is within the budget. An instant in the past means now.
func (p *poller) allowedAt() Instant {
	b, n := &p.budget, p.pollsPerMinute()
	at := b.burstAt + (b.burst-(maxBurst-1)*1000)*budgetMs/1000/Instant(n)
	if len(b.spentAt) >= n {
		at = max(at, b.spentAt[len(b.spentAt)-n]+budgetMs)
	}
	return at
}

// spend counts a request that is sent. Further pages of a poll are not held back, but the polls after it are.
func (w *watch) spend(now Instant) {
	if w.call.pendingOperation != watchMessages {
		return
	}
	p, b := w.poller, &w.poller.budget
	if len(b.spentAt) == maxListsPerUser {
		b.spentAt = b.spentAt[:copy(b.spentAt, b.spentAt[1:])]
	}
	b.spentAt = append(b.spentAt, now)
	if !w.isNextPage {
		b.burst = max(0, b.burst-(now-b.burstAt)*1000*Instant(p.pollsPerMinute())/budgetMs) + 1000
		b.burstAt = now
	}
}
