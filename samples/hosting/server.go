//go:build !js

// Hosting serves a site that contains the client. The tests also serve it with the documented nginx.conf and Caddyfile.
package main

import (
	"fmt"
	"log"
	"mime"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// Files serves the files of a folder. If a client accepts it, Files sends NAME.br or NAME.gz in place of NAME.
func Files(dir string) http.Handler {
	files := http.FileServer(http.Dir(dir))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Cache-Control", "no-cache") // browsers revalidate each time; unchanged files are a 304
		original := r
		for _, c := range []struct{ coding, suffix string }{{"gzip", ".gz"}, {"br", ".br"}} { // the last one that the client accepts is sent
			name := path.Clean("/" + original.URL.Path + c.suffix)
			if info, err := os.Stat(filepath.Join(dir, filepath.FromSlash(name))); err != nil || !info.Mode().IsRegular() {
				continue
			}
			header.Set("Vary", "Accept-Encoding")
			if accepts(original, c.coding) {
				header.Set("Content-Type", mime.TypeByExtension(path.Ext(original.URL.Path))) // of NAME, not of NAME.br
				header.Set("Content-Encoding", c.coding)
				r = original.Clone(original.Context())
				r.URL.Path = name
			}
		}
		files.ServeHTTP(w, r)
	})
}

func accepts(r *http.Request, coding string) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, quality, _ := strings.Cut(strings.ReplaceAll(part, " ", ""), ";")
		if strings.EqualFold(name, coding) {
			return strings.Trim(quality, "qQ=0.") != "" || quality == ""
		}
	}
	return false
}

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: hosting FOLDER")
	}
	fmt.Println("serving", os.Args[1], "at http://localhost:8080")
	log.Fatal(http.ListenAndServe("localhost:8080", Files(os.Args[1])))
}
