package chatcore

// A client polls a thread at most 400 / participants times a minute, in bursts of at most 10: the service answers 400 lists of messages a
// minute in a thread, which all its participants share. It answers 200 of one user.
const (
	maxListsPerThread   = 400
	maxListsPerUser     = 200
	maxBurst            = 10
	budgetMs            = 60_000
	maxHeldMs           = 10_000
	unknownParticipants = 20 // assumed until they are counted: a burst is possible, and most threads have fewer
)

// limits returns the limits of a leaky bucket: how many polls a burst may have, and what leaks from the bucket in a millisecond. A poll
// pours budgetMs into it. In a minute as much leaks as the client may poll beyond a burst.
func (p *poller) limits() (burst, leak Instant) {
	members := p.members
	if members == 0 {
		members = unknownParticipants
	}
	perMinute := max(1, min(maxListsPerThread/members, maxListsPerUser))
	burst = max(1, min(perMinute/2, maxBurst))
	return burst, perMinute + 1 - burst
}

// spend counts a request for messages that is sent. Further pages of a poll and requests of other calls, such as an inbox's, are not held
// back, but the polls after them are, for at most maxHeldMs, or until the next poll of a thread with so many participants is due anyway.
func (p *poller) spend(now Instant) {
	burst, leak := p.limits()
	p.level = max(0, p.level-(now-p.levelAt)*leak) + budgetMs
	p.level, p.levelAt = min(p.level, (burst-1)*budgetMs+max(budgetMs, leak*maxHeldMs)), now
}
