//go:build !js

package snapshot

import (
	"encoding/binary"
	"fmt"

	"acschat/cmd/postlink/linetable"
	"acschat/cmd/postlink/wasmfile"
)

// dropped replaces the code of a function that is never called: no local variables, unreachable, end.
var dropped = []byte{0, wasmfile.OpUnreachable, wasmfile.OpEnd}

// startOnly are functions that only run before the snapshot, although their addresses stay in memory. rt0_go is the creator of
// the first goroutine.
var startOnly = []string{"runtime.rt0_go"}

// floatPrinters are the functions of the runtime that print a floating-point number.
var floatPrinters = []string{"runtime.printfloat32", "runtime.printfloat64", "runtime.printcomplex64", "runtime.printcomplex128"}

// dropUnreachable drops the code of the named functions, and of all functions that nothing can call after the snapshot, such as
// those that start the runtime. It keeps a function if one of these refers to it:
//   - an export,
//   - kept code, by a call or by a constant program counter,
//   - memory, by a program counter: in function values, interface tables and stacks,
//   - the method table of a type.
//
// A number that looks like a reference by chance keeps a function, too. The list of package initializers does not: they have run.
func dropUnreachable(bodies [][]byte, imported uint32, exports []wasmfile.Export, memory []byte, tables *linetable.Tables, named []string) error {
	numbers, err := tables.FunctionNumbers()
	if err != nil {
		return err
	}
	seen := make([]bool, len(bodies))
	for _, name := range named {
		number, found := numbers[name]
		if !found {
			return fmt.Errorf("the module has no function %s, which a list in snapshot/reach.go names: check the list for this version of Go", name)
		}
		seen[number] = true
		bodies[number] = dropped
	}
	var queue []uint32
	reach := func(function uint32) {
		if function < uint32(len(bodies)) && !seen[function] {
			seen[function] = true
			queue = append(queue, function)
		}
	}
	for _, e := range exports {
		if e.Kind == wasmfile.ExportFunction {
			reach(e.Index - imported)
		}
	}
	initializers, err := tables.Initializers(memory)
	if err != nil {
		return err
	}
	for at := 0; at+8 <= len(memory); at += 8 {
		if function, ok := linetable.FunctionAt(binary.LittleEndian.Uint64(memory[at:])); ok && !initializers[uint64(at)] {
			reach(function)
		}
	}
	for _, function := range tables.MethodFunctions() {
		reach(function)
	}
	for len(queue) > 0 {
		function := queue[0]
		queue = queue[1:]
		found, err := wasmfile.ParseCode(&wasmfile.Reader{Rest: bodies[function]})
		if err != nil {
			return err
		}
		for _, called := range found.Calls {
			reach(called - imported)
		}
		for _, constant := range found.Constants {
			if function, ok := linetable.FunctionAt(constant); ok {
				reach(function)
			}
		}
	}
	for i := range bodies {
		if !seen[i] {
			bodies[i] = dropped
		}
	}
	return nil
}
