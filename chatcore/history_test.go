//go:build !js

package chatcore_test

import (
	"flag"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	histories = flag.Int("histories", 2000, "how many random histories TestHistories plays")
	onlySeed  = flag.Int("seed", 0, "play only the history with this number, and log it")
)

// TestHistories plays random histories of calls and faults with clients and the emulator, in virtual time. It checks that no
// thread or message is stored twice, that no call reports success or failure wrongly, that no write undoes a newer one, that
// watches return each change once, and that every call ends.
func TestHistories(t *testing.T) {
	if *onlySeed != 0 {
		var log strings.Builder
		w := play(uint64(*onlySeed), &log)
		t.Log("\n" + log.String())
		for _, problem := range w.problems {
			t.Error(problem)
		}
		return
	}
	const parts = 8
	var first atomic.Int64 // the first history that fails
	first.Store(int64(*histories) + 1)
	var counts [parts]map[string]int
	t.Run("seeds", func(t *testing.T) {
		for part := range parts {
			counts[part] = map[string]int{}
			t.Run(fmt.Sprint(part), func(t *testing.T) {
				t.Parallel()
				for seed := int64(part + 1); seed < first.Load(); seed += parts {
					w := play(uint64(seed), nil)
					w.count(counts[part])
					if len(w.problems) == 0 {
						continue
					}
					for before := first.Load(); seed < before && !first.CompareAndSwap(before, seed); before = first.Load() {
					}
				}
			})
		}
	})
	if seed := int(first.Load()); seed <= *histories {
		var log strings.Builder
		w := play(uint64(seed), &log)
		t.Fatalf("history %d (replay with -seed %d): %s\n%s", seed, seed, strings.Join(w.problems, "; "), log.String())
	}
	checkCounts(t, counts[:])
}

// count counts the outcomes of calls and the events of a history.
func (w *world) count(counts map[string]int) {
	for event, n := range w.eventCounts {
		counts[event] += n
	}
	for _, wr := range w.watchers {
		wr.count(counts)
	}
	for _, j := range w.jobs {
		j.count(counts)
		outcome := "done"
		switch e := j.err(); {
		case j.abandoned:
			outcome = "abandoned"
		case e != nil:
			outcome = string(e.Code)
		case !j.isDone():
			outcome = "aborted"
		case j.op == "sendMessage" && j.lastExchange() != nil && j.lastExchange().isLookup():
			outcome = "found"
		}
		counts[j.op+" "+outcome]++
	}
}

// checkCounts checks that the histories cover enough: each operation succeeded and failed, sendMessage had every possible
// outcome, and all required events occurred.
func checkCounts(t *testing.T, counts []map[string]int) {
	total := map[string]int{}
	for _, part := range counts {
		for end, n := range part {
			total[end] += n
		}
	}
	t.Log(total)
	if *histories < 1000 {
		return
	}
	for _, o := range operationWeights {
		if o.op != "watchMessages" { // a watch without changes never succeeds
			require.NotZero(t, total[o.op+" done"], o.op)
		}
		require.NotZero(t, total[o.op+" aborted"]+total[o.op+" Timeout"], o.op)
	}
	for _, event := range requiredEvents {
		require.NotZero(t, total[event], event)
	}
	for _, outcome := range []string{"done", "found", "abandoned", "aborted", "Closed", "DeliveryUnknown", "TooManyRequests", "Forbidden", "NotFound", "TokenError"} {
		require.NotZero(t, total["sendMessage "+outcome], outcome)
	}
}
