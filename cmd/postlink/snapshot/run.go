//go:build !js

package snapshot

import (
	"slices"

	. "acschat/cmd/postlink/wasmfile"
)

// withRun returns the module with another function for the export run, and sets the export.
func withRun(m *Module, exports []Export, taken image, start string) (*Module, error) {
	run := slices.IndexFunc(exports, func(e Export) bool { return e.Name == "run" })
	begin := slices.IndexFunc(exports, func(e Export) bool { return e.Name == start })
	imported, _, err := m.Section(SectionImport)
	if err != nil {
		return nil, err
	}
	defined, types, err := m.Section(SectionFunction)
	if err != nil {
		return nil, err
	}
	var runType uint32
	for range exports[run].Index - imported + 1 {
		if runType, err = types.U32(); err != nil {
			return nil, err
		}
	}
	if m, err = m.WithMore(SectionFunction, AppendU32(nil, runType)); err != nil {
		return nil, err
	}
	body := runCode(taken, exports[begin].Index)
	if m, err = m.WithMore(SectionCode, append(AppendU32(nil, uint32(len(body))), body...)); err != nil {
		return nil, err
	}
	exports[run].Index = imported + defined
	return m.With(SectionExport, AppendExports(exports)), nil
}

// runCode is the code of a function that repeats the lookups, which must have the same results, and calls start.
func runCode(taken image, start uint32) []byte {
	// Go's functions take their arguments from the stack. These are put where nothing is, at the end of what the host has
	// for the program's own arguments.
	const stack = argumentsEnd - 48
	setStack := func(code []byte, address uint64) []byte {
		code = append(code, OpI32Const)
		code = AppendS32(code, int32(address))
		return append(code, OpGlobalSet, GlobalSP)
	}
	body := setStack([]byte{0}, stack) // no local variables
	for _, l := range taken.lookups {
		for i, word := range l.arguments {
			body = AppendS32(append(body, OpI32Const), int32(stack+lookupArguments+8*i))
			body = AppendS64(append(body, OpI64Const), int64(word))
			body = append(body, OpI64Store, 3, 0)
		}
		body = AppendS32(append(body, OpI32Const), stack)
		body = AppendU32(append(body, OpCall), l.function)
		body = AppendS32(append(body, OpI32Const), stack+lookupResult)
		body = append(body, OpI64Load, 3, 0, OpI64Const)
		body = AppendS64(body, int64(l.result))
		body = append(body, OpI64Ne, OpIf, BlockEmpty, OpUnreachable, OpEnd)
	}
	body = setStack(body, taken.globals[GlobalSP])
	body = AppendU32(append(body, OpCall), start)
	return append(body, OpEnd)
}
