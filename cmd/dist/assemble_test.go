//go:build !js

package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

func assembleFiles(t *testing.T) map[string][]byte {
	files, err := assemble(repository(t), os.DirFS(toolchain(t)), chatcore.Version, quick)
	require.NoError(t, err)
	return files
}

func TestAssemble(t *testing.T) {
	files, top := assembleFiles(t), repository(t)
	for name, source := range sources {
		switch name {
		case "chat.js", "emulator.js":
			assert.Contains(t, string(files[name]), string(top["web/wasm_exec.js"].Data))
			continue
		case "README.md":
			assert.Equal(t, "# acschat\n[reference](chat.d.ts), [design](docs/design.md#why), page, [below](#more)\n"+sizeTableHeader+"| `chat.js` | the module | "+figure("", len(files["chat.js"]))+" | |\n\n", string(files[name]), "links to files outside the package are removed")
			continue
		}
		assert.Equal(t, top[source].Data, files[name], name)
	}
	assert.Equal(t, "# Design\n[README](../README.md), all of it, [site](https://site.example/a)\n", string(files["docs/design.md"]))
	assert.Equal(t, "Go's license\n", string(files[goLicense]))
	for _, name := range foldedFiles {
		assert.Contains(t, string(files[name]), goLicense, "the script says where Go's license is")
	}

	for _, name := range compressible {
		unzipped, err := gzip.NewReader(bytes.NewReader(files[name+".gz"]))
		require.NoError(t, err)
		for _, r := range []io.Reader{unzipped, brotli.NewReader(bytes.NewReader(files[name+".br"]))} {
			content, err := io.ReadAll(r)
			require.NoError(t, err)
			assert.Equal(t, files[name], content)
		}
		assert.Less(t, len(files[name+".gz"]), len(files[name]))
		assert.Less(t, len(files[name+".br"]), len(files[name]))
	}
}

// Every path in package.json exists, and npm packs every file.
func TestManifest(t *testing.T) {
	files := assembleFiles(t)
	var manifest struct {
		Name, Version, Type, Main, Types, License string
		Exports                                   map[string]any
		Bin                                       map[string]string
		SideEffects, Files                        []string
		Engines                                   map[string]string
	}
	require.NoError(t, json.Unmarshal(files["package.json"], &manifest))
	assert.Equal(t, "acschat "+chatcore.Version+" module", strings.Join([]string{manifest.Name, manifest.Version, manifest.Type}, " "))
	assert.Equal(t, "MIT AND BSD-3-Clause", manifest.License)
	assert.Equal(t, map[string]string{"node": ">=20.16"}, manifest.Engines)

	named := append([]string{manifest.Main, manifest.Types, manifest.Bin["acschat"]}, manifest.SideEffects...)
	entries := map[string]string{".": "./chat", "./slim": "./slim", "./emulator": "./emulator", "./emulator/node": "./node/listen", "./sdk": "./sdk"}
	for subpath, target := range manifest.Exports {
		if conditions, ok := target.(map[string]any); ok {
			script := entries[subpath]
			assert.Equal(t, map[string]any{"types": script + ".d.ts", "default": script + ".js"}, conditions, subpath)
			assert.Regexp(t, `"`+regexp.QuoteMeta(subpath)+`": \{\s*"types"`, string(files["package.json"]), "TypeScript uses the first condition that it knows")
			named = append(named, script+".d.ts", script+".js")
			delete(entries, subpath)
			continue
		}
		assert.Equal(t, subpath, target, "files are imported by their names")
		named = append(named, target.(string))
	}
	assert.Empty(t, entries)
	for _, name := range named {
		assert.Contains(t, files, path.Clean(name))
	}
	assert.Equal(t, string(files["sdk/chat_client.js"]), string(repository(t)["web/sdk/chat_client.js"].Data))
	assert.True(t, bytes.HasPrefix(files["node/acschat.js"], []byte("#!/usr/bin/env node\n")))
	always := []string{"package.json", "README.md", "LICENSE"} // npm always packs them
	tops := make(map[string]bool)
	for name := range files {
		top, _, _ := strings.Cut(name, "/")
		tops[top] = true
	}
	assert.ElementsMatch(t, slices.Collect(maps.Keys(tops)), append(manifest.Files, always...))
}

// The package has what the demo page loads, once: acschat serves the folder page and the package as one.
func TestPageInThePackage(t *testing.T) {
	var page []string
	for name := range assembleFiles(t) {
		if name, found := strings.CutPrefix(name, "page/"); found {
			page = append(page, name)
		}
	}
	assert.ElementsMatch(t, []string{"index.html", "style.css", "app.js", "view.js", "studio/studio.js", "studio/link.js", "studio/frame.css"}, page)
}

func TestSHA256Sums(t *testing.T) {
	files := assembleFiles(t)
	sums := make(map[string]string)
	for line := range strings.Lines(string(files["SHA256SUMS"])) {
		sum, name, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		require.True(t, ok, line)
		sums[name] = sum
	}
	delete(files, "SHA256SUMS")
	require.Len(t, sums, len(files))
	for name, content := range files {
		sum := sha256.Sum256(content)
		assert.Equal(t, hex.EncodeToString(sum[:]), sums[name], name)
	}
}

func TestIntegrity(t *testing.T) {
	files := assembleFiles(t)
	var hashes map[string]string
	require.NoError(t, json.Unmarshal(files["integrity.json"], &hashes))
	assert.ElementsMatch(t, append([]string{"chat.js", "emulator.js", "emulator_worker.js", "slim.js", "wasm_exec.js"}, modules...), slices.Collect(maps.Keys(hashes)))
	for name, hash := range hashes {
		sum, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(hash, "sha384-"))
		require.NoError(t, err)
		want := sha512.Sum384(files[name])
		assert.Equal(t, want[:], sum, name)
	}
}

// The static site has what the demo page loads, at the paths where it loads it from, and says that no program serves it.
func TestSite(t *testing.T) {
	files, err := assembleSite(repository(t), os.DirFS(toolchain(t)), chatcore.Version)
	require.NoError(t, err)
	var names []string
	for name := range files {
		names = append(names, name)
	}
	assert.ElementsMatch(t, append([]string{"index.html", "style.css", "app.js", "view.js", "studio/studio.js", "studio/link.js", "studio/frame.css", "SHA256SUMS"}, siteFiles...), names)
	assert.Contains(t, string(files["index.html"]), `name="acschat-service" content="page"`)
	assert.Contains(t, string(files["emulator.js"]), "class Go", "it is folded")
}
