//go:build !js

package main

import (
	"bytes"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// sha256sums returns the SHA-256 sums of all files in the form of sha256sum -c.
func sha256sums(files map[string][]byte) []byte {
	var sums bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(files[name]), name)
	}
	return sums.Bytes()
}

// integrity returns JSON with the Subresource Integrity hashes of the files that
// pages load. The hashes are of the uncompressed files, as browsers check them.
func integrity(files map[string][]byte) ([]byte, error) {
	hashes := make(map[string]string)
	for _, name := range append([]string{"chat.js", "emulator.js", "emulator_worker.js", "slim.js", "wasm_exec.js"}, modules...) {
		sum := sha512.Sum384(files[name])
		hashes[name] = "sha384-" + base64.StdEncoding.EncodeToString(sum[:])
	}
	text, err := json.MarshalIndent(hashes, "", "  ") // encoding/json sorts the names
	return append(text, '\n'), err
}
