//go:build !js

package e2e

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
)

// callsOfEveryKind is a script that initializes the client, replaces built-ins, and makes calls of every kind. The names of the built-ins and
// their replacement are filled in.
const callsOfEveryKind = `
	await initialize();
	const { asyncIterator } = Symbol, { defineProperty } = Object, BuiltInProxy = Proxy, BuiltInError = Error;
	const signal = { aborted: false, addEventListener() {}, removeEventListener() {} };
	const code = async (promise) => { try { await promise; return "fulfilled"; } catch (e) { return e.name === "ChatError" ? e.code : e.name; } };
	const texts = async (list) => {
		const found = [];
		for await (const message of list) {
			if (message === undefined || found.length > 9) return "endless undefined";
			if (message.type === "text") found.push(message.content.message);
		}
		return found.join("+");
	};
	let exchanges = 0;
	const made = () => createClient({ endpoint: %q, token: %q, onExchange: () => exchanges++ });
	const early = made(), results = [];
	const replacement = %s;
	for (const name of %s) {
		const [owner, member] = name.includes(".") ? name.split(".") : ["globalThis", name];
		const object = globalThis[owner];
		defineProperty(object, member, { configurable: true, writable: true, value: replacement(name, object[member]) });
	}
	for (const client of [early, made()]) {
		const { chatThread: { id } } = await client.createThread({ topic: "x" }, { signal });
		await client.sendMessage(id, { content: "one" }, { signal });
		await client.sendMessage(id, { content: "two" }, { idempotencyToken: newIdempotencyToken(), settleMs: 1 });
		await client.sendMessage(id, { content: "three", metadata: { long: "x".repeat(9999) } }, { idempotencyToken: true, checkLimits: false });
		results.push(
			await code(client.sendMessage("19:none@thread.v2", { content: "x" }, { signal })),
			await code(client.sendMessage("19:none@thread.v2", { content: "x" })),
			await code(client.sendMessage(id, { content: 1n })),
			await code(client.getThread(id, { signal: { ...signal, aborted: true } })),
			await code(client.getThread(id, { timeoutMs: 5, retry: false, fetch: () => ({ then() {} }) })),
			await code(client.getThread(id, { retry: false, fetch() { throw { toString: () => "planted" }; } })),
			await texts(client.listMessages(id)),
			await texts(client.listMessages(id, { signal })),
			await code(client.listMessages("19:none@thread.v2", { signal })[asyncIterator]().next()),
		);
		for await (const page of client.listMessages(id, { signal }).byPage()) results.push(page.value.length);
		for await (const message of client.watchMessages(id, { sinceVersion: "0" })) { results.push(typeof message.id); break; }
		client.close();
		results.push(await code(client.getThread(id)));
	}
	results.push(exchanges > 20, await code(initialize()), await code(initialize({ wasmURL: "/chat.wasm" })));
	return results.join()`

const outcomes = "NotFound,NotFound,InvalidArgument,AbortError,Timeout,NetworkError,three+two+one,three+two+one,NotFound,5,string,Closed,"

const (
	lookAlike = `(name, given) => name === "String" ? new BuiltInProxy(given, {}) : given.prototype ? class extends given {} : typeof given === "function" ? (...args) => given(...args) : given`
	thrower   = `(name) => { const fail = () => { throw new BuiltInError(name + " is used"); }; return new BuiltInProxy(function () {}, { get: fail, apply: fail, construct: fail }); }`

	builtIns = `"Promise", "Object", "JSON", "Symbol", "Function", "Error", "TypeError", "Map", "Set", "Number", "Boolean", "RegExp", "BigInt", "Proxy",
		"AbortController", "AbortSignal", "DOMException", "TextEncoder", "TextDecoder", "URL", "Uint32Array", "queueMicrotask", "structuredClone",
		"clearTimeout", "crypto", "Response", "Request", "Headers", "Intl"`
	// wasm_exec.js reads these at every call.
	goBuiltIns = `"Reflect", "Array", "DataView", "Uint8Array", "Uint8ClampedArray", "String", "Date", "Math", "performance", "setTimeout", "isNaN", "parseInt"`
	methods    = `"JSON.parse", "JSON.stringify", "Object.keys", "Object.values", "Object.assign", "Object.create", "Object.defineProperty",
		"Object.getOwnPropertyDescriptor", "Promise.resolve", "Promise.reject", "Promise.all", "Promise.withResolvers", "Array.isArray", "Array.of",
		"Number.isInteger", "Symbol.for", "Error.captureStackTrace", "Math.random", "Date.now", "crypto.getRandomValues", "Reflect.ownKeys"`
)

// TestReplacedBuiltIns checks that the client keeps working when the page replaces built-ins after initialize, as zone.js and polyfills do. In the
// package, this is also true for Go's support code.
func TestReplacedBuiltIns(t *testing.T) {
	site := newSite(t)
	loose := blank(t, "").URL
	for _, row := range []struct{ name, url, names, replacement string }{
		{"Promise alone", loose, `["Promise"]`, lookAlike},
		{"by equivalents", loose, "[" + builtIns + ", " + goBuiltIns + "]", lookAlike},
		{"by functions that throw", loose, "[" + builtIns + "]", thrower},
		{"methods", loose, "[" + methods + "]", thrower},
		{"in the package", packaged(t).URL, "[" + builtIns + ", " + goBuiltIns + "]", thrower},
	} {
		t.Run(row.name, func(t *testing.T) {
			tab := openTab(t, row.url+"/blank")
			got := tab.load(fmt.Sprintf(callsOfEveryKind, site.endpoint, site.emulator.NewUser().Token, row.replacement, row.names))
			assert.Equal(t, outcomes+outcomes+"true,fulfilled,fulfilled", got)
			tab.requireQuiet()
		})
	}
}
