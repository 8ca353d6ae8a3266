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

// allowedImports are the packages that chat.wasm may contain. Others are large: fmt, encoding/json, net/url, time and google/uuid add 15 to
// 50 % each to the download, and net/http makes it five times as large.
var allowedImports = []string{"acschat/wasm", "acschat/chatcore", "acschat/chatstate", "acschat/chatcore/internal/ascii", "acschat/chatcore/internal/claims", "acschat/chatcore/internal/json", "syscall/js",
	"errors", "io", "iter", "runtime", "strconv", "sync", "sync/atomic", "unicode/utf8", "math/bits", "unsafe"}

// withoutConversations is the build tag that leaves out the code of conversations.
const withoutConversations = "withoutconversations"

// imports returns the paths of all packages that the program consists of.
func imports(t *testing.T, tags string) []string {
	list := exec.Command("go", "list", "-deps", "-tags", tags, ".")
	list.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	list.Stderr = os.Stderr
	out, err := list.Output()
	require.NoError(t, err)
	return strings.Fields(string(out))
}

func TestImports(t *testing.T) {
	for _, path := range imports(t, "") {
		if !strings.HasPrefix(path, "internal/") {
			assert.Contains(t, allowedImports, path)
		}
	}
	assert.NotContains(t, imports(t, withoutConversations), "acschat/chatstate")
}

// ofConversations matches the files of conversations and the inbox.
var ofConversations = regexp.MustCompile(`^(loader_conversation|conversation|inbox|state_)`)

// TestBuildConstraints checks that every file is for js and wasm: others do not compile natively. The tag leaves out the files of
// conversations and the inbox, and make lint checks that the others compile without them.
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
		want := "//go:build js && wasm"
		if ofConversations.MatchString(file) {
			want += " && !" + withoutConversations
		}
		assert.Equal(t, want, constraint, file)
	}
}

// TestVersion checks that chat.js and the changelog have chatcore's version.
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
