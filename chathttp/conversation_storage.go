package chathttp

import (
	"context"
	"time"

	"acschat/chatcore"
	"acschat/chatstate"
)

// storageDriver is a driver whose core keeps something in a Storage.
type storageDriver interface {
	listener
	answered(now chatcore.Instant, number int, a chatstate.Answer)
	queueNames(queue string) queueNames // that it hears of if it uses a queue
}

// conversationStorage performs what a conversation or an inbox needs of a Storage: one operation after another, in order, on a goroutine
// that runs while there are any. The client's mu guards it.
type conversationStorage struct {
	driver      storageDriver
	client      *Client
	storage     Storage
	isListening bool
	operations  []func()
	isWorking   bool
	idle        chan struct{} // closed when there are no more operations
	lock        *queueLock    // that the conversation holds or waits for, or nil
}

// storageTimeout limits one operation, so that a Storage that hangs does not keep a conversation from being closed.
const storageTimeout = 10 * time.Second

// queueLock is a request for the lock of a queue.
type queueLock struct {
	cancel     context.CancelFunc
	unlock     func() // nil until it is granted
	isReleased bool
}

func newConversationStorage(d storageDriver, c *Client) *conversationStorage {
	idle := make(chan struct{})
	close(idle)
	return &conversationStorage{driver: d, client: c, storage: c.storage, idle: idle}
}

func (s *conversationStorage) perform(e chatstate.Effect) {
	if !s.isListening {
		s.isListening = true
		listen(s.driver, s.driver.queueNames(e.Queue))
	}
	switch e.Kind {
	case chatstate.RequestLock:
		s.requestLock(e)
	case chatstate.ReleaseLock:
		s.releaseLock()
	case chatstate.ListRecords:
		s.then(e, func(ctx context.Context) chatstate.Answer {
			records, err := s.storage.List(ctx, e.Queue)
			return chatstate.Answer{Records: records, Err: err}
		})
	case chatstate.PutRecord:
		s.then(e, func(ctx context.Context) chatstate.Answer {
			sequence, isStored, err := s.storage.Put(ctx, e.Queue, e.Record, e.Expected)
			return chatstate.Answer{Sequence: sequence, Differs: !isStored, Err: err}
		})
	case chatstate.RemoveRecord:
		s.then(e, func(ctx context.Context) chatstate.Answer {
			isRemoved, err := s.storage.Remove(ctx, e.Queue, e.Record.Key, e.Expected)
			return chatstate.Answer{Differs: !isRemoved, Err: err}
		})
	case chatstate.Announce:
		announce(s.driver, e)
	}
}

// then performs an operation after those before it, and tells the core its answer.
func (s *conversationStorage) then(e chatstate.Effect, operation func(ctx context.Context) chatstate.Answer) {
	s.enqueue(func() {
		ctx, cancel := context.WithTimeout(context.Background(), storageTimeout)
		defer cancel()
		answer := operation(ctx)
		s.client.tell(func(now chatcore.Instant) { s.driver.answered(now, e.Number, answer) })
	})
}

func (s *conversationStorage) enqueue(operation func()) {
	s.operations = append(s.operations, operation)
	if !s.isWorking {
		s.isWorking, s.idle = true, make(chan struct{})
		go s.work()
	}
}

func (s *conversationStorage) work() {
	mu := &s.client.mu
	for {
		mu.Lock()
		if len(s.operations) == 0 {
			s.isWorking = false
			close(s.idle)
			mu.Unlock()
			return
		}
		operation := s.operations[0]
		s.operations = s.operations[1:]
		mu.Unlock()
		operation()
	}
}

// drain waits until all operations were performed. The client's mu must not be held.
func (s *conversationStorage) drain() {
	if s == nil {
		return
	}
	mu := &s.client.mu
	mu.Lock()
	idle := s.idle
	mu.Unlock()
	<-idle
}

func (s *conversationStorage) requestLock(e chatstate.Effect) {
	ctx, cancel := context.WithCancel(context.Background())
	l := &queueLock{cancel: cancel}
	s.lock = l
	go func() {
		unlock, err := s.storage.Lock(ctx, e.Queue)
		s.client.tell(func(now chatcore.Instant) {
			switch {
			case !l.isReleased:
				l.unlock = unlock
				s.driver.answered(now, e.Number, chatstate.Answer{Err: err})
			case err == nil:
				s.enqueue(unlock)
			}
		})
	}()
}

// releaseLock releases the lock after the operations before it: the next program that gets it then sees what has changed.
func (s *conversationStorage) releaseLock() {
	l := s.lock
	if l == nil {
		return
	}
	s.lock = nil
	l.isReleased = true
	l.cancel()
	if l.unlock != nil {
		s.enqueue(l.unlock)
	}
}
