//go:build !js

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWithSizes(t *testing.T) {
	size := func(bytes int) []byte { return make([]byte, bytes) }
	files := map[string][]byte{
		"chat.js": size(20_000), "chat.js.br": size(5_400), "chat.wasm": size(3_000_000), "chat.wasm.br": size(500_000),
		"page/index.html": size(1_500), "page/app.js": size(12_000), "docs/a.md": size(2_000), "LICENSE": size(1_000),
	}
	table := func(rows ...string) string {
		return "# acschat\n\n" + sizeTableHeader + strings.Join(rows, "\n") + "\n\nMore.\n"
	}
	for _, row := range []struct{ name, old, want string }{
		{"new figures", "| `chat.js`, `chat.wasm` | the [client](x) | 0 | 0 |", "| `chat.js`, `chat.wasm` | the [client](x) | 3020 | 505 |"},
		{"figures that are off by 1 percent", "| `chat.js`, `chat.wasm` | the client | 2990 | 510 |", "| `chat.js`, `chat.wasm` | the client | 2990 | 510 |"},
		{"figures that are off by more", "| `chat.js`, `chat.wasm` | the client | 2989 | 511 |", "| `chat.js`, `chat.wasm` | the client | 3020 | 505 |"},
		{"a figure that is off by 1 KB", "| `chat.js` | the client | 21 | 6 |", "| `chat.js` | the client | 21 | 6 |"},
		{"a figure that is off by 2 KB", "| `chat.js` | the client | 22 | 7 |", "| `chat.js` | the client | 20 | 5 |"},
		{"a folder without a download", "| `page/` | the page | 1 | |", "| `page/` | the page | 14 | |"},
		{"all other files", "| all others | the rest | 1 | |\n| `chat.wasm` | the module | 1 | 1 |", "| all others | the rest | 542 | |\n| `chat.wasm` | the module | 3000 | 500 |"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := withSizes([]byte(table(row.old)), files)
			require.NoError(t, err)
			assert.Equal(t, table(row.want), string(got))
		})
	}
	for problem, readme := range map[string]string{
		"README.md has no table of the package's files":                                                 "# acschat\n",
		"the table of the package's files has chat.js.map, which the package does not have":             table("| `chat.js.map` | a map | 1 | 1 |"),
		"the row \"| `chat.js` | no size |\" of the package's files must have the form | `file` | what": table("| `chat.js` | no size |"),
	} {
		_, err := withSizes([]byte(readme), files)
		assert.ErrorContains(t, err, problem)
	}
}

// The option -readme writes the figures into the repository's README, which has a row for all files.
func TestSizesInTheREADME(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	written, err := withSizes(readme, assembleFiles(t))
	require.NoError(t, err)
	assert.NotEqual(t, string(readme), string(written), "the modules of this test are small")
	assert.Equal(t, bytes.Count(readme, []byte("\n")), bytes.Count(written, []byte("\n")))

	path := filepath.Join(t.TempDir(), "README.md")
	require.NoError(t, os.WriteFile(path, readme, 0o600))
	var stdout, stderr bytes.Buffer
	require.Zero(t, run([]string{"-goroot", toolchain(t), "-readme", path, filepath.Join(t.TempDir(), "dist")}, repository(t), quick, &stdout, &stderr), &stderr)
	got, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(written), string(got))
	assert.Contains(t, stdout.String(), "dist: wrote the sizes of the files to "+path)
}
