//go:build js && wasm

package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestPatchedToJSON checks that a toJSON that the page adds to a built-in prototype has no effect, and that toJSON of the page's own classes
// is called.
func TestPatchedToJSON(t *testing.T) {
	got := page[[][]string](t, nil, describe+`
		class Named { constructor(name) { this.name = name; } toJSON() { return { communicationIdentifier: this.name, displayName: this.name }; } }
		const frame = document.body.appendChild(document.createElement("iframe"));
		const OtherDate = frame.contentWindow.Date, OtherArray = frame.contentWindow.Array;
		const send = async () => {
			const bodies = [], fetch = async (url, { body }) => (bodies.push(body), new Response('{"id":"1","chatThread":{"id":"19:x"}}', { status: 201 }));
			const client = createClient({ endpoint: "https://x.example", token: "abc", fetch });
			const shareHistoryTime = new Date(0);
			await client.createThread({ topic: "x", participants: [{ communicationIdentifier: "8:acs:a", shareHistoryTime }, new Named("8:acs:b")] }, { idempotencyToken: "0123456789abcdef" });
			await client.addParticipants("19:x", { participants: OtherArray.of({ communicationIdentifier: "8:acs:c", shareHistoryTime: new OtherDate(1) }) });
			await client.sendMessage("19:x", { content: "x", metadata: { link: new URL("https://x.example/a"), two: "2" } }, { timeoutMs: 1000 });
			bodies.push((await fails(client.sendMessage("19:x", { content: 1n }))).message);
			bodies.push((await fails(client.sendMessage("19:x", { content: "x", metadata: { a: new Date(NaN) } }))).code);
			bodies.push((await fails(client.sendMessage("19:x", { content: new Map() }))).code);
			return bodies;
		};
		const results = [await send()], { defineProperty, getOwnPropertyDescriptor } = Object;
		const classes = [Array, Object, Date, BigInt, String, Number, Boolean, Map, URL, Function, RegExp, OtherDate, OtherArray];
		for (const of of [...classes.map((one) => [one]), classes]) {
			const earlier = of.map(({ prototype }) => [prototype, getOwnPropertyDescriptor(prototype, "toJSON")]);
			for (const [prototype] of earlier) {
				defineProperty(prototype, "toJSON", { configurable: true, writable: true, value() { return "patched"; } });
			}
			try {
				results.push(await send());
			} finally {
				for (const [prototype, descriptor] of earlier) {
					if (descriptor) defineProperty(prototype, "toJSON", descriptor); else delete prototype.toJSON;
				}
			}
		}
		frame.remove();
		return results;
	`)
	want := []string{
		`{"topic":"x","participants":[{"communicationIdentifier":{"rawId":"8:acs:a","communicationUser":{"id":"8:acs:a"}},"shareHistoryTime":"1970-01-01T00:00:00.000Z"},` +
			`{"communicationIdentifier":{"rawId":"8:acs:b","communicationUser":{"id":"8:acs:b"}},"displayName":"8:acs:b"}]}`,
		`{"participants":[{"communicationIdentifier":{"rawId":"8:acs:c","communicationUser":{"id":"8:acs:c"}},"shareHistoryTime":"1970-01-01T00:00:00.001Z"}]}`,
		`{"content":"x","metadata":{"link":"https://x.example/a","two":"2"}}`,
		"sendMessage: content must not be a bigint", "InvalidArgument", "InvalidArgument",
	}
	for i, bodies := range got {
		assert.Equal(t, want, bodies, "patch %d", i)
	}
}
