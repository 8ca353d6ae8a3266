//go:build !js

package main

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
)

// nodeFolder, sdkFolder and pageFolder are folders of the package: what runs in Node, the modules of sdk.js, and the demo page that the
// program acschat serves.
const (
	nodeFolder = "node"
	sdkFolder  = "sdk"
	pageFolder = "page"
)

// addFolder adds the files of a folder of web/. They import files of the package by the same paths as in the repository.
func addFolder(files map[string][]byte, web fs.FS, folder string) error {
	names, err := fs.Glob(web, folder+"/*")
	if err != nil {
		return err
	}
	for _, name := range names {
		if files[name], err = fs.ReadFile(web, name); err != nil {
			return err
		}
	}
	return nil
}

var (
	reference  = regexp.MustCompile(`\b(?:src|href)="([\w./-]+)"`)
	importPath = regexp.MustCompile(`(?m)^(?:import|export)\b[^"();=]*"(\.\.?/[\w./-]+)"`)
)

// addPage adds the demo page: index.html and all that it loads, except what the package has already. acschat serves both folders as one.
func addPage(files map[string][]byte, web fs.FS) error {
	names := []string{"index.html"}
	for len(names) > 0 {
		name := names[0]
		names = names[1:]
		file := path.Join(pageFolder, name)
		if files[name] != nil || files[file] != nil {
			continue
		}
		content, err := fs.ReadFile(web, name)
		if err != nil {
			return fmt.Errorf("the demo page: %w", err)
		}
		files[file] = content
		pattern := importPath
		if path.Ext(name) == ".html" {
			pattern = reference
		}
		for _, found := range pattern.FindAllSubmatch(content, -1) {
			names = append(names, path.Join(path.Dir(name), string(found[1])))
		}
	}
	return nil
}
