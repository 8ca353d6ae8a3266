//go:build !js

package page

import (
	"fmt"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// contentTypes is fixed because the system's MIME table cannot be relied on:
// on some machines it serves JavaScript as text/plain, does not know wasm, or
// takes TypeScript for a video.
var contentTypes = map[string]string{
	".css":  "text/css; charset=utf-8",
	".html": "text/html; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".ts":   "text/plain; charset=utf-8",
	".wasm": "application/wasm",
}

// built names the files that a fresh clone does not have.
var built = map[string]bool{"chat.wasm": true, "wasm_exec.js": true}

// files serves the regular files below dir.
type files struct {
	dir string
}

func (f files) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("X-Content-Type-Options", "nosniff")
	// Pages of other origins must not show the page in a frame, where a click
	// may hit something else than it seems to. A meta element cannot say so.
	header.Set("Content-Security-Policy", "frame-ancestors 'self'")
	// Ask again every time: a rebuilt chat.wasm must never be mixed with an
	// older chat.js. What has not changed is a 304.
	header.Set("Cache-Control", "no-cache")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		header.Set("Allow", "GET, HEAD")
		http.Error(w, "the page's files are only read: use GET", http.StatusMethodNotAllowed)
		return
	}

	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	if name == "" {
		name = "index.html"
	}
	if hidden(name) {
		http.NotFound(w, r)
		return
	}
	file, err := os.OpenInRoot(f.dir, name)
	if err != nil {
		switch {
		case built[name]:
			http.Error(w, fmt.Sprintf("%s has not been built: run make build, then reload the page", name), http.StatusNotFound)
		case name == "index.html":
			http.Error(w, fmt.Sprintf("there is no %s/index.html where chatdev was started: only POST /token is here", filepath.Base(f.dir)), http.StatusNotFound)
		default:
			http.NotFound(w, r)
		}
		return
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		http.NotFound(w, r)
		return
	}
	if contentType, ok := contentTypes[path.Ext(name)]; ok {
		header.Set("Content-Type", contentType)
	}
	http.ServeContent(w, r, name, info.ModTime(), file)
}

// hidden reports whether a part of the path starts with a dot, such as .git
// or an editor's backup.
func hidden(name string) bool {
	return strings.HasPrefix(name, ".") || strings.Contains(name, "/.")
}
