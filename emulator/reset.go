package emulator

import "time"

// Reset makes the resource what New made it: no users, no threads, nothing remembered of creates and of rates, no planted
// faults, and the time that Options.Clock tells. The options stay. Tokens from before are refused as their users are gone.
func (em *Emulator) Reset() {
	em.mu.Lock()
	defer em.mu.Unlock()
	em.users = map[string]bool{}
	em.threads = map[string]*Thread{}
	em.threadOrder = nil
	em.created = map[repeatedRequest]createdThread{}
	em.lastMessageID = 0
	em.faults = nil
	em.recent = map[counter][]time.Time{}
	em.clock.ahead.Store(0)
}
