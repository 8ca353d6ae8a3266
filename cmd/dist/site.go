//go:build !js

package main

import (
	"bytes"
	"errors"
	"io/fs"
	"strings"
)

// servedByProgram and servedAsFiles are what index.html says about who serves it.
// web/studio/service.js reads it.
var (
	servedByProgram = []byte(`<meta name="acschat-service" content="server">`)
	servedAsFiles   = []byte(`<meta name="acschat-service" content="page">`)
)

// siteFiles are the files of the package that the demo page loads, and the licenses.
var siteFiles = []string{
	"chat.js", "chat.wasm", "chat.conversation.wasm", "emulator.js", "emulator_worker.js", "emulator.wasm", "LICENSE", goLicense,
}

// assembleSite returns the files of a static site with the demo page, which has
// the emulator in it. It needs no server but one for files, at any path.
func assembleSite(top, goroot fs.FS, version string) (map[string][]byte, error) {
	packed, err := assemble(top, goroot, version, fastest)
	if err != nil {
		return nil, err
	}
	files := make(map[string][]byte)
	for _, name := range siteFiles {
		files[name] = packed[name]
	}
	for name, content := range packed {
		if name, isPage := strings.CutPrefix(name, pageFolder+"/"); isPage {
			files[name] = content
		}
	}
	if bytes.Count(files["index.html"], servedByProgram) != 1 {
		return nil, errors.New("web/index.html must have this once: " + string(servedByProgram))
	}
	files["index.html"] = bytes.Replace(files["index.html"], servedByProgram, servedAsFiles, 1)
	files["SHA256SUMS"] = sha256sums(files)
	return files, nil
}
