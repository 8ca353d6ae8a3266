//go:build !js

package filestore

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.etcd.io/bbolt"
)

func TestSaveIsAtomic(t *testing.T) {
	tests := []struct {
		name string
		key  string
		want string
	}{
		{"empty key", "", "key required"},
		{"long key", strings.Repeat("k", bbolt.MaxKeySize+1), "key too large"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			store := open(t, newPath(t))
			require.NoError(t, store.Save(map[string][]byte{"a": []byte("1"), "b": []byte("1")}))
			changes := map[string][]byte{"a": []byte("2"), "b": nil, "c": []byte("2"), test.key: []byte("2")}
			assert.ErrorContains(t, store.Save(changes), test.want)
			assert.Equal(t, map[string]string{"a": "1", "b": "1"}, records(t, store))
		})
	}
}

// TestSaveFailsHalfway makes a write fail in the middle of a Save, as on a full disk: a bucket occupies a record's key.
func TestSaveFailsHalfway(t *testing.T) {
	store := open(t, newPath(t))
	require.NoError(t, store.db.Update(func(tx *bbolt.Tx) error {
		_, err := tx.Bucket(recordsBucket).CreateBucket([]byte("in the way"))
		return err
	}))
	changes := map[string][]byte{"in the way": {1}}
	for i := range 100 {
		changes[strconv.Itoa(i)] = []byte{1}
	}
	require.ErrorContains(t, store.Save(changes), "nothing was saved")
	require.NoError(t, store.db.Update(func(tx *bbolt.Tx) error {
		return tx.Bucket(recordsBucket).DeleteBucket([]byte("in the way"))
	}))
	assert.Empty(t, records(t, store))
	assert.NoError(t, store.Save(changes), "later saves work")
	assert.Len(t, records(t, store), 101)
}

func TestConcurrentSaves(t *testing.T) {
	const writers, each = 16, 50
	path := newPath(t)
	store := open(t, path)
	var saving sync.WaitGroup
	for w := range writers {
		saving.Go(func() {
			for i := range each {
				key, value := fmt.Sprintf("%d/%d", w, i), []byte(strconv.Itoa(i))
				assert.NoError(t, store.Save(map[string][]byte{key: value, fmt.Sprintf("latest/%d", w): value}))
			}
			assert.Error(t, store.Save(map[string][]byte{"": {1}}), "a Save that fails does not affect the others")
		})
	}
	saving.Wait()
	require.NoError(t, store.Close())

	saved := records(t, open(t, path))
	assert.Len(t, saved, writers*each+writers)
	for w := range writers {
		assert.Equal(t, strconv.Itoa(each-1), saved[fmt.Sprintf("latest/%d", w)], "the later value replaces the earlier")
	}
}

// BenchmarkSave saves a message and its thread, as sendMessage does.
func BenchmarkSave(b *testing.B) {
	for _, writers := range []int{1, 16} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			store := open(b, newPath(b))
			message, thread := make([]byte, 400), make([]byte, 300)
			var number atomic.Int64
			var saving sync.WaitGroup
			b.ResetTimer()
			for range writers {
				saving.Go(func() {
					for i := number.Add(1); i <= int64(b.N); i = number.Add(1) {
						assert.NoError(b, store.Save(map[string][]byte{fmt.Sprintf("message/%d", i): message, "thread": thread}))
					}
				})
			}
			saving.Wait()
		})
	}
}
