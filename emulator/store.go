package emulator

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// Store keeps the state of an emulator beyond the life of its process: its users, threads, participants, messages, read
// receipts, and what it remembers of repeatable creates. The records are the emulator's own; a Store needs to understand
// none of them. Its methods are never called at the same time, and one emulator at a time may use a Store.
type Store interface {
	// Load calls f with every record, in any order, and ends with the error of f if there is one.
	Load(f func(key string, value []byte) error) error
	// Save puts records in place of those with the same keys, and deletes those whose value is nil: all of them or, with an
	// error, none. They are durable when it returns.
	Save(changes map[string][]byte) error
}

// write is an operation that changes something and waits for its turn.
type write struct {
	change  func() (response, *communicationError)
	done    bool
	answer  response
	failure *communicationError
}

// write runs a change with em.mu held and, if there is a Store, saves what it changed before it returns. All changes
// that wait at the same time are saved together, by the one that gets the lock first: many writers share one wait for
// the disk. Nobody sees a change before it is saved, and if it cannot be saved it is as if it had never been.
func (em *Emulator) write(change func() (response, *communicationError)) (response, *communicationError) {
	w := &write{change: change}
	em.queue.Lock()
	em.queued = append(em.queued, w)
	em.queue.Unlock()

	em.mu.Lock()
	defer em.mu.Unlock()
	if !w.done {
		em.writeQueued()
	}
	return w.answer, w.failure
}

// writeQueued runs and saves all changes that are waiting. em.mu is held.
func (em *Emulator) writeQueued() {
	em.queue.Lock()
	writes := em.queued
	em.queued = nil
	em.queue.Unlock()

	for _, w := range writes {
		w.answer, w.failure = w.change()
		w.done = true
	}
	if err := em.save(); err != nil {
		for _, w := range writes {
			w.answer, w.failure = response{}, notSaved(err)
		}
	}
}

func notSaved(err error) *communicationError {
	message := fmt.Sprintf("Nothing has changed, for it could not be saved: %v.", err)
	return newError(http.StatusInternalServerError, "", "InternalServerError", message)
}

// keep notes a change that has been made in memory: the record to save, nil to delete it, and how to take the change
// back. em.mu is held.
func (em *Emulator) keep(key string, r *record, undo func()) {
	if em.store == nil {
		return
	}
	var value []byte
	if r != nil {
		value, _ = json.Marshal(r) // never fails: strings, numbers and times
	}
	em.changes[key] = value
	em.undo = append(em.undo, undo)
}

// save saves what keep has noted, or takes it all back. em.mu is held.
func (em *Emulator) save() error {
	if len(em.changes) == 0 {
		return nil
	}
	err := em.store.Save(em.changes)
	if err != nil {
		for i := len(em.undo) - 1; i >= 0; i-- {
			em.undo[i]()
		}
	}
	em.changes, em.undo = map[string][]byte{}, nil
	return err
}

// emptyStore deletes every record. em.mu is held.
func (em *Emulator) emptyStore() error {
	if em.store == nil {
		return nil
	}
	all := map[string][]byte{}
	err := em.store.Load(func(key string, _ []byte) error {
		all[key] = nil
		return nil
	})
	if err != nil || len(all) == 0 {
		return err
	}
	return em.store.Save(all)
}
