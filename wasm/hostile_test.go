//go:build js && wasm

package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestHostilePages checks the effects of unusual and hostile code in a page.
func TestHostilePages(t *testing.T) {
	wantSignalThrows := "fulfilled,1"
	if isBare {
		wantSignalThrows = "true,1"
	}
	for _, row := range []struct{ name, script, want string }{
		{"several arguments that are too long", `const long = "\u0001".repeat(700000);
			await code(client.sendMessage(long, { content: long }, { checkLimits: false }));
			await code(client.listMessages(long, { apiVersion: long })[Symbol.asyncIterator]().next());
			return (await client.sendMessage("19:x", { content: "x" })).id`, "1"},
		{"more arguments than the method has", `const long = "€".repeat(1e6); return (await client.sendMessage("19:x", { content: "x" }, {}, long, long, long)).id`, "1"},
		{"settings of byPage that throw, after the token callback ran", `const own = make({ token: async () => "abc" });
			await own.getThread("19:x");
			return message(own.listMessages("19:x").byPage({ get nextLink() { throw new Error("planted"); } })[Symbol.asyncIterator]().next())`, "listMessages: byPage cannot be read: Error: planted"},
		{"two arguments that throw: the first is reported", `return message(client.sendMessage({ get a() { throw new Error("one"); } }, { get b() { throw new Error("two"); } }))`, "sendMessage: threadId cannot be read: Error: one"},
		{"a nextLink beyond ASCII", `const pages = client.listMessages("19:x").byPage({ nextLink: "https://x.example/a?b=é€😀" });
			await pages[Symbol.asyncIterator]().next(); return urls.pop()`, "https://x.example/a?b=é€😀"},
		{"a signal whose reason throws", `const signal = { aborted: true, addEventListener() {}, removeEventListener() {}, get reason() { throw new Error("planted"); } };
			return code(client.getThread("19:x", { signal }))`, "InternalError"},
		{"a signal that throws after the list was made", `let aborted = false;
			const signal = { get aborted() { if (aborted) throw new Error("planted"); return false; }, addEventListener() {}, removeEventListener() {} };
			const it = client.listMessages("19:x", { signal })[Symbol.asyncIterator]();
			aborted = true;
			const first = await it.next().then(() => "fulfilled", (e) => e instanceof ChatError);
			return [first, (await client.sendMessage("19:x", { content: "x" })).id].join()`, wantSignalThrows},
		{"a reason that is null", `const c = new AbortController(), p = client.getThread("hang", { signal: c.signal }).catch((e) => String(e)); c.abort(null); return p`, "null"},
		{"an abort by a getter of the arguments", `const c = new AbortController(), before = urls.length;
			const ended = await client.sendMessage("19:x", { content: "x" }, { signal: c.signal, get timeoutMs() { c.abort("stop"); return 1000; } }).catch((e) => e);
			return [ended, urls.length - before].join()`, "stop,0"},
		{"names with a byte order mark, half a surrogate pair and a line break", `const names = { "\ufeffa": "1", "\ud800": "2", "b\nc": "3" };
			await client.sendMessage("19:x", { content: "x", metadata: names });
			return JSON.stringify(JSON.parse(bodies.pop()).metadata)`, "{\"b\\nc\":\"3\",\"\ufeffa\":\"1\",\"\ufffd\":\"2\"}"},
		{"a function under a name with a line break", `return message(client.sendMessage("19:x", { content: "x", metadata: { "a\nb": () => 1 } }))`, `sendMessage: metadata.a\nb must not be a function`},
		{"toJSON on prototypes without a class", `function Old() {} Old.prototype = { toJSON() { return { content: "converted" }; } };
			await client.sendMessage("19:x", new Old()); await client.sendMessage("19:x", Object.create({ toJSON() { return { content: "created" }; } }));
			return bodies.slice(-2).map((body) => JSON.parse(body).content).join()`, "converted,created"},
		{"a member named length", `await client.sendMessage("19:x", { content: "x", metadata: { length: "5000000" } }); return bodies.pop()`, `{"content":"x","metadata":{"length":"5000000"}}`},
		{"listeners are removed after empty pages", `let listeners = 0;
			const { signal } = new AbortController(), { addEventListener, removeEventListener } = signal;
			signal.addEventListener = (...args) => { listeners++; addEventListener.apply(signal, args); };
			signal.removeEventListener = (...args) => { listeners--; removeEventListener.apply(signal, args); };
			let n = 0;
			const own = make({ fetch: async () => new Response(JSON.stringify({ value: [], ...(++n < 5 && { nextLink: "https://x.example/" + n }) })) });
			for await (const item of own.listThreads({ signal })) throw item;
			return [n, listeners].join()`, "5,0"},
		{"setters on Object.prototype that throw", `const set = () => { throw new Error("inherited"); };
			const names = ["cause", "signal", "body", "forceRefresh", "next", "return", "byPage", "close"];
			for (const name of names) Object.defineProperty(Object.prototype, name, { configurable: true, get: () => undefined, set });
			try {
				const own = make({ token: async ({ forceRefresh, signal }) => (forceRefresh === false && signal instanceof AbortSignal ? "abc" : "") });
				const failed = await own.getThread("19:x", { fetch: async () => { throw new TypeError("planted"); } }).catch((e) => e.cause.message);
				const { value } = await own.listMessages("19:x").byPage()[Symbol.asyncIterator]().next();
				own.close();
				return [failed, value.value.length].join();
			} finally {
				for (const name of names) delete Object.prototype[name];
			}`, "planted,0"},
	} {
		t.Run(row.name, func(t *testing.T) {
			assert.Equal(t, row.want, page[string](t, nil, `
				const urls = [], bodies = [];
				const fetch = async (url, { body }) => {
					urls.push(url);
					bodies.push(body);
					return url.includes("hang") ? new Promise(() => {}) : new Response('{"id":"1","value":[]}', { status: body === undefined ? 200 : 201 });
				};
				const make = (options) => createClient({ endpoint: "https://x.example", token: "abc", fetch, retry: false, ...options });
				const client = make();
				const code = (promise) => promise.then(() => "fulfilled", ({ code }) => code);
				const message = (promise) => promise.then(() => "fulfilled", ({ message }) => message);
				`+row.script))
			assert.Empty(t, calls)
		})
	}
}
