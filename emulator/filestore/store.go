//go:build !js

// Package filestore keeps an emulator's state in one file. It uses bbolt, an embedded key/value database. It is a package
// of its own so that programs that import only the emulator, such as tests in a browser, do not contain bbolt.
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

// lockTimeout is long enough for a program that is about to exit to release the file, and short for a user who waits.
const lockTimeout = time.Second

var _ emulator.Store = (*Store)(nil)

// Store is an [emulator.Store] in one file. It is safe for concurrent use.
type Store struct {
	path string
	db   *bbolt.DB
}

// Open opens the store in the file at path, and creates the file if it does not exist. Only one program can have it open:
// if another has, Open waits for a second and returns an error. Open never changes a file that is not a store.
func Open(path string) (*Store, error) {
	var db *bbolt.DB
	err := recoverDamage(func() (err error) {
		db, err = bbolt.Open(path, 0o600, &bbolt.Options{Timeout: lockTimeout})
		return err
	})
	switch {
	case errors.Is(err, bbolterrors.ErrTimeout):
		return nil, fmt.Errorf("filestore: %s is in use: stop the program that has it open, or choose another file", path)
	case isPathError(err):
		return nil, fmt.Errorf("filestore: %w", err) // err contains the path
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

// Close waits until a Save in progress has finished, and closes the file. After that Save and Load return errors.
func (s *Store) Close() error {
	return s.db.Close()
}

// Load calls f with every record. f may keep the value. If f returns an error, Load stops and returns it.
func (s *Store) Load(f func(key string, value []byte) error) error {
	type record struct {
		key   string
		value []byte
	}
	var all []record
	err := recoverDamage(func() error {
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
