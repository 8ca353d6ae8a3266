//go:build !js

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// image is what a program that waits consists of.
type image struct {
	memory  []byte
	globals []uint64
	lookups []lookup
}

// lookup is a property of globalThis that package syscall/js has looked up for itself.
type lookup struct {
	function  uint32    // that was called, an import
	arguments [3]uint64 // on the stack: the object, and the property's name
	result    uint64    // behind them
}

// References to JavaScript's values are NaNs with a type and a number, of which the host knows some from the beginning.
const (
	refGlobalThis    = 0x7ff8_0001_0000_0005
	refFirstFunction = 0x7ff8_0004_0000_0007

	lookupArguments = 8 // from the stack pointer
	lookupResult    = 32
)

// lookedUp is what syscall/js looks up. Each is a function.
var lookedUp = []string{"Object", "Array"}

// The addresses that a host may write the program's arguments and environment to.
const argumentsBegin, argumentsEnd = 4096, 12288

// wait runs a program until it waits.
func takeImage(m rawModule, globals []global, begin beginning) (image, error) {
	exports, err := m.exports()
	if err != nil {
		return image{}, err
	}
	for _, name := range []string{"run", begin.start, begin.rehearse} {
		if name != "" && !slices.ContainsFunc(exports, func(e export) bool { return e.name == name && e.kind == exportFunction }) {
			return image{}, fmt.Errorf("the module exports no function %s", name)
		}
	}
	instrumented, err := m.instrumented(globals)
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
	argc, argv := writeArguments(module.Memory(), begin.environment)
	if err := h.call(ctx, module, "run", argc, argv); err != nil {
		return image{}, err
	}
	if begin.rehearse != "" {
		if err := h.call(ctx, module, begin.rehearse); err != nil {
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

// writeArguments writes what wasm_exec.js does, with "js" for the program's name.
func writeArguments(memory api.Memory, environment []string) (argc, argv uint64) {
	at := uint32(argumentsBegin)
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
	return 1, argv
}

// host is what the program has in place of a page.
type host struct {
	lookups []lookup
	output  strings.Builder
	refused error // what has stopped the program
}

var errStopped = errors.New("stopped")

// provide gives the program its imports. Each function's arguments are in memory, from 8 bytes above the stack pointer on.
func (h *host) provide(ctx context.Context, runtime wazero.Runtime, imports []api.FunctionDefinition) error {
	builder := runtime.NewHostModuleBuilder("gojs")
	for i, f := range imports {
		module, name, _ := f.Import()
		if module != "gojs" {
			return fmt.Errorf("import of %s.%s: only those of gojs are understood", module, name)
		}
		serve := h.serve(uint32(i), name)
		builder.NewFunctionBuilder().WithFunc(func(_ context.Context, m api.Module, sp uint32) { serve(m.Memory(), sp) }).Export(name)
	}
	_, err := builder.Instantiate(ctx)
	return err
}

func (h *host) serve(function uint32, name string) func(memory api.Memory, sp uint32) {
	switch name {
	case "runtime.resetMemoryDataView":
		return func(api.Memory, uint32) {}
	case "runtime.nanotime1":
		return func(memory api.Memory, sp uint32) { memory.WriteUint64Le(sp+8, 1) } // never later than in the page
	case "runtime.getRandomData":
		return func(memory api.Memory, sp uint32) {
			bytes := bytesAt(memory, sp+8)
			for i := range bytes {
				bytes[i] = byte(i*0x9d + 0x3b)
			}
		}
	case "runtime.wasmWrite": // of a panic
		return func(memory api.Memory, sp uint32) { h.output.Write(bytesAt(memory, sp+16)) }
	case "syscall/js.valueGet":
		return func(memory api.Memory, sp uint32) {
			l := lookup{function: function, result: refFirstFunction + uint64(len(h.lookups))}
			for i := range l.arguments {
				l.arguments[i], _ = memory.ReadUint64Le(sp + lookupArguments + 8*uint32(i))
			}
			property := string(bytesAt(memory, sp+lookupArguments+8))
			if l.arguments[0] != refGlobalThis || len(h.lookups) >= len(lookedUp) || property != lookedUp[len(h.lookups)] {
				h.refuse(fmt.Errorf("it looks up %q in JavaScript", property))
			}
			memory.WriteUint64Le(sp+lookupResult, l.result)
			h.lookups = append(h.lookups, l)
		}
	}
	return func(api.Memory, uint32) { h.refuse(fmt.Errorf("it calls %s", name)) }
}

// refuse stops the program.
func (h *host) refuse(reason error) {
	h.refused = reason
	panic(errStopped)
}

// call calls an exported function, which returns when the program waits.
func (h *host) call(ctx context.Context, module api.Module, name string, arguments ...uint64) error {
	_, err := module.ExportedFunction(name).Call(ctx, arguments...)
	if h.refused != nil {
		err = h.refused
	}
	if err != nil {
		return fmt.Errorf("the program cannot be snapshot: in %s, before it waits, %w%s", name, err, h.said())
	}
	return nil
}

func (h *host) said() string {
	if h.output.Len() == 0 {
		return ""
	}
	return ", and it writes:\n" + h.output.String()
}

// bytesAt is what a slice on the stack refers to.
func bytesAt(memory api.Memory, address uint32) []byte {
	at, _ := memory.ReadUint64Le(address)
	size, _ := memory.ReadUint64Le(address + 8)
	content, _ := memory.Read(uint32(at), uint32(size))
	return content
}
