//go:build !js

package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"

	"acschat/cmd/dist/fold"
)

// goLicense is the name of Go's license in the package. It covers wasm_exec.js,
// its copy in chat.js, and Go's packages in the modules.
const goLicense = "LICENSE-go-runtime.txt"

// sources maps files of the package to files of the repository.
var sources = map[string]string{
	"chat.js":                     "web/chat.js", // fold adds its modules and wasm_exec.js
	"chat.d.ts":                   "web/chat.d.ts",
	"chat.wasm":                   "web/chat.wasm",
	"chat.conversation.wasm":      "web/chat.conversation.wasm",
	"chat.slim.wasm":              "build/chat.slim.wasm",
	"chat.slim.conversation.wasm": "build/chat.slim.conversation.wasm",
	"emulator.js":                 "web/emulator.js", // folded, too
	"emulator.d.ts":               "web/emulator.d.ts",
	"emulator.wasm":               "web/emulator.wasm",
	"emulator_worker.js":          "web/emulator_worker.js", // imports emulator.js
	"emulator_worker.d.ts":        "web/emulator_worker.d.ts",
	"slim.js":                     "web/slim.js", // imports chat.js
	"slim.d.ts":                   "web/slim.d.ts",
	"sdk.js":                      "web/sdk.js", // imports the folder sdk
	"sdk.d.ts":                    "web/sdk.d.ts",
	"wasm_exec.js":                "web/wasm_exec.js", // for pages that do not use chat.js
	"wasm_exec.d.ts":              "web/wasm_exec.d.ts",
	"README.md":                   "README.md",
	"CHANGELOG.md":                "CHANGELOG.md",
	"LICENSE":                     "LICENSE",
}

// modules are the WebAssembly modules. Of those of the client a page loads one, and
// its part with the conversations if it uses them.
var modules = []string{"chat.wasm", "chat.conversation.wasm", "chat.slim.wasm", "chat.slim.conversation.wasm", "emulator.wasm"}

// foldedFiles are the scripts that contain the modules that they import, and
// wasm_exec.js.
var foldedFiles = []string{"chat.js", "emulator.js"}

// compressible lists the files of which the package has compressed copies.
var compressible = append(foldedFiles[:len(foldedFiles):len(foldedFiles)], modules...)

// link matches a Markdown link to a file. The groups are its text and the path.
var link = regexp.MustCompile(`\[([^\]\n]+)\]\(([^)#:\s]+)(?:#[^)\s]*)?\)`)

// withoutDeadLinks replaces links to files that the package does not have by
// their texts. folder is the document's folder.
func withoutDeadLinks(files map[string][]byte, folder string, document []byte) []byte {
	return link.ReplaceAllFunc(document, func(found []byte) []byte {
		parts := link.FindSubmatch(found)
		if _, exists := files[path.Join(folder, string(parts[2]))]; exists {
			return found
		}
		return parts[1]
	})
}

// assemble returns the files of the package by name. top is the repository.
func assemble(top, goroot fs.FS, version string, compressed compression) (map[string][]byte, error) {
	files := make(map[string][]byte)
	for name, source := range sources {
		content, err := fs.ReadFile(top, source)
		if err != nil {
			return nil, fmt.Errorf("%w: run make dist in the top directory, which builds the missing files", err)
		}
		files[name] = content
	}
	web, err := fs.Sub(top, "web")
	if err != nil {
		return nil, err
	}
	for _, folder := range []string{nodeFolder, sdkFolder} {
		if err := addFolder(files, web, folder); err != nil {
			return nil, err
		}
	}
	if err := addPage(files, web); err != nil {
		return nil, err
	}
	for _, pattern := range []string{"docs/*.md", "docs/*.webp"} {
		documents, err := fs.Glob(top, pattern)
		if err != nil {
			return nil, err
		}
		for _, name := range documents {
			if files[name], err = fs.ReadFile(top, name); err != nil {
				return nil, err
			}
		}
	}
	files["README.md"] = bytes.ReplaceAll(files["README.md"], []byte("](web/chat.d.ts)"), []byte("](chat.d.ts)"))
	for name, content := range files {
		if path.Ext(name) == ".md" {
			files[name] = withoutDeadLinks(files, path.Dir(name), content)
		}
	}
	if files[goLicense], err = fs.ReadFile(goroot, "LICENSE"); err != nil {
		return nil, fmt.Errorf("the license of Go in GOROOT: %w: use a Go distribution from go.dev, which contains it", err)
	}
	for _, name := range modules {
		if !bytes.HasPrefix(files[name], []byte("\x00asm")) {
			return nil, fmt.Errorf("%s is not a WebAssembly module", sources[name])
		}
	}
	if !bytes.Contains(files["chat.js"], []byte("\nexport const version = \""+version+"\";\n")) {
		return nil, fmt.Errorf("web/chat.js does not have version %s: run make build", version)
	}
	for _, name := range foldedFiles {
		folded, err := fold.Modules(web, name)
		if err != nil {
			return nil, fmt.Errorf("web/%w", err)
		}
		if files[name], err = fold.Into(name, folded, files["wasm_exec.js"]); err != nil {
			return nil, err
		}
	}
	small, err := compressAll(files, compressible, compressed)
	if err != nil {
		return nil, err
	}
	maps.Copy(files, small)
	if files["package.json"], err = manifest(version); err != nil {
		return nil, err
	}
	if files["README.md"], err = withSizes(files["README.md"], files); err != nil {
		return nil, err
	}
	if files["integrity.json"], err = integrity(files); err != nil {
		return nil, err
	}
	files["SHA256SUMS"] = sha256sums(files)
	return files, nil
}
