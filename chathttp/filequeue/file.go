package filequeue

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"acschat/chatstate"
)

// find returns the record of a key, or an empty one.
func (f *Folder) find(queue, key string) (chatstate.Record, error) {
	record, err := read(filepath.Join(f.queue(queue), hash(key)))
	if errors.Is(err, fs.ErrNotExist) {
		return chatstate.Record{}, nil
	}
	return record, err
}

func read(file string) (chatstate.Record, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return chatstate.Record{}, err
	}
	parts := strings.SplitN(string(content), "\n", 3)
	if len(parts) != 3 {
		return chatstate.Record{}, fmt.Errorf("filequeue: %s is not a record", file)
	}
	sequence, err := strconv.ParseInt(parts[0], 10, 64)
	if err != nil {
		return chatstate.Record{}, fmt.Errorf("filequeue: %s has no sequence: %w", file, err)
	}
	return chatstate.Record{Sequence: sequence, Key: parts[1], Text: parts[2]}, nil
}

// nextSequence returns a sequence that no record of the queue has had. It creates the folder of a new queue.
func (f *Folder) nextSequence(queue string) (int64, error) {
	folder := f.queue(queue)
	if err := os.Mkdir(folder, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return 0, err
	}
	name := filepath.Join(folder, nameFile)
	if _, err := os.Stat(name); err != nil { // a crash may have come between the folder and its name
		if err := write(name, queue); err != nil {
			return 0, err
		}
		if err := syncFolder(f.path); err != nil {
			return 0, err
		}
	}
	file := filepath.Join(folder, sequenceFile)
	content, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, err
	}
	last, err := strconv.ParseInt(string(content), 10, 64)
	if err != nil && len(content) > 0 {
		return 0, fmt.Errorf("filequeue: %s is not a number: %w", file, err)
	}
	return last + 1, write(file, strconv.FormatInt(last+1, 10))
}

// write replaces a file, or creates it, so that a crash leaves the old or the new content.
func write(file, content string) error {
	fresh := filepath.Join(filepath.Dir(file), "new")
	if err := writeThrough(fresh, content); err != nil {
		return err
	}
	if err := os.Rename(fresh, file); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(file))
}

func writeThrough(file, content string) error {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(content)
	return errors.Join(err, f.Sync(), f.Close())
}

// forget removes the folder of a queue. Its name goes last: after a crash, the next Forget finds it again.
func forget(folder string) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if entry.Name() != nameFile {
			if err := os.Remove(filepath.Join(folder, entry.Name())); err != nil {
				return err
			}
		}
	}
	return os.RemoveAll(folder)
}
