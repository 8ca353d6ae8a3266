//go:build !js

package main

import (
	"fmt"
	"io"
	"slices"
	"sync"
	"time"
)

const (
	// maxUnwritten is how many bytes an output buffers for a slow reader.
	maxUnwritten = 1 << 20
	// drainTime is how long close waits for a slow reader.
	drainTime = time.Second
)

// output writes to a stream that nobody may be reading. Write never blocks and
// never fails. It buffers up to maxUnwritten bytes, drops what does not fit, and
// tells the reader how many writes it dropped. Errors of the stream are ignored,
// because its reader may have gone.
type output struct {
	mu        sync.Mutex
	changed   *sync.Cond
	unwritten [][]byte
	size      int // of unwritten, in bytes
	dropped   int
	closed    bool
	drained   chan struct{}
}

func newOutput(stream io.Writer) *output {
	o := &output{drained: make(chan struct{})}
	o.changed = sync.NewCond(&o.mu)
	go o.drain(stream)
	return o
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.unwritten) > 0 && o.size+len(p) > maxUnwritten {
		o.dropped++
		return len(p), nil
	}
	o.unwritten = append(o.unwritten, slices.Clone(p))
	o.size += len(p)
	o.changed.Signal()
	return len(p), nil
}

func (o *output) drain(stream io.Writer) {
	defer close(o.drained)
	for {
		chunks, dropped := o.take()
		if chunks == nil {
			return
		}
		for _, chunk := range chunks {
			_, _ = stream.Write(chunk)
		}
		if dropped > 0 {
			fmt.Fprintf(stream, "%d lines were not read in time and are not shown\n", dropped)
		}
	}
}

// take waits for buffered writes and returns them. It returns nil once the
// output is closed and the buffer is empty.
func (o *output) take() (chunks [][]byte, dropped int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for len(o.unwritten) == 0 && !o.closed {
		o.changed.Wait()
	}
	chunks, dropped = o.unwritten, o.dropped
	o.unwritten, o.size, o.dropped = nil, 0, 0
	return chunks, dropped
}

// close waits until everything is written, but at most drainTime.
func (o *output) close() {
	o.mu.Lock()
	o.closed = true
	o.mu.Unlock()
	o.changed.Signal()
	select {
	case <-o.drained:
	case <-time.After(drainTime):
	}
}
