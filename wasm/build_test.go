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

	"acschat/chatcore"
)

// What the download may be made of. Anything else costs dearly: fmt, encoding/json, net/url, time or google/uuid add 15 to
// 50 % each, and with net/http it is five times the size.
var allowed = []string{"acschat/wasm", "acschat/chatcore", "acschat/chatcore/internal/ascii", "acschat/chatcore/internal/claims", "acschat/chatcore/internal/json", "syscall/js",
	"errors", "io", "iter", "runtime", "strconv", "sync", "sync/atomic", "unicode/utf8", "math/bits", "unsafe"}

func TestImports(t *testing.T) {
	list := exec.Command("go", "list", "-deps", ".")
	list.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	list.Stderr = os.Stderr
	out, err := list.Output()
	require.NoError(t, err)
	for _, path := range strings.Fields(string(out)) {
		if !strings.HasPrefix(path, "internal/") {
			assert.Contains(t, allowed, path)
		}
	}
}

// The build clears the table of powers of ten (postlink -nofloats), so nothing but the runtime's own printing may write a
// floating-point number.
func TestNoFloatIsWritten(t *testing.T) {
	link := exec.Command("go", "build", "-ldflags=-dumpdep", "-o", filepath.Join(t.TempDir(), "chat.wasm"), ".")
	link.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	out, err := link.CombinedOutput()
	require.NoError(t, err, "%s", out)
	callers := map[string][]string{}
	for line := range strings.Lines(string(out)) {
		if caller, callee, found := strings.Cut(strings.TrimSpace(line), " -> "); found {
			callers[callee] = append(callers[callee], caller)
		}
	}
	reached := []string{"internal/strconv.pow10Tab"}
	require.NotEmpty(t, callers[reached[0]])
	for len(reached) > 0 {
		for _, caller := range callers[reached[0]] {
			switch {
			case strings.HasPrefix(caller, "internal/strconv."):
				reached = append(reached, caller)
			default:
				assert.Regexp(t, `^runtime\.print(float|complex)\d+$`, caller)
			}
		}
		reached = reached[1:]
	}
}

// A file without the constraint would be compiled natively, where it cannot be, or be missed by the linters.
func TestBuildConstraints(t *testing.T) {
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		constraint, _, _ := strings.Cut(string(text), "\n")
		if file == "build_test.go" {
			continue
		}
		assert.Equal(t, "//go:build js && wasm", constraint, file)
	}
}

// One version: chatcore's.
func TestVersion(t *testing.T) {
	for file, pattern := range map[string]string{
		"../web/chat.js":  `(?m)^export const version = "(.*)";$`,
		"../CHANGELOG.md": `(?m)^## (\d\S+)`,
	} {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		found := regexp.MustCompile(pattern).FindSubmatch(text)
		require.NotNil(t, found, file)
		assert.Equal(t, chatcore.Version, string(found[1]), "%s: make build writes chat.js, the changelog is yours", file)
	}
}
