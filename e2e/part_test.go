//go:build !js

package e2e

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// withParts serves web/, the modules at other addresses, and parts that do not fit.
func withParts(t *testing.T) http.Handler {
	module := func(name string) []byte {
		content, err := os.ReadFile(filepath.Join(web, name))
		require.NoError(t, err)
		return content
	}
	part := module("chat.conversation.wasm")
	if len(part) < 100 {
		t.Skip("the module of this Go is not split")
	}
	at := bytes.Index(part, []byte("part."))
	require.Positive(t, at)
	ofOtherBuild := bytes.Clone(part)
	ofOtherBuild[at+10] ^= 1
	served := map[string][]byte{
		"/moved.wasm":              module("chat.wasm"),
		"/moved.conversation.wasm": part,
		"/alone.wasm":              module("chat.wasm"),
		"/hashed":                  module("chat.wasm"),
		"/old.wasm":                module("chat.wasm"),
		"/old.conversation.wasm":   ofOtherBuild,
		"/empty.wasm":              []byte("\x00asm\x01\x00\x00\x00"),
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if content, found := served[r.URL.Path]; found {
			w.Header().Set("Content-Type", "application/wasm")
			_, _ = w.Write(content)
			return
		}
		http.FileServer(http.Dir(web)).ServeHTTP(w, r)
	})
}

// TestPart checks where chat.js looks for the part with the conversations, and that a page that only makes calls works without it.
func TestPart(t *testing.T) {
	files := withParts(t)
	const unload = `
		client.close();
		const loaded = performance.getEntriesByType("resource").map(({ name }) => name.split("/").at(-1)).filter((name) => name.includes("conversation.wasm") || name.includes("empty"));
		return [result, id, ...loaded].join(", ")`
	for _, row := range []struct{ name, options, want string }{
		{"beside chat.js", ``, "opened, 1, chat.conversation.wasm"},
		{"beside wasmURL", `{ wasmURL: "moved.wasm?v=1.2#x" }`, "opened, 1, moved.conversation.wasm?v=1.2#x"},
		{"at a URL", `{ conversations: new URL("moved.conversation.wasm", location) }`, "opened, 1, moved.conversation.wasm"},
		{"a compiled module", `{ conversations: await WebAssembly.compileStreaming(fetch("moved.conversation.wasm")) }`, "opened, 1, moved.conversation.wasm"},
		{"with a compiled wasmModule", `{ wasmModule: await WebAssembly.compileStreaming(fetch("moved.wasm")) }`, "opened, 1, chat.conversation.wasm"},
		{"none", `{ conversations: false }`, "true LoadError openConversation: conversations are switched off by the option conversations: false, 1"},
		{"not there", `{ wasmURL: "alone.wasm" }`, "true LoadError openConversation: ORIGIN/alone.conversation.wasm answered HTTP 404, 1, alone.conversation.wasm"},
		{"nobody knows where", `{ wasmURL: "hashed" }`, "true LoadError openConversation: it is not known where chat.conversation.wasm is, 1"},
		{"of another build", `{ wasmURL: "old.wasm" }`, "true LoadError openConversation: ORIGIN/old.conversation.wasm cannot be started: WebAssembly.instantiate(): Import #1 \"main\" \"part."},
		{"another module", `{ conversations: "empty.wasm" }`, "true LoadError openConversation: the module has no conversations, 1, empty.wasm"},
		{"no server", `{ conversations: "http://localhost:1/x.wasm" }`, "true LoadError openConversation: http://localhost:1/x.wasm cannot be fetched: Failed to fetch, 1"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := openTab(t, blankBeside(t, strict+" http://localhost:1", files).URL+"/blank").load(`
				await initialize(` + row.options + `);
				const client = createClient({ endpoint: "https://x.example", token: "x", fetch: async () => new Response('{"id":"1"}', { status: 201 }) });
				const result = await fails((async () => client.openConversation("19:x").close())()).then((text) => text.replace("fulfilled", "opened"));
				// The events that conversations are told of.
				for (const type of ["offline", "pagehide", "pageshow", "freeze", "resume", "online"]) (type === "resume" || type === "freeze" ? document : window).dispatchEvent(new Event(type, { bubbles: true }));
				await new Promise((resolve) => setTimeout(resolve, 300));
				const { id } = await client.sendMessage("19:x", { content: "x" });` + unload)
			assert.Contains(t, got, row.want)
		})
	}
}

// TestPartErrors checks the fields of the error for a part that cannot be loaded, and that initialize refuses bad options.
func TestPartErrors(t *testing.T) {
	tab := openTab(t, blankBeside(t, strict, withParts(t)).URL+"/blank")
	got := tab.load(`await initialize({ wasmURL: "alone.wasm" });
		const client = createClient({ endpoint: "https://x.example", token: "x" });
		const errors = [];
		for (const call of [() => client.openConversation("19:x"), () => client.openConversation("19:x"), () => client.forget()]) {
			try { await call(); } catch (e) { errors.push(e); }
		}
		return errors.map(({ operation, code, status, hint, attempts }) => [operation, code, status, hint, attempts].join("|")).join("\n") + "\n" + (errors[0] !== errors[1]);`)
	const rest = "|LoadError|404|Serve chat.conversation.wasm beside chat.js, or give its address as conversations.|0\n"
	assert.Equal(t, "openConversation"+rest+"openConversation"+rest+"forget"+rest+"true", got)

	got = tab.load(`const results = [];
		for (const conversations of [true, null, 1, {}, "http://["]) results.push(await fails(initialize({ conversations })));
		results.push(await fails(initialize({ wasmURL: "alone.wasm", conversations: false })));
		return results.join("\n")`)
	const kinds = "true InvalidArgument initialize: conversations must be false, a string, a URL or a WebAssembly.Module\n"
	assert.Equal(t, kinds+kinds+kinds+kinds+"true InvalidArgument initialize: conversations is not a URL\n"+
		"true InvalidArgument initialize: options differ from those of the first call, which loads from ORIGIN/alone.wasm, and conversations from ORIGIN/alone.conversation.wasm", got)
}

// TestPartIsFetchedInParallel checks that the part does not wait for chat.wasm, and that initialize waits for both.
func TestPartIsFetchedInParallel(t *testing.T) {
	files := withParts(t)
	requested := make(chan bool)
	inParallel := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/chat.wasm":
			<-requested // chat.wasm comes only after the part was requested
		case "/chat.conversation.wasm":
			close(requested)
		}
		files.ServeHTTP(w, r)
	})
	got := openTab(t, blankBeside(t, strict, inParallel).URL+"/blank").load(`await initialize();
		const client = createClient({ endpoint: "https://x.example", token: "x" });
		return client.openConversation("19:x").getSnapshot().status`)
	assert.Equal(t, "loading", got)
}

// TestPartAfterProgramEnded checks that initialize loads the part again with a new program.
func TestPartAfterProgramEnded(t *testing.T) {
	got := openTab(t, blankBeside(t, strict, withParts(t)).URL+"/blank").load(`
		const open = async (options) => {
			await initialize(options);
			return createClient({ endpoint: "https://x.example", token: "x", fetch: () => new Promise(() => {}) });
		};
		let client = await open();
		const conversation = client.openConversation("19:x");
		const recurse = () => { client.createThread({ topic: "x" }).catch(() => {}); recurse(); };
		try { recurse(); } catch {}
		await fails(client.createThread({ topic: "x" }));
		const ended = conversation.getSnapshot().status;
		client = await open();
		return [ended, client.openConversation("19:x").getSnapshot().status].join()`)
	assert.Equal(t, "ended,loading", got)
}
