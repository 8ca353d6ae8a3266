//go:build !js

package linetable

import (
	"fmt"

	"acschat/cmd/postlink/wasmfile"
)

// Tidy rewrites the tables in the data segments of a module.
func Tidy(m *wasmfile.Module, slim bool) error {
	memory, err := m.Memory()
	if err != nil {
		return err
	}
	tables, err := Parse(uint64(memory.Address), memory.Data)
	if err != nil {
		return err
	}
	if err := tables.rewrite(slim); err != nil {
		return fmt.Errorf("pclntab: %w", err)
	}
	m.Segments = memory.Split()
	return nil
}

// rewrite takes from the tables what nothing reads, and makes the search of a
// function coarser: whatever is looked up stays the same. Slim tables are without
// what only tracebacks and runtime.Callers read too, but for names with a meaning.
func (t *Tables) rewrite(slim bool) error {
	functions, err := t.parseFunctions()
	if err != nil {
		return err
	}
	if err := t.coarsenBuckets(); err != nil {
		return err
	}
	if err := t.dropDetails(functions, slim); err != nil {
		return err
	}
	if err := t.dropValues(functions, slim); err != nil {
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

// dropsValue reports whether a function's values go.
func (f function) dropsValue(field int, slim bool) bool {
	switch field {
	case valuesUnsafePoint: // for who preempts a goroutine from another thread, and wasm has one
		return true
	case recordFiles, recordLines:
		return slim
	case valuesInlined:
		return slim && f.dropsInlined()
	}
	return false
}

// dropsDetail reports whether a function's details go.
func (f function) dropsDetail(number int, slim bool) bool {
	switch number {
	case detailsArgs:
		return slim
	case detailsInlined:
		return slim && f.dropsInlined()
	}
	return false
}

// dropsInlined reports whether only tracebacks and runtime.Callers read which
// calls were inlined into a function. recover reads it too: it returns the
// panic if one call is between the two, not counting wrappers. What calls it is
// never inlined. Any other function in between is one call too many, whatever
// was inlined into it; a wrapper is so only by what was.
func (f function) dropsInlined() bool { return f.id() == idNormal }
