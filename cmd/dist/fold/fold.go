// Package fold combines a script such as chat.js, the modules that it imports, and wasm_exec.js, which is Go's support code, into one file. So a
// page loads fewer files, and bundlers need no configuration to find them. In web/ the files are separate and work without
// folding. There the code that loads wasm_exec.js stands between two marks. Folding replaces that code by a function that
// contains wasm_exec.js. Importing the folded file does not call the function.
package fold

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// beforeFile is the code in front of wasm_exec.js. It ends with the start of the function that contains wasm_exec.js.
//
//go:embed runtime.js
var beforeFile []byte

var (
	begin = regexp.MustCompile(`(?m)^// <wasm_exec\.js>.*\n`)
	end   = regexp.MustCompile(`(?m)^// </wasm_exec\.js>\n`)
)

// Into returns the loader, which is the script of that name, with wasm_exec.js in it. It returns an error if wasm_exec.js does not have the expected form: the
// one of a newer Go may not work in a function, or set globals that the loader does not remove.
func Into(name string, loader, wasmExec []byte) ([]byte, error) {
	if err := check(wasmExec); err != nil {
		return nil, fmt.Errorf("wasm_exec.js: %w", err)
	}
	begins, ends := begin.FindAllIndex(loader, -1), end.FindAllIndex(loader, -1)
	if len(begins) != 1 || len(ends) != 1 || ends[0][0] < begins[0][1] {
		return nil, errors.New(name + ": must contain the marks // <wasm_exec.js> and // </wasm_exec.js>, once each, in this order")
	}
	folded := slices.Concat(loader[:begins[0][0]], beforeFile, wasmExec, []byte("}\n"), loader[ends[0][1]:])
	if bytes.Contains(folded, []byte(`"wasm_exec.js"`)) || bytes.Contains(folded, []byte(`"./wasm_exec.js"`)) {
		return nil, errors.New(name + ": mentions the file wasm_exec.js outside of the marks, but the folded script must not load it")
	}
	return folded, nil
}

var (
	shape     = regexp.MustCompile(`^(?://.*\n|\n)*"use strict";\n\n\(\(\) => \{\n(?s:.*)\n\}\)\(\);\n$`)
	assigned  = regexp.MustCompile(`\bglobalThis\.(\w+) = `)
	forModule = regexp.MustCompile(`(?m)^\s*(?:import|export)\b|\bimport\s*\(|\bimport\.meta\b`)
)

// globals are the globals that wasm_exec.js sets. The loader removes all of them except fs, which Go prints through.
var globals = []string{"fs", "process", "path", "Go"}

// check returns an error if wasm_exec.js cannot be the body of a function, or does not set exactly the expected globals.
func check(wasmExec []byte) error {
	if !shape.Match(wasmExec) {
		return errors.New(`is not a strict script of the form (() => { … })(); that Go's file has had so far`)
	}
	if found := forModule.Find(wasmExec); found != nil {
		return fmt.Errorf("contains %q, which is not allowed in a function", strings.TrimSpace(string(found)))
	}
	var names []string
	for _, found := range assigned.FindAllSubmatch(wasmExec, -1) {
		names = append(names, string(found[1]))
	}
	if !slices.Equal(names, globals) {
		return fmt.Errorf("sets the globals %q, but the loader expects %q", names, globals)
	}
	return nil
}
