//go:build !js

package filestore

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"go.etcd.io/bbolt"
)

// format is the version of the file format. Change it when files are no longer compatible in both directions.
const format = "1"

var (
	// formatBucket identifies our files among other bbolt files. Every version of the format has it.
	formatBucket  = []byte("acschat emulator")
	formatKey     = []byte("format")
	recordsBucket = []byte("records")
)

// checkFormat returns an error unless the file is a store of this format. An empty file becomes a store.
func checkFormat(db *bbolt.DB, path string) error {
	var found string
	var empty bool
	err := recoverDamage(func() error {
		return db.View(func(tx *bbolt.Tx) error {
			first, _ := tx.Cursor().First()
			empty = first == nil
			if bucket := tx.Bucket(formatBucket); bucket != nil {
				found = string(bucket.Get(formatKey))
			}
			return nil
		})
	})
	switch {
	case err != nil:
		return notAStore(path, err)
	case empty:
		return writeFormat(db, path)
	case found == "":
		return notAStore(path, errors.New("another program wrote it"))
	case found != format:
		return fmt.Errorf("filestore: %s has format %s, but this version supports only format %s: use the version that wrote it, or choose another file", path, found, format)
	}
	return nil
}

func writeFormat(db *bbolt.DB, path string) error {
	err := db.Update(func(tx *bbolt.Tx) error {
		if _, err := tx.CreateBucket(recordsBucket); err != nil {
			return err
		}
		bucket, err := tx.CreateBucket(formatBucket)
		if err != nil {
			return err
		}
		return bucket.Put(formatKey, []byte(format))
	})
	if err != nil {
		return fmt.Errorf("filestore: %s: %w", path, err)
	}
	// Sync the directory as well, or a crash can lose the new file's name. Systems that cannot sync a directory do not
	// need it.
	if directory, err := os.Open(filepath.Dir(path)); err == nil {
		_ = directory.Sync()
		_ = directory.Close()
	}
	return nil
}

func notAStore(path string, err error) error {
	return fmt.Errorf("filestore: %s is not a file of the emulator, or it is damaged (%w): choose another file, or move this one away to start with an empty one", path, err)
}
