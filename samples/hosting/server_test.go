//go:build !js

package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	module = bytes.Repeat([]byte("\x00asm"), 1000)
	script = bytes.Repeat([]byte("export {};\n"), 1000)
)

// newFolder returns a folder with a module and a script, uncompressed and compressed.
func newFolder(t *testing.T) string {
	dir := t.TempDir()
	write := func(name string, content []byte) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), content, 0o644))
	}
	write("plain.wasm", module)
	for name, content := range map[string][]byte{"chat.wasm": module, "chat.js": script} {
		var br, gz bytes.Buffer
		for _, w := range []io.WriteCloser{brotli.NewWriter(&br), gzip.NewWriter(&gz)} {
			_, err := w.Write(content)
			require.NoError(t, err)
			require.NoError(t, w.Close())
		}
		write(name, content)
		write(name+".br", br.Bytes())
		write(name+".gz", gz.Bytes())
	}
	return dir
}

func TestGo(t *testing.T) {
	server := httptest.NewServer(Files(newFolder(t)))
	defer server.Close()
	testServer(t, server.URL)
	assert.False(t, accepts(&http.Request{Header: http.Header{"Accept-Encoding": {"gzip;q=0, br; q=0.0"}}}, "br"))
}

func TestNginx(t *testing.T) {
	program := lookUp(t, "nginx")
	modules := filepath.Join(filepath.Dir(program), "..", "lib", "nginx", "modules", "ngx_http_brotli_static_module.so")
	if _, err := os.Stat(modules); err != nil {
		t.Skip("nginx does not have the module ngx_brotli")
	}
	address, temp := freeAddress(t), t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(temp, "mime.types"), []byte("types { application/wasm wasm; text/javascript js; }"), 0o644))
	block := configured(t, "nginx.conf", "listen 8080", "listen "+address, "/srv/site", newFolder(t))
	whole := fmt.Sprintf("daemon off; master_process off; pid nginx.pid; error_log stderr; load_module %s; events {}\nhttp { access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;\n%s}", modules, block)
	require.NoError(t, os.WriteFile(filepath.Join(temp, "nginx.conf"), []byte(whole), 0o644))
	start(t, address, program, "-p", temp, "-c", "nginx.conf")
	testServer(t, "http://"+address)
}

func TestCaddy(t *testing.T) {
	program := lookUp(t, "caddy")
	address, temp := freeAddress(t), t.TempDir()
	_, port, err := net.SplitHostPort(address)
	require.NoError(t, err)
	site := configured(t, "Caddyfile", ":8080", ":"+port, "/srv/site", newFolder(t))
	file := filepath.Join(temp, "Caddyfile")
	require.NoError(t, os.WriteFile(file, []byte("{\n\tadmin off\n}\n"+site), 0o644))
	t.Setenv("XDG_DATA_HOME", temp)
	t.Setenv("XDG_CONFIG_HOME", temp)
	start(t, address, program, "run", "--config", file, "--adapter", "caddyfile")
	testServer(t, "http://"+address)
}

// testServer checks the headers and the compression that pages rely on.
func testServer(t *testing.T, url string) {
	get := func(path string, header ...string) *http.Response {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+path, nil)
		require.NoError(t, err)
		for i := 0; i < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		transport := &http.Transport{DisableCompression: true, DisableKeepAlives: true}
		response, err := transport.RoundTrip(r)
		require.NoError(t, err)
		t.Cleanup(func() { _ = response.Body.Close() })
		assert.Equal(t, "no-cache", response.Header.Get("Cache-Control"))
		return response
	}
	for _, row := range []struct {
		path, accept, coding string
		content              []byte
	}{
		{"/chat.wasm", "gzip, deflate, br, zstd", "br", module},
		{"/chat.wasm", "gzip, deflate", "gzip", module},
		{"/chat.wasm", "identity", "", module},
		{"/plain.wasm", "gzip, deflate, br", "", module},
		{"/chat.js", "gzip, deflate, br, zstd", "br", script},
		{"/chat.js", "gzip, deflate", "gzip", script},
		{"/chat.js", "identity", "", script},
	} {
		response := get(row.path, "Accept-Encoding", row.accept)
		require.Equal(t, http.StatusOK, response.StatusCode)
		assert.Equal(t, row.coding, response.Header.Get("Content-Encoding"), row.path)
		mimeType := map[string]string{".wasm": "application/wasm", ".js": "text/javascript"}[path.Ext(row.path)]
		assert.True(t, strings.HasPrefix(response.Header.Get("Content-Type"), mimeType), row.path)
		if row.coding != "" {
			assert.Equal(t, "Accept-Encoding", response.Header.Get("Vary"), row.path)
		}
		var body io.Reader = response.Body
		switch row.coding {
		case "br":
			body = brotli.NewReader(body)
		case "gzip":
			var err error
			body, err = gzip.NewReader(body)
			require.NoError(t, err)
		}
		content, err := io.ReadAll(body)
		require.NoError(t, err)
		assert.Equal(t, row.content, content, row.path)
	}
	response := get("/chat.js")
	again := get("/chat.js", "If-Modified-Since", response.Header.Get("Last-Modified"))
	assert.Equal(t, http.StatusNotModified, again.StatusCode)
}

// configured returns a documented configuration with the given replacements.
func configured(t *testing.T, file string, oldNew ...string) string {
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	for i := 0; i < len(oldNew); i += 2 {
		require.Contains(t, string(text), oldNew[i])
	}
	return strings.NewReplacer(oldNew...).Replace(string(text))
}

func lookUp(t *testing.T, program string) string {
	path, err := exec.LookPath(program)
	if err != nil {
		t.Skipf("%s is not installed", program)
	}
	return path
}

// freeAddress returns an address on which nothing listens.
func freeAddress(t *testing.T) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	return listener.Addr().String()
}

// start runs a server until the test ends, and returns when it listens at address.
func start(t *testing.T, address, program string, args ...string) {
	command := exec.CommandContext(t.Context(), program, args...)
	var log bytes.Buffer
	command.Stdout, command.Stderr = &log, &log
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	command.WaitDelay = 5 * time.Second
	require.NoError(t, command.Start())
	t.Cleanup(func() {
		_ = command.Wait()
		if t.Failed() {
			t.Log(log.String())
		}
	})
	require.Eventually(t, func() bool {
		connection, err := net.Dial("tcp", address)
		if err == nil {
			_ = connection.Close()
		}
		return err == nil
	}, 10*time.Second, 10*time.Millisecond)
}
