//go:build !js

package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"sync"

	"github.com/andybalholm/brotli"
)

// compression holds the compression levels. The best take seconds per file.
type compression struct{ gzip, brotli int }

var (
	best    = compression{gzip: gzip.BestCompression, brotli: brotli.BestCompression}
	fastest = compression{gzip: gzip.BestSpeed, brotli: brotli.BestSpeed}
)

// compressAll compresses the named files with gzip and with brotli, concurrently.
// The results have the extensions .gz and .br.
func compressAll(files map[string][]byte, names []string, level compression) (map[string][]byte, error) {
	type result struct {
		name    string
		content []byte
		err     error
	}
	results := make([]result, 2*len(names))
	var running sync.WaitGroup
	for i, name := range names {
		content := files[name]
		gz, br := &results[2*i], &results[2*i+1]
		gz.name, br.name = name+".gz", name+".br"
		running.Go(func() {
			gz.content, gz.err = compress(content, func(w io.Writer) (io.WriteCloser, error) { return gzip.NewWriterLevel(w, level.gzip) })
		})
		running.Go(func() {
			br.content, br.err = compress(content, func(w io.Writer) (io.WriteCloser, error) {
				// LGWin 24 is 16 MiB, the largest window that browsers accept.
				return brotli.NewWriterOptions(w, brotli.WriterOptions{Quality: level.brotli, LGWin: 24}), nil
			})
		})
	}
	running.Wait()
	compressed := make(map[string][]byte)
	for _, r := range results {
		if r.err != nil {
			return nil, r.err
		}
		compressed[r.name] = r.content
	}
	return compressed, nil
}

func compress(content []byte, compressor func(io.Writer) (io.WriteCloser, error)) ([]byte, error) {
	var compressed bytes.Buffer
	w, err := compressor(&compressed)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(content); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return compressed.Bytes(), nil
}
