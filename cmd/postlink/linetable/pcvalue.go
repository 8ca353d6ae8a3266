//go:build !js

package linetable

import (
	"fmt"

	"acschat/cmd/postlink/wasmfile"
)

// dropPCValues removes the pcvalues that the runtime does not read, and closes the gaps: smaller offsets compress better.
func (t *Tables) dropPCValues(functions []function, slim bool) error {
	e := newExtents(t.pcvalues)
	for i, f := range functions {
		for _, field := range f.pcvalueFields() {
			offset := f.record.u32(field)
			if offset == 0 {
				continue
			}
			v, err := t.pcvaluesAt(offset)
			if err != nil {
				return fmt.Errorf("function %d: %w", i, err)
			}
			drop := f.dropsPCValue(field, slim)
			e.mark(offset, v.size, drop)
			if drop {
				f.record.setU32(field, 0)
			}
		}
	}
	moved, err := e.compact(1)
	if err != nil {
		return err
	}
	for _, f := range functions {
		for _, field := range f.pcvalueFields() {
			f.record.setU32(field, moved(f.record.u32(field)))
		}
	}
	return nil
}

type pcvalues struct {
	size    int // in bytes
	largest int32
}

// pcvaluesAt reads the pcvalues at an offset. They are pairs: the difference to the value before, and to its program counter. A
// difference of 0 ends them, except in the first pair.
func (t *Tables) pcvaluesAt(offset uint32) (pcvalues, error) {
	v := pcvalues{largest: -1}
	if uint64(offset) >= uint64(len(t.pcvalues.bytes)) {
		return v, fmt.Errorf("values at offset %d of %d", offset, len(t.pcvalues.bytes))
	}
	r := &wasmfile.Reader{Rest: t.pcvalues.bytes[offset:]}
	value := int32(-1)
	for first := true; ; first = false {
		difference, err := r.U32()
		if err != nil {
			return v, fmt.Errorf("values at offset %d: %w", offset, err)
		}
		if difference == 0 && !first {
			v.size = r.Offset
			return v, nil
		}
		value += int32(difference>>1) ^ -int32(difference&1)
		v.largest = max(v.largest, value)
		if _, err := r.U32(); err != nil {
			return v, fmt.Errorf("values at offset %d: %w", offset, err)
		}
	}
}
