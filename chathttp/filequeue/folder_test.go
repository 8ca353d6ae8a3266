package filequeue_test

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chathttp"
	"acschat/chathttp/filequeue"
	"acschat/chatstate"
)

var _ chathttp.Storage = (*filequeue.Folder)(nil)

func open(t testing.TB, path string) *filequeue.Folder {
	t.Helper()
	folder, err := filequeue.Open(path)
	require.NoError(t, err)
	return folder
}

// put stores a new record.
func put(t testing.TB, folder *filequeue.Folder, queue, key, text string) (sequence int64) {
	t.Helper()
	sequence, stored, err := folder.Put(t.Context(), queue, chatstate.Record{Key: key, Text: text}, "")
	require.NoError(t, err)
	require.True(t, stored)
	return sequence
}

func list(t testing.TB, folder *filequeue.Folder, queue string) []chatstate.Record {
	t.Helper()
	records, err := folder.List(t.Context(), queue)
	require.NoError(t, err)
	return records
}

func TestRecords(t *testing.T) {
	path := t.TempDir()
	folder := open(t, path)
	assert.Empty(t, list(t, folder, "a queue"))
	first, second := put(t, folder, "a queue", "b", "one\ntwo\n"), put(t, folder, "a queue", "a", "ü")
	assert.Less(t, first, second)

	_, stored, err := folder.Put(t.Context(), "a queue", chatstate.Record{Key: "b", Text: "x"}, "")
	require.NoError(t, err)
	assert.False(t, stored, "there is one")
	_, stored, err = folder.Put(t.Context(), "a queue", chatstate.Record{Key: "b", Text: "x"}, "other")
	require.NoError(t, err)
	assert.False(t, stored, "it has another text")
	_, stored, err = folder.Put(t.Context(), "a queue", chatstate.Record{Key: "none", Text: "x"}, "other")
	require.NoError(t, err)
	assert.False(t, stored, "there is none")
	sequence, stored, err := folder.Put(t.Context(), "a queue", chatstate.Record{Sequence: 99, Key: "b", Text: "three"}, "one\ntwo\n")
	require.NoError(t, err)
	assert.True(t, stored)
	assert.Equal(t, first, sequence)
	assert.Equal(t, []chatstate.Record{{Sequence: first, Key: "b", Text: "three"}, {Sequence: second, Key: "a", Text: "ü"}}, list(t, open(t, path), "a queue"))

	for _, expected := range []string{"", "other"} {
		removed, err := folder.Remove(t.Context(), "a queue", "a", expected)
		require.NoError(t, err)
		assert.False(t, removed)
	}
	removed, err := folder.Remove(t.Context(), "a queue", "a", "ü")
	require.NoError(t, err)
	assert.True(t, removed)
	removed, err = folder.Remove(t.Context(), "a queue", "a", "")
	require.NoError(t, err)
	assert.False(t, removed)
	assert.Less(t, second, put(t, folder, "a queue", "c", "x"), "a sequence is not given twice")
}

// TestNames: any names are possible, also those that are no file names or differ in case only.
func TestNames(t *testing.T) {
	folder := open(t, t.TempDir())
	names := []string{"a", "A", "../a", "a/b", "a b", ".", "name", "sequence", "new", "x.lock", strings.Repeat("long", 100), "nul", "a\x00"}
	for _, queue := range names {
		for _, key := range names {
			put(t, folder, queue, key, queue+key)
		}
	}
	for _, queue := range names {
		records := list(t, folder, queue)
		require.Len(t, records, len(names))
		for i, record := range records {
			assert.Equal(t, names[i], record.Key)
			assert.Equal(t, queue+names[i], record.Text)
		}
	}
}

func TestForget(t *testing.T) {
	path := t.TempDir()
	folder := open(t, path)
	for _, queue := range []string{"here jane lunch", "here jane work", "here janet lunch", "there jane lunch"} {
		put(t, folder, queue, "k", "what "+queue+" has")
	}
	unlock, err := folder.Lock(t.Context(), "here jane lunch")
	require.NoError(t, err)
	require.NoError(t, folder.Forget(t.Context(), "here jane "))
	for queue, left := range map[string]int{"here jane lunch": 0, "here jane work": 0, "here janet lunch": 1, "there jane lunch": 1} {
		assert.Len(t, list(t, folder, queue), left, queue)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err = open(t, path).Lock(ctx, "here jane lunch")
	assert.ErrorIs(t, err, context.DeadlineExceeded, "the lock is still held")
	unlock()
	put(t, folder, "here jane lunch", "k", "new")
	assert.Len(t, list(t, folder, "here jane lunch"), 1)
}

func TestPermissions(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has other permissions")
	}
	path := filepath.Join(t.TempDir(), "new", "folder")
	folder := open(t, path)
	put(t, folder, "q", "k", "x")
	unlock, err := folder.Lock(t.Context(), "q")
	require.NoError(t, err)
	unlock()
	require.NoError(t, filepath.WalkDir(path, func(path string, entry fs.DirEntry, err error) error {
		require.NoError(t, err)
		info, err := entry.Info()
		require.NoError(t, err)
		want := fs.FileMode(0o600)
		if entry.IsDir() {
			want = 0o700
		}
		assert.Equal(t, want, info.Mode().Perm(), path)
		return nil
	}))
}

func TestDamage(t *testing.T) {
	path := t.TempDir()
	folder := open(t, path)
	put(t, folder, "q", "k", "x")
	files, err := filepath.Glob(filepath.Join(path, "*", strings.Repeat("?", 64)))
	require.NoError(t, err)
	require.Len(t, files, 1)
	for _, content := range []string{"", "x", "one\nk\nx"} {
		require.NoError(t, os.WriteFile(files[0], []byte(content), 0o600))
		_, err = folder.List(t.Context(), "q")
		assert.ErrorContains(t, err, files[0])
		_, _, err = folder.Put(t.Context(), "q", chatstate.Record{Key: "k", Text: "y"}, "")
		assert.ErrorContains(t, err, files[0])
	}
	require.NoError(t, folder.Forget(t.Context(), "q"))
	assert.Empty(t, list(t, folder, "q"))

	file := filepath.Join(path, "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	_, err = filequeue.Open(file)
	assert.Error(t, err, "it is no folder")
}

// TestLockExcludes: one holder at a time, whether the requests come through one Folder or several.
func TestLockExcludes(t *testing.T) {
	path := t.TempDir()
	shared := open(t, path)
	var holders, most atomic.Int32
	var all sync.WaitGroup
	for i := range 8 {
		folder := shared
		if i%2 == 0 {
			folder = open(t, path)
		}
		all.Go(func() {
			for range 10 {
				unlock, err := folder.Lock(t.Context(), "q")
				if !assert.NoError(t, err) {
					return
				}
				most.Store(max(most.Load(), holders.Add(1)))
				time.Sleep(100 * time.Microsecond)
				holders.Add(-1)
				unlock()
			}
		})
	}
	all.Wait()
	assert.EqualValues(t, 1, most.Load())
}

// TestConcurrentChanges: of several changes that expect the same text, one is made.
func TestConcurrentChanges(t *testing.T) {
	path := t.TempDir()
	const programs, rounds = 4, 20
	var made [rounds]atomic.Int32
	var all sync.WaitGroup
	for range programs {
		folder := open(t, path)
		all.Go(func() {
			for round := range rounds {
				expected := ""
				if round > 0 {
					expected = strconv.Itoa(round - 1)
				}
				for { // until somebody has made this round's change
					records, err := folder.List(t.Context(), "q")
					if !assert.NoError(t, err) {
						return
					}
					if round > 0 && len(records) == 1 && atoi(records[0].Text) >= round || round == 0 && len(records) == 1 {
						break
					}
					_, stored, err := folder.Put(t.Context(), "q", chatstate.Record{Key: "k", Text: strconv.Itoa(round)}, expected)
					if !assert.NoError(t, err) {
						return
					}
					if stored {
						made[round].Add(1)
					}
				}
			}
		})
	}
	all.Wait()
	for round := range made {
		assert.EqualValues(t, 1, made[round].Load(), "round %d", round)
	}
}

func atoi(text string) int {
	n, _ := strconv.Atoi(text)
	return n
}

// TestCrash: a program that is killed while it writes leaves whole records, among them all that it has stored.
func TestCrash(t *testing.T) {
	if path := os.Getenv("FILEQUEUE_FOLDER"); path != "" {
		writeUntilKilled(t, path)
	}
	path := t.TempDir()
	folder := open(t, path)
	for range 5 {
		program := exec.Command(os.Args[0], "-test.run=^TestCrash$")
		program.Env = append(os.Environ(), "FILEQUEUE_FOLDER="+path)
		output, err := program.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, program.Start())
		reported := bufio.NewScanner(output)
		require.True(t, reported.Scan())
		time.Sleep(time.Duration(rand.IntN(30)) * time.Millisecond)
		require.NoError(t, program.Process.Kill())
		stored := map[string]string{}
		for more := true; more; more = reported.Scan() {
			key, text, _ := strings.Cut(reported.Text(), " ")
			stored[key] = text
		}
		_ = program.Wait()

		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		unlock, err := folder.Lock(ctx, "q")
		cancel()
		require.NoError(t, err, "the lock ends with its program")
		unlock()
		records := list(t, folder, "q")
		sequences := map[int64]bool{}
		for _, record := range records {
			assert.False(t, sequences[record.Sequence])
			sequences[record.Sequence] = true
			n, after, ok := strings.Cut(record.Text, " ")
			assert.True(t, ok && after == strings.Repeat("x", 5000), "a whole text")
			if text, ok := stored[record.Key]; ok {
				assert.GreaterOrEqual(t, atoi(n), atoi(text))
				delete(stored, record.Key)
			}
		}
		assert.Empty(t, stored, "stored, and lost")
		assert.True(t, slices.IsSortedFunc(records, func(a, b chatstate.Record) int { return cmp.Compare(a.Sequence, b.Sequence) }))
	}
}

// writeUntilKilled stores records, and reports each once it is stored.
func writeUntilKilled(t *testing.T, path string) {
	folder := open(t, path)
	_, err := folder.Lock(t.Context(), "q")
	require.NoError(t, err)
	for {
		key := fmt.Sprintf("%d-%d", os.Getpid(), rand.IntN(20))
		text := ""
		for _, record := range list(t, folder, "q") {
			if record.Key == key {
				text = record.Text
			}
		}
		n, _, _ := strings.Cut(text, " ")
		next := strconv.Itoa(atoi(n) + 1)
		_, stored, err := folder.Put(t.Context(), "q", chatstate.Record{Key: key, Text: next + " " + strings.Repeat("x", 5000)}, text)
		require.NoError(t, err)
		require.True(t, stored)
		fmt.Println(key, next)
	}
}

func BenchmarkPut(b *testing.B) {
	folder := open(b, b.TempDir())
	for b.Loop() {
		put(b, folder, "q", "k", "x")
		_, err := folder.Remove(b.Context(), "q", "k", "x")
		require.NoError(b, err)
	}
}
