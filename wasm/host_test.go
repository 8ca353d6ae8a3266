//go:build js && wasm

package main

import (
	"syscall/js"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestUUIDs(t *testing.T) {
	id, err := uuid.Parse(newUUID())
	require.NoError(t, err)
	assert.Equal(t, uuid.Version(4), id.Version())
	assert.Equal(t, uuid.RFC4122, id.Variant())
	assert.NotEqual(t, id.String(), newUUID())

	before := unixMs()
	id, err = uuid.Parse(js.Global().Get("acsChat").Call("newIdempotencyToken").String())
	require.NoError(t, err)
	assert.Equal(t, uuid.Version(7), id.Version())
	assert.Equal(t, uuid.RFC4122, id.Variant())
	seconds, nanoseconds := id.Time().UnixTime()
	made := seconds*1000 + nanoseconds/1_000_000
	assert.True(t, made >= before && made <= unixMs(), made)
}

// TestWithoutPromiseWithResolvers is about browsers from before 2024.
func TestWithoutPromiseWithResolvers(t *testing.T) {
	withResolvers := promiseWithResolvers
	promiseWithResolvers = js.Undefined()
	defer func() { promiseWithResolvers = withResolvers }()

	em, values := emulated(t)
	page[any](t, values, `await createClient({ endpoint, token, fetch }).createThread({ topic: "x" })`+"; return null")
	assert.Len(t, em.Threads(), 1)
}

// TestReplacedBuiltIns checks that the bridge keeps working when the page replaces built-ins after the start.
func TestReplacedBuiltIns(t *testing.T) {
	withResolvers := promiseWithResolvers
	defer func() { promiseWithResolvers = withResolvers }()
	unusedWords = 0 // the next UUID needs new random numbers
	for _, promiseWithResolvers = range []js.Value{withResolvers, js.Undefined()} {
		em, values := emulated(t)
		assert.Equal(t, "NotFound,AbortError,NetworkError,one", page[string](t, values, `
			const { defineProperty, getOwnPropertyDescriptor } = Object, BuiltInError = Error, earlier = [];
			const replace = (object, name, value) => {
				earlier.push([object, name, getOwnPropertyDescriptor(object, name)]);
				defineProperty(object, name, { configurable: true, writable: true, value });
			};
			const code = async (promise) => { try { await promise; return "fulfilled"; } catch (e) { return e instanceof ChatError ? e.code : e.name; } };
			replace(globalThis, "Uint8Array", class extends Uint8Array {});
			for (const name of ["reject", "all", "withResolvers"]) replace(Promise, name, () => { throw new BuiltInError(name) });
			for (const name of ["Promise", "Object", "JSON", "Symbol", "Function", "Error", "AbortController", "DOMException", "Response", "Uint32Array", "structuredClone", "queueMicrotask", "clearTimeout"]) {
				replace(globalThis, name, class { constructor() { throw new BuiltInError(name) } });
			}
			const signal = { aborted: false, addEventListener() {}, removeEventListener() {} };
			try {
				const client = createClient({ endpoint, fetch, token: async () => token }), results = [];
				const { chatThread: { id } } = await client.createThread({ topic: "x" }, { signal });
				await client.sendMessage(id, { content: "one" }, { signal, idempotencyToken: true });
				results.push(
					await code(client.sendMessage("19:none@thread.v2", { content: "x" }, { signal })),
					await code(client.getThread(id, { signal: { ...signal, aborted: true } })),
					await code(client.getThread(id, { retry: false, fetch() { throw { toString: () => "planted" } } })),
				);
				for await (const message of client.listMessages(id, { signal })) { results.push(message.content.message); break; }
				return results.join();
			} finally {
				for (const [object, name, descriptor] of earlier.reverse()) defineProperty(object, name, descriptor);
			}
		`))
		assert.Len(t, em.Threads(), 1)
	}
}

// TestBadClient checks that createClient throws for bad options with chat.js. Without chat.js the client rejects every call.
func TestBadClient(t *testing.T) {
	got := page[outcome](t, nil, describe+`
		let client;
		try { client = acsChat.createClient({ endpoint: "https://x.example" }); } catch (e) { return { ...describe(e), value: "thrown" }; }
		client.close();
		await client.listThreads().byPage()[Symbol.asyncIterator]().next().catch(() => {});
		return fails(client.getThread("19:x"));
	`)
	assert.Equal(t, "InvalidArgument", got.Code)
	assert.Equal(t, "token", got.Target)
	assert.Equal(t, !isBare, got.Value == "thrown")
}

// TestChatErrorClass checks the class that Go defines for pages without chat.js.
func TestChatErrorClass(t *testing.T) {
	assert.Equal(t, "true true ChatError message 1", js.Global().Call("eval", `(() => {
		const e = new acsChat.ChatError("message", { code: 1 });
		return [e instanceof Error, e instanceof acsChat.ChatError, e.name, e.message, e.code].join(" ");
	})()`).String())
}
