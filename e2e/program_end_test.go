//go:build !js

package e2e

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// sending is script text for calls that get no answer. report(name, promise) records the outcome of a call.
const sending = `
	await initialize();
	const posts = [], outcomes = [];
	let threads = 0, onPost;
	const posted = (count) => new Promise((resolve) => { (onPost = () => posts.length === count && resolve())(); });
	const fetch = (url, { method, body }) => {
		if (url.includes("lookedUp")) return new Promise(() => {});
		if (method === "GET") return Promise.resolve(new Response('{"value":[{"id":"1","type":"text","sequenceId":"1","version":"1"}]}'));
		if (!url.includes("/messages")) threads++;
		else posts.push(body), onPost?.();
		return new Promise(() => {});
	};
	const client = createClient({ endpoint: "https://x.example", token: "x", fetch, settleMs: 1 });
	const tokenless = createClient({ endpoint: "https://x.example", token: () => new Promise(() => {}), fetch });
	const { signal } = new AbortController();
	const tokenOf = ({ idempotencyToken: token }) => token === undefined ? "" : " with " + token;
	const report = (name, promise) => outcomes.push(promise.then(() => name + " fulfilled", (e) => name + " " + e.code + tokenOf(e) +
		(e instanceof ChatError && (e.code === "InternalError" ? e.hint : e.cause?.code + e.cause?.cause?.name === "InternalErrorRangeError") ? "" : " wrong")));
	const send = (name, options) => report(name, client.sendMessage("19:x", { content: name }, options));
	const overflow = (call) => {
		const recurse = () => { call(); recurse(); };
		try { recurse(); } catch (e) { return e.name; }
	};
`

// TestProgramEndsWhileItSends checks the errors of calls in flight when a stack overflow inside the program ends it. Messages that were given to
// fetch may have been sent.
func TestProgramEndsWhileItSends(t *testing.T) {
	tab := openTab(t, blank(t, strict).URL+"/blank")
	got := tab.load(sending + `
		for (const more of [{}, { signal }]) {
			send("none", { timeoutMs: 1e6, ...more });
			send("made", { idempotencyToken: true, ...more });
			send("own", { idempotencyToken: signal === more.signal ? "0123456789abcdef-signal" : "0123456789abcdef", ...more });
		}
		report("thread", client.createThread({ topic: "x" }));
		report("list", client.listMessages("19:lookedUp")[Symbol.asyncIterator]().next());
		report("token", tokenless.sendMessage("19:x", { content: "x" }, { idempotencyToken: true }));
		report("lookup", client.sendMessage("19:lookedUp", { content: "x" }, { idempotencyToken: "fedcba9876543210" }));
		await posted(6);
		send("begun", { idempotencyToken: true });
		const left = overflow(() => client.createThread({ topic: "x" }).catch(() => {}));
		const found = await Promise.all(outcomes);
		await new Promise((resolve) => setTimeout(resolve)); // gives started calls time to continue
		const made = posts.map((body) => JSON.parse(body)).filter(({ content }) => content === "made").map(({ metadata }) => metadata["acschat.idempotencyToken"]);
		return [left, posts.length, threads, ...found].join("\n").replace(made[0], "the first").replace(made[1], "the second")`)
	assert.Equal(t, `RangeError
6
1
none DeliveryUnknown
made DeliveryUnknown with the first
own DeliveryUnknown with 0123456789abcdef
none DeliveryUnknown
made DeliveryUnknown with the second
own DeliveryUnknown with 0123456789abcdef-signal
thread InternalError
list InternalError
token InternalError
lookup InternalError
begun InternalError`, got)
}

// overflowing is script text. It makes the program's export acschat.call throw while overflows is true, and counts the calls from timers and
// listeners.
const overflowing = `
	const { instantiate } = WebAssembly;
	WebAssembly.instantiate = async (module, imports) => {
		const instance = await instantiate.call(WebAssembly, module, imports);
		if (!imports.gojs) return instance; // the part with the conversations
		const exports = { ...instance.exports, "acschat.call"(...args) {
			if (overflows) throw new RangeError("no room");
			return instance.exports["acschat.call"](...args);
		} };
		for (const name of ["acschat.abort", "acschat.elapsed"]) {
			exports[name] = (...args) => (entered++, instance.exports[name](...args));
		}
		return Object.create(instance, { exports: { value: exports } });
	};
	let overflows = false, entered = 0;
`

// TestProgramEndsWithoutStackLeft checks that promises are settled later if the stack has no room to settle them at once, even if no other call
// follows.
func TestProgramEndsWithoutStackLeft(t *testing.T) {
	tab := openTab(t, blank(t, strict).URL+"/blank")
	got := tab.load(overflowing + sending + `
		send("before", { idempotencyToken: "0123456789abcdef" });
		await posted(1);
		const { forEach } = Map.prototype;
		Map.prototype.forEach = () => { Map.prototype.forEach = forEach; throw new RangeError("nor for this"); };
		overflows = true;
		try { send("last", {}); } catch ({ message }) { outcomes.push(message); }
		return (await Promise.all(outcomes)).join()`)
	assert.Equal(t, "before DeliveryUnknown with 0123456789abcdef,nor for this", got)
}

// TestEndedProgramIsNotCalled checks that timers and listeners do not call a program that has ended.
func TestEndedProgramIsNotCalled(t *testing.T) {
	tab := openTab(t, blank(t, strict).URL+"/blank")
	tab.evaluate(`(() => {
		const { setTimeout } = globalThis;
		globalThis.timers = [];
		globalThis.setTimeout = (f, ...args) => (timers.push(f), setTimeout(f, ...args));
	})()`, nil)
	got := tab.load(overflowing + sending + `
		const controller = new AbortController();
		send("before", { signal: controller.signal, timeoutMs: 1 });
		await posted(1);
		overflows = true;
		send("last", {});
		const before = entered;
		for (const timer of [...timers]) timer();
		controller.abort();
		return [timers.length > 0, entered - before, ...(await Promise.all(outcomes))].join()`)
	assert.Equal(t, "true,0,before DeliveryUnknown,last InternalError", got)
	tab.requireQuiet()
}
