//go:build !js

package main

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// sizeTableHeader begins the README's table of the package's files. People write
// which files a row has and what they are, and withSizes writes the figures.
const sizeTableHeader = "| file | what it is | KB | download, KB |\n|---|---|--:|--:|\n"

var (
	sizeRow  = regexp.MustCompile(`^(\| (.+?) \| .+ \|) (\d+) \|(?: (\d+))? \|$`)
	fileName = regexp.MustCompile("`([^`]+)`")
)

// withSizes returns the README with the sizes of the package's files in its
// table. A row counts the files that its first cell names. A name with a slash at
// the end is a folder. A row without names counts all files that are in no other
// row. If a row has no download, it gets none.
func withSizes(readme []byte, files map[string][]byte) ([]byte, error) {
	before, table, found := bytes.Cut(readme, []byte(sizeTableHeader))
	if !found {
		return nil, errors.New("README.md has no table of the package's files that begins with " + strconv.Quote(sizeTableHeader))
	}
	table, after, _ := bytes.Cut(table, []byte("\n\n"))
	lines := strings.Split(string(table), "\n")
	counted := make(map[string]bool)
	rest := -1
	for i, line := range lines {
		row := sizeRow.FindStringSubmatch(line)
		if row == nil {
			return nil, fmt.Errorf("README.md: the row %q of the package's files must have the form | `file` | what it is | 1 | 1 |", line)
		}
		names := fileName.FindAllStringSubmatch(row[2], -1)
		if names == nil {
			rest = i
			continue
		}
		var size fileSize
		for _, name := range names {
			if !size.add(files, name[1], counted) {
				return nil, fmt.Errorf("README.md: the table of the package's files has %s, which the package does not have", name[1])
			}
		}
		lines[i] = size.update(row)
	}
	if rest >= 0 {
		var size fileSize
		for name, content := range files {
			if !counted[name] {
				size.raw += len(content)
			}
		}
		lines[rest] = size.update(sizeRow.FindStringSubmatch(lines[rest]))
	}
	return bytes.Join([][]byte{before, []byte(sizeTableHeader), []byte(strings.Join(lines, "\n")), []byte("\n\n"), after}, nil), nil
}

// fileSize is the size of files in bytes: as they are, and as browsers download
// them, in brotli if the package has a compressed copy.
type fileSize struct{ raw, download int }

// add adds a file or a folder of the package, and reports whether there is one.
func (s *fileSize) add(files map[string][]byte, name string, counted map[string]bool) (found bool) {
	for file, content := range files {
		if file != name && !(strings.HasSuffix(name, "/") && strings.HasPrefix(file, name)) {
			continue
		}
		found, counted[file] = true, true
		s.raw += len(content)
		if compressed, exists := files[file+".br"]; exists {
			content = compressed
		}
		s.download += len(content)
	}
	return found
}

// update returns a row with these sizes. row is a match of sizeRow.
func (s *fileSize) update(row []string) string {
	line := row[1] + " " + figure(row[3], s.raw) + " |"
	if row[4] != "" {
		line += " " + figure(row[4], s.download)
	}
	return line + " |"
}

// figure returns a size in KB. An old figure that is off by at most 1 KB or 1
// percent stays, because compressed sizes change with nearly every commit.
func figure(old string, size int) string {
	kilobytes, err := strconv.Atoi(old)
	if off := max(kilobytes*1000-size, size-kilobytes*1000); err == nil && (off <= 1000 || off*100 <= size) {
		return old
	}
	return strconv.Itoa((size + 500) / 1000)
}
