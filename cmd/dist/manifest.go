//go:build !js

package main

import (
	"bytes"
	"encoding/json"
)

// entry says which files an import of the package itself loads. Types must be the
// first condition, because TypeScript uses the first one that it knows.
type entry struct {
	Types   string `json:"types"`
	Default string `json:"default"`
}

type exports struct {
	Package        entry  `json:"."`
	SlimPackage    entry  `json:"./slim"`
	Emulator       entry  `json:"./emulator"`
	NodeEmulator   entry  `json:"./emulator/node"`
	SDK            entry  `json:"./sdk"`
	Module         string `json:"./chat.wasm"`
	Part           string `json:"./chat.conversation.wasm"`
	Slim           string `json:"./chat.slim.wasm"`
	SlimPart       string `json:"./chat.slim.conversation.wasm"`
	EmulatorModule string `json:"./emulator.wasm"`
	EmulatorWorker string `json:"./emulator_worker.js"`
	WasmExec       string `json:"./wasm_exec.js"`
	Integrity      string `json:"./integrity.json"`
	Manifest       string `json:"./package.json"`
}

type packageJSON struct {
	Name        string            `json:"name"`
	Version     string            `json:"version"`
	Description string            `json:"description"`
	License     string            `json:"license"`
	Type        string            `json:"type"`
	Main        string            `json:"main"`  // for tools that do not support exports
	Types       string            `json:"types"` // for the same tools
	Exports     exports           `json:"exports"`
	Bin         map[string]string `json:"bin"`
	SideEffects []string          `json:"sideEffects"`
	Files       []string          `json:"files"`
	Engines     map[string]string `json:"engines"`
}

// manifest returns package.json.
func manifest(version string) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false) // keeps the > in engines
	encoder.SetIndent("", "  ")
	err := encoder.Encode(packageJSON{
		Name:        "acschat",
		Version:     version,
		Description: "Azure Communication Services Chat for web pages, written in Go and compiled to WebAssembly",
		License:     "MIT AND BSD-3-Clause", // BSD-3-Clause is Go's license
		Type:        "module",
		Main:        "./chat.js",
		Types:       "./chat.d.ts",
		Exports: exports{
			Package:        entry{Types: "./chat.d.ts", Default: "./chat.js"},
			SlimPackage:    entry{Types: "./slim.d.ts", Default: "./slim.js"},
			Emulator:       entry{Types: "./emulator.d.ts", Default: "./emulator.js"},
			NodeEmulator:   entry{Types: "./node/listen.d.ts", Default: "./node/listen.js"},
			SDK:            entry{Types: "./sdk.d.ts", Default: "./sdk.js"},
			Module:         "./chat.wasm",
			Part:           "./chat.conversation.wasm",
			Slim:           "./chat.slim.wasm",
			SlimPart:       "./chat.slim.conversation.wasm",
			EmulatorModule: "./emulator.wasm",
			EmulatorWorker: "./emulator_worker.js",
			WasmExec:       "./wasm_exec.js",
			Integrity:      "./integrity.json",
			Manifest:       "./package.json",
		},
		Bin: map[string]string{"acschat": "node/acschat.js"}, // npm does not want ./ here
		// Importing the entries has no side effects.
		SideEffects: []string{"./wasm_exec.js", "./emulator_worker.js", "./node/acschat.js", "./page/app.js"},
		// npm always adds README.md, LICENSE and package.json.
		Files: []string{
			"chat.js", "chat.js.br", "chat.js.gz", "chat.d.ts",
			"chat.wasm", "chat.wasm.br", "chat.wasm.gz", "chat.conversation.wasm", "chat.conversation.wasm.br", "chat.conversation.wasm.gz",
			"chat.slim.wasm", "chat.slim.wasm.br", "chat.slim.wasm.gz", "chat.slim.conversation.wasm", "chat.slim.conversation.wasm.br", "chat.slim.conversation.wasm.gz",
			"emulator.js", "emulator.js.br", "emulator.js.gz", "emulator.d.ts", "emulator.wasm", "emulator.wasm.br", "emulator.wasm.gz", "emulator_worker.js", "emulator_worker.d.ts",
			"slim.js", "slim.d.ts", "sdk.js", "sdk.d.ts", nodeFolder, sdkFolder, pageFolder,
			"wasm_exec.js", "wasm_exec.d.ts", goLicense, "CHANGELOG.md", "docs", "integrity.json", "SHA256SUMS",
		},
		Engines: map[string]string{"node": ">=20.16"}, // the first version with process.getBuiltinModule
	})
	return text.Bytes(), err
}
