//go:build !js

package linetable

import (
	"fmt"
	"slices"
)

// extents marks the parts of a table that functions refer to. Several functions may refer to the same bytes.
type extents struct {
	table         table
	kept, dropped []bool // by byte
}

func newExtents(t table) *extents {
	return &extents{t, make([]bool, len(t.bytes)), make([]bool, len(t.bytes))}
}

func (e *extents) mark(offset uint32, size int, drop bool) {
	marks := e.kept
	if drop {
		marks = e.dropped
	}
	for i := range size {
		marks[int(offset)+i] = true
	}
}

// compact moves the kept parts together and zeroes the rest. It moves whole blocks of step bytes, to keep alignment. moved maps
// an old offset to the new one.
func (e *extents) compact(step int) (moved func(offset uint32) uint32, err error) {
	for i, b := range e.table.bytes {
		if b != 0 && !e.kept[i] && !e.dropped[i] {
			return nil, fmt.Errorf("no function refers to the %s at offset %d of %d", e.table.name, i, len(e.table.bytes))
		}
	}
	for i := range e.table.bytes {
		if !e.kept[i] {
			e.table.bytes[i] = 0 // its block may be kept
		}
	}
	offsets := make([]uint32, (len(e.kept)+step-1)/step)
	end := 0
	for i := range offsets {
		first, last := i*step, min((i+1)*step, len(e.kept))
		offsets[i] = uint32(end)
		if i == 0 || slices.Contains(e.kept[first:last], true) {
			end += copy(e.table.bytes[end:], e.table.bytes[first:last])
		}
	}
	clear(e.table.bytes[end:])
	return func(offset uint32) uint32 { return offsets[int(offset)/step] + offset%uint32(step) }, nil
}
