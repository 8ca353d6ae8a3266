package filequeue

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"acschat/chatstate"
)

// Folder is a chathttp.Storage in a folder of the file system. Make it with [Open]. It may be used from any number of goroutines and
// programs.
//
// The folder of a queue, and the files in it, are named by hashes, since the names may be long and differ in case only:
//
//	change.lock       held during a change of the records, of any queue
//	<queue>.lock      the queue's lock
//	<queue>/name      the queue's name
//	<queue>/sequence  the last sequence that a record of the queue was given
//	<queue>/<key>     a record
type Folder struct{ path string }

// Open returns the storage in a folder, which it creates if there is none. It must be on a disk of this computer: locks may not hold
// on a network file system.
func Open(path string) (*Folder, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, err
	}
	unlock, err := lock(context.Background(), filepath.Join(path, "change.lock")) // fails where the system has no locks
	if err != nil {
		return nil, err
	}
	unlock()
	return &Folder{path}, nil
}

const (
	nameFile     = "name"
	sequenceFile = "sequence"
)

func hash(name string) string {
	sum := sha256.Sum256([]byte(name))
	return hex.EncodeToString(sum[:])
}

func (f *Folder) queue(name string) string { return filepath.Join(f.path, hash(name)) }

// Lock waits for the lock of a queue.
func (f *Folder) Lock(ctx context.Context, queue string) (unlock func(), err error) {
	return lock(ctx, f.queue(queue)+".lock")
}

// locked calls change while no other program changes records.
func (f *Folder) locked(ctx context.Context, change func() error) error {
	unlock, err := lock(ctx, filepath.Join(f.path, "change.lock"))
	if err != nil {
		return err
	}
	defer unlock()
	return change()
}

// List returns the records of a queue in ascending order of their sequence.
func (f *Folder) List(ctx context.Context, queue string) (records []chatstate.Record, err error) {
	err = f.locked(ctx, func() error {
		folder := f.queue(queue)
		entries, err := os.ReadDir(folder)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		for _, entry := range entries {
			if len(entry.Name()) != 2*sha256.Size {
				continue // name, sequence, or a new file that a crash has left
			}
			record, err := read(filepath.Join(folder, entry.Name()))
			if err != nil {
				return err
			}
			records = append(records, record)
		}
		return nil
	})
	slices.SortFunc(records, func(a, b chatstate.Record) int { return cmp.Compare(a.Sequence, b.Sequence) })
	return records, err
}

// Put stores a record if the queue has the text expected under its key. If expected is empty, there must be no such record, and the
// new one gets the next sequence. Otherwise it keeps its sequence.
func (f *Folder) Put(ctx context.Context, queue string, record chatstate.Record, expected string) (sequence int64, stored bool, err error) {
	err = f.locked(ctx, func() error {
		known, err := f.find(queue, record.Key)
		if err != nil || known.Text != expected {
			return err
		}
		sequence, stored = known.Sequence, true
		if sequence == 0 {
			if sequence, err = f.nextSequence(queue); err != nil {
				return err
			}
		}
		return write(filepath.Join(f.queue(queue), hash(record.Key)), fmt.Sprintf("%d\n%s\n%s", sequence, record.Key, record.Text))
	})
	return sequence, stored && err == nil, err
}

// Remove removes a record if it has the text expected.
func (f *Folder) Remove(ctx context.Context, queue, key, expected string) (removed bool, err error) {
	err = f.locked(ctx, func() error {
		known, err := f.find(queue, key)
		if err != nil || known.Text == "" || known.Text != expected {
			return err
		}
		removed = true
		folder := f.queue(queue)
		if err := os.Remove(filepath.Join(folder, hash(key))); err != nil {
			return err
		}
		return syncFolder(folder)
	})
	return removed && err == nil, err
}

// Forget removes the queues whose names begin with prefix. Their locks stay, since another program may hold them.
func (f *Folder) Forget(ctx context.Context, prefix string) error {
	return f.locked(ctx, func() error {
		entries, err := os.ReadDir(f.path)
		if err != nil {
			return err
		}
		for _, entry := range entries {
			folder := filepath.Join(f.path, entry.Name())
			name, err := os.ReadFile(filepath.Join(folder, nameFile))
			if err != nil || !strings.HasPrefix(string(name), prefix) {
				continue // a lock, or the folder of another queue
			}
			if err := forget(folder); err != nil {
				return err
			}
		}
		return nil
	})
}
