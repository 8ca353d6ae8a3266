//go:build !js

package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/tetratelabs/wazero"
)

// beginning says where a snapshot begins.
type beginning struct {
	environment []string // NAME=value, for Go's runtime
	rehearse    string   // an exported function that is called before the snapshot is taken, or ""
	start       string   // the exported function that the module begins with
}

const (
	opBlockEmpty  = 0x40
	opUnreachable = 0x00
	opIf          = 0x04
	opCall        = 0x10
	opGlobalSet   = 0x24
	opI64Load     = 0x29
	opI64Store    = 0x37
	opI64Const    = 0x42
	opI64Ne       = 0x52
)

// snapshot returns a module of a Go program that begins where the given one waits for the first time, with what it has in its
// memory then. The runtime has set itself up and packages are initialized, which is the same at every start, and a good part
// of one: a browser compiles each function when it is first called. The export run then only calls start.
//
// Until it waits, the program must not touch JavaScript: it would be another one when the module runs. What package syscall/js
// looks up for itself is looked up again. The clock stands at its beginning meanwhile, and random numbers are always the same:
// they seed the runtime's maps and its scheduler.
func snapshot(b []byte, begin beginning) ([]byte, error) {
	parsed, err := parseModule(b)
	if err != nil {
		return nil, err
	}
	if err := parsed.requireGo(knownGo); err != nil {
		return nil, err
	}
	m, err := parseSections(b)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(m, func(s rawSection) bool { return s.id == sectionStart }) {
		return nil, errors.New("start section: its function would be called twice")
	}
	globals, err := m.globals()
	if err != nil {
		return nil, err
	}
	taken, err := takeImage(m, globals, begin)
	if err != nil {
		return nil, err
	}
	exports, err := m.exports()
	if err != nil {
		return nil, err
	}
	if m, err = m.withRun(exports, taken, begin.start); err != nil {
		return nil, err
	}
	if m, err = m.withoutUnreachable(taken.memory, exports); err != nil {
		return nil, err
	}
	if m, err = m.withMemory(taken.memory); err != nil {
		return nil, err
	}
	for i := range globals {
		globals[i].value = taken.globals[i]
	}
	result := m.with(sectionGlobal, appendGlobals(globals)).bytes()
	return result, validate(result)
}

// validate has whatever is wrong with a module show before anyone loads it.
func validate(b []byte) error {
	ctx := context.Background()
	runtime := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigInterpreter())
	defer runtime.Close(ctx)
	if _, err := runtime.CompileModule(ctx, b); err != nil {
		return fmt.Errorf("the snapshot is no valid module: %w", err)
	}
	return nil
}

// withRun returns the module with another function for the export run, and sets the export.
func (m rawModule) withRun(exports []export, taken image, start string) (rawModule, error) {
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
	functions, err := m.appended(sectionFunction, appendU32(nil, runType))
	if err != nil {
		return nil, err
	}
	body := runCode(taken, exports[begin].index)
	code, err := m.appended(sectionCode, append(appendU32(nil, uint32(len(body))), body...))
	if err != nil {
		return nil, err
	}
	exports[run].index = imported + defined
	return m.with(sectionFunction, functions).with(sectionCode, code).with(sectionExport, appendExports(exports)), nil
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
		body = append(body, opI64Ne, opIf, opBlockEmpty, opUnreachable, opEnd)
	}
	body = setStack(body, taken.globals[globalSP])
	body = appendU32(append(body, opCall), start)
	return append(body, opEnd)
}

// withMemory returns the module with this content of its memory.
func (m rawModule) withMemory(content []byte) (rawModule, error) {
	_, memory, err := m.section(sectionMemory)
	if err != nil {
		return nil, err
	}
	limits, err := memory.byte()
	if err != nil {
		return nil, err
	}
	if _, err := memory.u32(); err != nil { // the minimum before
		return nil, err
	}
	limitsNow := appendU32([]byte{1, limits}, uint32(len(content)/pageSize))
	data, err := dataSectionBody(dataSegment{data: content}.split())
	if err != nil {
		return nil, err
	}
	return m.with(sectionMemory, append(limitsNow, memory.rest...)).with(sectionData, data), nil
}

// instrumented is the module with its globals exported, each by its number.
func (m rawModule) instrumented(globals []global) ([]byte, error) {
	var more [][]byte
	for i := range globals {
		more = append(more, export{globalName(i), exportGlobal, uint32(i)}.append(nil))
	}
	exports, err := m.appended(sectionExport, more...)
	return m.with(sectionExport, exports).bytes(), err
}

func globalName(i int) string { return fmt.Sprintf("postlink.%d", i) }
