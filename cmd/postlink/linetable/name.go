//go:build !js

package linetable

import (
	"bytes"
	"fmt"
	"slices"
)

// systemGoroutines are the functions of goroutines that the runtime starts for itself. runtime.isSystemGoroutine recognizes them
// by the prefix of their names. It recognizes others by ID, and wrappers keep their names.
var systemGoroutines = []string{"runtime.forcegchelper", "runtime.updateMaxProcsGoroutine"}

// reflectStubs are the functions whose frames the garbage collector recognizes by name. Only programs with package reflect have
// them, so they may be missing.
var reflectStubs = []string{"reflect.makeFuncStub", "reflect.methodValueCall"}

// nameless replaces names that only tracebacks read.
const nameless = "?"

// keepsName reports whether the runtime reads the name of a function. runtime.panicwrap takes its message from the name of the
// wrapper.
func keepsName(name string, f function) bool {
	return f.id() == idWrapper || slices.Contains(systemGoroutines, name) || slices.Contains(reflectStubs, name)
}

// shortenNames replaces all names that the runtime does not read by nameless.
func (t *Tables) shortenNames(functions []function) error {
	offsets := make(map[string]int)
	names := []byte{0} // offset 0 means no name
	missing := slices.Clone(systemGoroutines)
	for i, f := range functions {
		name, err := t.name(f.record.u32(recordName))
		if err != nil {
			return fmt.Errorf("function %d: %w", i, err)
		}
		if f.id() == idPanic && name != "runtime.gopanic" {
			return fmt.Errorf("function %d is called %q, but has the ID of runtime.gopanic: the module may be slim already", i, name)
		}
		missing = slices.DeleteFunc(missing, func(listed string) bool { return listed == name })
		short := nameless
		if keepsName(name, f) {
			short = name
		}
		if offsets[short] == 0 {
			offsets[short] = len(names)
			names = append(append(names, short...), 0)
		}
		f.record.setU32(recordName, uint32(offsets[short]))
	}
	if len(missing) > 0 {
		return fmt.Errorf("the module has no function %s, which systemGoroutines in name.go names: check the list against this version of Go", missing[0])
	}
	if len(names) > len(t.names.bytes) {
		return fmt.Errorf("the kept names need %d bytes, but the table has %d", len(names), len(t.names.bytes))
	}
	clear(t.names.bytes[copy(t.names.bytes, names):])
	return nil
}

func (t *Tables) name(offset uint32) (string, error) {
	if uint64(offset) >= uint64(len(t.names.bytes)) || offset > 0 && t.names.bytes[offset-1] != 0 {
		return "", fmt.Errorf("no name begins at offset %d of %d", offset, len(t.names.bytes))
	}
	name, _, found := bytes.Cut(t.names.bytes[offset:], []byte{0})
	if !found {
		return "", fmt.Errorf("name at offset %d has no end", offset)
	}
	return string(name), nil
}
