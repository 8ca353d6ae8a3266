//go:build js && wasm

package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestLongArguments checks that very long arguments are refused before they are encoded, which would take seconds.
func TestLongArguments(t *testing.T) {
	const client = describe + `
		const fetch = async () => new Response('{"id":"1","chatThread":{"id":"19:x"}}', { status: 201 });
		const client = createClient({ endpoint: "https://x.example", token: "abc", fetch, retry: false });
		const text = (length) => "x".repeat(length), huge = text(2e8), mi = 1024 * 1024;
		const { signal } = new AbortController();
	`
	for _, row := range []struct{ name, script, target string }{
		{"content", `client.sendMessage("19:x", { content: huge })`, "content"},
		{"content with a signal", `client.sendMessage("19:x", { content: huge }, { signal, checkLimits: false })`, "content"},
		{"content just too long", `client.sendMessage("19:x", { content: text(mi) }, { checkLimits: false })`, "content"},
		{"metadata", `client.sendMessage("19:x", { content: "x", metadata: { a: text(1e6), b: text(1e6), c: "x" } })`, "metadata.b"},
		{"the name of the second participant", `client.addParticipants("19:x", { participants: [{ communicationIdentifier: "8:acs:a" }, { communicationIdentifier: "8:acs:b", displayName: huge }] })`, "participants[1].displayName"},
		{"an array with 200 million holes", `client.addParticipants("19:x", { participants: Array(2e8) })`, "participants"},
		{"a million empty strings", `client.addParticipants("19:x", { participants: Array(1e6).fill("") })`, "participants[65535]"},
		{"a typed array", `client.sendMessage("19:x", { content: new Uint8Array(1e8) })`, "content"},
		{"the name of a member", `client.sendMessage("19:x", { content: "x", metadata: { [text(1e7)]: "x" } })`, "metadata"},
		{"the result of toJSON", `client.sendMessage("19:x", { content: "x", metadata: { a: new (class { toJSON() { return huge; } })() } })`, "metadata.a"},
		{"a thread id", `client.getThread(huge)`, "threadId"},
		{"a message id", `client.getMessage("19:x", huge)`, "messageId"},
		{"a raw id", `client.removeParticipant("19:x", huge)`, "identifier"},
		{"an option", `client.sendMessage("19:x", { content: "x" }, { idempotencyToken: huge })`, "options.idempotencyToken"},
		{"an option of a client", `createClient({ endpoint: "https://x.example", token: huge, fetch }).getThread("19:x")`, "token"},
		{"an option of a list", `client.listMessages("19:x", { startTime: huge })[Symbol.asyncIterator]().next()`, "options.startTime"},
		{"a nextLink", `client.listMessages("19:x").byPage({ nextLink: huge })[Symbol.asyncIterator]().next()`, "nextLink"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := page[struct {
				outcome
				Milliseconds float64
			}](t, nil, client+`
				const begin = performance.now(), promise = `+row.script+`;
				const milliseconds = performance.now() - begin;
				return { ...(await fails(promise)), milliseconds: Math.max(milliseconds, performance.now() - begin) };`)
			assert.Equal(t, "InvalidArgument", got.Code, "%+v", got.outcome)
			assert.Equal(t, row.target, got.Target, got.Message)
			assert.Less(t, got.Milliseconds, 20_000.0, "milliseconds; encoding them would take longer")
		})
	}
	assert.Equal(t, "1", page[string](t, nil, client+`
		await client.createThread({ topic: "x", participants: Array(200).fill({ communicationIdentifier: "8:acs:x", displayName: text(200) }) });
		return (await client.sendMessage("19:x", { content: text(1e5) }, { signal, checkLimits: false })).id`), "long texts within the limits")
	assert.Equal(t, "28672 TokenError NetworkError", page[string](t, nil, client+`
		const sent = [];
		const keep = async (url, { body }) => (sent.push(JSON.parse(body).content.length), new Response('{"id":"1"}', { status: 201 }));
		await client.sendMessage("19:x", { content: text(28 * 1024) }, { fetch: keep });
		const { code } = await createClient({ endpoint: "https://x.example", token: async () => huge, fetch, retry: false }).getThread("19:x").catch((e) => e);
		const failed = await client.getThread("19:x", { fetch() { throw huge } }).catch((e) => e);
		return [sent, code, failed.message.length < 1000 && failed.code].join(" ")`))
}
