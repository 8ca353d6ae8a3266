//go:build !js

package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// quick makes the tests fast: they do not need the smallest files.
var quick = compression{gzip: 1, brotli: 1}

// repository returns a repository with the real modules of chat.js and emulator.js, and small stand-ins for all other files.
func repository(t *testing.T) fstest.MapFS {
	module := func(name string) *fstest.MapFile {
		content, err := os.ReadFile("../../web/" + name)
		require.NoError(t, err)
		return &fstest.MapFile{Data: content}
	}
	text := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	return fstest.MapFS{
		"web/chat.js":                       module("chat.js"),
		"web/arguments.js":                  module("arguments.js"),
		"web/border.js":                     module("border.js"),
		"web/conversation.js":               module("conversation.js"),
		"web/storage.js":                    module("storage.js"),
		"web/channel.js":                    module("channel.js"),
		"web/inbox.js":                      module("inbox.js"),
		"web/state.js":                      module("state.js"),
		"web/error.js":                      module("error.js"),
		"web/go_runtime.js":                 module("go_runtime.js"),
		"web/integrity.js":                  module("integrity.js"),
		"web/loading.js":                    module("loading.js"),
		"web/module.js":                     module("module.js"),
		"web/chat.d.ts":                     text("export const version: string;\n"),
		"web/chat.wasm":                     text("\x00asm" + strings.Repeat("all of it ", 100)),
		"build/chat.slim.wasm":              text("\x00asm" + strings.Repeat("less ", 100)),
		"web/chat.conversation.wasm":        text("\x00asm" + strings.Repeat("conversations ", 100)),
		"build/chat.slim.conversation.wasm": text("\x00asm" + strings.Repeat("fewer ", 100)),
		"web/emulator.js":                   module("emulator.js"),
		"web/emulator_connection.js":        module("emulator_connection.js"),
		"web/emulator_fetch.js":             module("emulator_fetch.js"),
		"web/emulator_host.js":              module("emulator_host.js"),
		"web/emulator_program.js":           module("emulator_program.js"),
		"web/emulator_records.js":           module("emulator_records.js"),
		"web/emulator_worker.js":            module("emulator_worker.js"),
		"web/emulator.d.ts":                 text("export {};\n"),
		"web/emulator.wasm":                 text("\x00asm" + strings.Repeat("emulated ", 100)),
		"web/emulator_worker.d.ts":          module("emulator_worker.d.ts"),
		"web/wasm_exec.d.ts":                module("wasm_exec.d.ts"),
		"web/slim.js":                       module("slim.js"),
		"web/slim.d.ts":                     module("slim.d.ts"),
		"web/sdk.js":                        module("sdk.js"),
		"web/sdk.d.ts":                      module("sdk.d.ts"),
		"web/sdk/chat_client.js":            module("sdk/chat_client.js"),
		"web/node/acschat.js":               module("node/acschat.js"),
		"web/node/listen.js":                module("node/listen.js"),
		"web/node/listen.d.ts":              module("node/listen.d.ts"),
		"web/index.html":                    text(`<meta name="acschat-service" content="server"><link rel="preload" href="chat.wasm"><link href="style.css"><link href="studio/frame.css"><script type="module" src="app.js"></script>`),
		"web/style.css":                     text("body {}\n"),
		"web/app.js":                        text("import { initialize } from \"./chat.js\";\nimport {\n  $,\n} from \"./view.js\";\nimport { Studio } from \"./studio/studio.js\";\nexport const icon = () => \"./icon.svg\";\n"),
		"web/view.js":                       text("export const $ = 1;\n"),
		"web/studio/studio.js":              text("import { $ } from \"../view.js\";\nimport { Link } from \"./link.js\";\n"),
		"web/studio/link.js":                text("export class Link {}\n"),
		"web/studio/frame.css":              text("main {}\n"),
		"web/wasm_exec.js": text("\"use strict\";\n\n(() => {\n\tglobalThis.fs = {};\n\tglobalThis.process = {};\n" +
			"\tglobalThis.path = {};\n\tglobalThis.Go = class {};\n})();\n"),
		"README.md":      text("# acschat\n[reference](web/chat.d.ts), [design](docs/design.md#why), [page](web/index.html), [below](#more)\n" + sizeTableHeader + "| `chat.js` | the module | 0 | |\n\n"),
		"docs/design.md": text("# Design\n[README](../README.md), [all of it](../wasm), [site](https://site.example/a)\n"),
		"CHANGELOG.md":   text("# Changelog\n\n## Unreleased\n\n## 0.1.0\n"),
		"LICENSE":        text("MIT License\n"),
	}
}

func toolchain(t *testing.T) string {
	goroot := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(goroot, "LICENSE"), []byte("Go's license\n"), 0o600))
	return goroot
}

func TestRun(t *testing.T) {
	goroot, empty, out := toolchain(t), t.TempDir(), filepath.Join(t.TempDir(), "dist")
	other := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(other, "thesis.txt"), nil, 0o600))
	tests := []struct {
		name           string
		args           []string
		change         func(fstest.MapFS)
		code           int
		stdout, stderr string // expected parts
	}{
		{"assemble", []string{"-goroot", goroot, out}, nil, 0, "dist: 50 files of acschat " + chatcore.Version + " in " + out, ""},
		{"again", []string{"-goroot", goroot, out}, nil, 0, "dist: 50 files", ""},
		{"into an empty folder", []string{"-goroot", goroot, empty}, nil, 0, "dist: 50 files", ""},
		{"the demo page", []string{"-site", "-goroot", goroot, filepath.Join(filepath.Dir(empty), "site")}, nil, 0, "dist: 16 files", ""},
		{"the demo page again", []string{"-site", "-goroot", goroot, filepath.Join(filepath.Dir(empty), "site")}, nil, 0, "dist: 16 files", ""},
		{"a page without the meta element", []string{"-site", "-goroot", goroot, filepath.Join(filepath.Dir(empty), "none")}, func(top fstest.MapFS) {
			top["web/index.html"].Data = []byte("<title>Page</title>")
		}, 1, "", "web/index.html must have this once"},
		{"help", []string{"-h"}, nil, 0, "usage: dist", ""},
		{"no toolchain", []string{out}, nil, 2, "", "-goroot is required"},
		{"no folder", []string{"-goroot", goroot}, nil, 2, "", "give 1 folder, not 0"},
		{"two folders", []string{"-goroot", goroot, out, out}, nil, 2, "", "give 1 folder, not 2"},
		{"unknown flag", []string{"-x", out}, nil, 2, "", "-x"},
		{"a folder with other files", []string{"-goroot", goroot, other}, nil, 1, "", "contains thesis.txt"},
		{"a file", []string{"-goroot", goroot, filepath.Join(other, "thesis.txt")}, nil, 1, "", "thesis.txt"},
		{"no parent folder", []string{"-goroot", goroot, filepath.Join(out, "none", "dist")}, nil, 1, "", "none"},
		{"a toolchain without a license", []string{"-goroot", other, out}, nil, 1, "", "the license of Go in GOROOT"},
		{"not built", []string{"-goroot", goroot, out}, func(top fstest.MapFS) { delete(top, "web/chat.wasm") }, 1, "", "open web/chat.wasm: file does not exist: run make dist in the top directory"},
		{"not a module", []string{"-goroot", goroot, out}, func(top fstest.MapFS) { top["build/chat.slim.wasm"].Data = []byte("<html>") }, 1, "", "build/chat.slim.wasm is not a WebAssembly module"},
		{"another version", []string{"-goroot", goroot, out}, func(top fstest.MapFS) {
			top["web/chat.js"].Data = bytes.Replace(top["web/chat.js"].Data, []byte(chatcore.Version), []byte("0.0.1"), 1)
		}, 1, "", "web/chat.js does not have version " + chatcore.Version},
		{"another wasm_exec.js", []string{"-goroot", goroot, out}, func(top fstest.MapFS) { top["web/wasm_exec.js"].Data = []byte("export class Go {}\n") }, 1, "", "wasm_exec.js: is not a strict script"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			top := repository(t)
			if test.change != nil {
				test.change(top)
			}
			var stdout, stderr bytes.Buffer
			assert.Equal(t, test.code, run(test.args, top, quick, &stdout, &stderr))
			assert.Contains(t, stdout.String(), test.stdout)
			assert.Contains(t, stderr.String(), test.stderr)
			assert.Equal(t, test.code == 0, stderr.Len() == 0)
		})
	}
	assert.FileExists(t, filepath.Join(other, "thesis.txt"))
	assert.FileExists(t, filepath.Join(out, "package.json"), "failures do not change the folder")
	entries, err := os.ReadDir(filepath.Dir(out))
	require.NoError(t, err)
	assert.Len(t, entries, 1, "no temporary folder is left")
}

// Assembling into another folder, or again into the same one, gives the same files. A folder with other files is refused.
func TestRunIsReproducible(t *testing.T) {
	goroot, first, second := toolchain(t), filepath.Join(t.TempDir(), "one"), filepath.Join(t.TempDir(), "another")
	assembleTo := func(out string) map[string]string {
		var stdout, stderr bytes.Buffer
		require.Zero(t, run([]string{"-goroot", goroot, out}, repository(t), quick, &stdout, &stderr), &stderr)
		files := make(map[string]string)
		require.NoError(t, filepath.WalkDir(out, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			content, err := os.ReadFile(path)
			require.NoError(t, err)
			info, err := entry.Info()
			require.NoError(t, err)
			assert.Equal(t, os.FileMode(0o644), info.Mode(), path)
			name, err := filepath.Rel(out, path)
			require.NoError(t, err)
			files[filepath.ToSlash(name)] = string(content)
			return nil
		}))
		return files
	}
	want := assembleTo(first)
	assert.Equal(t, want, assembleTo(second))
	require.NoError(t, os.WriteFile(filepath.Join(second, "chat.js"), []byte("changed"), 0o600))
	assert.Equal(t, want, assembleTo(second))
	require.NoError(t, os.WriteFile(filepath.Join(second, "thesis.txt"), nil, 0o600))
	var stdout, stderr bytes.Buffer
	assert.Equal(t, 1, run([]string{"-goroot", goroot, second}, repository(t), quick, &stdout, &stderr))
	assert.Contains(t, stderr.String(), "contains thesis.txt, which is not part of the package")
}
