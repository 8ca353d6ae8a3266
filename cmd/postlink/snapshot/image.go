//go:build !js

package snapshot

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"acschat/cmd/postlink/wasmfile"
)

// image is the state of a waiting program.
type image struct {
	memory  []byte
	globals []uint64
	lookups []lookup
}

// lookup is a call by which package syscall/js has read a property of globalThis.
type lookup struct {
	function  uint32    // the import that was called
	arguments [3]uint64 // the object, and the name of the property
	result    uint64    // the property
}

// syscall/js refers to a value of JavaScript by a NaN that has a type and a number. wasm_exec.js fixes some of the numbers.
const (
	refGlobalThis    = 0x7ff8_0001_0000_0005
	refFirstFunction = 0x7ff8_0004_0000_0007

	lookupArguments = 8 // from the stack pointer
	lookupResult    = 32
)

// lookedUp are the properties that syscall/js reads in its initializers. Each is a function.
var lookedUp = []string{"Object", "Array"}

// wasm_exec.js writes the arguments and the environment of the program between these addresses.
const argumentsBegin, argumentsEnd = 4096, 12288

// takeImage runs a program until main waits, and calls the rehearsal.
func takeImage(m *wasmfile.Module, globals []wasmfile.Global, options Options) (image, error) {
	exports, err := m.Exports()
	if err != nil {
		return image{}, err
	}
	for _, name := range []string{"run", options.Start, options.Rehearse} {
		if name != "" && !slices.ContainsFunc(exports, func(e wasmfile.Export) bool { return e.Name == name && e.Kind == wasmfile.ExportFunction }) {
			return image{}, fmt.Errorf("the module exports no function %s", name)
		}
	}
	instrumented, err := instrumented(m, globals)
	if err != nil {
		return image{}, err
	}
	ctx := context.Background()
	runtime := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigInterpreter())
	defer runtime.Close(ctx)
	compiled, err := runtime.CompileModule(ctx, instrumented)
	if err != nil {
		return image{}, err
	}
	h := &host{}
	if err := h.provide(ctx, runtime, compiled.ImportedFunctions()); err != nil {
		return image{}, err
	}
	module, err := runtime.InstantiateModule(ctx, compiled, wazero.NewModuleConfig().WithStartFunctions())
	if err != nil {
		return image{}, err
	}
	argc, argv, err := writeArguments(module.Memory(), options.Environment)
	if err != nil {
		return image{}, err
	}
	if err := h.call(ctx, module, "run", argc, argv); err != nil {
		return image{}, err
	}
	if options.Rehearse != "" {
		if err := h.call(ctx, module, options.Rehearse); err != nil {
			return image{}, err
		}
	}
	content, _ := module.Memory().Read(0, module.Memory().Size())
	taken := image{memory: bytes.Clone(content), lookups: h.lookups}
	clear(taken.memory[argumentsBegin:argumentsEnd])
	for i := range globals {
		taken.globals = append(taken.globals, module.ExportedGlobal(globalName(i)).Get())
	}
	return taken, nil
}

// writeArguments writes the arguments and the environment as wasm_exec.js does. The name of the program is "js".
func writeArguments(memory api.Memory, environment []string) (argc, argv uint64, err error) {
	at := uint32(argumentsBegin)
	room := argumentsEnd - argumentsBegin - 64 // 64 bytes for the name and the pointers
	for _, variable := range environment {
		if room -= len(variable) + 16; room < 0 {
			return 0, 0, errors.New("the environment is limited to 8 KB")
		}
	}
	var pointers []uint32
	for _, text := range append([]string{"js", ""}, environment...) {
		if text == "" {
			pointers = append(pointers, 0)
			continue
		}
		pointers = append(pointers, at)
		memory.WriteString(at, text+"\x00")
		at += (uint32(len(text)+1) + 7) &^ 7
	}
	argv = uint64(at)
	for _, p := range append(pointers, 0) {
		memory.WriteUint64Le(at, uint64(p))
		at += 8
	}
	return 1, argv, nil
}

// instrumented returns the module with all its globals exported.
func instrumented(m *wasmfile.Module, globals []wasmfile.Global) ([]byte, error) {
	var more [][]byte
	for i := range globals {
		more = append(more, wasmfile.Export{Name: globalName(i), Kind: wasmfile.ExportGlobal, Index: uint32(i)}.Append(nil))
	}
	exported, err := m.WithMore(wasmfile.SectionExport, more...)
	if err != nil {
		return nil, err
	}
	return exported.Bytes()
}

func globalName(i int) string { return fmt.Sprintf("postlink.%d", i) }
