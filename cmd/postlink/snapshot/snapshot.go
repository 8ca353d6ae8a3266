//go:build !js

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

// Options says where a snapshot begins.
type Options struct {
	Environment []string // NAME=value, for Go's runtime
	Rehearse    string   // an exported function that is called before the snapshot is taken, or ""
	Start       string   // the exported function that the module begins with
	NoFloats    bool     // the program prints no floating-point number
}

// Take returns a module of a Go program that begins where the given one waits for the first time, with what it has in its
// memory then. The runtime has set itself up and packages are initialized, which is the same at every start, and a good part
// of one: a browser compiles each function when it is first called. The export run then only calls start.
//
// Until it waits, the program must not touch JavaScript: it would be another one when the module runs. What package syscall/js
// looks up for itself is looked up again. The clock stands at its beginning meanwhile, and random numbers are always the same:
// they seed the runtime's maps and its scheduler.
func Take(m *wasmfile.Module, options Options) (*wasmfile.Module, error) {
	if err := m.RequireGo(); err != nil {
		return nil, err
	}
	if m.Has(wasmfile.SectionStart) {
		return nil, errors.New("start section: its function would be called twice")
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

// withoutUnreachable returns the module without code that is not called any more, and clears the powers of ten in memory if the
// program prints no floating-point number.
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

// validate has whatever is wrong with a module show before anyone loads it.
func validate(m *wasmfile.Module) error {
	b, err := m.Bytes()
	if err != nil {
		return err
	}
	ctx := context.Background()
	runtime := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigInterpreter())
	defer runtime.Close(ctx)
	if _, err := runtime.CompileModule(ctx, b); err != nil {
		return fmt.Errorf("the snapshot is no valid module: %w", err)
	}
	return nil
}

// withMemory returns the module with this content of its memory.
func withMemory(m *wasmfile.Module, content []byte) (*wasmfile.Module, error) {
	_, memory, err := m.Section(wasmfile.SectionMemory)
	if err != nil {
		return nil, err
	}
	limits, err := memory.Byte()
	if err != nil {
		return nil, err
	}
	if _, err := memory.U32(); err != nil { // the minimum before
		return nil, err
	}
	limitsNow := wasmfile.AppendU32([]byte{1, limits}, uint32(len(content)/wasmfile.PageSize))
	m = m.With(wasmfile.SectionMemory, append(limitsNow, memory.Rest...))
	m.Segments = wasmfile.Segment{Data: content}.Split()
	return m, nil
}
