package filequeue

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// tryLock locks an open file. Closing it, or the end of the program, unlocks it.
func tryLock(file *os.File) error {
	const flags = windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY
	switch err := windows.LockFileEx(windows.Handle(file.Fd()), flags, 0, 1, 0, new(windows.Overlapped)); {
	case err == nil:
		return nil
	case errors.Is(err, windows.ERROR_LOCK_VIOLATION):
		return errHeld
	default:
		return &os.PathError{Op: "lock", Path: file.Name(), Err: err}
	}
}

// syncFolder does nothing: Windows writes changes of names through its journal.
func syncFolder(string) error { return nil }
