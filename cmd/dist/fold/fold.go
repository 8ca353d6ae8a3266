// Package fold makes one file of chat.js, the modules that it imports, and Go's support code for WebAssembly, so that a page needs
// fewer files and bundlers have nothing to find. In web/ they work as they are, beside each other. What they do to load
// wasm_exec.js stands between two marks; here the file itself takes its place, as a function, which nothing calls on import.
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

// beforeFile is what stands in the loader in front of the text of wasm_exec.js. A closing brace follows it.
//
//go:embed runtime.js
var beforeFile []byte

var (
	begin = regexp.MustCompile(`(?m)^// <wasm_exec\.js>.*\n`)
	end   = regexp.MustCompile(`(?m)^// </wasm_exec\.js>\n`)
)

// Into returns the loader with wasm_exec.js in it. It refuses texts that are not what it expects: a newer Go may have a
// wasm_exec.js that cannot be a function, or one that leaves more behind than the loader removes.
func Into(loader, wasmExec []byte) ([]byte, error) {
	if err := check(wasmExec); err != nil {
		return nil, fmt.Errorf("wasm_exec.js: %w", err)
	}
	begins, ends := begin.FindAllIndex(loader, -1), end.FindAllIndex(loader, -1)
	if len(begins) != 1 || len(ends) != 1 || ends[0][0] < begins[0][1] {
		return nil, errors.New("chat.js: needs the marks // <wasm_exec.js> and // </wasm_exec.js>, once each, in this order")
	}
	folded := slices.Concat(loader[:begins[0][0]], beforeFile, wasmExec, []byte("}\n"), loader[ends[0][1]:])
	if bytes.Contains(folded, []byte(`"wasm_exec.js"`)) || bytes.Contains(folded, []byte(`"./wasm_exec.js"`)) {
		return nil, errors.New("chat.js: names the file wasm_exec.js outside of the marks, where it will not be")
	}
	return folded, nil
}

var (
	shape     = regexp.MustCompile(`^(?://.*\n|\n)*"use strict";\n\n\(\(\) => \{\n(?s:.*)\n\}\)\(\);\n$`)
	assigned  = regexp.MustCompile(`\bglobalThis\.(\w+) = `)
	forModule = regexp.MustCompile(`(?m)^\s*(?:import|export)\b|\bimport\s*\(|\bimport\.meta\b`)
)

// globals are what wasm_exec.js sets. The loader takes back all but fs, through which a Go program prints.
var globals = []string{"fs", "process", "path", "Go"}

// check says why a text cannot be the body of a function that does what the loader expects.
func check(wasmExec []byte) error {
	if !shape.Match(wasmExec) {
		return errors.New(`is not a strict script of the form (() => { … })(); of which Go's has been until now`)
	}
	if found := forModule.Find(wasmExec); found != nil {
		return fmt.Errorf("has %q, which a function cannot have", strings.TrimSpace(string(found)))
	}
	var names []string
	for _, found := range assigned.FindAllSubmatch(wasmExec, -1) {
		names = append(names, string(found[1]))
	}
	if !slices.Equal(names, globals) {
		return fmt.Errorf("sets the globals %q, and the loader expects %q", names, globals)
	}
	return nil
}
