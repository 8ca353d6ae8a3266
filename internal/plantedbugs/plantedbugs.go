// Package plantedbugs checks that the random histories of a package find bugs: it plants each bug in a copy of the package, and runs
// the test that plays them there.
package plantedbugs

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Bug replaces the text Good of a file of the package by Bad. If Name begins with "rare: ", more histories are played to find it.
type Bug = struct{ Name, File, Good, Bad string }

// How many histories are played to find a bug, and a rare one.
const (
	maxHistories     = "2000"
	maxHistoriesRare = "100000"
)

// Find plants each bug in a copy of the tested package, which is the folder pkg of the module, and checks that a test of it, such as
// TestHistories, fails there. sources are the other folders of the module that the package needs, as patterns.
func Find(t *testing.T, pkg, test string, sources []string, bugs []Bug) {
	folder := t.TempDir()
	for _, file := range []string{"go.mod", "go.sum"} {
		copyFile(t, filepath.Join("..", file), filepath.Join(folder, file))
	}
	for _, source := range append([]string{pkg, "internal/plantedbugs"}, sources...) {
		files, err := filepath.Glob(filepath.Join("..", source, "*.go"))
		require.NoError(t, err)
		for _, file := range files {
			name := filepath.Base(file)
			if isTest := strings.HasSuffix(name, "_test.go"); !isTest || source == pkg && strings.HasPrefix(name, "history") {
				copyFile(t, file, filepath.Join(folder, strings.TrimPrefix(file, "..")))
			}
		}
	}
	output, err := runHistories(folder, pkg, test, maxHistories)
	require.NoError(t, err, "without a bug: %s", output)
	found := regexp.MustCompile("history [0-9]+ .*")
	for _, bug := range bugs {
		t.Run(bug.Name, func(t *testing.T) {
			path := filepath.Join(folder, pkg, bug.File)
			good, err := os.ReadFile(path)
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(path, []byte(strings.Replace(string(good), bug.Good, bug.Bad, 1)), 0o666))
			defer func() { require.NoError(t, os.WriteFile(path, good, 0o666)) }()
			most := maxHistories
			if strings.HasPrefix(bug.Name, "rare: ") {
				most = maxHistoriesRare
			}
			output, err := runHistories(folder, pkg, test, most)
			require.Error(t, err, "%s did not find the bug", test)
			report := found.FindString(output)
			assert.NotEmpty(t, report, output)
			t.Log(report)
		})
	}
}

// Fit checks that the code which each bug replaces still exists. It does not play histories.
func Fit(t *testing.T, bugs []Bug) {
	for _, bug := range bugs {
		good, err := os.ReadFile(bug.File)
		require.NoError(t, err, bug.Name)
		assert.Equal(t, 1, strings.Count(string(good), bug.Good), "%s: %s must contain this text once: %s", bug.Name, bug.File, bug.Good)
	}
}

// runHistories runs the test of a package in a folder.
func runHistories(folder, pkg, test, histories string) (output string, err error) {
	command := exec.Command("go", "test", "-count=1", "-vet=off", "-timeout", "20m", "-run", "^"+test+"$", "./"+pkg, "-args", "-histories", histories)
	command.Dir = folder
	text, err := command.CombinedOutput()
	return string(text), err
}

func copyFile(t *testing.T, from, to string) {
	text, err := os.ReadFile(from)
	require.NoError(t, err)
	require.NoError(t, os.MkdirAll(filepath.Dir(to), 0o777))
	require.NoError(t, os.WriteFile(to, text, 0o666))
}
