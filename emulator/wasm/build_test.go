//go:build !js

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/emulator"
)

// TestImports checks that emulator.wasm does not contain the packages that are large: net/http alone is as large as the rest.
func TestImports(t *testing.T) {
	list := exec.Command("go", "list", "-tags", "nohttp", "-deps", ".")
	list.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	list.Stderr = os.Stderr
	out, err := list.Output()
	require.NoError(t, err)
	imports := strings.Fields(string(out))
	assert.Contains(t, imports, "acschat/emulator")
	for _, path := range []string{"net/http", "net", "mime", "crypto/tls", "github.com/google/uuid"} {
		assert.NotContains(t, imports, path)
	}
}

// TestBuildConstraints checks that every other file is for js and wasm: they do not compile natively.
func TestBuildConstraints(t *testing.T) {
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		constraint, _, _ := strings.Cut(string(text), "\n")
		if file != "build_test.go" {
			assert.Equal(t, "//go:build js && wasm", constraint, file)
		}
	}
}

// TestConstantsOfTheScript checks what web/emulator.js knows of package emulator.
func TestConstantsOfTheScript(t *testing.T) {
	script, err := os.ReadFile("../../web/emulator.js")
	require.NoError(t, err)
	assert.Contains(t, string(script), `const accessKey = "`+emulator.DefaultAccessKey+`";`)
}

// TestRuleInTheTypes checks that FaultRule in web/emulator.d.ts has the members of a rule.
func TestRuleInTheTypes(t *testing.T) {
	source, err := os.ReadFile("../rule.go")
	require.NoError(t, err)
	types, err := os.ReadFile("../../web/emulator.d.ts")
	require.NoError(t, err)
	_, rule, found := strings.Cut(string(types), "export interface FaultRule {\n")
	require.True(t, found)
	rule, _, _ = strings.Cut(rule, "\n}\n")
	names := func(expression, text string) (names []string) {
		for _, found := range regexp.MustCompile(expression).FindAllStringSubmatch(text, -1) {
			names = append(names, found[1])
		}
		return names
	}
	assert.ElementsMatch(t, names(`(?m)^\t\w+ .*\x60json:"(\w+)"\x60`, string(source)), names(`(?m)^  (\w+)\?:`, rule))
}
