//go:build !js

package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// emulate runs a script with createEmulator and the client, from the modules at base, and returns its result.
func (tab *tab) emulate(base, script string) (got string) {
	tab.t.Helper()
	tab.run(chromedp.Evaluate(`(async () => {
		const [{ createEmulator }, { initialize, createClient }] = await Promise.all([import("`+base+`/emulator.js"), import("`+base+`/chat.js")]);
		const fails = (promise) => promise.then(() => "fulfilled", (e) => (e.name + " " + e.message).replaceAll(location.origin, "ORIGIN"));
		const clientOf = (name) => createClient({ endpoint: emulator.endpoint, token: emulator.users[name].token, fetch: emulator.fetch });
		`+script+`
	})()`, &got, awaitPromise))
	return got
}

const (
	loadEmulator = `globalThis.emulator = (await Promise.all([createEmulator({ users: ["jane", "alex"], %s }), initialize()]))[0]; return emulator.runsIn;`

	// talk lets two users talk, and returns what they see.
	talk = `
		const jane = clientOf("jane"), alex = clientOf("alex");
		const participants = [{ communicationIdentifier: { rawId: emulator.users.alex.id } }];
		const { chatThread } = await jane.createThread({ topic: "Lunch", participants });
		await jane.sendMessage(chatThread.id, { content: "Hi" });
		await alex.sendMessage(chatThread.id, { content: "Ho" });
		const seen = [];
		for await (const message of alex.watchMessages(chatThread.id, { sinceMessageId: "0" })) {
			if (message.content.message) seen.push(message.content.message);
			if (seen.length === 2) break;
		}
		jane.close(); alex.close(); emulator.close();
		return seen.join(" ");`
)

// TestEmulatorInThePage checks where the emulator runs in pages with a strict policy, and that two users talk after the network is cut.
func TestEmulatorInThePage(t *testing.T) {
	cdn := httptest.NewServer(http.StripPrefix("/npm/acschat@0.2.0", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		http.FileServer(http.Dir(web)).ServeHTTP(w, r)
	})))
	t.Cleanup(cdn.Close)
	other := cdn.URL + "/npm/acschat@0.2.0"
	elsewhere := "default-src 'none'; script-src 'wasm-unsafe-eval' " + cdn.URL + "; connect-src " + cdn.URL
	for _, row := range []struct{ name, csp, base, options, runsIn, reported string }{
		{"in a worker", strict, "", "", "worker", ""},
		{"in the page", strict + "; worker-src 'none'", "", "worker: false", "here", ""},
		{"where workers are forbidden", strict + "; worker-src 'none'", "", "", "here", "console.warning: \"acschat/emulator: the emulator runs in the page's own thread"},
		{"from another origin", elsewhere + "; worker-src blob:", other, "", "worker", ""},
		{"from another origin, with workers forbidden", elsewhere, other, "", "here", "console.warning: \"acschat/emulator: the emulator runs in the page's own thread"},
		{"with a compiled module", strict, "", "wasmModule: await WebAssembly.compileStreaming(fetch('/emulator.wasm'))", "worker", ""},
		{"in a shared worker", strict, "", `shared: "in the page"`, "sharedWorker", ""},
		{"in IndexedDB", strict, "", `persist: "in the page"`, "worker", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			tab := openTab(t, blank(t, row.csp).URL+"/blank")
			assert.Equal(t, row.runsIn, tab.emulate(row.base, fmt.Sprintf(loadEmulator, row.options)))
			tab.run(offline(true))
			assert.Equal(t, "Hi Ho", tab.emulate(row.base, talk))
			if row.reported == "" {
				tab.requireQuiet()
			}
			assert.Contains(t, tab.reported(), row.reported)
			assert.Empty(t, tab.serviceRequests(), "nothing is sent")
		})
	}
}

// TestStaticSite checks a page below a path, with a strict policy and with the modules on another origin. Once both promises have resolved, both
// servers are shut down, and two users talk in conversations.
func TestStaticSite(t *testing.T) {
	modules := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		http.StripPrefix("/npm/acschat@0.2.0", http.FileServer(http.Dir(web))).ServeHTTP(w, r)
	}))
	t.Cleanup(modules.Close)
	policy := "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src " + modules.URL
	page := httptest.NewServer(http.StripPrefix("/pages/chat", blank(t, policy).Config.Handler))
	t.Cleanup(page.Close)

	tab := openTab(t, page.URL+"/pages/chat/blank")
	assert.Equal(t, "worker", tab.emulate("/pages/chat", `
		globalThis.modules = "`+modules.URL+`/npm/acschat@0.2.0/";
		globalThis.emulator = (await Promise.all([
			createEmulator({ users: ["jane", "alex"], wasmURL: modules + "emulator.wasm" }),
			initialize({ wasmURL: modules + "chat.wasm" }),
		]))[0];
		return emulator.runsIn;`))
	const reach = `return fails(fetch(modules + "chat.wasm", { cache: "no-store" }))`
	assert.Equal(t, "fulfilled", tab.emulate("/pages/chat", reach))
	for _, server := range []*httptest.Server{page, modules} {
		server.CloseClientConnections()
		server.Close()
	}
	tab.run(offline(true))
	assert.Equal(t, "TypeError Failed to fetch", tab.emulate("/pages/chat", reach))
	assert.Equal(t, "At noon? At one.,At noon? At one.", tab.emulate("/pages/chat", `
		const clients = [clientOf("jane"), clientOf("alex")];
		const participants = [{ communicationIdentifier: { rawId: emulator.users.alex.id } }];
		const { chatThread } = await clients[0].createThread({ topic: "Lunch", participants });
		const conversations = clients.map((client) => client.openConversation(chatThread.id, { intervalMs: 500 }));
		await conversations[0].send({ content: "At noon?" }).done;
		await conversations[1].send({ content: "At one." }).done;
		const textsOf = ({ subscribe, getSnapshot }) => new Promise((resolve) => {
			const look = () => {
				const texts = getSnapshot().messages.filter(({ type }) => type === "text").map(({ content }) => content.message);
				if (texts.length === 2) resolve(texts.join(" "));
			};
			subscribe(look);
			look();
		});
		return (await Promise.all(conversations.map(textsOf))).join();`))
	assert.Empty(t, tab.serviceRequests(), "nothing is sent")
	tab.requireQuiet()
}

// TestPackagedEmulator checks that the package's emulator.js works in a worker and in the page, and leaves no globals behind.
func TestPackagedEmulator(t *testing.T) {
	for options, runsIn := range map[string]string{"": "worker", "worker: false": "here", `shared: "packaged"`: "sharedWorker"} {
		tab := openTab(t, packaged(t).URL+"/blank")
		assert.Equal(t, runsIn, tab.emulate("", fmt.Sprintf(loadEmulator, options)))
		assert.Equal(t, "Hi Ho", tab.emulate("", talk))
		assert.Equal(t, "fs", tab.emulate("", `return ["Go", "fs", "process", "path", "acsChat"].filter((name) => name in globalThis).join()`))
		tab.requireQuiet()
	}
}

// TestEmulatorFailures checks the errors of createEmulator in a page.
func TestEmulatorFailures(t *testing.T) {
	for _, row := range []struct{ name, script, want string }{
		{"a URL without a file", `return fails(createEmulator({ wasmURL: "missing" }))`, "Error createEmulator: ORIGIN/missing answered HTTP 404. Serve emulator.wasm beside emulator.js"},
		{"a module of another program", `return fails(createEmulator({ wasmURL: "chat.wasm" }))`, "Error createEmulator: the module is not the emulator"},
		{"no shared worker", `delete globalThis.SharedWorker; return fails(createEmulator({ shared: "x" }))`, "Error createEmulator: shared needs a SharedWorker, which is not available here"},
		{"a shared worker on another origin", `return fails(createEmulator({ shared: "x", workerURL: "https://cdn.example/emulator_worker.js" }))`, "shared needs emulator_worker.js on the page's own origin"},
	} {
		t.Run(row.name, func(t *testing.T) {
			tab := openTab(t, blank(t, strict).URL+"/blank")
			assert.Contains(t, tab.emulate("", row.script), row.want)
		})
	}
}

// TestEmulatorIsKept checks that an emulator with persist has the same users, tokens and threads after a reload, and that only one page at a time
// uses it.
func TestEmulatorIsKept(t *testing.T) {
	server := blank(t, strict)
	tab := openTab(t, server.URL+"/blank")
	const open = `globalThis.emulator = (await Promise.all([createEmulator({ users: ["jane"], persist: "kept" }), initialize()]))[0];`
	before := tab.emulate("", open+`
		const { chatThread } = await clientOf("jane").createThread({ topic: "Lunch" });
		await clientOf("jane").sendMessage(chatThread.id, { content: "Hi" });
		sessionStorage.token = emulator.users.jane.token;
		return emulator.users.jane.id + " " + chatThread.id;`)
	second := openTab(t, server.URL+"/blank")
	assert.Contains(t, second.emulate("", `return fails(createEmulator({ persist: "kept" }))`), `persist: another page or worker uses "kept"`)

	tab.run(chromedp.Reload())
	after := tab.emulate("", open+`
		emulator.users.jane.token = sessionStorage.token;
		const [{ id }] = await Array.fromAsync(clientOf("jane").listThreads());
		const [message] = await Array.fromAsync(clientOf("jane").listMessages(id));
		return [emulator.users.jane.id, id, message.content.message].join(" ");`)
	assert.Equal(t, before+" Hi", after)

	tab.emulate("", `await emulator.reset(); return ""`)
	tab.run(chromedp.Reload())
	got := tab.emulate("", open+`return emulator.users.jane.id + " " + (await Array.fromAsync(clientOf("jane").listThreads())).length;`)
	assert.Equal(t, strings.Fields(before)[0]+" 0", got, "reset is kept, too")
	tab.requireQuiet()
}

// TestEmulatorOfTwoTabs checks that two tabs share an emulator, and that closing one does not end it.
func TestEmulatorOfTwoTabs(t *testing.T) {
	server := blank(t, strict)
	first, second := openTab(t, server.URL+"/blank"), openTab(t, server.URL+"/blank")
	const open = `globalThis.emulator = (await Promise.all([createEmulator({ users: ["jane", "alex"], shared: "two tabs" }), initialize()]))[0];`
	thread := first.emulate("", open+`
		const participants = [{ communicationIdentifier: { rawId: emulator.users.alex.id } }];
		return (await clientOf("jane").createThread({ topic: "Lunch", participants })).chatThread.id`)
	assert.Equal(t, "Hi", second.emulate("", open+`
		await clientOf("alex").sendMessage("`+thread+`", { content: "Hi" });
		for await (const { content } of clientOf("alex").listMessages("`+thread+`")) return content.message;`))
	assert.Equal(t, "Hi", first.emulate("", `for await (const { content } of clientOf("jane").listMessages("`+thread+`")) return content.message;`))
	first.emulate("", `emulator.close(); return ""`)
	assert.Equal(t, "Lunch", second.emulate("", `return (await clientOf("alex").getThread("`+thread+`")).topic`))
	second.emulate("", `await emulator.reset(); emulator.close(); return ""`)
	first.requireQuiet()
	second.requireQuiet()
}

// TestEmulatorOfATabThatEnds checks that a shared emulator ends with its last page although another page has ended without close.
func TestEmulatorOfATabThatEnds(t *testing.T) {
	server := blank(t, strict)
	first, second := openTab(t, server.URL+"/blank"), openTab(t, server.URL+"/blank")
	const open = `globalThis.emulator = (await Promise.all([createEmulator({ users: ["jane"], shared: "a tab that ends", persist: "a tab that ends" }), initialize()]))[0];`
	second.emulate("", open+`
		await clientOf("jane").createThread({ topic: "Lunch" });
		emulator.fail({ operation: "getThread", hang: true });
		clientOf("jane").getThread("19:x").catch(() => {}); // in flight when the tab ends
		return "";`)
	first.emulate("", open+`return "";`)
	require.NoError(t, chromedp.Cancel(second.ctx)) // closes the tab
	assert.Equal(t, "another emulator with 1 thread", first.emulate("", `
		emulator.close();
		const other = await createEmulator({ users: ["jane"], persist: "a tab that ends" }); // the shared one has let the database go
		const jane = createClient({ endpoint: other.endpoint, token: other.users.jane.token, fetch: other.fetch });
		const threads = await Array.fromAsync(jane.listThreads());
		other.close();
		return other.runsIn === "worker" ? "another emulator with " + threads.length + " thread" : other.runsIn;`))
	first.requireQuiet()
}

// TestEmulatorOfATabThatEndsEarly checks that a page that ends while the emulator starts leaves nothing behind.
func TestEmulatorOfATabThatEndsEarly(t *testing.T) {
	server := blank(t, strict)
	first, second := openTab(t, server.URL+"/blank"), openTab(t, server.URL+"/blank")
	const options = `{ users: ["jane"], shared: "early", persist: "early" }`
	first.emulate("", `new SharedWorker("/emulator_worker.js", { type: "module" }); return ""`) // keeps the worker
	second.emulate("", `createEmulator(`+options+`); await new Promise((resolve) => setTimeout(resolve, 100)); return ""`)
	require.NoError(t, chromedp.Cancel(second.ctx)) // closes the tab
	assert.Equal(t, "worker", first.emulate("", `
		const emulator = await createEmulator({ persist: "early" });
		emulator.close();
		return emulator.runsIn;`))
	first.requireQuiet()
}
