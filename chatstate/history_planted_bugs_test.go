package chatstate_test

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var runPlanted = flag.Bool("planted", false, "run TestPlantedBugs, which takes minutes")

// How many histories are played to find a planted bug, and one whose name begins with "rare: ".
const (
	maxHistories     = "2000"
	maxHistoriesRare = "100000"
)

// TestPlantedBugs plants each bug in a copy of the package, and checks that TestHistories fails there.
func TestPlantedBugs(t *testing.T) {
	if !*runPlanted {
		t.Skip("run it with -planted")
	}
	folder := t.TempDir()
	for _, file := range []string{"go.mod", "go.sum"} {
		copyFile(t, filepath.Join("..", file), filepath.Join(folder, file))
	}
	for _, pattern := range []string{"chatstate/*.go", "chatcore/*.go", "chatcore/internal/*/*.go", "emulator/*.go"} {
		files, err := filepath.Glob(filepath.Join("..", pattern))
		require.NoError(t, err)
		for _, file := range files {
			name := filepath.Base(file)
			if isTest := strings.HasSuffix(name, "_test.go"); !isTest || strings.HasPrefix(name, "history") && strings.HasPrefix(pattern, "chatstate/*") {
				copyFile(t, file, filepath.Join(folder, strings.TrimPrefix(file, "..")))
			}
		}
	}
	output, err := runHistories(folder, "2000")
	require.NoError(t, err, "without a bug: %s", output)
	found := regexp.MustCompile("history [0-9]+ .*")
	for _, bug := range plantedBugs {
		t.Run(bug.name, func(t *testing.T) {
			path := filepath.Join(folder, "chatstate", bug.file)
			good, err := os.ReadFile(path)
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(path, []byte(strings.Replace(string(good), bug.good, bug.bad, 1)), 0o666))
			defer func() { require.NoError(t, os.WriteFile(path, good, 0o666)) }()
			most := maxHistories
			if strings.HasPrefix(bug.name, "rare: ") {
				most = maxHistoriesRare
			}
			output, err := runHistories(folder, most)
			require.Error(t, err, "TestHistories did not find the bug")
			report := found.FindString(output)
			assert.NotEmpty(t, report, output)
			t.Log(report)
		})
	}
}

// TestPlantedBugsFit checks that the code which each planted bug replaces still exists. It does not play histories.
func TestPlantedBugsFit(t *testing.T) {
	for _, bug := range plantedBugs {
		good, err := os.ReadFile(bug.file)
		require.NoError(t, err, bug.name)
		assert.Equal(t, 1, strings.Count(string(good), bug.good), "%s: %s must contain this text once: %s", bug.name, bug.file, bug.good)
	}
}

// runHistories runs TestHistories in a folder.
func runHistories(folder, histories string) (output string, err error) {
	command := exec.Command("go", "test", "-count=1", "-vet=off", "-timeout", "20m", "-run", "^TestHistories$", "./chatstate", "-args", "-histories", histories)
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
