package emulator

import (
	"encoding/json"
	"fmt"
)

// Store keeps the state of an emulator across restarts: users, threads, participants, messages, read receipts, and the results
// of creates with a repeatability-request-id. A Store does not need to understand the records. Its methods are never called
// concurrently. Only one emulator at a time may use a Store.
type Store interface {
	// Load calls f with every record, in any order. If f returns an error, Load stops and returns it.
	Load(f func(key string, value []byte) error) error
	// Save writes records by key, and deletes those whose value is nil. After an error none of the changes is made; otherwise
	// all of them are durable when Save returns.
	Save(changes map[string][]byte) error
}

// A Clearer is a Store that can delete all its records at once. Reset then does not have to load them.
type Clearer interface {
	Clear() error
}

// queuedWrite is a change that waits for em.mu.
type queuedWrite struct {
	change  func() (response, *communicationError)
	done    bool
	result  response
	failure *communicationError
}

// write runs a change with em.mu held, and saves it if there is a Store. If saving fails, the change is undone. No request
// sees a change before it is saved.
//
// Changes that wait for the lock at the same time are saved together, by the one that gets the lock first. So concurrent
// writers wait for the disk only once.
func (em *Emulator) write(change func() (response, *communicationError)) (response, *communicationError) {
	w := &queuedWrite{change: change}
	em.queueMu.Lock()
	em.queued = append(em.queued, w)
	em.queueMu.Unlock()

	em.mu.Lock()
	defer em.mu.Unlock()
	if !w.done {
		em.writeQueued()
	}
	return w.result, w.failure
}

// writeQueued runs and saves all changes that are waiting. em.mu is held.
func (em *Emulator) writeQueued() {
	em.queueMu.Lock()
	writes := em.queued
	em.queued = nil
	em.queueMu.Unlock()

	for _, w := range writes {
		w.result, w.failure = w.change()
		w.done = true
	}
	if err := em.save(); err != nil {
		for _, w := range writes {
			w.result, w.failure = response{}, notSaved(err)
		}
	}
}

func notSaved(err error) *communicationError {
	message := fmt.Sprintf("The change could not be saved, so nothing was changed: %v.", err)
	return newError(statusInternalServerError, "", "InternalServerError", message)
}

// stage adds a change that was made in memory to those that save will save. r is the record to write; nil deletes the record.
// undo undoes the change in memory. em.mu is held.
func (em *Emulator) stage(key string, r *record, undo func()) {
	if em.store == nil {
		return
	}
	var value []byte
	if r != nil {
		value, _ = json.Marshal(r) // never fails: strings, numbers and times
	}
	em.unsaved[key] = value
	em.rollback = append(em.rollback, undo)
}

// save saves the staged changes, or undoes all of them. em.mu is held.
func (em *Emulator) save() error {
	if len(em.unsaved) == 0 {
		return nil
	}
	err := em.store.Save(em.unsaved)
	if err != nil {
		for i := len(em.rollback) - 1; i >= 0; i-- {
			em.rollback[i]()
		}
	}
	em.unsaved, em.rollback = map[string][]byte{}, nil
	return err
}

// emptyStore deletes every record. em.mu is held.
func (em *Emulator) emptyStore() error {
	if em.store == nil {
		return nil
	}
	if store, ok := em.store.(Clearer); ok {
		return store.Clear()
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
