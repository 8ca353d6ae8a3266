//go:build !js

package main

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
)

// valueMethod matches the names of methods that the compiler makes for pointers
// from those for values. Such a one, called on a nil pointer, panics with a
// message that it takes out of its own name, and is fatal without.
var valueMethod = regexp.MustCompile(`^(.+)\.\(\*(.+)\)\.([^.)-]+)$`)

// shortName is what is left of a function's name. It keeps the runtime's package
// name, by which its own goroutines are told from the program's, and the names
// that are compared or taken to pieces.
func shortName(name string, f function) string {
	switch {
	case f.id() == idWrapper && valueMethod.MatchString(name):
		return name
	case f.record.u32(recordArgs) == argsUnknown && (name == "reflect.makeFuncStub" || name == "reflect.methodValueCall"):
		return name
	case strings.HasPrefix(name, "runtime."):
		return "runtime."
	}
	return "?"
}

// shortenNames makes the table of names anew.
func (t *pclntab) shortenNames(functions []function) error {
	offsets := make(map[string]int)
	names := []byte{0} // an offset of 0 would be no name at all
	for i, f := range functions {
		name, err := t.name(f.record.u32(recordName))
		if err != nil {
			return fmt.Errorf("function %d: %w", i, err)
		}
		if f.id() == idPanic && name != "runtime.gopanic" {
			return fmt.Errorf("function %d is called %q, but has the ID of runtime.gopanic: the module may be slim already", i, name)
		}
		short := shortName(name, f)
		if offsets[short] == 0 {
			offsets[short] = len(names)
			names = append(append(names, short...), 0)
		}
		f.record.setU32(recordName, uint32(offsets[short]))
	}
	if len(names) > len(t.names.bytes) {
		return fmt.Errorf("names that stay have %d bytes, all names %d", len(names), len(t.names.bytes))
	}
	clear(t.names.bytes[copy(t.names.bytes, names):])
	return nil
}

func (t *pclntab) name(offset uint32) (string, error) {
	if uint64(offset) >= uint64(len(t.names.bytes)) || offset > 0 && t.names.bytes[offset-1] != 0 {
		return "", fmt.Errorf("no name begins at offset %d of %d", offset, len(t.names.bytes))
	}
	name, _, found := bytes.Cut(t.names.bytes[offset:], []byte{0})
	if !found {
		return "", fmt.Errorf("name at offset %d has no end", offset)
	}
	return string(name), nil
}
