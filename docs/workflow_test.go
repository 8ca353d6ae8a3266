//go:build !js

package docs

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	uses   = regexp.MustCompile(`uses: *(\S.*)`)
	pinned = regexp.MustCompile(`^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$`)
	runs   = regexp.MustCompile(`run: make ([\w-]+)$|target: \[(.*)\]`)
)

// TestWorkflows: actions are pinned to a commit, since a tag can be moved, and the targets that CI makes exist.
func TestWorkflows(t *testing.T) {
	files, err := filepath.Glob("../.github/workflows/*.yml")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	makefile := read(t, "../Makefile")
	for _, file := range files {
		for line := range strings.Lines(read(t, file)) {
			line = strings.TrimRight(line, "\n")
			if action := uses.FindStringSubmatch(line); action != nil && !pinned.MatchString(action[1]) {
				t.Errorf("%s: pin %q to the commit of a release: owner/name@<40 hex digits> # v1.2.3", file, action[1])
			}
			found := runs.FindStringSubmatch(line)
			if found == nil {
				continue
			}
			for target := range strings.SplitSeq(found[1]+found[2], ", ") {
				if !strings.Contains(makefile, "\n"+target+":") {
					t.Errorf("%s: the Makefile has no target %q", file, target)
				}
			}
		}
	}
}
