//go:build !js

package e2e

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestArguments checks what unusual arguments become: the request's body or an error.
func TestArguments(t *testing.T) {
	site := newSite(t)
	tab := site.openClient(t, site.emulator.NewUser())
	tab.evaluate(`(async () => {
		globalThis.sent = [];
		globalThis.gone = { fetch: async () => new Response(null, { status: 204 }), retry: false };
		globalThis.kept = { fetch: async (url, { body }) => (sent.push(body), new Response('{"id":"1"}', { status: 201 })), retry: false };
	})()`, nil)
	for _, test := range []struct{ name, script, want string }{
		{"an empty answer to the first call", `client.deleteThread("19:x", gone)`, "undefined"},
		{"an empty answer after a long text", `client.updateMessage("19:x", "1", { content: "x".repeat(300000) }, { ...gone, checkLimits: false })`, "undefined"},
		{"a mock", `client.createThread(new Proxy({}, { get: () => () => undefined }))`, "InvalidArgument: createThread: request must be an object, not object"},
		{"toJSON that returns undefined", `client.createThread(Object.defineProperty({ topic: "x" }, "toJSON", { value: () => undefined }))`, "InvalidArgument: createThread: request must be an object, not object"},
		{"a function in metadata", `client.sendMessage("19:x", { content: "x", metadata: { a() {} } })`, "InvalidArgument: sendMessage: metadata.a must not be a function"},
		{"an array with a function as a named member", `client.addParticipants("19:x", { participants: Object.assign(["8:acs:a"], { extra() {} }) })`, "InvalidArgument: addParticipants: participants[extra] must not be a function"},
		{"an array with its own every", `client.addParticipants("19:x", { participants: Object.assign([() => {}], { every: () => true }) })`, "InvalidArgument: addParticipants: participants[0] must not be a function"},
		{"options in an array", `client.getThread("19:x", [])`, "InvalidArgument: getThread: options must be an object, not an array"},
		{"options in an array with a signal", `client.getThread("19:x", [AbortSignal.abort()])`, "InvalidArgument: getThread: options must be an object, not an array"},
		{"a string as the signal", `client.getThread("19:x", { signal: "stop" })`, "InvalidArgument: getThread: options.signal must be an AbortSignal, not string"},
		{"a Date", `client.createThread(new Date(0))`, "InvalidArgument: createThread: request must be an object, not a string"},
		{"an invalid Date", `client.addParticipants("19:x", { participants: [{ communicationIdentifier: "8:acs:a", shareHistoryTime: new Date("x") }] })`, "InvalidArgument: addParticipants: participants[0].shareHistoryTime is an invalid Date"},
		{"an invalid Date in options", `client.listMessages("19:x", { startTime: new Date("x") })[Symbol.asyncIterator]().next()`, "InvalidArgument: listMessages: options.startTime is an invalid Date"},
		{"NaN", `client.getThread("19:x", { timeoutMs: NaN })`, "InvalidArgument: getThread: options.timeoutMs is NaN"},
		{"a circular structure", `{ const cycle = { topic: "x" }; cycle.cycle = cycle; client.createThread(cycle) }`, "InvalidArgument: createThread: request cannot be read: TypeError: circular structure"},
		{"too many arguments", `client.sendMessage("19:x", { content: "ä€😀" }, kept, "and", "more").then(() => sent.pop())`, `"{\"content\":\"ä€😀\"}"`},
		{"a Math.random that a test has replaced", `(async () => {
			const { random } = Math;
			Math.random = () => undefined;
			const flaky = async (url, { body }) => (sent.push(body) % 2 ? new Response(null, { status: 429 }) : new Response('{"id":"1"}', { status: 201 }));
			sent.length = 0;
			return client.sendMessage("19:x", { content: "x" }, { fetch: flaky, retry: { baseDelayMs: 1 } }).finally(() => { Math.random = random; });
		})()`, `{"id":"1"}`},
		{"an instance of a class", `client.sendMessage("19:x", new (class { content = "x" })(), kept).then(() => sent.pop())`, `"{\"content\":\"x\"}"`},
		{"half a surrogate pair", `client.sendMessage("19:x", { content: "\ud83d" }, kept).then(() => sent.pop())`, "\"{\\\"content\\\":\\\"\ufffd\\\"}\""},
		{"a getter that calls the client", `client.sendMessage("19:x", { get content() { client.getThread("").catch(() => {}); return "x"; } }, kept).then(() => sent.pop())`, `"{\"content\":\"x\"}"`},
	} {
		var got string
		tab.evaluate(`(async () => String(JSON.stringify(await eval(`+"`"+test.script+"`"+`))))().catch(({ code, message }) => code + ": " + message)`, &got)
		assert.Contains(t, got, test.want, test.name)
	}
	tab.requireQuiet()
}

// TestRefusedCalls checks that ten thousand calls with bad arguments do not leak memory.
func TestRefusedCalls(t *testing.T) {
	site := newSite(t)
	tab := site.openClient(t, site.emulator.NewUser())
	var bytes []int
	tab.evaluate(`(async () => {
		const bytes = [];
		for (let half = 0; half < 2; half++) {
			for (let i = 0; i < 5000; i++) await client.sendMessage("19:x", { content: 5 }).catch(() => {});
			bytes.push(wasmBytes());
		}
		return bytes;
	})()`, &bytes)
	t.Logf("WebAssembly memory after 5,000 and 10,000: %d", bytes)
	assert.LessOrEqual(t, bytes[1], bytes[0]+1_000_000, "bytes; up to 200 per call, because the time of garbage collection varies")
	assert.Less(t, bytes[1], 10_000_000, "8.9 MB with another Go than 1.26, which has the default GOGC")
	tab.requireQuiet()
}

// TestLongArguments checks that very long texts are refused before they are encoded.
func TestLongArguments(t *testing.T) {
	site := newSite(t)
	tab := site.openClient(t, site.emulator.NewUser())
	tab.evaluate(`(async () => {
		globalThis.huge = "x".repeat(2e8);
		globalThis.signal = new AbortController().signal;
		globalThis.create = (options) => import("./chat.js").then(({ createClient }) => createClient({ endpoint: "https://x.example", token: "x", ...options }));
		globalThis.kept = { fetch: async (url, { body }) => new Response(JSON.stringify({ id: String(JSON.parse(body).content.length) }), { status: 201 }), checkLimits: false };
	})()`, nil)
	const refused = "InvalidArgument: sendMessage: content is too long: the strings of one argument are limited to 1048576 characters in all"
	for _, row := range []struct{ name, script, want string }{
		{"content", `client.sendMessage("19:x", { content: huge })`, refused},
		{"content with a signal", `client.sendMessage("19:x", { content: huge }, { signal, checkLimits: false })`, refused},
		{"content just above the limit", `client.sendMessage("19:x", { content: "x".repeat(2 ** 20) }, kept)`, refused},
		{"content just below the limit", `client.sendMessage("19:x", { content: "x".repeat(2 ** 20 - 16) }, kept)`, `{"id":"1048560"}`},
		{"100 KB", `client.sendMessage("19:x", { content: "x".repeat(100000) }, { ...kept, signal })`, `{"id":"100000"}`},
		{"a thread id", `client.getThread(huge)`, "threadId is too long"},
		{"an option", `client.getThread("19:x", { apiVersion: huge })`, "options.apiVersion is too long"},
		{"an option of a list", `client.listMessages("19:x", { startTime: huge })[Symbol.asyncIterator]().next()`, "options.startTime is too long"},
		{"a token", `create({ token: huge })`, "InvalidArgument: createClient: token is too long"},
		{"an answer", `client.getThread("19:x", { retry: false, fetch: async () => ({ status: 200, text: async () => huge }) })`, "NetworkError: getThread: no answer"},
	} {
		var got struct {
			Result       string
			Milliseconds float64
		}
		tab.evaluate(`(async () => {
			const begin = performance.now();
			const result = await (async () => JSON.stringify(await `+row.script+`))().catch(({ code, message }) => code + ": " + message);
			return { result, milliseconds: performance.now() - begin };
		})()`, &got)
		assert.Contains(t, got.Result, row.want, row.name)
		assert.Less(t, got.Milliseconds, 2000.0, row.name)
		t.Logf("%s: %.0f ms", row.name, got.Milliseconds)
	}
	tab.requireQuiet()
}
