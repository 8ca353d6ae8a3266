//go:build !js

package linetable

import "fmt"

// function is the record of a function: runtime._func, and behind it what it
// refers to: so many values and details as it says, each by its offset in their
// tables.
type function struct {
	record  table
	values  int
	details int
}

// The offsets in the record.
const (
	recordEntry      = 0
	recordName       = 4
	recordFrameSizes = 16 // a value
	recordFiles      = 20 // a value
	recordLines      = 24 // a value
	recordValues     = 28 // how many
	recordUnit       = 32
	recordFirstLine  = 36
	recordID         = 40
	recordDetails    = 43 // how many
	recordSize       = 44
)

// The offsets of the values behind the record.
const (
	valuesUnsafePoint = recordSize + 4*0
	valuesInlined     = recordSize + 4*2
	valuesCount       = 5 // known ones
)

// The details, by their number.
const (
	detailsArgMaps   = 0
	detailsLocalMaps = 1
	detailsObjects   = 2
	detailsInlined   = 3
	detailsDefers    = 4
	detailsArgs      = 5
	detailsWrapped   = 7
	detailsCount     = 8 // known ones
	noDetail         = ^uint32(0)
)

// The IDs of functions that the runtime treats in some special way.
const (
	idNormal  = 0 // not one of them
	idPanic   = 10
	idWrapper = 23 // the last one
)

// parseFunctions reads the records, which are in the order of the index.
func (t *Tables) parseFunctions() ([]function, error) {
	functions := make([]function, t.count)
	end := t.records.address + uint64(8*t.count+4) // of what is read so far
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
	values, details, id := record.u32(recordValues), record.bytes[recordDetails], record.bytes[recordID]
	if values > valuesCount || details > detailsCount || id > idWrapper {
		return f, fmt.Errorf("has %d kinds of values, %d of details and the ID %d: only %d, %d and %d are known",
			values, details, id, valuesCount, detailsCount, idWrapper)
	}
	f.values, f.details = int(values), int(details)
	f.record, err = t.records.part("record", address, recordSize+4*uint64(values)+4*uint64(details))
	return f, err
}

// id is not idNormal if the runtime treats the function in some special way.
func (f function) id() byte { return f.record.bytes[recordID] }

// valueFields returns the offsets of what refers to values: an offset in their
// table, or 0.
func (f function) valueFields() []int {
	fields := []int{recordFrameSizes, recordFiles, recordLines}
	for number := range f.values {
		fields = append(fields, recordSize+4*number)
	}
	return fields
}

// detailField returns the offset of what refers to a detail: an offset in their
// table, or noDetail.
func (f function) detailField(number int) int { return recordSize + 4*f.values + 4*number }

// FirstFunction is the number that Go gives the first function. A program counter has it in front of 16 bits.
const FirstFunction = 0x1000

// FunctionAt is the function that a program counter is in.
func FunctionAt(pc uint64) (function uint32, ok bool) {
	if pc>>32 != 0 || pc>>16 < FirstFunction {
		return 0, false
	}
	return uint32(pc>>16) - FirstFunction, true
}
