package emulator

// QueuedWrites returns how many writes wait for em.mu.
func (em *Emulator) QueuedWrites() int {
	em.queueMu.Lock()
	defer em.queueMu.Unlock()
	return len(em.queued)
}
