//go:build !js

package linetable

import (
	"bytes"
	"fmt"

	"acschat/cmd/postlink/wasmfile"
)

const inlinedSize = 16 // of runtime.inlinedCall

// dropFuncdata removes the funcdata that the runtime does not read, and closes the gaps. With slim it also zeroes the names and
// lines of inlined calls.
func (t *Tables) dropFuncdata(functions []function, slim bool) error {
	e := newExtents(t.funcdata)
	for i, f := range functions {
		for number := range f.funcdata {
			field := f.funcdataField(number)
			offset := f.record.u32(field)
			if offset == noFuncdata {
				continue
			}
			if uint64(offset) >= uint64(len(t.funcdata.bytes)) {
				return fmt.Errorf("function %d: funcdata at offset %d of %d", i, offset, len(t.funcdata.bytes))
			}
			size, err := t.funcdataSize(f, number, &wasmfile.Reader{Rest: t.funcdata.bytes[offset:]})
			if err != nil {
				return fmt.Errorf("function %d: funcdata %d at offset %d: %w", i, number, offset, err)
			}
			drop := f.dropsFuncdata(number, slim)
			e.mark(offset, size, drop)
			switch {
			case drop:
				f.record.setU32(field, noFuncdata)
			case number == funcdataInlined && slim:
				for call := int(offset); call < int(offset)+size; call += inlinedSize {
					t.funcdata.setU32(call+4, 0)  // the name
					t.funcdata.setU32(call+12, 0) // the first line
				}
			}
		}
	}
	moved, err := e.compact(8)
	if err != nil {
		return err
	}
	for _, f := range functions {
		for number := range f.funcdata {
			if offset := f.record.u32(f.funcdataField(number)); offset != noFuncdata {
				f.record.setU32(f.funcdataField(number), moved(offset))
			}
		}
	}
	return nil
}

// funcdataSize returns the size in bytes of the funcdata at the reader.
func (t *Tables) funcdataSize(f function, number int, r *wasmfile.Reader) (int, error) {
	var size uint64
	switch number {
	case funcdataArgMaps, funcdataLocalMaps: // count, bits of each, maps
		head, err := r.Bytes(8)
		if err != nil {
			return 0, err
		}
		h := table{bytes: head}
		size = 8 + uint64(h.u32(0))*((uint64(h.u32(4))+7)/8)
	case funcdataObjects: // count, records
		head, err := r.Bytes(8)
		if err != nil {
			return 0, err
		}
		size = table{bytes: head}.u64(0)
		if size > uint64(len(r.Rest)) {
			return 0, r.Errorf("%d objects", size)
		}
		size = 8 + 16*size
	case funcdataInlined: // one for each number among the pcvalues
		if recordSize+4*f.pcvalues <= pcvaluesInlined {
			return 0, r.Errorf("inlined calls without pcvalues")
		}
		v, err := t.pcvaluesAt(f.record.u32(pcvaluesInlined))
		if err != nil {
			return 0, err
		}
		size = inlinedSize * uint64(v.largest+1)
	case funcdataDefers: // two numbers
		for range 2 {
			if _, err := r.U32(); err != nil {
				return 0, err
			}
		}
		return r.Offset, nil
	case funcdataArgs:
		end := bytes.IndexByte(r.Rest, 0xff)
		if end < 0 {
			return 0, r.Errorf("no end")
		}
		size = uint64(end) + 1
	case funcdataWrapped: // a function
		size = 4
	default: // FUNCDATA_ArgLiveInfo is for arguments in registers, which wasm does not have
		return 0, r.Errorf("not understood")
	}
	if size > uint64(len(r.Rest)+r.Offset) {
		return 0, r.Errorf("%d bytes", size)
	}
	return int(size), nil
}
