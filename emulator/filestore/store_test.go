//go:build !js

package filestore

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.etcd.io/bbolt"
)

// open opens a store and closes it when the test ends, unless the test has closed it.
func open(t testing.TB, path string) *Store {
	t.Helper()
	store, err := Open(path)
	require.NoError(t, err)
	t.Cleanup(func() { _ = store.Close() })
	return store
}

func newPath(t testing.TB) string {
	return filepath.Join(t.TempDir(), "chat.db")
}

// records returns all records of a store.
func records(t testing.TB, store *Store) map[string]string {
	t.Helper()
	all := map[string]string{}
	require.NoError(t, store.Load(func(key string, value []byte) error {
		require.NotNil(t, value, key)
		all[key] = string(value)
		return nil
	}))
	return all
}

func TestReopen(t *testing.T) {
	path := newPath(t)
	store := open(t, path)
	assert.Empty(t, records(t, store))
	require.NoError(t, store.Save(map[string][]byte{"a": []byte("1"), "b": {}, "c": []byte("\x00\xff")}))
	require.NoError(t, store.Save(map[string][]byte{"a": []byte("2"), "c": nil, "never there": nil}))
	want := map[string]string{"a": "2", "b": ""}
	assert.Equal(t, want, records(t, store), "an empty value does not delete a record")
	require.NoError(t, store.Close())

	assert.Equal(t, want, records(t, open(t, path)))
	if runtime.GOOS != "windows" {
		info, err := os.Stat(path)
		require.NoError(t, err)
		assert.Zero(t, info.Mode()&0o077, "other users of the machine must not read messages")
	}
}

func TestAnEmptyFileBecomesAStore(t *testing.T) {
	path := newPath(t)
	require.NoError(t, os.WriteFile(path, nil, 0o600)) // as mktemp makes it
	assert.Empty(t, records(t, open(t, path)))
}

func TestLoadStopsAtAnError(t *testing.T) {
	store := open(t, newPath(t))
	require.NoError(t, store.Save(map[string][]byte{"a": {1}, "b": {2}}))
	broken := errors.New("broken")
	calls := 0
	err := store.Load(func(string, []byte) error {
		calls++
		return broken
	})
	assert.Equal(t, broken, err)
	assert.Equal(t, 1, calls)
}

func TestClosed(t *testing.T) {
	path := newPath(t)
	store := open(t, path)
	require.NoError(t, store.Close())
	assert.NoError(t, store.Close(), "closing twice is allowed")
	assert.ErrorContains(t, store.Save(map[string][]byte{"a": {1}}), path)
	assert.ErrorContains(t, store.Load(func(string, []byte) error { return nil }), path)
}

func TestInUse(t *testing.T) {
	path := newPath(t)
	store := open(t, path)
	_, err := Open(path) // the lock belongs to the open file, so this process is refused like another one
	assert.ErrorContains(t, err, path+" is in use: stop the program that has it open")
	require.NoError(t, store.Close())
	open(t, path)
}

// writeBolt writes a file as another program that uses bbolt would.
func writeBolt(t *testing.T, path string, f func(tx *bbolt.Tx) error) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, nil)
	require.NoError(t, err)
	require.NoError(t, db.Update(f))
	require.NoError(t, db.Close())
}

func TestWrongFiles(t *testing.T) {
	const notOurs = " is not a file of the emulator, or it is damaged"
	tests := []struct {
		name string
		make func(t *testing.T, path string)
		want string
	}{
		{"text", func(t *testing.T, path string) {
			require.NoError(t, os.WriteFile(path, []byte("Dear diary,\n"), 0o600))
		}, notOurs},
		{"zeros", func(t *testing.T, path string) {
			require.NoError(t, os.WriteFile(path, make([]byte, 1<<20), 0o600))
		}, notOurs},
		{"another program's", func(t *testing.T, path string) {
			writeBolt(t, path, func(tx *bbolt.Tx) error {
				_, err := tx.CreateBucket([]byte("photos"))
				return err
			})
		}, notOurs},
		{"later format", func(t *testing.T, path string) {
			require.NoError(t, open(t, path).Close())
			writeBolt(t, path, func(tx *bbolt.Tx) error {
				return tx.Bucket(formatBucket).Put(formatKey, []byte("2"))
			})
		}, " has format 2, but this version supports only format 1: use the version that wrote it"},
		{"truncated", func(t *testing.T, path string) {
			store := open(t, path)
			require.NoError(t, store.Save(map[string][]byte{"a": make([]byte, 1<<20)}))
			require.NoError(t, store.Close())
			require.NoError(t, os.Truncate(path, 3*int64(os.Getpagesize())))
		}, notOurs},
		{"directory", func(t *testing.T, path string) { require.NoError(t, os.Mkdir(path, 0o700)) }, ""},
		{"directory missing", func(t *testing.T, path string) { require.NoError(t, os.Remove(filepath.Dir(path))) }, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := newPath(t)
			test.make(t, path)
			before, _ := os.ReadFile(path) // a directory cannot be read

			_, err := Open(path)
			require.ErrorContains(t, err, test.want)
			assert.ErrorContains(t, err, path)
			after, _ := os.ReadFile(path)
			assert.Equal(t, before, after, "the file is unchanged")

			if !errors.Is(err, errDamaged) { // after a panic bbolt keeps its lock
				_, err = Open(path)
				assert.ErrorContains(t, err, test.want, "the file is not left locked")
			}
		})
	}
}
