package emulator

import "time"

// Reset makes the resource what New made it: no users, no threads, nothing remembered of creates and of rates, no planted
// faults, and the time that Options.Clock tells. The options stay, and the Store with nothing in it. Tokens from before
// are refused as their users are gone. It panics if there is a Store that fails; nothing has changed then.
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

// clear empties the memory. em.mu is held.
func (em *Emulator) clear() {
	em.threads = map[string]*thread{}
	em.threadOrder = nil
	em.created = map[repeatedRequest]createdThread{}
	em.lastVersion = 0
	em.changes = map[string][]byte{}
	em.undo = nil
	em.gate.Lock()
	defer em.gate.Unlock()
	em.users = map[string]user{}
	em.faults = nil
	em.recent = map[counter][]time.Time{}
	em.clock.ahead.Store(0)
}
