//go:build !js

// Package snapshot pre-initializes a Go program: it runs the program until main waits, and makes a module that begins there.
// Wizer (https://github.com/bytecodealliance/wizer) does this for other languages.
package snapshot

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/tetratelabs/wazero"

	"acschat/cmd/postlink/linetable"
	"acschat/cmd/postlink/wasmfile"
)

// Options are how to run the program.
type Options struct {
	Environment []string // NAME=VALUE, for the Go runtime
	Rehearse    string   // the exported function to call before the snapshot, or ""
	Start       string   // the exported function that the new module calls first
	NoFloats    bool     // drop what prints floating-point numbers
}

// Take runs a program until main waits, and returns a module that begins there with the same memory. Its export run only calls
// options.Start. A page so skips the start of the runtime and the package initializers, some 300 functions that a browser would
// compile first.
//
// The program must not touch JavaScript before it waits, because the page has another JavaScript. Only the lookups of package
// syscall/js are allowed: the new module repeats them. The clock stands still during the run. Random numbers are always the same,
// so all pages have the same seeds of maps and of the scheduler.
func Take(m *wasmfile.Module, options Options) (*wasmfile.Module, error) {
	if err := m.RequireGo(); err != nil {
		return nil, err
	}
	if m.Has(wasmfile.SectionStart) {
		return nil, errors.New("the module has a start section, so the browser would call its function a second time")
	}
	globals, err := m.Globals()
	if err != nil {
		return nil, err
	}
	taken, err := takeImage(m, globals, options)
	if err != nil {
		return nil, err
	}
	exports, err := m.Exports()
	if err != nil {
		return nil, err
	}
	if m, err = withRun(m, exports, taken, options.Start); err != nil {
		return nil, err
	}
	if m, err = withoutUnreachable(m, taken.memory, exports, options.NoFloats); err != nil {
		return nil, err
	}
	if m, err = withMemory(m, taken.memory); err != nil {
		return nil, err
	}
	for i := range globals {
		globals[i].Value = taken.globals[i]
	}
	m = m.With(wasmfile.SectionGlobal, wasmfile.AppendGlobals(globals))
	return m, validate(m)
}

// withoutUnreachable returns the module without the code that nothing calls any more. With noFloats it also clears the powers of
// ten in memory.
func withoutUnreachable(m *wasmfile.Module, memory []byte, exports []wasmfile.Export, noFloats bool) (*wasmfile.Module, error) {
	tables, err := linetable.Parse(0, memory)
	if err != nil {
		return nil, err
	}
	imported, _, err := m.Section(wasmfile.SectionImport)
	if err != nil {
		return nil, err
	}
	bodies, err := m.Bodies()
	if err != nil {
		return nil, err
	}
	named := startOnly
	if noFloats {
		named = slices.Concat(startOnly, floatPrinters)
	}
	if err := dropUnreachable(bodies, imported, exports, memory, tables, named); err != nil {
		return nil, err
	}
	if noFloats {
		if err := clearPowers(memory, bodies); err != nil {
			return nil, err
		}
	}
	return m.WithBodies(bodies), nil
}

// validate returns an error if a browser would refuse the module.
func validate(m *wasmfile.Module) error {
	b, err := m.Bytes()
	if err != nil {
		return err
	}
	ctx := context.Background()
	runtime := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigInterpreter())
	defer runtime.Close(ctx)
	if _, err := runtime.CompileModule(ctx, b); err != nil {
		return fmt.Errorf("the snapshot is not a valid module: %w", err)
	}
	return nil
}

// withMemory returns the module with other content of its memory.
func withMemory(m *wasmfile.Module, content []byte) (*wasmfile.Module, error) {
	_, memory, err := m.Section(wasmfile.SectionMemory)
	if err != nil {
		return nil, err
	}
	limits, err := memory.Byte()
	if err != nil {
		return nil, err
	}
	if _, err := memory.U32(); err != nil { // the old minimum
		return nil, err
	}
	limitsNow := wasmfile.AppendU32([]byte{1, limits}, uint32(len(content)/wasmfile.PageSize))
	m = m.With(wasmfile.SectionMemory, append(limitsNow, memory.Rest...))
	m.Segments = wasmfile.Segment{Data: content}.Split()
	return m, nil
}
