//go:build js && wasm

package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestLateTimer blocks the page for half a second, so that the timer of attempts with 100 ms is late. An answer or a token that comes soon
// after that still counts. The other attempts end.
func TestLateTimer(t *testing.T) {
	got := page[map[string]outcome](t, nil, describe+`
		const after = (ms, value) => new Promise((resolve) => setTimeout(resolve, ms, value));
		const client = (options) => createClient({ endpoint: "https://x.example", token: "abc", timeoutMs: 100, retry: false, ...options });
		const answer = () => new Response('{"id":"1"}', { status: 201 });
		const sends = (fetch, options) => client({ fetch, ...options }).sendMessage("19:x", { content: "x" });
		const promises = {
			answer: sends(() => after(700).then(answer)),
			token: sends(async () => answer(), { token: () => after(700, "abc") }),
			noAnswer: sends(() => new Promise(() => {})),
			noToken: sends(async () => answer(), { token: () => new Promise(() => {}) }),
		};
		await after(50);
		for (const end = performance.now() + 500; performance.now() < end;);
		const outcomes = {};
		for (const name in promises) outcomes[name] = await fails(promises[name]);
		return outcomes;
	`)
	for _, name := range []string{"answer", "token"} {
		assert.Equal(t, `fulfilled: {"id":"1"}`, got[name].Value, "%s: %+v", name, got[name])
	}
	assert.Equal(t, "DeliveryUnknown", got["noAnswer"].Code)
	require.NotNil(t, got["noAnswer"].Cause)
	assert.Contains(t, got["noAnswer"].Cause.Message, "within 100 ms")
	assert.Equal(t, "Timeout", got["noToken"].Code)
	assert.Contains(t, got["noToken"].Message, "no token within 100 ms")
}
