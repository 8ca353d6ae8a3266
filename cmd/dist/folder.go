//go:build !js

package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// replaceFolder creates a folder with these files and no others. It replaces an
// earlier package, and refuses to replace any other folder. It first writes the
// files to a temporary folder, so that a failure does not change path.
func replaceFolder(path string, files map[string][]byte) error {
	if err := checkReplaceable(path); err != nil {
		return err
	}
	temp, err := os.MkdirTemp(filepath.Dir(filepath.Clean(path)), ".dist.*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp) // has no effect after the rename
	for name, content := range files {
		file := filepath.Join(temp, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, content, 0o644); err != nil {
			return err
		}
	}
	if err := os.Chmod(temp, 0o755); err != nil { // MkdirTemp has created it with 0700
		return err
	}
	if err := os.RemoveAll(path); err != nil {
		return err
	}
	return os.Rename(temp, path)
}

// checkReplaceable returns an error if the folder contains anything that is not
// part of a package.
func checkReplaceable(path string) error {
	entries, err := os.ReadDir(path)
	if errors.Is(err, os.ErrNotExist) || err == nil && len(entries) == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	sums, _ := os.ReadFile(filepath.Join(path, "SHA256SUMS"))
	ours := map[string]bool{"SHA256SUMS": true, "chatdev": true, "chatdev.exe": true} // make dist adds chatdev
	for line := range strings.Lines(string(sums)) {
		if _, name, ok := strings.Cut(strings.TrimSpace(line), "  "); ok {
			top, _, _ := strings.Cut(name, "/")
			ours[top] = true
		}
	}
	for _, entry := range entries {
		if !ours[entry.Name()] {
			return fmt.Errorf("%s contains %s, which is not part of the package and would be lost: choose another folder, or remove it", path, entry.Name())
		}
	}
	return nil
}
