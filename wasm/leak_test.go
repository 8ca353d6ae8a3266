//go:build js && wasm

package main

import (
	"reflect"
	"runtime"
	"syscall/js"
	"testing"

	"github.com/stretchr/testify/assert"
)

// madeFuncs returns how many js.Funcs were ever made: the ID of the next one.
func madeFuncs() int {
	f := js.FuncOf(func(js.Value, []js.Value) any { return nil })
	defer f.Release()
	return int(reflect.ValueOf(f).FieldByName("id").Uint())
}

// TestNoLeaks makes a thousand calls (with -long ten thousand), which end in every possible way, with retries and lookups, and
// as many clients.
func TestNoLeaks(t *testing.T) {
	count := 1000
	if *long {
		count = 10_000
	}
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
	beforeClients, beforeFuncs, beforeGoroutines := len(clients), madeFuncs(), runtime.NumGoroutine()
	assert.Zero(t, page[int](t, map[string]any{"calls": count, "clients": count}, script), "listeners on the signal")
	const ownFuncs = 2 + 1 // two in await, one in madeFuncs
	assert.Equal(t, beforeFuncs+ownFuncs, madeFuncs())
	assert.Equal(t, beforeGoroutines, runtime.NumGoroutine())
	assert.Len(t, clients, beforeClients)
	assert.Empty(t, calls)
	assert.LessOrEqual(t, timer.due, now()+reuseMs)
}
