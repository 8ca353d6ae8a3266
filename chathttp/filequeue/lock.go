package filequeue

import (
	"context"
	"errors"
	"os"
	"time"
)

// errHeld tells that another descriptor holds a lock.
var errHeld = errors.New("the lock is held")

const (
	minLockWait = time.Millisecond
	maxLockWait = 50 * time.Millisecond
)

// lock waits until it holds the lock of a file, which it creates. It asks again and again, since a wait in the operating system
// does not end with ctx.
func lock(ctx context.Context, path string) (unlock func(), err error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	for wait := minLockWait; ; wait = min(2*wait, maxLockWait) {
		if err = context.Cause(ctx); err == nil {
			err = tryLock(file)
		}
		if err == nil {
			return func() { file.Close() }, nil
		}
		if !errors.Is(err, errHeld) {
			file.Close()
			return nil, err
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}
