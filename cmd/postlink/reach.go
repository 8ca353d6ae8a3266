//go:build !js

package main

import (
	"encoding/binary"
	"errors"
	"regexp"
	"slices"
)

// dropped is the code of a function that is never called: no local variables, unreachable, end.
var dropped = []byte{0, opUnreachable, opEnd}

// withoutUnreachable returns the module without the code of functions that nothing can call any more, such as those that set
// the runtime up: a twentieth of all code. A function may be called by others, by the host through an export, or where its
// address is: in the code of others, or in memory, as part of a function value or as what a stack returns to.
//
// Methods are found through types as well, and closures made in many ways, so that plain functions only are dropped. So are those
// that print a floating-point number, if the program never does, and with them all that formats one.
func (m rawModule) withoutUnreachable(memory []byte, exports []export, noFloats bool) (rawModule, error) {
	plain, err := plainFunctions(memory)
	if err != nil {
		return nil, err
	}
	if !isInMain(memory, plain) {
		return nil, errors.New("the program waits before main: its packages are not initialized")
	}
	imported, _, err := m.section(sectionImport)
	if err != nil {
		return nil, err
	}
	count, r, err := m.section(sectionCode)
	if err != nil {
		return nil, err
	}
	bodies := make([][]byte, count)
	for i := range bodies {
		size, err := r.u32()
		if err != nil {
			return nil, err
		}
		if bodies[i], err = r.bytes(size); err != nil {
			return nil, err
		}
	}

	reached := make([]bool, count)
	var queue []uint32
	reach := func(function uint32) {
		if function >= count || reached[function] || noFloats && slices.Contains(floatPrinters, plain[function]) {
			return
		}
		reached[function] = true
		queue = append(queue, function)
	}
	for i := range count {
		if _, found := plain[i]; !found {
			reach(i)
		}
	}
	for _, e := range exports {
		if e.kind == exportFunction {
			reach(e.index - imported)
		}
	}
	for at := 0; at+8 <= len(memory); at += 8 {
		if function, ok := functionAt(binary.LittleEndian.Uint64(memory[at:])); ok && !onceName.MatchString(plain[function]) {
			reach(function)
		}
	}
	for len(queue) > 0 {
		function := queue[0]
		queue = queue[1:]
		found, err := parseCode(&reader{rest: bodies[function]})
		if err != nil {
			return nil, err
		}
		for _, called := range found.calls {
			reach(called - imported)
		}
		for _, constant := range found.constants {
			if function, ok := functionAt(constant); ok {
				reach(function)
			}
		}
	}

	body := appendU32(nil, count)
	for i, code := range bodies {
		if !reached[i] {
			code = dropped
		}
		body = append(appendU32(body, uint32(len(code))), code...)
	}
	return m.with(sectionCode, body), nil
}

// floatPrinters are the functions of the runtime that print a floating-point number.
var floatPrinters = []string{"runtime.printfloat32", "runtime.printfloat64", "runtime.printcomplex64", "runtime.printcomplex128"}

// isInMain reports whether a stack returns to main, which begins when all initializers have ended.
func isInMain(memory []byte, plain map[uint32]string) bool {
	for at := 0; at+8 <= len(memory); at += 8 {
		pc := binary.LittleEndian.Uint64(memory[at:])
		if function, ok := functionAt(pc); ok && pc&0xffff != 0 && plain[function] == "main.main" {
			return true
		}
	}
	return false
}

// firstFunction is the number that Go gives the first function. A program counter has it in front of 16 bits.
const firstFunction = 0x1000

// functionAt is the function that a program counter is in.
func functionAt(pc uint64) (function uint32, ok bool) {
	if pc>>32 != 0 || pc>>16 < firstFunction {
		return 0, false
	}
	return uint32(pc>>16) - firstFunction, true
}

// plainFunctions are the names of the functions that are neither methods nor closures.
func plainFunctions(memory []byte) (map[uint32]string, error) {
	t, err := parsePclntab(table{"data", 0, memory})
	if err != nil {
		return nil, err
	}
	functions, err := t.parseFunctions()
	if err != nil {
		return nil, err
	}
	plain := make(map[uint32]string)
	for _, f := range functions {
		name, err := t.name(f.record.u32(recordName))
		if err != nil {
			return nil, err
		}
		if plainName.MatchString(name) {
			plain[f.record.u32(recordEntry)-firstFunction] = name
		}
	}
	return plain, nil
}

// plainName matches the names of functions on their own: a package and one more, where a method has a type in between, and a
// closure what it is in. Assembly has functions of no package; initializers may have a number.
var plainName = regexp.MustCompile(`^([^([:]*/)?[^([:./]+(\.(init\.\d+|[^([:./]+))?$`)

// onceName matches the names of those that are called once, at start, wherever their addresses are kept: in the list of
// packages' initializers, and as what has created the first goroutine and is below the first stack.
var onceName = regexp.MustCompile(`\.init(\.\d+)?$|^runtime\.rt0_go$`)
