//go:build !js

package linetable

import (
	"bytes"
	"fmt"
	"slices"

	"acschat/cmd/postlink/wasmfile"
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

// maxShared is how many kept bytes a segment may repeat, rather than end before them.
const maxShared = 8

// cut returns the parts that are dropped and not kept, and zeroes them. The segments may repeat kept bytes, which are constant.
func (e *extents) cut() (segments []wasmfile.Segment) {
	content := bytes.Clone(e.table.bytes)
	end := -maxShared - 1 // of the segment before
	for i := range content {
		if !e.dropped[i] || e.kept[i] {
			continue
		}
		e.table.bytes[i] = 0
		if i-end > maxShared {
			segments = append(segments, wasmfile.Segment{Address: uint32(e.table.address) + uint32(i)})
			end = i
		}
		last := &segments[len(segments)-1]
		last.Data = append(last.Data, content[end:i+1]...)
		end = i + 1
	}
	return segments
}
