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

// sha256sums returns the sums of all files, for sha256sum -c.
func sha256sums(files map[string][]byte) []byte {
	var sums bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(files[name]), name)
	}
	return sums.Bytes()
}

// integrity returns the hashes for Subresource Integrity of what a page loads,
// as JSON. Browsers compare them with what they have decompressed.
func integrity(files map[string][]byte) ([]byte, error) {
	hashes := make(map[string]string)
	for _, name := range append([]string{"chat.js", "wasm_exec.js"}, modules...) {
		sum := sha512.Sum384(files[name])
		hashes[name] = "sha384-" + base64.StdEncoding.EncodeToString(sum[:])
	}
	text, err := json.MarshalIndent(hashes, "", "  ") // the names are sorted
	return append(text, '\n'), err
}
