//go:build !js

package filestore

import (
	"fmt"

	"go.etcd.io/bbolt"
)

// Save writes records, and deletes those whose value is nil. After an error none of the changes is made; otherwise all of
// them are on the disk when Save returns.
func (s *Store) Save(changes map[string][]byte) error {
	err := s.db.Update(func(tx *bbolt.Tx) error {
		records := tx.Bucket(recordsBucket)
		for key, value := range changes {
			var err error
			if value == nil {
				err = records.Delete([]byte(key))
			} else {
				err = records.Put([]byte(key), value)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("filestore: %s: nothing was saved: %w", s.path, err)
	}
	return nil
}
