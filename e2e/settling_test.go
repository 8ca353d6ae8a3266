//go:build !js

package e2e

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
)

// plantFailures is a script that wraps built-ins before chat.js is loaded. A wrapped built-in throws once if fail is part of its name and argument.
const plantFailures = `
	globalThis.fail = "";
	const planted = (name, argument = "") => {
		if (fail === "" || !(name + " " + argument).includes(fail)) return;
		fail = "";
		throw new Error(name + " fails");
	};
	const { parse } = JSON;
	JSON.parse = (text) => (planted("parse", text), parse(text));
	globalThis.AbortController = class extends AbortController { constructor() { planted("AbortController"); super(); } };
	const { decode } = TextDecoder.prototype;
	TextDecoder.prototype.decode = function (...args) { const text = decode.apply(this, args); planted("decode", text); return text; };
`

// TestEveryPromiseIsSettled checks that a failure between the program and the page rejects the call, and that the next call works.
func TestEveryPromiseIsSettled(t *testing.T) {
	tab := openTab(t, blank(t, strict).URL+"/blank")
	tab.run(chromedp.Evaluate("{"+plantFailures+"}", nil))
	tab.load(`
		await initialize();
		const fetch = async () => new Response('{"id":"1","chatThread":{"id":"19:x"}}', { status: 201 });
		globalThis.client = createClient({ endpoint: "https://x.example", token: "x", fetch, retry: false });
		globalThis.signal = new AbortController().signal;
		return ""`)
	for _, row := range []struct{ fail, script, want string }{
		{`parse {"id":"1"}`, `client.sendMessage("19:x", { content: "x" })`, "DeliveryUnknown"},
		{`parse {"id":"1"}`, `client.sendMessage("19:x", { content: "x" }, { signal })`, "DeliveryUnknown"},
		{`parse {"chatThread"`, `client.createThread({ topic: "x" })`, "InternalError"},
		{`parse {"chatThread"`, `client.createThread({ topic: "x" }, { signal })`, "InternalError"},
		{`decode {"chatThread"`, `client.createThread({ topic: "x" })`, "InternalError"},
		{`parse {"method"`, `client.createThread({ topic: "x" })`, "NetworkError"},
		{`decode {"method"`, `client.createThread({ topic: "x" })`, "NetworkError"},
		{`decode {"method"`, `client.createThread({ topic: "x" }, { signal })`, "NetworkError"},
		{`AbortController`, `client.createThread({ topic: "x" })`, "NetworkError"},
		{`AbortController`, `client.listThreads().byPage()[Symbol.asyncIterator]().next()`, "NetworkError"},
	} {
		var got string
		tab.evaluate(`(async () => {
			fail = `+"`"+row.fail+"`"+`;
			const code = await `+row.script+`.then(() => "fulfilled", ({ code }) => code);
			return [fail, code, (await client.sendMessage("19:x", { content: "x" })).id].join(" ");
		})()`, &got)
		assert.Equal(t, " "+row.want+" 1", got, "%s: %s", row.fail, row.script)
	}
	tab.requireQuiet()
}
