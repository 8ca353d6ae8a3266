//go:build !(darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd || windows)

package filequeue

import (
	"errors"
	"os"
)

// tryLock fails: this system has no locks that end with their program.
func tryLock(file *os.File) error {
	return &os.PathError{Op: "lock", Path: file.Name(), Err: errors.ErrUnsupported}
}

func syncFolder(string) error { return nil }
