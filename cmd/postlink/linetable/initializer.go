//go:build !js

package linetable

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Initializers returns where memory lists the program counters of package initializers (runtime.initTask). It is an error if one
// has not finished: then the program does not wait in main.
func (t Tables) Initializers(memory []byte) (map[uint64]bool, error) {
	const done = 2 // an initTask is a state and a count of 32 bits each, and the program counters
	at := make(map[uint64]bool)
	whole := table{"memory", 0, memory}
	for i := 0; i < len(t.initTasks.bytes); i += 8 {
		address := t.initTasks.u64(i)
		task, err := whole.part("initialization task", address, 8)
		if err != nil {
			return nil, err
		}
		count := uint64(task.u32(4))
		if task.u32(0) != done {
			return nil, errors.New("the program waits before main: its packages are not initialized")
		}
		task, err = whole.part("initialization task", address, 8+8*count)
		if err != nil {
			return nil, err
		}
		for n := range count {
			if _, ok := FunctionAt(binary.LittleEndian.Uint64(task.bytes[8+8*n:])); !ok {
				return nil, fmt.Errorf("initialization task %d at %#x has no functions", i/8, address)
			}
			at[address+8+8*n] = true
		}
	}
	return at, nil
}
