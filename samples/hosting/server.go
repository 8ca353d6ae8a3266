//go:build !js

// Package hosting serves a site with the client in it: with Go, and in the tests with the documented nginx.conf and Caddyfile.
package hosting

import (
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
		if path.Ext(r.URL.Path) == ".wasm" {
			header.Set("Content-Type", "application/wasm")
			header.Set("Vary", "Accept-Encoding")
			for _, c := range []struct{ coding, suffix string }{{"br", ".br"}, {"gzip", ".gz"}} {
				name := path.Clean("/" + r.URL.Path + c.suffix)
				if _, err := os.Stat(filepath.Join(dir, filepath.FromSlash(name))); err == nil && accepts(r, c.coding) {
					header.Set("Content-Encoding", c.coding)
					r = r.Clone(r.Context())
					r.URL.Path = name
					break
				}
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
