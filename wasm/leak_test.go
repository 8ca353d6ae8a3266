//go:build js && wasm

package main

import (
	"reflect"
	"runtime"
	"syscall/js"
	"testing"

	"github.com/stretchr/testify/assert"
)

// funcs counts the js.Funcs that were ever made, by the number that the next one gets.
func funcs() int {
	f := js.FuncOf(func(js.Value, []js.Value) any { return nil })
	defer f.Release()
	return int(reflect.ValueOf(f).FieldByName("id").Uint())
}

// TestNothingIsLeftBehind: of ten thousand calls, in every way that they can end, with retries and look-ups, and of ten
// thousand clients.
func TestNothingIsLeftBehind(t *testing.T) {
	script := `
		let n = 0;
		const found = '{"value":[{"id":"1","type":"text","sequenceId":"1","version":"1","createdOn":"2026-01-02T03:04:05Z"}]}';
		const fetch = async (_, { method }) => {
			if (++n % 10 === 0) throw new TypeError("Failed to fetch");
			if (n % 31 === 0) return new Response(null, { status: 429 });
			if (method === "GET") return new Response(found);
			return new Response('{"id":"1"}', { status: n % 7 === 0 ? 403 : 201 });
		};
		const client = createClient({ endpoint: "https://x.example", token: async () => "abc", fetch, onExchange() {}, retry: { baseDelayMs: 0 }, settleMs: 0 });
		const { signal } = new AbortController();
		let listeners = 0;
		const { addEventListener, removeEventListener } = signal;
		signal.addEventListener = (...args) => (listeners++, addEventListener.apply(signal, args));
		signal.removeEventListener = (...args) => (listeners--, removeEventListener.apply(signal, args));
		for (let i = 0; i < calls; i += 100) {
			await Promise.allSettled(Array.from({ length: 100 }, (_, k) => client.sendMessage("19:x", k % 13 ? { content: "x" } : {}, {
				signal: k % 17 ? signal : AbortSignal.abort(), ...(k % 2 && { idempotencyToken: true }),
			})));
		}
		client.close();
		for (let i = 0; i < clients; i++) createClient({ endpoint: "https://x.example", token: "abc" }).close();
		return listeners;
	`
	page[int](t, map[string]any{"calls": 100, "clients": 1}, script)
	beforeClients, beforeFuncs, beforeGoroutines := len(clients), funcs(), runtime.NumGoroutine()
	assert.Zero(t, page[int](t, map[string]any{"calls": 10_000, "clients": 10_000}, script), "listeners on the signal")
	const ofThisTest = 2 + 1 // await's, and the one that counts
	assert.Equal(t, beforeFuncs+ofThisTest, funcs())
	assert.Equal(t, beforeGoroutines, runtime.NumGoroutine())
	assert.Len(t, clients, beforeClients)
	assert.Empty(t, calls)
	assert.LessOrEqual(t, timer.due, now()+reuseMs)
}
