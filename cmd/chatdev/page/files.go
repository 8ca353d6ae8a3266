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

// contentTypes replaces the system's MIME table, which differs between machines:
// some have JavaScript as text/plain, lack wasm, or take .ts for a video.
var contentTypes = map[string]string{
	".css":  "text/css; charset=utf-8",
	".html": "text/html; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".ts":   "text/plain; charset=utf-8",
	".wasm": "application/wasm",
}

// built lists the files that the build makes: a fresh clone does not have them.
var built = map[string]bool{"chat.wasm": true, "chat.conversation.wasm": true, "wasm_exec.js": true}

// files serves the regular files below dir.
type files struct {
	dir string
}

func (f files) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("X-Content-Type-Options", "nosniff")
	// Prevent clickjacking: other origins must not show the page in a frame.
	// frame-ancestors works in a header only, not in a meta element.
	header.Set("Content-Security-Policy", "frame-ancestors 'self'")
	// The browser must revalidate every file, so that it never combines a new
	// chat.wasm with an old chat.js. Unchanged files are a 304.
	header.Set("Cache-Control", "no-cache")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		header.Set("Allow", "GET, HEAD")
		http.Error(w, "the page's files can only be read: use GET", http.StatusMethodNotAllowed)
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
			http.Error(w, fmt.Sprintf("there is no %s/index.html where chatdev was started, so this server has only POST /token", filepath.Base(f.dir)), http.StatusNotFound)
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

// hidden reports whether a segment of the path starts with a dot, as in .git or
// in an editor's backup.
func hidden(name string) bool {
	return strings.HasPrefix(name, ".") || strings.Contains(name, "/.")
}
