//go:build !js

package page_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"acschat/cmd/chatdev/page"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestFiles(t *testing.T) {
	top := t.TempDir()
	for name, content := range map[string]string{
		"secret.txt":           "outside",
		"web/index.html":       "<!doctype html>",
		"web/app.js":           "js",
		"web/chat.d.ts":        "ts",
		"web/chat.wasm":        "wasm",
		"web/style.css":        "css",
		"web/.hidden":          "hidden",
		"web/.git/config":      "hidden",
		"web/inner/index.html": "inner",
	} {
		path := filepath.Join(top, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(content), 0o644))
	}
	require.NoError(t, os.Symlink(filepath.Join(top, "secret.txt"), filepath.Join(top, "web", "link.txt")))
	server := httptest.NewServer(page.New(filepath.Join(top, "web"), nil))
	defer server.Close()

	tests := []struct {
		name        string
		method      string
		path        string
		status      int
		contentType string
		body        string
	}{
		{"index", "GET", "/", 200, "text/html; charset=utf-8", "<!doctype html>"},
		{"index by name", "GET", "/index.html", 200, "text/html; charset=utf-8", "<!doctype html>"},
		{"script", "GET", "/app.js", 200, "text/javascript; charset=utf-8", "js"},
		{"types", "GET", "/chat.d.ts", 200, "text/plain; charset=utf-8", "ts"},
		{"style", "GET", "/style.css", 200, "text/css; charset=utf-8", "css"},
		{"wasm", "GET", "/chat.wasm", 200, "application/wasm", "wasm"},
		{"head", "HEAD", "/chat.wasm", 200, "application/wasm", ""},
		{"not built", "GET", "/wasm_exec.js", 404, "text/plain; charset=utf-8", "wasm_exec.js has not been built: run make build, then reload the page\n"},
		{"missing", "GET", "/nothing.js", 404, "text/plain; charset=utf-8", "404 page not found\n"},
		{"directory", "GET", "/inner", 404, "text/plain; charset=utf-8", "404 page not found\n"},
		{"directory with slash", "GET", "/inner/", 404, "text/plain; charset=utf-8", "404 page not found\n"},
		{"dotfile", "GET", "/.hidden", 404, "text/plain; charset=utf-8", "404 page not found\n"},
		{"in a dot directory", "GET", "/.git/config", 404, "text/plain; charset=utf-8", "404 page not found\n"},
		{"escape by encoded dots", "GET", "/%2e%2e%2fsecret.txt", 404, "text/plain; charset=utf-8", "404 page not found\n"},
		{"escape by link", "GET", "/link.txt", 404, "text/plain; charset=utf-8", "404 page not found\n"},
		{"zero byte", "GET", "/app.js%00", 404, "text/plain; charset=utf-8", "404 page not found\n"},
		{"other method", "POST", "/app.js", 405, "text/plain; charset=utf-8", "the page's files can only be read: use GET\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			request, err := http.NewRequest(test.method, server.URL+test.path, nil)
			require.NoError(t, err)

			response, body := do(t, request)

			assert.Equal(t, test.status, response.StatusCode)
			assert.Equal(t, test.contentType, response.Header.Get("Content-Type"))
			assert.Equal(t, "nosniff", response.Header.Get("X-Content-Type-Options"))
			assert.Equal(t, "frame-ancestors 'self'", response.Header.Get("Content-Security-Policy"))
			assert.Equal(t, test.body, body)
			if test.status == http.StatusOK {
				assert.Equal(t, "no-cache", response.Header.Get("Cache-Control"))
			}
		})
	}
}
