//go:build darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd

package filequeue

import (
	"errors"
	"os"
	"syscall"
)

// tryLock locks an open file. Closing it, or the end of the program, unlocks it.
func tryLock(file *os.File) error {
	for {
		switch err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); {
		case err == nil:
			return nil
		case errors.Is(err, syscall.EWOULDBLOCK):
			return errHeld
		case !errors.Is(err, syscall.EINTR):
			return &os.PathError{Op: "lock", Path: file.Name(), Err: err}
		}
	}
}

// syncFolder makes sure that a crash of the computer does not undo changes of names.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
