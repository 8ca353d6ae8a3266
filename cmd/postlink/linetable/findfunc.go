//go:build !js

package linetable

import "fmt"

// runtime.findfunc finds the function of a program counter by buckets (runtime.findfuncbucket). A bucket has the number of a
// function, and for each sixteenth of the bucket a byte to add to it. From that function on the runtime searches the index one
// by one. On wasm each function has 16 buckets, however small it is.
const (
	bucketSpan = 4096 // program counters
	bucketSize = 4 + 16
)

// coarse is how many neighbouring functions share the start of their search. The search takes up to 15 steps more, which are
// nanoseconds, and the buckets hardly count in the download.
const coarse = 16

// coarsenBuckets makes each search start at a multiple of coarse.
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
