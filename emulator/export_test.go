package emulator

// QueuedWrites is how many changes wait for the lock.
func (em *Emulator) QueuedWrites() int {
	em.queue.Lock()
	defer em.queue.Unlock()
	return len(em.queued)
}
