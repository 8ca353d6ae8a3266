//go:build !js

package linetable

import "fmt"

// The runtime looks a program counter up in the bucket that it is in. There are
// the number of a function, and a byte to be added to it for each 16th of the
// bucket; from there on it goes through the index of functions. The buckets are
// for machine code: on wasm each function has 16 of them, however small it is.
const (
	bucketSpan = 4096 // program counters
	bucketSize = 4 + 16
)

// coarse is how many functions begin their search at the same one: ten steps
// more through the index, which is some nanoseconds, for most of what the
// buckets take in a download.
const coarse = 16

// coarsenBuckets has the search begin earlier in the index.
func (t *Tables) coarsenBuckets() error {
	for i := 0; i < len(t.buckets.bytes); i += bucketSize {
		function := t.buckets.u32(i)
		if function >= uint32(t.count) {
			return fmt.Errorf("bucket %d begins with function %d of %d", i/bucketSize, function, t.count)
		}
		t.buckets.setU32(i, function/coarse*coarse)
	}
	return nil
}
