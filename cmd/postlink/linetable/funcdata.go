//go:build !js

package linetable

import (
	"bytes"
	"fmt"

	"acschat/cmd/postlink/wasmfile"
)

const inlinedSize = 16 // of runtime.inlinedCall

// dropDetails drops the details that go, and moves those together that functions
// refer to then. It zeroes the names and lines of inlined calls as well.
func (t *Tables) dropDetails(functions []function, slim bool) error {
	e := newExtents(t.details)
	for i, f := range functions {
		for number := range f.details {
			field := f.detailField(number)
			offset := f.record.u32(field)
			if offset == noDetail {
				continue
			}
			if uint64(offset) >= uint64(len(t.details.bytes)) {
				return fmt.Errorf("function %d: details at offset %d of %d", i, offset, len(t.details.bytes))
			}
			size, err := t.detailSize(f, number, &wasmfile.Reader{Rest: t.details.bytes[offset:]})
			if err != nil {
				return fmt.Errorf("function %d: details %d at offset %d: %w", i, number, offset, err)
			}
			drop := f.dropsDetail(number, slim)
			e.mark(offset, size, drop)
			switch {
			case drop:
				f.record.setU32(field, noDetail)
			case number == detailsInlined && slim:
				for call := int(offset); call < int(offset)+size; call += inlinedSize {
					t.details.setU32(call+4, 0)  // the name
					t.details.setU32(call+12, 0) // the first line
				}
			}
		}
	}
	moved, err := e.compact(8)
	if err != nil {
		return err
	}
	for _, f := range functions {
		for number := range f.details {
			if offset := f.record.u32(f.detailField(number)); offset != noDetail {
				f.record.setU32(f.detailField(number), moved(offset))
			}
		}
	}
	return nil
}

// detailSize returns how many bytes the details at the reader have.
func (t *Tables) detailSize(f function, number int, r *wasmfile.Reader) (int, error) {
	var size uint64
	switch number {
	case detailsArgMaps, detailsLocalMaps: // how many, of how many bits, and the maps
		head, err := r.Bytes(8)
		if err != nil {
			return 0, err
		}
		h := table{bytes: head}
		size = 8 + uint64(h.u32(0))*((uint64(h.u32(4))+7)/8)
	case detailsObjects: // how many, and so many records
		head, err := r.Bytes(8)
		if err != nil {
			return 0, err
		}
		size = table{bytes: head}.u64(0)
		if size > uint64(len(r.Rest)) {
			return 0, r.Errorf("%d objects", size)
		}
		size = 8 + 16*size
	case detailsInlined: // as many as the values have a number for
		if recordSize+4*f.values <= valuesInlined {
			return 0, r.Errorf("no values for them")
		}
		v, err := t.valuesAt(f.record.u32(valuesInlined))
		if err != nil {
			return 0, err
		}
		size = inlinedSize * uint64(v.largest+1)
	case detailsDefers: // two numbers
		for range 2 {
			if _, err := r.U32(); err != nil {
				return 0, err
			}
		}
		return r.Offset, nil
	case detailsArgs:
		end := bytes.IndexByte(r.Rest, 0xff)
		if end < 0 {
			return 0, r.Errorf("no end")
		}
		size = uint64(end) + 1
	case detailsWrapped: // a function
		size = 4
	default: // which arguments live, for functions that get them in registers: not on wasm
		return 0, r.Errorf("not understood")
	}
	if size > uint64(len(r.Rest)+r.Offset) {
		return 0, r.Errorf("%d bytes", size)
	}
	return int(size), nil
}
