//go:build !js

package linetable

import "fmt"

// function is the record of a function: runtime._func, followed by the offsets of its pcdata and funcdata in their tables.
type function struct {
	record   table
	pcvalues int
	funcdata int
}

// Offsets in the record. A pcvalue is an offset in the table pctab.
const (
	recordEntry      = 0
	recordName       = 4
	recordFrameSizes = 16 // a pcvalue
	recordFiles      = 20 // a pcvalue
	recordLines      = 24 // a pcvalue
	recordPCValues   = 28 // how many
	recordUnit       = 32
	recordFirstLine  = 36
	recordID         = 40
	recordFuncdata   = 43 // how many
	recordSize       = 44
)

// Offsets of the pcdata after the record: abi.PCDATA_UnsafePoint, abi.PCDATA_InlTreeIndex.
const (
	pcvaluesUnsafePoint = recordSize + 4*0
	pcvaluesInlined     = recordSize + 4*2
	pcvaluesCount       = 5 // known ones
)

// The kinds of funcdata: abi.FUNCDATA_ArgsPointerMaps and so on.
const (
	funcdataArgMaps   = 0
	funcdataLocalMaps = 1
	funcdataObjects   = 2
	funcdataInlined   = 3
	funcdataDefers    = 4
	funcdataArgs      = 5
	funcdataWrapped   = 7
	funcdataCount     = 8 // known ones
	noFuncdata        = ^uint32(0)
)

// The function IDs that matter here: abi.FuncID.
const (
	idNormal  = 0
	idPanic   = 10
	idWrapper = 23 // the last one
)

// parseFunctions reads the records, which are in the order of the index.
func (t *Tables) parseFunctions() ([]function, error) {
	functions := make([]function, t.count)
	end := t.records.address + uint64(8*t.count+4) // of the records read so far
	for i := range functions {
		entry, offset := t.records.u32(8*i), t.records.u32(8*i+4)
		if next := t.records.u32(8*i + 8); entry >= next {
			return nil, fmt.Errorf("function %d begins at %#x, the next one at %#x", i, entry, next)
		}
		address := t.records.address + uint64(offset)
		if address < end || address > end+7 || offset%8 != 0 {
			return nil, fmt.Errorf("function %d is at %#x, what is before it ends at %#x", i, address, end)
		}
		f, err := t.parseFunction(address)
		if err != nil {
			return nil, fmt.Errorf("function %d: %w", i, err)
		}
		if own := f.record.u32(recordEntry); own != entry {
			return nil, fmt.Errorf("function %d begins at %#x, according to the index at %#x", i, own, entry)
		}
		functions[i], end = f, f.record.end()
	}
	if end > t.records.end() || end+8 <= t.records.end() {
		return nil, fmt.Errorf("functions end at %#x, their table at %#x", end, t.records.end())
	}
	return functions, nil
}

func (t *Tables) parseFunction(address uint64) (function, error) {
	f := function{}
	record, err := t.records.part("record", address, recordSize)
	if err != nil {
		return f, err
	}
	values, funcdata, id := record.u32(recordPCValues), record.bytes[recordFuncdata], record.bytes[recordID]
	if values > pcvaluesCount || funcdata > funcdataCount || id > idWrapper {
		return f, fmt.Errorf("has %d kinds of values, %d of funcdata and the ID %d: only %d, %d and %d are known",
			values, funcdata, id, pcvaluesCount, funcdataCount, idWrapper)
	}
	f.pcvalues, f.funcdata = int(values), int(funcdata)
	f.record, err = t.records.part("record", address, recordSize+4*uint64(values)+4*uint64(funcdata))
	return f, err
}

// id returns the function ID. The runtime treats functions other than idNormal specially.
func (f function) id() byte { return f.record.bytes[recordID] }

// number returns the index of the function among those that the module defines.
func (f function) number() uint32 { return f.record.u32(recordEntry) - FirstFunction }

// pcvalueFields returns the offsets of the fields that refer to pctab. A field is 0 if the function has none of that kind.
func (f function) pcvalueFields() []int {
	fields := []int{recordFrameSizes, recordFiles, recordLines}
	for number := range f.pcvalues {
		fields = append(fields, recordSize+4*number)
	}
	return fields
}

// funcdataField returns the offset of the field that refers to one kind of funcdata. The field may be noFuncdata.
func (f function) funcdataField(number int) int { return recordSize + 4*f.pcvalues + 4*number }

// FirstFunction is the number of the first function that Go compiled. The upper bits of a program counter are the number of its
// function, the lower 16 bits are the place in it.
const FirstFunction = 0x1000

// FunctionAt returns the index, among the functions that the module defines, of the function that contains a program counter.
func FunctionAt(pc uint64) (function uint32, ok bool) {
	if pc>>32 != 0 || pc>>16 < FirstFunction {
		return 0, false
	}
	return uint32(pc>>16) - FirstFunction, true
}
