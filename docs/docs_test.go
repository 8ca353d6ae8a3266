//go:build !js

// Package docs holds the documents to what they speak of: quotations to their files, links to what they lead to, tables to
// the API.
package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// documents returns the documents, and those beside the README, by their paths from here.
func documents(t *testing.T) map[string]string {
	paths, err := filepath.Glob("*.md")
	require.NoError(t, err)
	texts := map[string]string{}
	for _, path := range append(paths, "../README.md", "../CONTRIBUTING.md", "../SECURITY.md") {
		texts[path] = read(t, path)
	}
	return texts
}

func read(t *testing.T, path string) string {
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(text)
}

var quotation = regexp.MustCompile("(?ms)^<!-- quote: (\\S+) -->\n```\\w+\n(.*?)^```$")

// A block that is marked as a quotation stands in its file as it is, but for the tabs that it may have lost in front.
func TestQuotations(t *testing.T) {
	for path, text := range documents(t) {
		found := quotation.FindAllStringSubmatch(text, -1)
		assert.Len(t, found, strings.Count(text, "<!-- quote: "), "%s: a mark with no block right below", path)
		for _, q := range found {
			file, block := q[1], q[2]
			assert.True(t, quotes(read(t, filepath.Join("..", file)), block), "%s: what it quotes is not in %s:\n%s", path, file, block)
		}
	}
}

var startOfLine = regexp.MustCompile(`(?m)^([^\n])`)

func quotes(file, block string) bool {
	for _, indent := range []string{"", "\t", "\t\t", "  "} {
		if strings.Contains("\n"+file, "\n"+startOfLine.ReplaceAllString(block, indent+"$1")) {
			return true
		}
	}
	return false
}

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ (.*)$`)
	fenced  = regexp.MustCompile("(?ms)^```.*?^```$")
	dropped = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
)

// anchors returns what a document's headings are linked by.
func anchors(text string) (anchors []string) {
	for _, found := range heading.FindAllStringSubmatch(fenced.ReplaceAllString(text, ""), -1) {
		anchors = append(anchors, strings.ReplaceAll(dropped.ReplaceAllString(strings.ToLower(found[1]), ""), " ", "-"))
	}
	return anchors
}

// Every link within the repository leads somewhere.
func TestLinks(t *testing.T) {
	for path, text := range documents(t) {
		for _, found := range link.FindAllStringSubmatch(fenced.ReplaceAllString(text, ""), -1) {
			if strings.Contains(found[1], "://") {
				continue
			}
			target, anchor, hasAnchor := strings.Cut(found[1], "#")
			file := path
			if target != "" {
				file = filepath.Join(filepath.Dir(path), target)
			}
			_, err := os.Stat(file)
			if assert.NoError(t, err, "%s links to %s", path, found[1]) && hasAnchor {
				assert.Contains(t, anchors(read(t, file)), anchor, "%s links to %s", path, found[1])
			}
		}
	}
}

// Every document is a line of the README's table.
func TestEachDocumentIsInTheREADME(t *testing.T) {
	readme := read(t, "../README.md")
	for path := range documents(t) {
		if !strings.HasPrefix(path, "../") {
			assert.True(t, strings.Contains(readme, "\n| ["+path+"](docs/"+path+") |"), "README.md: the table of documents has no row of docs/%s", path)
		}
	}
}

var method = regexp.MustCompile(`(?m)^  (\w+)\(`)

// api.md and migration.md have a row for every method of the client.
func TestEachMethodIsInTheTables(t *testing.T) {
	_, client, _ := strings.Cut(read(t, "../web/chat.d.ts"), "export interface ChatClient {\n")
	client, _, _ = strings.Cut(client, "\n}\n")
	methods := method.FindAllStringSubmatch(client, -1)
	require.NotEmpty(t, methods)
	api, migration := read(t, "api.md"), read(t, "migration.md")
	for _, m := range methods {
		assert.True(t, strings.Contains(api, "\n| `client."+m[1]+"("), "docs/api.md: the table of the API has no row of client.%s, which web/chat.d.ts has", m[1])
		inMigration := regexp.MustCompile(`(?m)^\|.*\|.*\b` + m[1] + `\(.*\|$`)
		assert.True(t, inMigration.MatchString(migration), "docs/migration.md: no table has %s(…) in its second column, which web/chat.d.ts has", m[1])
	}
}

// errors.md has a row for every error code, and the README says how many there are.
func TestEachErrorCodeIsInTheTable(t *testing.T) {
	_, codes, found := strings.Cut(read(t, "../web/chat.d.ts"), "export type ChatErrorCode =")
	require.True(t, found)
	codes, _, _ = strings.Cut(codes, "\";\n")
	all := regexp.MustCompile(`"(\w+)`).FindAllStringSubmatch(codes, -1)
	require.NotEmpty(t, all)
	errors := read(t, "errors.md")
	for _, code := range all {
		row := regexp.MustCompile("(?m)^\\|[^|]*`" + code[1] + "`[^|]*\\|")
		assert.True(t, row.MatchString(errors), "docs/errors.md: the table has no row of %s, which web/chat.d.ts has", code[1])
	}
	count := " " + strconv.Itoa(len(all)) + " codes "
	assert.True(t, strings.Contains(read(t, "../README.md"), count), "README.md: it has to say that there are%s", count)
}

var spread = regexp.MustCompile(` \[[^\]]*\]`)

// The README shows rows of the table that make bench printed, as bench.md has them, but without the spread.
func TestFiguresOfTheREADME(t *testing.T) {
	_, rows, found := strings.Cut(read(t, "../README.md"), "\n| metric |")
	require.True(t, found)
	rows, _, _ = strings.Cut("| metric |"+rows, "\n\n")
	bench := spread.ReplaceAllString(read(t, "bench.md"), "")
	for row := range strings.SplitSeq(rows, "\n") {
		assert.True(t, strings.Contains(bench, "\n"+row+"\n"), "README.md: a row is not as in docs/bench.md:\n%s", row)
	}
}

var sourceFile = regexp.MustCompile("`([\\w/*]+\\.(?:go|js|ts))`")

// design.md names files by their path, and those of chatcore and web by their name.
func TestFilesInTheDesign(t *testing.T) {
	named := sourceFile.FindAllStringSubmatch(read(t, "design.md"), -1)
	require.NotEmpty(t, named)
	for _, file := range named {
		if strings.HasSuffix(file[1], "wasm_exec.js") { // which make build makes
			continue
		}
		var found []string
		for _, folder := range []string{"..", "../chatcore", "../web"} {
			matches, err := filepath.Glob(filepath.Join(folder, file[1]))
			require.NoError(t, err)
			found = append(found, matches...)
		}
		assert.NotEmpty(t, found, "design.md names %s, which does not exist", file[1])
	}
}
