//go:build !js

package linetable

import (
	"bytes"
	"encoding/binary"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/cmd/postlink/testprogram"
	"acschat/cmd/postlink/wasmfile"
)

// memoryOf is what a module's data make of the memory.
func memoryOf(t *testing.T, module []byte) table {
	m, err := wasmfile.Parse(module)
	require.NoError(t, err)
	memory, err := m.Memory()
	require.NoError(t, err)
	return table{"data", uint64(memory.Address), memory.Data}
}

func tablesOf(t *testing.T, module []byte) (*Tables, []function) {
	memory := memoryOf(t, module)
	tables, err := Parse(memory.address, memory.bytes)
	require.NoError(t, err)
	functions, err := tables.parseFunctions()
	require.NoError(t, err)
	return tables, functions
}

// Reduce refuses tables that differ from what it knows.
func TestReduceRefuses(t *testing.T) {
	module := testprogram.Panics(t)
	original := memoryOf(t, module)
	var tables *Tables
	var memory, header, moduledata table
	var functions []function
	// with finds a function to damage.
	with := func(has func(function) bool) function { return functions[slices.IndexFunc(functions, has)] }
	withFuncdata := func(number int) function {
		return with(func(f function) bool {
			return f.funcdata > number && f.record.u32(f.funcdataField(number)) != noFuncdata
		})
	}
	setU64 := func(t table, offset int, v uint64) { binary.LittleEndian.PutUint64(t.bytes[offset:], v) }
	const names, units, values, records = 8, 8 + 24, 8 + 3*24, 8 + 4*24 // slices in the moduledata

	tests := []struct {
		name    string
		damage  func()
		message string
	}{
		{"magic", func() { header.bytes[0]++ }, "no pclntab of a known layout"},
		{"pointers of 4 bytes", func() { header.bytes[7] = 4 }, "no pclntab of a known layout"},
		{"two headers", func() { copy(tables.files.bytes, pclntabMagic) }, "two candidates for the pclntab"},
		{"no functions", func() { setU64(header, 8, 0) }, "pclntab of 0 functions"},
		{"a function more", func() { setU64(header, 8, header.u64(8)+1) }, "moduledata's index of functions has"},
		{"another field in the header", func() { setU64(header, 24, 1) }, "has 0x1 where Go 1.26 has 0"},
		{"tables in another order", func() { setU64(header, 32, header.u64(40)) }, "pclntab's function names are at"},
		{"a gap between tables", func() { setU64(header, 64, header.u64(64)+8) }, "pclntab's functions are at"},
		{"no moduledata", func() { moduledata.bytes[0]++ }, "no moduledata of a known layout"},
		{"two moduledatas", func() { copy(tables.files.bytes, moduledata.bytes[:16]) }, "two candidates for the moduledata"},
		{"a slice with more capacity", func() { setU64(moduledata, names+16, 1) }, "moduledata's function names are"},
		{"a slice beyond the data", func() { setU64(moduledata, records+8, 1<<24); setU64(moduledata, records+16, 1<<24) }, "moduledata's functions are 16777216"},
		{"a slice outside of the data", func() { setU64(moduledata, values, 1<<40) }, "values: "},
		{"a slice elsewhere", func() { setU64(moduledata, units, moduledata.u64(units)-4) }, "moduledata's compilation units are at"},
		{"the index elsewhere", func() { setU64(moduledata, moduledataIndex, moduledata.u64(moduledataIndex)+8) }, "moduledata's index of functions has"},
		{"program counters of another kind", func() { setU64(moduledata, moduledataText, 5) }, "moduledata's program counters are"},
		{"no program counters", func() { setU64(moduledata, moduledataLastPC, 0) }, "moduledata's program counters are"},
		{"buckets outside of the data", func() { setU64(moduledata, moduledataBuckets, 1<<40) }, "functions' buckets: "},
		{"funcdata elsewhere", func() { setU64(moduledata, moduledataFuncdata, moduledata.u64(moduledataFuncdata)+32) }, "moduledata's funcdata are at"},
		{"funcdata that end outside of the data", func() {
			setU64(moduledata, moduledataBuckets, moduledata.u64(moduledataIndex))
			setU64(moduledata, moduledataEnd, 1<<40)
		}, "funcdata: "},

		{"no types", func() { setU64(moduledata, moduledataEndTypes, 0) }, "moduledata's types are at"},
		{"types outside of the data", func() { setU64(moduledata, moduledataEndTypes, 1<<40) }, "types: "},
		{"initialization tasks outside of the data", func() { setU64(moduledata, moduledataInit, 1<<40) }, "initialization tasks: "},

		{"index out of order", func() { tables.records.setU32(8, 1<<20) }, "function 1 begins at 0x100000, the next one at"},
		{"record elsewhere", func() { tables.records.setU32(12, tables.records.u32(4)) }, "function 1 is at"},
		{"record of another function", func() { functions[3].record.setU32(recordEntry, 0) }, "function 3 begins at 0x0, according to the index"},
		{"more kinds of values", func() { functions[3].record.setU32(recordPCValues, 6) }, "function 3: has 6 kinds of values"},
		{"more kinds of funcdata", func() { functions[3].record.bytes[recordFuncdata] = 9 }, "of funcdata and the ID"},
		{"more IDs", func() { functions[3].record.bytes[recordID] = 24 }, "and the ID 24: only 5, 8 and 23 are known"},
		{"fewer kinds of values", func() { with(func(f function) bool { return f.pcvalues == 3 }).record.setU32(recordPCValues, 0) }, "what is before it ends at"},
		{"other IDs", func() {
			with(func(f function) bool { return f.id() == idPanic }).record.bytes[recordID]++
			functions[9].record.bytes[recordID] = idPanic
		}, "has the ID of runtime.gopanic"},
		{"bucket of no function", func() { tables.buckets.setU32(bucketSize, 1<<16) }, "bucket 1 begins with function 65536 of"},

		{"values beyond their table", func() { functions[3].record.setU32(recordFrameSizes, 1<<24) }, "function 3: values at offset 16777216"},
		{"values without end", func() {
			end := len(tables.pcvalues.bytes) - 1
			tables.pcvalues.bytes[end] = 1
			functions[3].record.setU32(recordLines, uint32(end))
		}, "truncated"},
		{"funcdata beyond their table", func() { f := withFuncdata(funcdataDefers); f.record.setU32(f.funcdataField(funcdataDefers), 1<<24) }, "funcdata at offset 16777216"},
		{"stack maps beyond their table", func() {
			f := withFuncdata(funcdataLocalMaps)
			setU64(tables.funcdata, int(f.record.u32(f.funcdataField(funcdataLocalMaps))), 8<<32|1<<24)
		}, "funcdata 1 at offset"},
		{"stack objects beyond their table", func() {
			f := withFuncdata(funcdataObjects)
			tables.funcdata.setU32(int(f.record.u32(f.funcdataField(funcdataObjects))), 1<<24)
		}, "16777216 objects"},
		{"funcdata cut", func() {
			f := withFuncdata(funcdataArgMaps)
			f.record.setU32(f.funcdataField(funcdataArgMaps), uint32(len(tables.funcdata.bytes)-1))
		}, "truncated"},
		{"values of no function", func() {
			setU64(tables.pcvalues, len(tables.pcvalues.bytes)-8, 1)
			functions[3].record.setU32(recordLines, 0)
		}, "no function refers to the values"},
		{"funcdata of another kind", func() {
			f := with(func(f function) bool { return f.funcdata == 8 })
			f.record.setU32(f.funcdataField(6), 0)
		}, "funcdata 6 at offset 0: "},
		{"inlined calls without values", func() { withFuncdata(funcdataInlined).record.setU32(pcvaluesInlined, 1<<24) }, "funcdata 3 at offset"},
		{"name within a name", func() { functions[3].record.setU32(recordName, functions[3].record.u32(recordName)+1) }, "function 3: no name begins at offset"},
		{"name beyond the names", func() { functions[3].record.setU32(recordName, 1<<24) }, "function 3: no name begins at offset 16777216"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			memory = table{original.name, original.address, bytes.Clone(original.bytes)}
			var err error
			tables, err = Parse(memory.address, memory.bytes)
			require.NoError(t, err)
			functions, err = tables.parseFunctions()
			require.NoError(t, err)
			header, err = memory.part("header", tables.names.address-headerSize, headerSize)
			require.NoError(t, err)
			pointers := binary.LittleEndian.AppendUint64(nil, header.address)
			pointers = binary.LittleEndian.AppendUint64(pointers, tables.names.address)
			address, err := memory.find("moduledata", pointers)
			require.NoError(t, err)
			moduledata, err = memory.part("moduledata", address, moduledataSize)
			require.NoError(t, err)

			test.damage()
			damaged, err := Parse(memory.address, memory.bytes)
			if err == nil {
				err = damaged.reduce(true)
			}
			assert.ErrorContains(t, err, test.message)
		})
	}
}
