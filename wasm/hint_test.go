//go:build js && wasm

package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// Hints name what JavaScript has, and fit the cause.
func TestHints(t *testing.T) {
	for _, row := range []struct{ name, script, hint string }{
		{"a token callback that throws", `fails(client({ token() { throw new Error("session expired") } }).getThread("19:x"))`, "Your token callback failed. error.cause is what it threw."},
		{"a token callback that gives an object", `fails(client({ token: async () => ({ token: "abc" }) }).getThread("19:x"))`, "Pass only the token"},
		{"a token callback that is slow", `fails(client({ token: () => new Promise(() => {}) }).getThread("19:x", { timeoutMs: 5 }))`, "Your token callback took too long."},
		{"a fixed token that is refused", `fails(client({ fetch: async () => new Response("", { status: 401 }) }).getThread("19:x"))`, "With a token callback, the client asks for a new token."},
		{"a message that is refused", `fails(client({ fetch: async () => new Response("", { status: 403 }) }).sendMessage("19:x", { content: "x" }))`, "Possible causes: you are not a participant"},
		{"no answer", `fails(client({ fetch: async () => { throw new TypeError("Failed to fetch") }, retry: false }).getThread("19:x"))`, "CORS"},
		{"an idempotency token", `fails(client().sendMessage("19:x", { content: "x" }, { idempotencyToken: "short" }))`, "Recommended: newIdempotencyToken()"},
		{"an option that does not exist", `fails(client().getThread("19:x", { timeout: 5 }))`, "chat.d.ts"},
		{"the id of the official SDK", `fails(client().addParticipants("19:x", { participants: [{ id: { communicationUserId: "8:acs:a" } }] }))`, "did you mean communicationIdentifier?"},
		{"a client that is closed", `(() => { const c = client(); c.close(); return fails(c.getThread("19:x")); })()`, "Create a new client."},
	} {
		got := page[outcome](t, nil, describe+`
			const client = (more) => createClient({ endpoint: "http://localhost:8081", token: "abc", fetch: async () => new Response("{}"), ...more });
			return `+row.script)
		assert.Contains(t, got.Hint, row.hint, row.name)
	}
}
