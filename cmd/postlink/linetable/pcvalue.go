//go:build !js

package linetable

import (
	"fmt"

	"acschat/cmd/postlink/wasmfile"
)

// dropValues drops the values that go, and moves those together that functions
// refer to then: smaller distances compress better.
func (t *Tables) dropValues(functions []function, slim bool) error {
	e := newExtents(t.values)
	for i, f := range functions {
		for _, field := range f.valueFields() {
			offset := f.record.u32(field)
			if offset == 0 {
				continue
			}
			v, err := t.valuesAt(offset)
			if err != nil {
				return fmt.Errorf("function %d: %w", i, err)
			}
			drop := f.dropsValue(field, slim)
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
		for _, field := range f.valueFields() {
			f.record.setU32(field, moved(f.record.u32(field)))
		}
	}
	return nil
}

type values struct {
	size    int // in bytes
	largest int32
}

// valuesAt reads values: pairs of differences, to the value before and to its
// program counter, up to a zero, which is a difference in the first pair only.
func (t *Tables) valuesAt(offset uint32) (values, error) {
	v := values{largest: -1}
	if uint64(offset) >= uint64(len(t.values.bytes)) {
		return v, fmt.Errorf("values at offset %d of %d", offset, len(t.values.bytes))
	}
	r := &wasmfile.Reader{Rest: t.values.bytes[offset:]}
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
