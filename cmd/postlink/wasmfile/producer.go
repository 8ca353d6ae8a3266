//go:build !js

package wasmfile

import (
	"errors"
	"fmt"
	"strings"
)

// knownGo is the version of Go whose modules postlink knows: the runtime's tables, and how a program starts.
const knownGo = "go1.26"

// RequireGo returns an error unless the module was made by the version of Go that postlink knows, or a patch of it.
func (m *Module) RequireGo() error {
	if m.producers == nil {
		return errors.New("no section says which version of Go made the module")
	}
	made, err := compilerVersion(&Reader{Rest: m.producers})
	switch {
	case err != nil:
		return fmt.Errorf("producers section: %w", err)
	case made == "":
		return errors.New("not made by Go")
	case made != knownGo && !strings.HasPrefix(made, knownGo+"."):
		return fmt.Errorf("made by %s: only %s is understood", made, knownGo)
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
