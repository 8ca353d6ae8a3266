//go:build !js

// Package linetable reduces the line tables of a Go program, the pclntab, to what the runtime reads. It reads them when it unwinds
// a stack: to collect garbage, to grow a stack, to recover a panic. The rest is for tracebacks. The layout is that of
// runtime/symtab.go and cmd/link/internal/ld/pcln.go in Go 1.26, on wasm.
package linetable

import (
	"fmt"

	"acschat/cmd/postlink/wasmfile"
)

// Reduce reduces the line tables in the data of a module. With slim it also removes what only tracebacks and runtime.Callers read.
func Reduce(m *wasmfile.Module, slim bool) error {
	memory, err := m.Memory()
	if err != nil {
		return err
	}
	tables, err := Parse(uint64(memory.Address), memory.Data)
	if err != nil {
		return err
	}
	if err := tables.reduce(slim); err != nil {
		return fmt.Errorf("pclntab: %w", err)
	}
	m.Segments = memory.Split()
	return nil
}

func (t *Tables) reduce(slim bool) error {
	functions, err := t.parseFunctions()
	if err != nil {
		return err
	}
	if err := t.coarsenBuckets(); err != nil {
		return err
	}
	if err := t.dropFuncdata(functions, slim); err != nil {
		return err
	}
	if err := t.dropPCValues(functions, slim); err != nil {
		return err
	}
	if !slim {
		return nil
	}
	for _, f := range functions {
		f.record.setU32(recordUnit, 0)
		f.record.setU32(recordFirstLine, 0)
	}
	clear(t.units.bytes)
	clear(t.files.bytes)
	return t.shortenNames(functions)
}

// dropsPCValue reports whether to remove the pcvalues that a field refers to.
func (f function) dropsPCValue(field int, slim bool) bool {
	switch field {
	case pcvaluesUnsafePoint: // for preemption by another thread, and wasm has one thread
		return true
	case recordFiles, recordLines:
		return slim
	case pcvaluesInlined:
		return slim && f.dropsInlined()
	}
	return false
}

// dropsFuncdata reports whether to remove one kind of funcdata.
func (f function) dropsFuncdata(number int, slim bool) bool {
	switch number {
	case funcdataArgs:
		return slim
	case funcdataInlined:
		return slim && f.dropsInlined()
	}
	return false
}

// dropsInlined reports whether only tracebacks and runtime.Callers read which calls were inlined into a function. recover reads
// it, too: it counts the calls between the panic and itself, except wrappers. A wrapper counts if another call was inlined into
// it. Normal functions count anyway.
func (f function) dropsInlined() bool { return f.id() == idNormal }
