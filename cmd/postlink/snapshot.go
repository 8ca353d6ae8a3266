//go:build !js

package main

import (
	"context"
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
	run, exports, err := m.appendRun(exports, taken, begin.start)
	if err != nil {
		return nil, err
	}
	if run, err = run.dropUnreachable(taken.memory, exports); err != nil {
		return nil, err
	}
	for i := range globals {
		globals[i].value = taken.globals[i]
	}
	if m, err = run.withMemory(taken.memory); err != nil {
		return nil, err
	}
	result := m.with(sectionGlobal, appendGlobals(globals)).bytes()
	// Whatever is wrong with it shows before anyone loads it.
	runtime := wazero.NewRuntimeWithConfig(context.Background(), wazero.NewRuntimeConfigInterpreter())
	defer runtime.Close(context.Background())
	if _, err := runtime.CompileModule(context.Background(), result); err != nil {
		return nil, fmt.Errorf("the snapshot is no valid module: %w", err)
	}
	return result, nil
}

// appendRun adds a function that repeats the lookups, which must have the same results, and calls start. It takes the place
// of the export run.
func (m rawModule) appendRun(exports []export, taken image, start string) (rawModule, []export, error) {
	// Go's functions take their arguments from the stack. Nothing is at the end of what the host has for the program's
	// arguments, from 4096 to 12288, unless these are very long.
	const stack = 12288 - 48
	set := func(code []byte, global byte, value uint64) []byte {
		code = append(code, opI32Const)
		code = appendS32(code, int32(value))
		return append(code, opGlobalSet, global)
	}
	body := set([]byte{0}, globalSP, stack) // no locals
	for _, l := range taken.lookups {
		for i, word := range l.arguments {
			body = appendS32(append(body, opI32Const), int32(stack+8+8*i))
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
	body = set(body, globalSP, taken.globals[globalSP])

	run := slices.IndexFunc(exports, func(e export) bool { return e.name == "run" })
	begin := slices.IndexFunc(exports, func(e export) bool { return e.name == start })
	body = appendU32(append(body, opCall), exports[begin].index)
	body = append(body, opEnd)

	imported, _, err := m.section(sectionImport)
	if err != nil {
		return nil, nil, err
	}
	defined, types, err := m.section(sectionFunction)
	if err != nil {
		return nil, nil, err
	}
	var runType uint32
	for i := range defined {
		typeIndex, err := types.u32()
		if err != nil {
			return nil, nil, err
		}
		if imported+i == exports[run].index {
			runType = typeIndex
		}
	}
	functions, err := m.appended(sectionFunction, appendU32(nil, runType))
	if err != nil {
		return nil, nil, err
	}
	code, err := m.appended(sectionCode, append(appendU32(nil, uint32(len(body))), body...))
	if err != nil {
		return nil, nil, err
	}
	exports = slices.Clone(exports)
	exports[run].index = imported + defined
	return m.with(sectionFunction, functions).with(sectionCode, code).with(sectionExport, appendExports(exports)), exports, nil
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
	body := appendU32([]byte{1, limits}, uint32(len(content)/pageSize))
	body = append(body, memory.rest...)
	data, err := appendDataSection(nil, dataSegment{data: content}.split())
	if err != nil {
		return nil, err
	}
	withData, err := parseSections(append([]byte(preamble), data...))
	if err != nil {
		return nil, err
	}
	return m.with(sectionMemory, body).with(sectionData, withData[0].body), nil
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
