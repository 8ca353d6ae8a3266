//go:build !js

// Package gopage tests pages whose program is written in Go. It builds each of them and loads it in Chromium, where it sends a
// message to an emulator on another origin.
package gopage

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/emulator"
)

func TestGoPages(t *testing.T) {
	for _, program := range []string{"lean", "full"} {
		t.Run(program, func(t *testing.T) {
			em := emulator.New(emulator.Options{})
			shown := show(t, program, em, em.NewUser())
			require.Len(t, em.Threads(), 1, shown)
			thread := em.Threads()[0]
			last := thread.Messages[len(thread.Messages)-1]
			assert.Equal(t, "Pizza?", last.Content.Message)
			assert.Equal(t, fmt.Sprintf("Message %s is in thread %s.", last.ID, thread.ID), shown)
		})
	}
}

// A page must list the message that it has just sent, even if the browser has cached an earlier list.
func TestReadsBypassTheCache(t *testing.T) {
	em := emulator.New(emulator.Options{})
	cached := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			w.Header().Set("Cache-Control", "max-age=60")
		}
		em.ServeHTTP(w, r)
	})
	assert.Equal(t, "2 and then 3", show(t, "testdata/cached", cached, em.NewUser()))
}

// show loads a program's page and returns the result that it shows.
func show(t *testing.T, program string, service http.Handler, user emulator.User) (shown string) {
	if testing.Short() {
		t.Skip("needs Chromium")
	}
	acs := httptest.NewServer(service)
	defer acs.Close()
	dir := build(t, program)
	page, err := os.ReadFile("index.html")
	require.NoError(t, err)
	html := strings.NewReplacer("http://localhost:8081", acs.URL, "…", user.Token).Replace(string(page))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "index.html"), []byte(html), 0o644))
	site := httptest.NewServer(http.FileServer(http.Dir(dir)))
	defer site.Close()

	ctx, stop := chromedp.NewContext(context.Background())
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	require.NoError(t, chromedp.Run(ctx, chromedp.Navigate(site.URL),
		chromedp.Poll(`document.getElementById("result")?.textContent`, &shown)))
	return shown
}

// build builds a program as described in go.md, and returns a new folder with it and wasm_exec.js.
func build(t *testing.T, program string) (dir string) {
	dir = t.TempDir()
	built := filepath.Join(dir, "built.wasm")
	command := exec.Command("go", "build", "-ldflags=-s -w", "-o", built, "./"+program)
	command.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	output, err := command.CombinedOutput()
	require.NoError(t, err, string(output))
	output, err = exec.Command("go", "run", "acschat/cmd/postlink", built, filepath.Join(dir, "page.wasm")).CombinedOutput()
	require.NoError(t, err, string(output))
	root, err := exec.Command("go", "env", "GOROOT").Output()
	require.NoError(t, err)
	support, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "wasm_exec.js"), support, 0o644))
	return dir
}
