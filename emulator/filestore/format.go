//go:build !js

package filestore

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"go.etcd.io/bbolt"
)

// format is the version of what is in the file. A version that could not read the files of this one, or whose files this
// one could not read, has another.
const format = "1"

var (
	// formatBucket tells our files from those of other programs that use bbolt. All formats have it.
	formatBucket  = []byte("acschat emulator")
	formatKey     = []byte("format")
	recordsBucket = []byte("records")
)

// checkFormat sees whether a file is ours, and makes an empty one so.
func checkFormat(db *bbolt.DB, path string) error {
	var found string
	var empty bool
	err := guard(func() error {
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
		return notAStore(path, errors.New("another program made it"))
	case found != format:
		return fmt.Errorf("filestore: %s has format %s, and this version knows only %s: use the version that made it, or choose another file", path, found, format)
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
	// The file is on the disk, and its name must be, too. Where directories cannot be synced this is not needed.
	if directory, err := os.Open(filepath.Dir(path)); err == nil {
		_ = directory.Sync()
		_ = directory.Close()
	}
	return nil
}

func notAStore(path string, err error) error {
	return fmt.Errorf("filestore: %s is no file of the emulator, or is damaged (%w): choose another file, or move this one away to begin anew", path, err)
}
