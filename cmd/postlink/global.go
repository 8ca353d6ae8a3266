//go:build !js

package main

import "fmt"

const (
	typeI32 = 0x7f
	typeI64 = 0x7e
)

// Go's globals: the stack pointer is the first of them.
const globalSP = 0

// global is a global variable of the module, an integer.
type global struct {
	kind, mutable byte
	value         uint64
}

// globals reads the section of globals, which the Go linker has eight of.
func (m *module) globals() ([]global, error) {
	count, r, err := m.section(sectionGlobal)
	if err != nil {
		return nil, err
	}
	var globals []global
	for range count {
		var g global
		var op, end byte
		for _, b := range []*byte{&g.kind, &g.mutable, &op} {
			if *b, err = r.byte(); err != nil {
				return nil, err
			}
		}
		if value, err := r.s32(); err != nil {
			return nil, err
		} else {
			g.value = uint64(value)
		}
		if end, err = r.byte(); err != nil {
			return nil, err
		}
		if g.mutable != 1 || end != opEnd || !(g.kind == typeI32 && op == opI32Const || g.kind == typeI64 && op == opI64Const) {
			return nil, fmt.Errorf("global %d is no integer variable", len(globals))
		}
		globals = append(globals, g)
	}
	return globals, r.end()
}

func appendGlobals(globals []global) []byte {
	b := appendU32(nil, uint32(len(globals)))
	for _, g := range globals {
		b = append(b, g.kind, g.mutable)
		if g.kind == typeI32 {
			b = appendS32(append(b, opI32Const), int32(g.value))
		} else {
			b = appendS64(append(b, opI64Const), int64(g.value))
		}
		b = append(b, opEnd)
	}
	return b
}
