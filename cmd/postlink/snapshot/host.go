//go:build !js

package snapshot

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// host stands for the page while the program runs.
type host struct {
	lookups []lookup
	output  strings.Builder
	refused error // why host stopped the program
}

var errStopped = errors.New("stopped")

// provide defines the functions that the program imports. The arguments of each are in memory, from 8 bytes above the stack
// pointer on.
func (h *host) provide(ctx context.Context, runtime wazero.Runtime, imports []api.FunctionDefinition) error {
	builder := runtime.NewHostModuleBuilder("gojs")
	for i, f := range imports {
		module, name, _ := f.Import()
		if module != "gojs" {
			return fmt.Errorf("import of %s.%s: only imports of gojs are known", module, name)
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
		return func(memory api.Memory, sp uint32) { memory.WriteUint64Le(sp+8, 1) } // earlier than any time of a page
	case "runtime.getRandomData":
		return func(memory api.Memory, sp uint32) {
			bytes := bytesAt(memory, sp+8)
			for i := range bytes {
				bytes[i] = byte(i*0x9d + 0x3b)
			}
		}
	case "runtime.wasmWrite": // a panic prints its message
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

// call calls an exported function. It returns when the program waits.
func (h *host) call(ctx context.Context, module api.Module, name string, arguments ...uint64) error {
	_, err := module.ExportedFunction(name).Call(ctx, arguments...)
	if h.refused != nil {
		err = h.refused
	}
	if err != nil {
		return fmt.Errorf("cannot take a snapshot: in %s, before it waits, %w%s", name, err, h.said())
	}
	return nil
}

func (h *host) said() string {
	if h.output.Len() == 0 {
		return ""
	}
	return ", and it writes:\n" + h.output.String()
}

// bytesAt returns the memory that a Go slice at an address refers to.
func bytesAt(memory api.Memory, address uint32) []byte {
	at, _ := memory.ReadUint64Le(address)
	size, _ := memory.ReadUint64Le(address + 8)
	content, _ := memory.Read(uint32(at), uint32(size))
	return content
}
