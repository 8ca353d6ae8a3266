//go:build !js

package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	cdp "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/cmd/postlink/snapshot"
	"acschat/cmd/postlink/testprogram"
	"acschat/cmd/postlink/wasmfile"
)

// A program does the same before and after, but for its tracebacks.
func TestProgramRuns(t *testing.T) {
	module := testprogram.Panics(t)
	run := runner(t, map[string][]byte{
		"linked": module,
		"merged": processed(t, module, options{}),
		"slim":   processed(t, module, options{slim: true}),
	})

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
		for _, build := range []string{"merged", "slim"} {
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
					assert.Contains(t, output, "panics/main.go:")
				}
			})
		}
	}
}

// A program that begins in a snapshot does what it does otherwise.
func TestSnapshotRuns(t *testing.T) {
	waits := testprogram.Waits(t, "waits")
	taken := snapshot.Options{Start: "start", Rehearse: "prepare", Environment: []string{"GOGC=50"}}
	run := runner(t, map[string][]byte{
		"starts": testprogram.Waits(t, "starts"),
		"merged": processed(t, waits, options{snapshot: taken}),
		"slim":   processed(t, waits, options{snapshot: taken, slim: true}),
	})
	want, _, found := strings.Cut(run("starts", ""), "panic: the end\n")
	require.True(t, found)
	require.Contains(t, want, "prepared: warm\n")
	require.Contains(t, want, "later: 500\n")
	for _, build := range []string{"merged", "slim"} {
		got, rest, _ := strings.Cut(run(build, ""), "panic: the end\n")
		assert.Equal(t, want, got, build)
		assert.Contains(t, rest, "exit 2\n", build)
	}
}

func processed(t *testing.T, linked []byte, o options) []byte {
	m, err := wasmfile.Parse(linked)
	require.NoError(t, err)
	segments := len(m.Segments)
	m, _, err = process(m, o, nil)
	require.NoError(t, err)
	require.Greater(t, segments, 10_000)
	require.Less(t, len(m.Segments), 100)
	result, err := m.Bytes()
	require.NoError(t, err)
	return result
}

// runner runs builds in Chromium, and returns what they write and their exit code. The part of a build has its name with ".part". It
// is loaded when the program waits. Then the export begin is called, if there is one.
func runner(t *testing.T, builds map[string][]byte) func(build, scenario string) string {
	if testing.Short() {
		t.Skip("needs Chromium")
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) {
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
			const response = await fetch(%[1]q + ".part");
			const part = response.ok ? (await WebAssembly.instantiateStreaming(response, { main: instance.exports })).instance : instance;
			part.exports.begin?.();
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
