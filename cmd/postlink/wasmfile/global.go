//go:build !js

package wasmfile

import "fmt"

const (
	TypeI32 = 0x7f
	TypeI64 = 0x7e
)

// GlobalSP is the index of the global that is the stack pointer.
const GlobalSP = 0

// Global is a global variable of an integer type.
type Global struct {
	Kind, mutable byte
	Value         uint64
}

// Globals returns the globals of the module. The Go linker makes eight.
func (m *Module) Globals() ([]Global, error) {
	count, r, err := m.Section(SectionGlobal)
	if err != nil {
		return nil, err
	}
	var globals []Global
	for range count {
		var g Global
		var op, end byte
		for _, b := range []*byte{&g.Kind, &g.mutable, &op} {
			if *b, err = r.Byte(); err != nil {
				return nil, err
			}
		}
		if value, err := r.S32(); err != nil {
			return nil, err
		} else {
			g.Value = uint64(value)
		}
		if end, err = r.Byte(); err != nil {
			return nil, err
		}
		if g.mutable != 1 || end != OpEnd || !(g.Kind == TypeI32 && op == OpI32Const || g.Kind == TypeI64 && op == OpI64Const) {
			return nil, fmt.Errorf("global %d is not an integer variable", len(globals))
		}
		globals = append(globals, g)
	}
	return globals, r.End()
}

func AppendGlobals(globals []Global) []byte {
	b := AppendU32(nil, uint32(len(globals)))
	for _, g := range globals {
		b = append(b, g.Kind, g.mutable)
		if g.Kind == TypeI32 {
			b = AppendS32(append(b, OpI32Const), int32(g.Value))
		} else {
			b = AppendS64(append(b, OpI64Const), int64(g.Value))
		}
		b = append(b, OpEnd)
	}
	return b
}
