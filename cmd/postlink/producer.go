//go:build !js

package main

import (
	"errors"
	"fmt"
	"strings"
)

// knownGo is the version of Go whose tables are known.
const knownGo = "go1.26"

// requireGo fails unless the module was made by this version of Go, or a patch of it.
func (m *module) requireGo(version string) error {
	if m.producers == nil {
		return errors.New("no section says which version of Go made the module")
	}
	made, err := compilerVersion(&reader{rest: m.producers})
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
func compilerVersion(r *reader) (version string, err error) {
	fields, err := r.u32()
	if err != nil {
		return "", err
	}
	for range fields {
		if _, err := r.name(); err != nil {
			return "", err
		}
		values, err := r.u32()
		if err != nil {
			return "", err
		}
		for range values {
			name, err := r.name()
			if err != nil {
				return "", err
			}
			of, err := r.name()
			if err != nil {
				return "", err
			}
			if string(name) == "Go cmd/compile" {
				version = string(of)
			}
		}
	}
	return version, r.end()
}
