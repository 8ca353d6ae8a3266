//go:build !js

// Package filestore keeps an emulator's state in one file, through bbolt, an embedded store. It is a package of its own
// so that whoever imports the emulator alone, such as a test in a browser, gets no such store with it.
package filestore

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"time"

	"acschat/emulator"

	"go.etcd.io/bbolt"
	bbolterrors "go.etcd.io/bbolt/errors"
)

// lockTimeout is enough for a program that is just ending to let go of the file, and short for one that is not.
const lockTimeout = time.Second

var _ emulator.Store = (*Store)(nil)

// Store is one file. Its methods may be called from any number of goroutines.
type Store struct {
	path string
	db   *bbolt.DB
}

// Open opens the store in the file at path, and makes the file if there is none. Until Close nobody else can open it:
// Open waits for a second and gives up. It does not change a file that is something else.
func Open(path string) (*Store, error) {
	var db *bbolt.DB
	err := guard(func() (err error) {
		db, err = bbolt.Open(path, 0o600, &bbolt.Options{Timeout: lockTimeout})
		return err
	})
	switch {
	case errors.Is(err, bbolterrors.ErrTimeout):
		return nil, fmt.Errorf("filestore: %s is in use: stop the program that has it open, or choose another file", path)
	case isPathError(err):
		return nil, fmt.Errorf("filestore: %w", err) // it names the path
	case err != nil:
		return nil, notAStore(path, err)
	}
	if err := checkFormat(db, path); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &Store{path: path, db: db}, nil
}

func isPathError(err error) bool {
	var pathError *os.PathError
	return errors.As(err, &pathError)
}

// Close waits for what is being written. Save and Load fail from then on.
func (s *Store) Close() error {
	return s.db.Close()
}

// Load calls f with every record. The value is f's to keep. An error of f ends it and is returned.
func (s *Store) Load(f func(key string, value []byte) error) error {
	type record struct {
		key   string
		value []byte
	}
	var all []record
	err := guard(func() error {
		return s.db.View(func(tx *bbolt.Tx) error {
			return tx.Bucket(recordsBucket).ForEach(func(key, value []byte) error {
				all = append(all, record{string(key), bytes.Clone(value)})
				return nil
			})
		})
	})
	switch {
	case errors.Is(err, errDamaged):
		return notAStore(s.path, err)
	case err != nil:
		return fmt.Errorf("filestore: %s: %w", s.path, err)
	}
	for _, r := range all {
		if err := f(r.key, r.value); err != nil {
			return err
		}
	}
	return nil
}
