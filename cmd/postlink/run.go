//go:build !js

package main

import "slices"

// withRun returns the module with another function for the export run, and sets the export.
func (m *module) withRun(exports []export, taken image, start string) (*module, error) {
	run := slices.IndexFunc(exports, func(e export) bool { return e.name == "run" })
	begin := slices.IndexFunc(exports, func(e export) bool { return e.name == start })
	imported, _, err := m.section(sectionImport)
	if err != nil {
		return nil, err
	}
	defined, types, err := m.section(sectionFunction)
	if err != nil {
		return nil, err
	}
	var runType uint32
	for range exports[run].index - imported + 1 {
		if runType, err = types.u32(); err != nil {
			return nil, err
		}
	}
	if m, err = m.withMore(sectionFunction, appendU32(nil, runType)); err != nil {
		return nil, err
	}
	body := runCode(taken, exports[begin].index)
	if m, err = m.withMore(sectionCode, append(appendU32(nil, uint32(len(body))), body...)); err != nil {
		return nil, err
	}
	exports[run].index = imported + defined
	return m.with(sectionExport, appendExports(exports)), nil
}

// runCode is the code of a function that repeats the lookups, which must have the same results, and calls start.
func runCode(taken image, start uint32) []byte {
	// Go's functions take their arguments from the stack. These are put where nothing is, at the end of what the host has
	// for the program's own arguments.
	const stack = argumentsEnd - 48
	setStack := func(code []byte, address uint64) []byte {
		code = append(code, opI32Const)
		code = appendS32(code, int32(address))
		return append(code, opGlobalSet, globalSP)
	}
	body := setStack([]byte{0}, stack) // no local variables
	for _, l := range taken.lookups {
		for i, word := range l.arguments {
			body = appendS32(append(body, opI32Const), int32(stack+lookupArguments+8*i))
			body = appendS64(append(body, opI64Const), int64(word))
			body = append(body, opI64Store, 3, 0)
		}
		body = appendS32(append(body, opI32Const), stack)
		body = appendU32(append(body, opCall), l.function)
		body = appendS32(append(body, opI32Const), stack+lookupResult)
		body = append(body, opI64Load, 3, 0, opI64Const)
		body = appendS64(body, int64(l.result))
		body = append(body, opI64Ne, opIf, blockEmpty, opUnreachable, opEnd)
	}
	body = setStack(body, taken.globals[globalSP])
	body = appendU32(append(body, opCall), start)
	return append(body, opEnd)
}
