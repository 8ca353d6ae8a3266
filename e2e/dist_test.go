//go:build !js

package e2e

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/cmd/dist/fold"
)

// packaged serves the package's chat.js and emulator.js, which contain Go's support code, and what they load. /other.js is wasm_exec.js, for pages
// with another Go program.
func packaged(t *testing.T) *httptest.Server {
	wasmExec, err := os.ReadFile(filepath.Join(web, "wasm_exec.js"))
	require.NoError(t, err)
	folded := map[string][]byte{"/other.js": wasmExec}
	for _, name := range []string{"chat.js", "emulator.js"} {
		script, err := fold.Modules(os.DirFS(web), name)
		require.NoError(t, err)
		folded["/"+name], err = fold.Into(name, script, wasmExec)
		require.NoError(t, err)
	}
	return blankBeside(t, strict+" http://127.0.0.1:*", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := r.URL.Path
		switch path {
		case "/chat.js", "/emulator.js", "/other.js":
			http.ServeContent(w, r, path, time.Time{}, bytes.NewReader(folded[path]))
			return
		case "/chat.wasm", "/chat.conversation.wasm", "/emulator.wasm", "/emulator_worker.js":
		default:
			if !strings.HasPrefix(path, "/sdk") {
				http.NotFound(w, r)
				return
			}
		}
		http.ServeFile(w, r, filepath.Join(web, path))
	}))
}

// TestPackagedLoading checks that loading the package leaves no globals behind, and that it works beside other code.
func TestPackagedLoading(t *testing.T) {
	const works = `createClient({ endpoint: "https://x.example", token: "x" }), "works"`
	for _, row := range []struct{ name, script, want string }{
		{"an import sets no global", `return ["Go", "fs", "process", "path", "acsChat"].filter((name) => name in globalThis).join()`, ""},
		{"initialize leaves only fs", `const p = initialize(); const left = ["Go", "fs", "process", "path"].filter((name) => name in globalThis).join(); await p; return left`, "fs"},
		{"initialize after a failure", `await fails(initialize({ wasmURL: "missing" })); await initialize(); return ` + works, "works"},
		{"two copies of chat.js", `await initialize(); const two = await import("/chat.js?2"); await two.initialize(); return two.` + works + ` + " " + typeof Go`, "works undefined"},
		{"the page's own Go", `globalThis.Go = "theirs"; await initialize(); return [Go, "process" in globalThis, "path" in globalThis, "acsChat" in globalThis].join(" ")`, "theirs false false false"},
		{"beside another Go program", `await import("/other.js");
			const theirs = [Go, process, path], go = new Go();
			go.run((await WebAssembly.instantiateStreaming(fetch("chat.wasm"), go.importObject)).instance);
			await initialize();
			const fetch2 = async () => new Response('{"id":"1"}', { status: 201 });
			const options = { endpoint: "https://x.example", token: "x", fetch: fetch2 };
			const sent = await Promise.all([createClient(options), acsChat.createClient(options)].map((c) => c.sendMessage("19:x", { content: "x" })));
			return [sent.map(({ id }) => id).join(), theirs.join() === [Go, process, path].join()].join(" ")`, "1,1 true"},
		{"without random numbers", `Object.defineProperty(globalThis, "crypto", { value: undefined }); return [await fails(initialize()), "Go" in globalThis].join(" ")`,
			"true LoadError initialize: Go's support code cannot run here: globalThis.crypto is not available, polyfill required (crypto.getRandomValues only) false"},
	} {
		t.Run(row.name, func(t *testing.T) {
			tab := openTab(t, packaged(t).URL+"/blank")
			assert.Equal(t, row.want, tab.load(row.script))
			tab.requireQuiet()
		})
	}
}

// TestBothFormsExportTheSame compares chat.js in web/ and in the package. The one in the package imports no other file.
func TestBothFormsExportTheSame(t *testing.T) {
	const script = `import("/chat.js").then((exports) => Object.keys(exports).map((name) => name + " " + typeof exports[name]))`
	var exports [2][]string
	openTab(t, blank(t, strict).URL+"/blank").evaluate(script, &exports[0])
	tab := openTab(t, packaged(t).URL+"/blank")
	tab.evaluate(script, &exports[1])
	assert.Equal(t, []string{"ChatError function", "createClient function", "initialize function", "newIdempotencyToken function", "version string"}, exports[0])
	assert.Equal(t, exports[0], exports[1])
	var text string
	tab.evaluate(`fetch("/chat.js").then((response) => response.text())`, &text)
	assert.NotRegexp(t, `\b(from|import)\b\s*\(?\s*["'`+"`"+`]\.`, text)
}

// TestPackagedMessage checks that chat.js and the modules of the package are all that a page needs.
func TestPackagedMessage(t *testing.T) {
	site := newSite(t)
	server := packaged(t)
	tab := openTab(t, server.URL+"/blank")
	got := tab.load(fmt.Sprintf(`await initialize();
		const client = createClient({ endpoint: %q, token: %q });
		const { chatThread } = await client.createThread({ topic: "Lunch" });
		const { id } = await client.sendMessage(chatThread.id, { content: "Hi" });
		client.close();
		return id`, site.endpoint, site.emulator.NewUser().Token))

	threads := site.emulator.Threads()
	require.Len(t, threads, 1)
	message := threads[0].Messages[len(threads[0].Messages)-1]
	assert.Equal(t, "Hi", message.Content.Message)
	assert.Equal(t, got, message.ID)
	var loaded []string
	for _, r := range tab.requests() {
		if file, ok := strings.CutPrefix(r.URL, server.URL+"/"); ok && file != "blank" {
			loaded = append(loaded, file)
		}
	}
	assert.Equal(t, []string{"chat.js", "chat.wasm", "chat.conversation.wasm"}, loaded)
	var left []string
	tab.run(chromedp.Evaluate(`["Go", "process", "path", "acsChat"].filter((name) => name in globalThis)`, &left))
	assert.Empty(t, left)
	tab.requireQuiet()
}
