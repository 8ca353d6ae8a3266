//go:build !js

package main

import (
	"fmt"
	"os"
	"path/filepath"

	"acschat/cmd/postlink/linetable"
	"acschat/cmd/postlink/wasmfile"
)

// read reads the module of a file, and also returns its size.
func read(path string) (m *wasmfile.Module, size int, err error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, 0, err
	}
	if m, err = wasmfile.Parse(content); err != nil {
		return nil, 0, fmt.Errorf("%s: %w", path, err)
	}
	return m, len(content), nil
}

// functionNames returns the names of the functions in the module of a file.
func functionNames(path string) (map[uint32]string, error) {
	m, _, err := read(path)
	if err != nil {
		return nil, err
	}
	if err := m.RequireGo(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	names, err := linetable.FunctionNames(m)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return names, nil
}

// write writes a module to a file, and returns its size.
func write(m *wasmfile.Module, path string) (size int, err error) {
	content, err := m.Bytes()
	if err != nil {
		return 0, fmt.Errorf("%s: %w", path, err)
	}
	return len(content), replaceFile(path, content)
}

// replaceFile writes a file in one step: a server that reads it meanwhile finds the old content or the new, and a failure
// leaves the old.
func replaceFile(path string, content []byte) (err error) {
	temp, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			temp.Close() // may be closed already
			os.Remove(temp.Name())
		}
	}()
	if _, err := temp.Write(content); err != nil {
		return err
	}
	if err := temp.Chmod(0o644); err != nil { // CreateTemp's is 0600
		return err
	}
	if err := temp.Close(); err != nil {
		return err
	}
	return os.Rename(temp.Name(), path)
}
