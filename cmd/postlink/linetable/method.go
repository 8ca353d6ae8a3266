//go:build !js

package linetable

import "encoding/binary"

// MethodFunctions returns the functions that types have as methods, by their index among the functions that the module defines. A
// type lists each method (abi.Method) as four offsets of 32 bits: of its name, of its type, and of two functions. What looks like
// a method by chance is among them, too.
func (t *Tables) MethodFunctions() []uint32 {
	var functions []uint32
	types := t.types.bytes
	for at := 0; at+12 <= len(types); at += 4 {
		if !t.isFuncType(binary.LittleEndian.Uint32(types[at:])) {
			continue
		}
		viaInterface := binary.LittleEndian.Uint32(types[at+4:]) - FirstFunction
		direct := binary.LittleEndian.Uint32(types[at+8:]) - FirstFunction
		if viaInterface < uint32(t.count) && direct < uint32(t.count) { // the linker keeps both or none
			functions = append(functions, viaInterface, direct)
		}
	}
	return functions
}

// isFuncType reports whether the type at an offset is that of a function. The type of a method always is.
func (t *Tables) isFuncType(offset uint32) bool {
	const (
		kind     = 23 // offset in abi.Type
		kindMask = 31
		kindFunc = 19
	)
	at := uint64(offset) + kind
	return at < uint64(len(t.types.bytes)) && t.types.bytes[at]&kindMask == kindFunc
}
