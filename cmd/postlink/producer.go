//go:build !js

package main

import (
	"errors"
	"fmt"
	"strings"
)

// knownGo is the version of Go whose tables are known.
const knownGo = "go1.26"

// RequireGo fails unless the module was made by this version of Go, or a patch of it.
func (m *Module) RequireGo(version string) error {
	if m.producers == nil {
		return errors.New("no section says which version of Go made the module")
	}
	made, err := compilerVersion(&Reader{Rest: m.producers})
	switch {
	case err != nil:
		return fmt.Errorf("producers section: %w", err)
	case made == "":
		return errors.New("not made by Go")
	case made != version && !strings.HasPrefix(made, version+"."):
		return fmt.Errorf("made by %s: only %s is understood", made, version)
	}
	return nil
}

// compilerVersion reads the section of the tools that made the module, and returns the version of Go's compiler, or "". The
// section has fields, such as processed-by, and these have names with versions.
func compilerVersion(r *Reader) (version string, err error) {
	fields, err := r.U32()
	if err != nil {
		return "", err
	}
	for range fields {
		if _, err := r.Name(); err != nil {
			return "", err
		}
		values, err := r.U32()
		if err != nil {
			return "", err
		}
		for range values {
			name, err := r.Name()
			if err != nil {
				return "", err
			}
			of, err := r.Name()
			if err != nil {
				return "", err
			}
			if string(name) == "Go cmd/compile" {
				version = string(of)
			}
		}
	}
	return version, r.End()
}
