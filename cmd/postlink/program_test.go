//go:build !js

package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	cdp "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// program is the module that Go makes of ./program.
var program = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "postlink")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "program.wasm")
	build := exec.Command("go", "build", "-o", path, "./program")
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	if output, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w\n%s", err, output)
	}
	return os.ReadFile(path)
})

func programModule(t *testing.T) []byte {
	if testing.Short() {
		t.Skip("builds ./program")
	}
	module, err := program()
	require.NoError(t, err)
	return module
}

// A program does the same before and after, but for its tracebacks.
func TestProgramRuns(t *testing.T) {
	module := programModule(t)
	tidied, err := merge(module, false)
	require.NoError(t, err)
	slim, err := merge(module, true)
	require.NoError(t, err)
	run := runner(t, map[string][]byte{"linked": module, "merged": tidied.module, "slim": slim.module})

	lasting := run("linked", "survive")
	require.Contains(t, lasting, "goroutines left: 1\n")
	require.Contains(t, lasting, "nil receiver of a value method: recovered value method main.point.Sum called using nil *point pointer\n")
	require.Contains(t, lasting, "stack: true\n")
	for _, build := range []string{"merged", "slim"} {
		assert.Equal(t, lasting, run(build, "survive"), build)
	}

	for _, row := range []struct{ scenario, message string }{
		{"panic", "panic: assignment to entry in nil map\n\ngoroutine 1 [running]:\n"},
		{"panic error", "panic: fails\n\tpanic: once more\n\ngoroutine 1 [running]:\n"},
		{"panic in a goroutine", "panic: runtime error: invalid memory address or nil pointer dereference\n"},
		{"overflow", "fatal error: stack overflow\n"},
		{"deadlock", "fatal error: all goroutines are asleep - deadlock!\n"},
	} {
		for _, build := range []string{"linked", "merged", "slim"} {
			t.Run(row.scenario+", "+build, func(t *testing.T) {
				output := run(build, row.scenario)
				assert.Contains(t, output, row.message)
				assert.Contains(t, output, "\ngoroutine ")
				assert.Contains(t, output, "\nexit 2\n")
				assert.NotContains(t, output, "panic during")
				if build == "slim" {
					assert.NotContains(t, output, "main.")
					assert.NotContains(t, output, ".go:")
				} else {
					assert.Contains(t, output, "program/main.go:")
				}
			})
		}
	}
}

// runner runs builds in Chromium, and returns what they write and their exit code.
func runner(t *testing.T, builds map[string][]byte) func(build, scenario string) string {
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, `<script src="wasm_exec.js"></script>`)
	})
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	require.NoError(t, err)
	script := filepath.Join(string(goroot[:len(goroot)-1]), "lib", "wasm", "wasm_exec.js")
	mux.HandleFunc("/wasm_exec.js", func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, script) })
	for build, module := range builds {
		mux.HandleFunc("/"+build, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/wasm")
			w.Write(module)
		})
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	tab, closeTab := chromedp.NewContext(context.Background())
	t.Cleanup(closeTab)
	require.NoError(t, chromedp.Run(tab)) // Chromium is to outlive the time of one run

	return func(build, scenario string) (output string) {
		t.Helper()
		ctx, cancel := context.WithTimeout(tab, time.Minute)
		defer cancel()
		// What stops Node when it has nothing left to do wakes the program once more, for it to see that it is stuck.
		err := chromedp.Run(ctx, chromedp.Navigate(server.URL), chromedp.Evaluate(fmt.Sprintf(`(async () => {
			let output = "";
			console.log = (line) => output += line + "\n";
			const go = new Go();
			go.argv = ["program", %[2]q];
			go.exit = (code) => output += "exit " + code + "\n";
			const { instance } = await WebAssembly.instantiateStreaming(fetch(%[1]q), go.importObject);
			const end = go.run(instance);
			if (%[2]q === "deadlock") {
				go._pendingEvent = { id: 0 };
				go._resume();
			}
			await end;
			return output;
		})()`, build, scenario), &output, func(p *cdp.EvaluateParams) *cdp.EvaluateParams { return p.WithAwaitPromise(true) }))
		require.NoError(t, err, "%s, %s", build, scenario)
		return output
	}
}
