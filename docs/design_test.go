//go:build !js

package docs

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	traceRow  = regexp.MustCompile("(?m)^\\| `(\\w+/[\\w/]+\\.(?:go|js))` \\| ([^|]+) \\|")
	codeSpan  = regexp.MustCompile("`([^`]+)`")
	exportTag = regexp.MustCompile(`(?m)^//go:wasmexport (acschat\.\w+)$`)
	exportRow = regexp.MustCompile("(?m)^\\| ((?:`acschat\\.\\w+`(?:, )?)+) \\|")
	stateRow  = regexp.MustCompile(`(?m)^\| \d+ \| .* \| (.*) \|$`)
)

// declares tells whether a file of Go or JavaScript declares a function or method.
func declares(file, name string) bool {
	declaration := `(?m)^func (\([^)]*\) )?NAME\(|^ *(export |async )*(function )?NAME(\(.*\{$| = .*=>)`
	return regexp.MustCompile(strings.ReplaceAll(declaration, "NAME", regexp.QuoteMeta(name))).MatchString(file)
}

// TestTraceInTheDesign: each function that the trace of a call names is in its file.
func TestTraceInTheDesign(t *testing.T) {
	rows := traceRow.FindAllStringSubmatch(read(t, "design.md"), -1)
	require.NotEmpty(t, rows)
	for _, row := range rows {
		file := read(t, filepath.Join("..", row[1]))
		for _, name := range codeSpan.FindAllStringSubmatch(row[2], -1) {
			assert.True(t, declares(file, name[1]), "design.md: %s has no function %s", row[1], name[1])
		}
	}
}

// TestStatesInTheDesign: each function that the table of a send's states names is in chatcore.
func TestStatesInTheDesign(t *testing.T) {
	files := ""
	for _, name := range []string{"sendonce", "sendonce_lookup", "call_outcome", "call_retry"} {
		files += read(t, "../chatcore/"+name+".go")
	}
	rows := stateRow.FindAllStringSubmatch(read(t, "design.md"), -1)
	require.NotEmpty(t, rows)
	for _, row := range rows {
		for _, name := range codeSpan.FindAllStringSubmatch(row[1], -1) {
			if !strings.HasSuffix(name[1], ".go") {
				assert.True(t, declares(files, name[1]), "design.md: chatcore has no function %s", name[1])
			}
		}
	}
}

// TestExportsInTheDesign: the table of exports lists those of the program, and no others.
func TestExportsInTheDesign(t *testing.T) {
	paths, err := filepath.Glob("../wasm/*.go")
	require.NoError(t, err)
	var exports, listed []string
	for _, path := range paths {
		for _, found := range exportTag.FindAllStringSubmatch(read(t, path), -1) {
			exports = append(exports, found[1])
		}
	}
	for _, row := range exportRow.FindAllStringSubmatch(read(t, "design.md"), -1) {
		for _, name := range codeSpan.FindAllStringSubmatch(row[1], -1) {
			listed = append(listed, name[1])
		}
	}
	assert.ElementsMatch(t, exports, listed)
}
