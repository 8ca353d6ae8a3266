//go:build !js

package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// replaceFolder makes a folder with these files in it and nothing else. A
// folder that is not an earlier package is left alone. The files are written
// beside it first: a failure leaves what there was.
func replaceFolder(path string, files map[string][]byte) error {
	if err := replaceable(path); err != nil {
		return err
	}
	temp, err := os.MkdirTemp(filepath.Dir(filepath.Clean(path)), ".dist.*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp) // when it has not taken its place
	for name, content := range files {
		file := filepath.Join(temp, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, content, 0o644); err != nil {
			return err
		}
	}
	if err := os.Chmod(temp, 0o755); err != nil { // MkdirTemp's is 0700
		return err
	}
	if err := os.RemoveAll(path); err != nil {
		return err
	}
	return os.Rename(temp, path)
}

func replaceable(path string) error {
	entries, err := os.ReadDir(path)
	if errors.Is(err, os.ErrNotExist) || err == nil && len(entries) == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	sums, _ := os.ReadFile(filepath.Join(path, "SHA256SUMS"))
	ours := map[string]bool{"SHA256SUMS": true, "chatdev": true, "chatdev.exe": true} // make dist puts chatdev there
	for line := range strings.Lines(string(sums)) {
		if _, name, ok := strings.Cut(strings.TrimSpace(line), "  "); ok {
			top, _, _ := strings.Cut(name, "/")
			ours[top] = true
		}
	}
	for _, entry := range entries {
		if !ours[entry.Name()] {
			return fmt.Errorf("%s: has %s in it, which is not of the package and would be lost: name another folder, or remove it", path, entry.Name())
		}
	}
	return nil
}
