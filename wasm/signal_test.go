//go:build js && wasm

package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// countedSignal is script text. It makes a signal, and counts its listeners: listeners is the present number, most is the highest so far.
const countedSignal = `
	const controller = new AbortController(), { signal } = controller;
	let listeners = 0, most = 0;
	const { addEventListener, removeEventListener } = signal;
	signal.addEventListener = (...args) => { most = Math.max(most, ++listeners); addEventListener.apply(signal, args); };
	signal.removeEventListener = (...args) => { listeners--; removeEventListener.apply(signal, args); };
`

// TestCallsShareOneListener is about Node, which warns about more than ten listeners on one signal.
func TestCallsShareOneListener(t *testing.T) {
	got := page[struct {
		Listeners, Most int
		Reasons         []string
		Order           []int
		Left            int
	}](t, nil, countedSignal+`
		const fetch = async (url) => url.includes("hang") ? new Promise(() => {}) : new Response('{"id":"19:x"}');
		const clients = Array.from({ length: 2 }, () => createClient({ endpoint: "https://x.example", token: "abc", fetch }));
		const order = [];
		const hanging = Array.from({ length: 50 }, (_, i) =>
			clients[i % 2].getThread("hang", { signal }).catch((reason) => { order.push(i); return reason; }));
		for (const client of clients) await Promise.all(Array.from({ length: 50 }, () => client.getThread("19:x", { signal })));
		const during = listeners;
		controller.abort("enough");
		const reasons = [...new Set(await Promise.all(hanging))];
		return { listeners: during, most, reasons, order, left: listeners };
	`)
	if !isBare {
		assert.Equal(t, 1, got.Listeners, "while calls are in flight")
		assert.Equal(t, 1, got.Most)
	}
	assert.Equal(t, []string{"enough"}, got.Reasons)
	assert.Len(t, got.Order, 50)
	assert.IsIncreasing(t, got.Order, "the calls end in the order of their start")
	assert.Zero(t, got.Left, "after all calls have ended")
	assert.Empty(t, calls)
}

// TestSignalIsReused checks that a signal aborts a call that starts after its earlier calls have ended.
func TestSignalIsReused(t *testing.T) {
	got := page[[]any](t, nil, countedSignal+`
		let hangs = false;
		const fetch = async () => hangs ? new Promise(() => {}) : new Response('{"id":"19:x"}');
		const client = createClient({ endpoint: "https://x.example", token: "abc", fetch });
		await client.getThread("19:x", { signal });
		const between = listeners;
		hangs = true;
		const call = client.getThread("19:x", { signal });
		const other = client.getThread("19:x", { signal: new AbortController().signal }).catch(({ code }) => code);
		controller.abort("enough");
		const reason = await call.catch((reason) => reason);
		client.close();
		return [between, reason, listeners, await other];
	`)
	assert.Equal(t, []any{0.0, "enough", 0.0, "Closed"}, got)
}
