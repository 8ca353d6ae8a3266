//go:build !js

package main

import (
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// floor is a program that a file is compared with.
type floor struct{ name, source string }

//go:embed floor/main.go
var floorSource string

//go:embed empty/main.go
var emptySource string

// What a client can be built to at best, and what is left of Go without one.
var (
	bridgeFloor = floor{"syscall/js floor", floorSource}
	emptyFloor  = floor{"empty main", emptySource}
)

// build builds the floor as the toolchain leaves it. It is built each time, as
// it grows and shrinks with Go itself; and from a file of its own, for which it
// makes no difference where the command is run.
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
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm") // the last of a name counts
	if output, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("building the %s: %w\n%s", f.name, err, output)
	}
	return os.ReadFile(module)
}
