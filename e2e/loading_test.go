//go:build !js

package e2e

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// blank serves web/ as static files, with an empty page at /blank.
func blank(t *testing.T, csp string) *httptest.Server {
	return blankBeside(t, csp, http.FileServer(http.Dir(web)))
}

func blankBeside(t *testing.T, csp string, files http.Handler) *httptest.Server {
	mux := http.NewServeMux()
	mux.Handle("/", files)
	mux.HandleFunc("/blank", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Security-Policy", csp)
		w.Header().Set("Content-Type", "text/html")
	})
	mux.HandleFunc("/octets", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/octet-stream")
		http.ServeFile(w, r, web+"/chat.wasm")
	})
	mux.HandleFunc("/damaged", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/wasm")
		_, _ = w.Write([]byte("\x00asm\x01\x00\x00\x00damaged"))
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server
}

const strict = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"

// load runs a script that uses the exports of chat.js, and returns its result.
func (tab *tab) load(script string) (got string) {
	tab.t.Helper()
	tab.run(chromedp.Evaluate(`import("/chat.js").then(async ({ initialize, createClient, newIdempotencyToken, ChatError }) => {
		const fails = (promise) => promise.then(() => "fulfilled", (e) => [e instanceof ChatError && e instanceof Error, e.code, e.message].join(" ").replaceAll(location.origin, "ORIGIN"));
		`+script+`
	})`, &got, awaitPromise))
	return got
}

func TestLoading(t *testing.T) {
	const works = `createClient({ endpoint: "https://x.example", token: "x" }), "works"`
	for _, row := range []struct{ name, csp, script, want string }{
		{"without options", strict, `await initialize(); return ` + works, "works"},
		{"a compiled module", strict, `await initialize({ wasmModule: await WebAssembly.compileStreaming(fetch("chat.wasm")) }); return ` + works, "works"},
		{"with another MIME type", strict, `await initialize({ wasmURL: "octets" }); return ` + works, "works"},
		{"two calls at once", strict, `const p = initialize(); if (p !== initialize()) throw "another promise"; await p; return ` + works, "works"},
		{"a second call with other options", strict, `await initialize(); return fails(initialize({ wasmURL: "octets" }))`, "InvalidArgument initialize: options differ"},
		{"a call after a failure", strict, `await fails(initialize({ wasmURL: "missing" })); await initialize(); return ` + works, "works"},
		{"a URL without a file", strict, `return fails(initialize({ wasmURL: "missing" }))`, "LoadError initialize: ORIGIN/missing answered HTTP 404"},
		{"an HTML page instead of the module", strict, `return fails(initialize({ wasmURL: "index.html" }))`, "LoadError initialize: ORIGIN/index.html is no WebAssembly but text/html"},
		{"a damaged file", strict, `return fails(initialize({ wasmURL: "damaged" }))`, "LoadError initialize: ORIGIN/damaged (application/wasm) cannot be started"},
		{"no server", "", `return fails(initialize({ wasmURL: "http://localhost:1/chat.wasm" }))`, "LoadError initialize: http://localhost:1/chat.wasm cannot be fetched"},
		{"a Content-Security-Policy that forbids WebAssembly", "script-src 'self'", `return fails(initialize())`, "LoadError initialize: the page's Content-Security-Policy forbids WebAssembly: script-src lacks 'wasm-unsafe-eval'"},
		{"an unknown option", strict, `return fails(initialize({ url: "x" }))`, "InvalidArgument initialize: url is not a known option"},
		{"createClient before initialize", strict, `return fails((async () => createClient({}))())`, "NotInitialized createClient: the client is not loaded yet"},
		{"createClient throws", strict, `await initialize(); return fails((async () => createClient({}))())`, "InvalidArgument createClient: endpoint is required"},
		{"two copies of chat.js", strict, `await initialize(); const two = await import("/chat.js?2"); await two.initialize(); return two.` + works + ` + " " + typeof Go`, "works undefined"},
		{"a module of another program", strict, `const wasmModule = new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])); const e = await fails(initialize({ wasmModule })); await initialize(); createClient({ endpoint: "https://x.example", token: "x" }); return e`, "LoadError initialize: the module is not this client"},
		{"two modules", strict, `const m = () => WebAssembly.compileStreaming(fetch("chat.wasm")); await initialize({ wasmModule: await m() }); return fails(initialize({ wasmModule: await m() }))`, "InvalidArgument initialize: options differ"},
		{"a browser without WebAssembly", strict, `delete globalThis.WebAssembly; return fails(initialize())`, "LoadError initialize: this browser does not support WebAssembly"},
		{"a stack that overflows", strict, `await initialize();
			const fetch = () => new Promise(() => {});
			const client = createClient({ endpoint: "https://x.example", token: "x", fetch });
			const pending = fails(client.createThread({ topic: "x" }));
			let escaped;
			const recurse = () => { client.createThread({ topic: "x" }).catch(() => {}); recurse(); };
			try { recurse(); } catch (e) { escaped = e; }
			const after = await fails(client.createThread({ topic: "x" }, { timeoutMs: 1000 }));
			client.close();
			await initialize();
			createClient({ endpoint: "https://x.example", token: "x" });
			return escaped.constructor.name + " " + [await pending, after].join(" ")`, "RangeError true InternalError the client's program has ended true InternalError the client's program has ended"},
		{"the page sets Go during initialize", strict, `const p = initialize(); globalThis.Go = "theirs"; globalThis.process = "theirs"; await p; return [Go, process, "path" in globalThis].join(" ")`, "theirs theirs"},
		{"beside another Go program", strict, `await import("/wasm_exec.js");
			const go = new Go(), theirs = Go;
			go.run((await WebAssembly.instantiateStreaming(fetch("chat.wasm"), go.importObject)).instance);
			const other = acsChat;
			await initialize();
			const fetch2 = async () => new Response('{"id":"1"}', { status: 201 });
			const options = { endpoint: "https://x.example", token: "x", fetch: fetch2 };
			const sent = await Promise.all([createClient(options), other.createClient(options)].map((c) => c.sendMessage("19:x", { content: "x" })));
			return [sent.map(({ id }) => id).join(), Go === theirs, acsChat === other, typeof process, typeof path].join(" ")`, "1,1 true true object object"},
		{"globals that cannot be reconfigured", strict, `for (const name of ["Go", "process", "path"]) Object.defineProperty(globalThis, name, { value: name === "path" ? undefined : "theirs", writable: true });
			await initialize(); return [Go, process, path].join(" ")`, "theirs theirs "},
		{"a process getter with a new value each time", strict, `const get = () => ({}), set = () => {};
			Object.defineProperty(globalThis, "process", { get, set, configurable: true });
			await initialize(); const { get: g, set: s, configurable } = Object.getOwnPropertyDescriptor(globalThis, "process");
			return [g === get, s === set, configurable, "Go" in globalThis, "path" in globalThis].join(" ")`, "true true true false false"},
		{"a process getter with a new value each time, not configurable", strict, `const get = () => ({});
			Object.defineProperty(globalThis, "process", { get });
			await initialize(); const { get: g, set } = Object.getOwnPropertyDescriptor(globalThis, "process");
			return [g === get, set, "Go" in globalThis, "path" in globalThis].join(" ")`, "true  false false"},
		{"a process setter that throws", strict, `const set = () => { throw new Error("set"); };
			Object.defineProperty(globalThis, "process", { get: () => ({}), set });
			await initialize(); return [Object.getOwnPropertyDescriptor(globalThis, "process").set === set, "Go" in globalThis].join(" ")`, "true false"},
		{"a process that is not configurable", strict, `const value = Object.freeze({});
			Object.defineProperty(globalThis, "process", { value });
			await initialize(); return [process === value, "Go" in globalThis, "path" in globalThis].join(" ")`, "true false false"},
		{"a process getter that throws", strict, `Object.defineProperty(globalThis, "process", { get() { throw new Error("no process here"); }, configurable: true });
			await initialize(); return [Object.getOwnPropertyDescriptor(globalThis, "process").get.name, "Go" in globalThis].join(" ")`, "get false"},
		{"a relative URL in a worker from a blob", strict + "; worker-src blob:", `const source = "import('" + location.origin + "/chat.js').then(({ initialize }) => initialize({ wasmURL: '/missing' })).catch((e) => postMessage(e.message))";
			const worker = new Worker(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
			const { data } = await new Promise((resolve) => { worker.onmessage = resolve; });
			return data.replace(location.origin, "ORIGIN")`, "ORIGIN/missing answered HTTP 404"},
		{"the page's own Go", strict, `globalThis.Go = "theirs"; await initialize(); return [Go, "process" in globalThis, "path" in globalThis, "acsChat" in globalThis].join(" ")`, "theirs false false false"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := openTab(t, blank(t, row.csp).URL+"/blank").load(row.script)
			if strings.Contains(row.want, "initialize: ") || strings.Contains(row.want, "createClient: ") {
				row.want = "true " + row.want
			}
			assert.Contains(t, got, row.want)
		})
	}
}

// TestModuleWithoutConversations checks that chat.js works with a module that was built without conversations, and says so when one is opened.
func TestModuleWithoutConversations(t *testing.T) {
	module := filepath.Join(t.TempDir(), "chat.wasm")
	build := exec.Command("go", "build", "-tags", "withoutconversations", "-ldflags=-s -w", "-o", module, "../wasm")
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	out, err := build.CombinedOutput()
	require.NoError(t, err, "%s", out)
	files := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/chat.wasm" {
			http.ServeFile(w, r, module)
			return
		}
		http.FileServer(http.Dir(web)).ServeHTTP(w, r)
	})
	const noConversations = "the module has no conversations"
	assert.Equal(t, "true LoadError openConversation: "+noConversations+", true LoadError forget: "+noConversations+", 1", openTab(t, blankBeside(t, strict, files).URL+"/blank").load(`
		await initialize();
		const client = createClient({ endpoint: "https://x.example", token: "x", fetch: async () => new Response('{"id":"1"}', { status: 201 }) });
		const results = [await fails((async () => client.openConversation("19:x"))()), await fails(client.forget())];
		results.push((await client.sendMessage("19:x", { content: client.userId ?? "x" })).id);
		client.close();
		return results.join(", ");
	`))
}

// TestLoadingWithoutSupportCode checks that, if neither Go's support code nor the module can be loaded, initialize reports the first, and no rejection
// is unhandled.
func TestLoadingWithoutSupportCode(t *testing.T) {
	loaderAlone := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/chat.js", "/arguments.js", "/border.js", "/channel.js", "/conversation.js", "/error.js", "/go_runtime.js", "/inbox.js", "/integrity.js", "/loading.js", "/module.js", "/state.js", "/storage.js":
			http.ServeFile(w, r, web+r.URL.Path)
		default:
			http.NotFound(w, r)
		}
	})
	tab := openTab(t, blankBeside(t, "script-src 'self'; connect-src 'none'", loaderAlone).URL+"/blank")
	got := tab.load(`const reported = await fails(initialize()); await fails(fetch("chat.wasm")); return reported`)
	assert.Contains(t, got, "true LoadError initialize: ORIGIN/wasm_exec.js cannot be loaded")
	tab.requireQuiet()
}

// TestLoadingWithIntegrity checks that initialize refuses modules whose hash is not in the option integrity.
func TestLoadingWithIntegrity(t *testing.T) {
	files := withParts(t)
	program, part := integrityOf(t, "chat.wasm"), integrityOf(t, "chat.conversation.wasm")
	wrong := integrityOf(t, "chat.js")
	wrong512 := "sha512-" + strings.Repeat("A", 86) + "=="
	both := program + " " + part
	const (
		opens     = `await initialize(options); createClient({ endpoint: "https://x.example", token: "x" }).openConversation("19:x").close(); return "opens"`
		rejects   = `return fails(initialize(options))`
		malformed = "InvalidArgument initialize: integrity has "
	)
	for _, row := range []struct{ name, options, script, want string }{
		{"the hashes of both modules", `{ integrity: "` + both + `" }`, opens, "opens"},
		{"in lines, with a hash of a weaker algorithm", `{ integrity: "\n` + part + `\n\t` + program + `\n sha256-` + strings.Repeat("A", 43) + `=\n" }`, opens, "opens"},
		{"an object of hashes by file", `{ integrity: { "chat.wasm": "` + program + `", "chat.conversation.wasm": "` + part + `" } }`, opens, "opens"},
		{"with another MIME type", `{ integrity: "` + both + `", wasmURL: "octets", conversations: "chat.conversation.wasm" }`, opens, "opens"},
		{"another hash", `{ integrity: "` + wrong + `" }`, rejects, "LoadError initialize: ORIGIN/chat.wasm does not match integrity: its hash is " + program},
		{"another hash of a stronger algorithm", `{ integrity: "` + both + " " + wrong512 + `" }`, rejects, "LoadError initialize: ORIGIN/chat.wasm does not match integrity: its hash is sha512-"},
		{"a damaged file", `{ integrity: "` + both + `", wasmURL: "damaged" }`, rejects, "LoadError initialize: ORIGIN/damaged does not match integrity: its hash is sha384-"},
		{"a URL without a file", `{ integrity: "` + both + `", wasmURL: "missing" }`, rejects, "LoadError initialize: ORIGIN/missing answered HTTP 404"},
		{"an HTML page instead of the module", `{ integrity: "` + both + `", wasmURL: "index.html" }`, rejects, "LoadError initialize: ORIGIN/index.html is no WebAssembly but text/html"},
		{"only the hash of chat.wasm", `{ integrity: "` + program + `" }`, `await initialize(options);
			const client = createClient({ endpoint: "https://x.example", token: "x", fetch: async () => new Response('{"id":"1"}', { status: 201 }) });
			const { id } = await client.sendMessage("19:x", { content: "x" });
			return id + " " + await fails((async () => client.openConversation("19:x"))())`, "1 true LoadError openConversation: ORIGIN/chat.conversation.wasm does not match integrity: its hash is " + part},
		{"without conversations", `{ integrity: "` + program + `", conversations: false }`, `await initialize(options); return "works"`, "works"},
		{"a page without crypto.subtle", `{ integrity: "` + both + `" }`, `Object.defineProperty(crypto, "subtle", { value: undefined }); ` + rejects, "LoadError initialize: integrity cannot be checked: this page is not a secure context"},
		{"a second call without it", `{ integrity: "` + both + `" }`, `await initialize(options); return (await fails(initialize())) + " " + (await fails(initialize(options)))`, "true InvalidArgument initialize: integrity differs from that of the first call fulfilled"},
		{"a compiled module", `{ integrity: "` + both + `", wasmModule: new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])) }`, rejects, "InvalidArgument initialize: integrity cannot check a compiled module"},
		{"a compiled part", `{ integrity: "` + both + `", conversations: new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])) }`, rejects, "InvalidArgument initialize: integrity cannot check a compiled module"},
		{"no hash", `{ integrity: " " }`, rejects, "InvalidArgument initialize: integrity has no hash"},
		{"no string", `{ integrity: 1 }`, rejects, "InvalidArgument initialize: integrity must be"},
		{"null", `{ integrity: null }`, rejects, "InvalidArgument initialize: integrity must be"},
		{"an unknown algorithm", `{ integrity: "` + program + ` sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=" }`, rejects, malformed + `"sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=", which must be sha256-, sha384- or sha512- and the hash in base64`},
		{"a hash that is too short", `{ integrity: "` + program[:60] + `" }`, rejects, malformed + `"` + program[:60] + `"`},
		{"hexadecimal", `{ integrity: "sha256-` + strings.Repeat("0a", 32) + `" }`, rejects, malformed},
		{"base64url", `{ integrity: "sha384-` + strings.Repeat("-", 64) + `" }`, rejects, malformed},
		{"a missing hash in a text", `{ integrity: undefined + " ` + program + `" }`, rejects, malformed + `"undefined"`},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := openTab(t, blankBeside(t, strict, files).URL+"/blank").load(`const options = ` + row.options + `; ` + row.script)
			if strings.Contains(row.want, "Error initialize: ") || strings.HasPrefix(row.want, "InvalidArgument ") {
				row.want = "true " + row.want
			}
			assert.Contains(t, got, row.want)
		})
	}
}
