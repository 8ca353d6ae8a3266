//go:build !js

// Hosting serves a site with the client in it: with Go, and in the tests with the documented nginx.conf and Caddyfile.
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

// Files serves a folder, and what was compressed beforehand, NAME.br or NAME.gz beside NAME, to those who take it.
func Files(dir string) http.Handler {
	files := http.FileServer(http.Dir(dir))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Cache-Control", "no-cache") // to be asked for again each time: what has not changed is a 304
		asked := r
		for _, c := range []struct{ coding, suffix string }{{"gzip", ".gz"}, {"br", ".br"}} { // the better one last
			name := path.Clean("/" + asked.URL.Path + c.suffix)
			if info, err := os.Stat(filepath.Join(dir, filepath.FromSlash(name))); err != nil || !info.Mode().IsRegular() {
				continue
			}
			header.Set("Vary", "Accept-Encoding")
			if accepts(asked, c.coding) {
				header.Set("Content-Type", mime.TypeByExtension(path.Ext(asked.URL.Path))) // not that of NAME.br
				header.Set("Content-Encoding", c.coding)
				r = asked.Clone(asked.Context())
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
		log.Fatal("which folder? hosting FOLDER")
	}
	fmt.Println("http://localhost:8080 is", os.Args[1])
	log.Fatal(http.ListenAndServe("localhost:8080", Files(os.Args[1])))
}
