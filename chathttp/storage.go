package chathttp

import (
	"context"

	"acschat/chatstate"
)

// Storage keeps what the user has written and the service does not have yet, so that it survives the program. Package filequeue
// keeps it in files. A Storage gets no access token, and no messages of others.
//
// Several programs may use one Storage. Its methods may be called from several goroutines. After the first error of List, Put or
// Remove, a conversation goes on in memory.
type Storage interface {
	// List returns the records of a queue, in ascending order of their sequence.
	List(ctx context.Context, queue string) ([]chatstate.Record, error)

	// Put stores a record if the one with its key has the text expected or, if expected is "", if there is none. Otherwise stored is
	// false. A new record gets a sequence above those that the queue has given before, and keeps it when it is stored again. Its
	// own Sequence does not count.
	Put(ctx context.Context, queue string, record chatstate.Record, expected string) (sequence int64, stored bool, err error)

	// Remove removes the record with a key if it has the text expected.
	Remove(ctx context.Context, queue, key, expected string) (removed bool, err error)

	// Lock waits for the lock of a queue, which one caller in all programs has at a time. A lock must not outlive its program.
	Lock(ctx context.Context, queue string) (unlock func(), err error)

	// Forget removes the queues whose names begin with prefix.
	Forget(ctx context.Context, prefix string) error
}
