//go:build !js

package linetable

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"

	"acschat/cmd/postlink/wasmfile"
)

// Tables are the line tables of a Go program, the pclntab. Writing to them changes the memory that they were parsed from.
type Tables struct {
	names     table  // funcnametab: names of functions, each with a zero byte at its end
	units     table  // cutab: the files of each compilation unit
	files     table  // filetab: names of files
	pcvalues  table  // pctab: values that change with the program counter
	records   table  // ftab, an index by program counter, and a record for each function
	funcdata  table  // go:func.*: stack maps, inlined calls and others
	buckets   table  // findfunctab
	types     table  // types of the program
	initTasks table  // addresses of runtime.initTask
	count     int    // of functions
	heap      uint64 // address of what is behind the program's variables
}

const (
	pclntabMagic = "\xf1\xff\xff\xff\x00\x00\x01\x08" // since Go 1.20; instructions of 1 byte, pointers of 8
	headerSize   = 9 * 8
	maxAlign     = 32 // bytes between two symbols
)

// Parse finds the tables in the memory of a Go 1.26 program, by their header (runtime.pcHeader) and by runtime.moduledata. It
// returns an error if the two disagree. content is the memory from memoryAddress on.
func Parse(memoryAddress uint64, content []byte) (*Tables, error) {
	memory := table{"data", memoryAddress, content}
	address, err := memory.find("pclntab", []byte(pclntabMagic))
	if err != nil {
		return nil, err
	}
	header, err := memory.part("pclntab's header", address, headerSize)
	if err != nil {
		return nil, err
	}
	// moduledata begins with pointers to the header and to the names that follow it.
	pointers := binary.LittleEndian.AppendUint64(nil, address)
	pointers = binary.LittleEndian.AppendUint64(pointers, address+headerSize)
	moduleAddress, err := memory.find("moduledata", pointers)
	if err != nil {
		return nil, err
	}
	module, err := memory.part("moduledata", moduleAddress, moduledataSize)
	if err != nil {
		return nil, err
	}

	count := header.u64(8)
	if count == 0 || count > uint64(len(memory.bytes)) {
		return nil, fmt.Errorf("pclntab of %d functions", count)
	}
	if unused := header.u64(24); unused != 0 {
		return nil, fmt.Errorf("pclntab's header has %#x where Go 1.26 has 0", unused)
	}
	t := &Tables{count: int(count)}
	end := address + headerSize
	for i, slice := range []struct {
		table       *table
		name        string
		elementSize uint64
	}{
		{&t.names, "function names", 1},
		{&t.units, "compilation units", 4},
		{&t.files, "file names", 1},
		{&t.pcvalues, "values", 1},
		{&t.records, "functions", 1},
	} {
		if at := address + header.u64(32+8*i); at != end {
			return nil, fmt.Errorf("pclntab's %s are at %#x, not at %#x, the end of what is before them", slice.name, at, end)
		}
		if *slice.table, err = module.slice(8+24*i, slice.name, slice.elementSize, memory); err != nil {
			return nil, err
		}
		if slice.table.address != end {
			return nil, fmt.Errorf("moduledata's %s are at %#x, the pclntab's at %#x", slice.name, slice.table.address, end)
		}
		end = slice.table.end()
	}
	return t, t.parseModuledata(module, memory)
}

const (
	moduledataIndex    = 16 * 8 // a slice
	moduledataBuckets  = 19 * 8
	moduledataFirstPC  = 20 * 8
	moduledataLastPC   = 21 * 8
	moduledataText     = 22 * 8
	moduledataHeap     = 34 * 8
	moduledataTypes    = 37 * 8
	moduledataEndTypes = 38 * 8
	moduledataFuncdata = 40 * 8
	moduledataEnd      = 41 * 8
	moduledataInit     = 59 * 8 // a slice
	moduledataSize     = 62 * 8 // of what is read of it
)

// parseModuledata reads what the header does not contain.
func (t *Tables) parseModuledata(module, memory table) error {
	index, err := module.slice(moduledataIndex, "functions' index", 8, memory)
	if err != nil {
		return err
	}
	if index.address != t.records.address || len(index.bytes) != 8*(t.count+1) {
		return fmt.Errorf("moduledata's index of functions has %d bytes at %#x, for %d functions at %#x",
			len(index.bytes), index.address, t.count, t.records.address)
	}
	// The upper bits of a program counter are the number of the function.
	firstPC, lastPC := module.u64(moduledataFirstPC), module.u64(moduledataLastPC)
	if begin := (module.u64(moduledataText) + uint64(index.u32(0))) << 16; firstPC != begin || lastPC <= firstPC || lastPC > 1<<48 {
		return fmt.Errorf("moduledata's program counters are %#x to %#x, but the first function begins at %#x", firstPC, lastPC, begin)
	}
	sixteenths := (lastPC - firstPC + bucketSpan/16 - 1) / (bucketSpan / 16) // the last bucket may have fewer than 16
	t.buckets, err = memory.part("functions' buckets", module.u64(moduledataBuckets), (sixteenths+15)/16*4+sixteenths)
	if err != nil {
		return err
	}
	funcdata, end := module.u64(moduledataFuncdata), module.u64(moduledataEnd)
	if funcdata < t.records.end() || funcdata-t.records.end() >= maxAlign || end < funcdata {
		return fmt.Errorf("moduledata's funcdata are at %#x to %#x, not behind the functions, which end at %#x", funcdata, end, t.records.end())
	}
	if t.buckets.address >= funcdata && t.buckets.address < end {
		end = t.buckets.address // they follow the funcdata
	}
	if t.funcdata, err = memory.part("funcdata", funcdata, end-funcdata); err != nil {
		return err
	}
	t.heap = module.u64(moduledataHeap)
	types, endTypes := module.u64(moduledataTypes), module.u64(moduledataEndTypes)
	if endTypes <= types {
		return fmt.Errorf("moduledata's types are at %#x to %#x", types, endTypes)
	}
	if t.types, err = memory.part("types", types, endTypes-types); err != nil {
		return err
	}
	t.initTasks, err = module.slice(moduledataInit, "initialization tasks", 8, memory)
	return err
}

// Heap returns the address from which on the memory has what the program has allocated, such as stacks.
func (t *Tables) Heap() uint64 { return t.heap }

// FunctionNames returns the names of the functions of a module, by their index among those that the module defines.
func FunctionNames(m *wasmfile.Module) (map[uint32]string, error) {
	memory, err := m.Memory()
	if err != nil {
		return nil, err
	}
	tables, err := Parse(uint64(memory.Address), memory.Data)
	if err != nil {
		return nil, err
	}
	names := make(map[uint32]string)
	return names, tables.eachName(func(function uint32, name string) { names[function] = name })
}

// FunctionNumbers maps the name of each function to its index among the functions that the module defines.
func (t *Tables) FunctionNumbers() (map[string]uint32, error) {
	numbers := make(map[string]uint32)
	return numbers, t.eachName(func(function uint32, name string) { numbers[name] = function })
}

func (t *Tables) eachName(do func(function uint32, name string)) error {
	functions, err := t.parseFunctions()
	if err != nil {
		return err
	}
	for _, f := range functions {
		name, err := t.name(f.record.u32(recordName))
		if err != nil {
			return err
		}
		do(f.number(), name)
	}
	return nil
}

// slice returns the memory that a Go slice at an offset of the table refers to.
func (t table) slice(offset int, name string, elementSize uint64, memory table) (table, error) {
	address, length, capacity := t.u64(offset), t.u64(offset+8), t.u64(offset+16)
	if length != capacity || length > uint64(len(memory.bytes)) {
		return table{}, fmt.Errorf("moduledata's %s are %d of %d", name, length, capacity)
	}
	return memory.part(name, address, length*elementSize)
}

// find returns the address of content, which must be in the table once.
func (t table) find(name string, content []byte) (address uint64, err error) {
	first := bytes.Index(t.bytes, content)
	if first < 0 {
		return 0, errors.New("no " + name + " of a known layout")
	}
	if second := bytes.Index(t.bytes[first+1:], content); second >= 0 {
		return 0, fmt.Errorf("two candidates for the %s, at %#x and %#x", name, t.address+uint64(first), t.address+uint64(first+1+second))
	}
	return t.address + uint64(first), nil
}
