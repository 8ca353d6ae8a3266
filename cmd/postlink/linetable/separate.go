//go:build !js

package linetable

import (
	"fmt"

	"acschat/cmd/postlink/wasmfile"
)

// Separate takes from the data of a module what only some of its functions need of the line tables: their records, and the values,
// funcdata and names that no other function refers to. It returns them as data segments, and leaves zeros in their place. The
// runtime reads them only while such a function is on a stack. It searches the program counters of the index, so these stay.
func Separate(m *wasmfile.Module, isMoved func(function uint32) bool) ([]wasmfile.Segment, error) {
	memory, err := m.Memory()
	if err != nil {
		return nil, err
	}
	tables, err := Parse(uint64(memory.Address), memory.Data)
	if err != nil {
		return nil, err
	}
	segments, err := tables.separate(isMoved)
	if err != nil {
		return nil, fmt.Errorf("pclntab: %w", err)
	}
	m.Segments = memory.Split()
	return segments, nil
}

func (t *Tables) separate(isMoved func(function uint32) bool) ([]wasmfile.Segment, error) {
	functions, err := t.parseFunctions()
	if err != nil {
		return nil, err
	}
	names, values, records, funcdata := newExtents(t.names), newExtents(t.pcvalues), newExtents(t.records), newExtents(t.funcdata)
	names.mark(0, 1, false)
	values.mark(0, 1, false)
	records.mark(uint32(8*t.count), 4, false) // the end of the index
	for i, f := range functions {
		moves := isMoved(f.number())
		records.mark(uint32(8*i), 4, false)
		records.mark(uint32(8*i+4), 4, moves) // where the record is
		records.mark(uint32(f.record.address-t.records.address), len(f.record.bytes), moves)
		for _, field := range f.pcvalueFields() {
			if offset := f.record.u32(field); offset != 0 {
				v, err := t.pcvaluesAt(offset)
				if err != nil {
					return nil, fmt.Errorf("function %d: %w", i, err)
				}
				values.mark(offset, v.size, moves)
			}
		}
		called := []uint32{f.record.u32(recordName)}
		for number := range f.funcdata {
			offset := f.record.u32(f.funcdataField(number))
			if offset == noFuncdata {
				continue
			}
			size, err := t.funcdataSize(f, number, &wasmfile.Reader{Rest: t.funcdata.bytes[offset:]})
			if err != nil {
				return nil, fmt.Errorf("function %d: funcdata %d at offset %d: %w", i, number, offset, err)
			}
			funcdata.mark(offset, size, moves)
			if number == funcdataInlined {
				for call := int(offset); call < int(offset)+size; call += inlinedSize {
					called = append(called, t.funcdata.u32(call+4))
				}
			}
		}
		for _, offset := range called {
			name, err := t.name(offset)
			if err != nil {
				return nil, fmt.Errorf("function %d: %w", i, err)
			}
			names.mark(offset, len(name)+1, moves)
		}
	}
	var segments []wasmfile.Segment
	for _, e := range []*extents{names, values, records, funcdata} {
		segments = append(segments, e.cut()...)
	}
	return segments, nil
}
