package emulator

import "time"

// Reset removes everything from the resource and its Store: users, threads, results of creates, counters of rate limits and
// planted faults. It also sets the clock back to Options.Clock. The options stay. Existing tokens are refused, because their
// users are gone. If the Store returns an error, Reset panics and changes nothing.
func (em *Emulator) Reset() {
	if err := em.reset(); err != nil {
		panic("emulator: Reset: " + err.Error())
	}
}

func (em *Emulator) reset() error {
	em.mu.Lock()
	defer em.mu.Unlock()
	if err := em.emptyStore(); err != nil {
		return err
	}
	em.clear()
	return nil
}

// clear empties the state in memory. em.mu is held.
func (em *Emulator) clear() {
	em.era.Add(1)
	em.threads = map[string]*thread{}
	em.threadOrder = nil
	em.createdThreads = map[repeatabilityKey]createdThread{}
	em.lastVersion = 0
	em.unsaved = map[string][]byte{}
	em.rollback = nil
	em.admissionMu.Lock()
	defer em.admissionMu.Unlock()
	em.users = map[string]user{}
	em.faults = nil
	em.recentCalls = map[rateCounter][]time.Time{}
	em.clock.offset.Store(0)
}
