//go:build !js

package fold

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	loader = "before\n// <wasm_exec.js> Why.\nimport it\n// </wasm_exec.js>\nafter\n"
	script = "// License\n\n\"use strict\";\n\n(() => {\n\tglobalThis.fs = {};\n\tglobalThis.process = {};\n\tglobalThis.path = {};\n\tglobalThis.Go = class {};\n})();\n"
)

func TestInto(t *testing.T) {
	folded, err := Into("chat.js", []byte(loader), []byte(script))
	require.NoError(t, err)
	assert.Equal(t, "before\n"+string(beforeFile)+script+"}\nafter\n", string(folded))
}

// This test fails if the wasm_exec.js of the current Go cannot be folded.
func TestIntoWithRealFiles(t *testing.T) {
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	require.NoError(t, err)
	wasmExec, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(goroot)), "lib/wasm/wasm_exec.js"))
	require.NoError(t, err)

	for _, name := range []string{"chat.js", "emulator.js"} {
		modules, err := Modules(os.DirFS("../../../web"), name)
		require.NoError(t, err)
		folded, err := Into(name, modules, wasmExec)
		require.NoError(t, err)
		assert.Contains(t, string(folded), string(wasmExec), "Go's file is unchanged")
		assert.NotRegexp(t, `(?m)^[^`+"`"+`\n]*\bimport\(`, string(folded), "there is no import for a bundler to follow")
		assert.Equal(t, 1, strings.Count(string(folded), "async function loadRuntime("))
	}
}

func TestIntoRefuses(t *testing.T) {
	replaced := func(old, new string) string { return strings.Replace(script, old, new, 1) }
	for _, row := range []struct{ name, loader, script, want string }{
		{"no marks", "loader\n", script, "chat.js: must contain the marks"},
		{"one mark", "// <wasm_exec.js>\n", script, "chat.js: must contain the marks"},
		{"marks twice", loader + loader, script, "chat.js: must contain the marks"},
		{"marks in the wrong order", "// </wasm_exec.js>\n// <wasm_exec.js>\n", script, "chat.js: must contain the marks"},
		{"the file's name elsewhere", loader + `import "./wasm_exec.js"`, script, "chat.js: mentions the file"},
		{"an empty file", loader, "", "wasm_exec.js: is not a strict script"},
		{"no strict mode", loader, replaced(`"use strict";`, ""), "wasm_exec.js: is not a strict script"},
		{"another form", loader, replaced("(() => {", "(async () => {"), "wasm_exec.js: is not a strict script"},
		{"extra code", loader, script + "more();\n", "wasm_exec.js: is not a strict script"},
		{"an export", loader, replaced("\tglobalThis.Go", "export const Go = 1;\n\tglobalThis.Go"), `wasm_exec.js: contains "export"`},
		{"an import", loader, replaced("\tglobalThis.Go", "\timport(`x`);\n\tglobalThis.Go"), `wasm_exec.js: contains "import"`},
		{"another global", loader, replaced("globalThis.path", "globalThis.os"), `wasm_exec.js: sets the globals ["fs" "process" "os" "Go"]`},
		{"one more global", loader, replaced("\tglobalThis.Go", "\tglobalThis.os = {};\n\tglobalThis.Go"), "wasm_exec.js: sets the globals"},
		{"no class", loader, replaced("globalThis.Go = ", "const Go = "), "wasm_exec.js: sets the globals"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := Into("chat.js", []byte(row.loader), []byte(row.script))
			assert.ErrorContains(t, err, row.want)
		})
	}
}
