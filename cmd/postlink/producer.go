//go:build !js

package main

import (
	"errors"
	"fmt"
	"regexp"
)

// knownGo is the version of Go whose tables are known.
const knownGo = "go1.26"

// goVersion matches what the Go linker writes about itself, with the lengths of
// all names before them.
var goVersion = regexp.MustCompile(`^\x02\x08language\x01\x02Go.([^\x00-\x1f]+)\x0cprocessed-by\x01\x0eGo cmd/compile.([^\x00-\x1f]+)$`)

// requireGo fails unless the module was made by this version of Go.
func (m *module) requireGo(version string) error {
	if m.producers == nil {
		return errors.New("no section says which version of Go made the module")
	}
	found := goVersion.FindSubmatch(m.producers)
	if found == nil {
		return fmt.Errorf("not made by Go: %q", m.producers)
	}
	if made := string(found[2]); made != version && !regexp.MustCompile(`^`+regexp.QuoteMeta(version)+`\.\d+$`).MatchString(made) {
		return fmt.Errorf("made by %s: only %s is understood", made, version)
	}
	return nil
}
