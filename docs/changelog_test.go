//go:build !js

package docs

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// TestChangelog: changes since the last release stand under Unreleased, above that release, which is the version of the code.
// At a release the heading Unreleased becomes the version.
func TestChangelog(t *testing.T) {
	var headings []string
	for _, found := range regexp.MustCompile(`(?m)^## (.*)$`).FindAllStringSubmatch(read(t, "../CHANGELOG.md"), -1) {
		headings = append(headings, found[1])
	}
	require.NotEmpty(t, headings)
	if headings[0] == "Unreleased" {
		headings = headings[1:]
	}
	require.NotEmpty(t, headings, "CHANGELOG.md: there is nothing but Unreleased")
	require.Equal(t, chatcore.Version, headings[0],
		"CHANGELOG.md: the newest version (actual) is not Version in chatcore/version.go (expected): a release changes both, and only Unreleased may stand above it")
	for _, heading := range headings {
		require.Regexp(t, `^\d+\.\d+\.\d+$`, heading, "CHANGELOG.md: a heading is no version, or Unreleased is not the first")
	}
}
