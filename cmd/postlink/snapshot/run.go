//go:build !js

package snapshot

import (
	"slices"

	"acschat/cmd/postlink/wasmfile"
)

// withRun returns the module with a new function for the export run.
func withRun(m *wasmfile.Module, exports []wasmfile.Export, taken image, start string) (*wasmfile.Module, error) {
	run := slices.IndexFunc(exports, func(e wasmfile.Export) bool { return e.Name == "run" })
	begin := slices.IndexFunc(exports, func(e wasmfile.Export) bool { return e.Name == start })
	imported, _, err := m.Section(wasmfile.SectionImport)
	if err != nil {
		return nil, err
	}
	defined, types, err := m.Section(wasmfile.SectionFunction)
	if err != nil {
		return nil, err
	}
	var runType uint32
	for range exports[run].Index - imported + 1 {
		if runType, err = types.U32(); err != nil {
			return nil, err
		}
	}
	if m, err = m.WithMore(wasmfile.SectionFunction, wasmfile.AppendU32(nil, runType)); err != nil {
		return nil, err
	}
	body := runCode(taken, exports[begin].Index)
	if m, err = m.WithMore(wasmfile.SectionCode, append(wasmfile.AppendU32(nil, uint32(len(body))), body...)); err != nil {
		return nil, err
	}
	exports[run].Index = imported + defined
	return m.With(wasmfile.SectionExport, wasmfile.AppendExports(exports)), nil
}

// runCode returns the code of the new run. It repeats the lookups of syscall/js and calls start. It traps if a lookup has another
// result than in the snapshot.
func runCode(taken image, start uint32) []byte {
	// Go passes arguments on its stack. The end of the space for the arguments of the program is free.
	const stack = argumentsEnd - 48
	setStack := func(code []byte, address uint64) []byte {
		code = append(code, wasmfile.OpI32Const)
		code = wasmfile.AppendS32(code, int32(address))
		return append(code, wasmfile.OpGlobalSet, wasmfile.GlobalSP)
	}
	body := setStack([]byte{0}, stack) // no local variables
	for _, l := range taken.lookups {
		for i, word := range l.arguments {
			body = wasmfile.AppendS32(append(body, wasmfile.OpI32Const), int32(stack+lookupArguments+8*i))
			body = wasmfile.AppendS64(append(body, wasmfile.OpI64Const), int64(word))
			body = append(body, wasmfile.OpI64Store, 3, 0)
		}
		body = wasmfile.AppendS32(append(body, wasmfile.OpI32Const), stack)
		body = wasmfile.AppendU32(append(body, wasmfile.OpCall), l.function)
		body = wasmfile.AppendS32(append(body, wasmfile.OpI32Const), stack+lookupResult)
		body = append(body, wasmfile.OpI64Load, 3, 0, wasmfile.OpI64Const)
		body = wasmfile.AppendS64(body, int64(l.result))
		body = append(body, wasmfile.OpI64Ne, wasmfile.OpIf, wasmfile.BlockEmpty, wasmfile.OpUnreachable, wasmfile.OpEnd)
	}
	body = setStack(body, taken.globals[wasmfile.GlobalSP])
	body = wasmfile.AppendU32(append(body, wasmfile.OpCall), start)
	return append(body, wasmfile.OpEnd)
}
