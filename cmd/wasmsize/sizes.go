//go:build !js

package main

import (
	"compress/gzip"
	"io"
	"sync"

	"github.com/andybalholm/brotli"
)

// sizes are the bytes of a file, raw and compressed.
type sizes struct{ raw, gzip, brotli int }

// measure compresses all files at the same time, because brotli 11 takes seconds.
func measure(files ...[]byte) []sizes {
	measured := make([]sizes, len(files))
	var running sync.WaitGroup
	for i, file := range files {
		size := &measured[i]
		size.raw = len(file)
		running.Go(func() {
			size.gzip = compressedSize(file, func(w io.Writer) io.WriteCloser {
				gz, _ := gzip.NewWriterLevel(w, gzip.BestCompression) // fails for unknown levels
				return gz
			})
		})
		running.Go(func() {
			size.brotli = compressedSize(file, func(w io.Writer) io.WriteCloser {
				// LGWin 24 is 16 MiB, the largest window that browsers accept.
				return brotli.NewWriterOptions(w, brotli.WriterOptions{Quality: brotli.BestCompression, LGWin: 24})
			})
		})
	}
	running.Wait()
	return measured
}

// compressedSize ignores errors, because a counter returns none.
func compressedSize(file []byte, compressor func(io.Writer) io.WriteCloser) int {
	var size counter
	w := compressor(&size)
	_, _ = w.Write(file)
	w.Close()
	return int(size)
}

// counter counts the bytes that are written to it.
type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}
