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

// ResetExcept does the same as Reset, but keeps the identities with these raw ids, so that their tokens stay valid. It returns
// the error of the Store.
func (em *Emulator) ResetExcept(userIDs ...string) error { return em.reset(userIDs...) }

func (em *Emulator) reset(keptUserIDs ...string) error {
	em.mu.Lock()
	defer em.mu.Unlock()
	kept := map[string]user{}
	for _, id := range keptUserIDs {
		if u, known := em.findUser(id); known {
			kept[id] = u
		}
	}
	if err := em.emptyStore(); err != nil {
		return err
	}
	em.clear()
	for id, u := range kept {
		em.setUser(id, &u)
	}
	return em.save()
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
