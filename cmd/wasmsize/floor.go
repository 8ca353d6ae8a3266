//go:build !js

package main

import (
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// floor is a program to compare a file with.
type floor struct{ name, source string }

//go:embed floor/main.go
var floorSource string

//go:embed empty/main.go
var emptySource string

// bridgeFloor is the smallest program that JavaScript can call. emptyFloor is Go's runtime alone.
var (
	bridgeFloor = floor{"syscall/js floor", floorSource}
	emptyFloor  = floor{"empty main", emptySource}
)

// build builds the floor with the toolchain in use. The source is in a temporary folder, so the command works outside of this
// module, too.
func (f floor) build() ([]byte, error) {
	dir, err := os.MkdirTemp("", "wasmsize")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	source, module := filepath.Join(dir, "main.go"), filepath.Join(dir, "floor.wasm")
	if err := os.WriteFile(source, []byte(f.source), 0o600); err != nil {
		return nil, err
	}
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", module, source)
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm") // the last value of a variable wins
	if output, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("building the %s: %w\n%s", f.name, err, output)
	}
	return os.ReadFile(module)
}
