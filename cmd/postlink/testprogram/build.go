//go:build !js

// Package testprogram builds the programs that the tests of postlink read and run.
package testprogram

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"acschat/cmd/postlink/wasmfile"
)

// Panics returns the module of ./panics.
func Panics(t *testing.T) []byte { return build(t, "panics") }

// behaviour is what ./waits has in its data for what it does before it waits.
const behaviour = "behaviour: waits               "

// Waits returns the module of ./waits with another behaviour, such as "looks".
func Waits(t *testing.T, name string) []byte {
	linked := build(t, "waits")
	require.Equal(t, 1, bytes.Count(linked, []byte(behaviour)))
	other := "behaviour: " + name
	return bytes.Replace(linked, []byte(behaviour), []byte(other+strings.Repeat(" ", len(behaviour)-len(other))), 1)
}

// Parts returns the module of ./parts, built with these tags.
func Parts(t *testing.T, tags ...string) []byte { return build(t, "parts", tags...) }

// build builds a program of this folder. go build keeps what is up to date, so it takes time once. The tests are for modules of
// one version of Go and skip others.
func build(t *testing.T, name string, tags ...string) []byte {
	t.Helper()
	if testing.Short() {
		t.Skip("builds a program")
	}
	root, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}").Output()
	require.NoError(t, err)
	path := filepath.Join(strings.TrimSpace(string(root)), "build", strings.Join(append([]string{"postlink", name}, tags...), "-")+".wasm")
	command := exec.Command("go", "build", "-tags", strings.Join(tags, ","), "-o", path, "acschat/cmd/postlink/testprogram/"+name)
	command.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	output, err := command.CombinedOutput()
	require.NoError(t, err, "%s", output)
	linked, err := os.ReadFile(path)
	require.NoError(t, err)
	module, err := wasmfile.Parse(linked)
	require.NoError(t, err)
	if err := module.RequireGo(); err != nil {
		t.Skip(err)
	}
	return linked
}
