//go:build !js

package e2e

import (
	"context"
	"flag"
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"

	"acschat/chatcore"
)

var long = flag.Bool("long", false, "TestSoak makes 20,000 calls instead of 4,000, TestSuspendedRenderer stops the renderer for 8 s instead of 1.6 s, and TestRestlessTabs sends 200 messages instead of 30")

// soakState is what a page holds while no call is in flight.
type soakState struct{ Bytes, Timers, Listeners int }

// TestSoak makes thousands of calls of all kinds in one page. One in twenty requests fails, in every possible way. The test checks that each call ends
// as it should, and that the second half of the calls leaks nothing.
func TestSoak(t *testing.T) {
	count := 4000
	if *long {
		count = 20_000
	}
	ctx, closeTab := chromedp.NewContext(browser)
	t.Cleanup(closeTab)
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute) // more than openTab allows
	t.Cleanup(cancel)
	tab := &tab{t: t, ctx: ctx}
	tab.run(emulation.SetFocusEmulationEnabled(true), chromedp.Navigate(blank(t, "").URL+"/blank"))
	var got struct {
		Half, End    soakState
		Verdicts     map[string]map[string]int // by method: how often each
		Faults       map[string]int            // by kind
		Wrong        []string
		Milliseconds float64
	}
	tab.evaluate(fmt.Sprintf(`(async (count) => {`+soak+`})(%d)`, count), &got)
	t.Logf("%d calls in %.1f s: %+v at half, %+v at the end; faults: %v", count, got.Milliseconds/1000, got.Half, got.End, got.Faults)
	for method, verdicts := range got.Verdicts {
		t.Logf("%s: %v", method, verdicts)
	}
	assert.Empty(t, got.Wrong)
	for _, method := range chatcore.Methods {
		assert.Contains(t, got.Verdicts, method.Name, "soak_test.go: the list calls has no %s", method.Name)
	}
	for method, verdicts := range got.Verdicts {
		assert.Greater(t, verdicts["resolves"], count/len(got.Verdicts)*3/4, method)
	}
	assert.Len(t, got.Faults, 12)
	for _, state := range []soakState{got.Half, got.End} {
		assert.Zero(t, state.Timers)
		assert.Zero(t, state.Listeners)
	}
	// The time of garbage collection varies. The tolerance is 1 KB per call in the short run, and 200 bytes in the long one.
	assert.LessOrEqual(t, got.End.Bytes, got.Half.Bytes+2_000_000)
}

// soak is the script. It counts the bridge's timers, except one that is due within 250 ms, and the listeners of the signal that many calls share.
// The service is a function in the page, so it answers at once.
const soak = `
	const begun = performance.now();
	const timers = new Map(), { setTimeout, clearTimeout } = globalThis;
	globalThis.setTimeout = (f, ms, ...args) => {
		const timer = setTimeout(() => { timers.delete(timer); f(...args); }, ms);
		timers.set(timer, performance.now() + ms);
		return timer;
	};
	globalThis.clearTimeout = (timer) => { timers.delete(timer); clearTimeout(timer); };
	const { instantiate } = WebAssembly;
	let memory;
	WebAssembly.instantiate = async (module, imports) => {
		const instance = await instantiate.call(WebAssembly, module, imports);
		memory ??= instance.exports.mem;
		return instance;
	};
	const { initialize, createClient } = await import("/chat.js");
	await initialize();
	Object.assign(globalThis, { setTimeout, clearTimeout }); // Go's runtime reads them at every use
	timers.clear();

	const { signal } = new AbortController(), { addEventListener, removeEventListener } = signal;
	let listeners = 0;
	signal.addEventListener = (...args) => { listeners++; addEventListener.apply(signal, args); };
	signal.removeEventListener = (...args) => { listeners--; removeEventListener.apply(signal, args); };

	let seed = 1;
	const random = (n) => (seed = (seed * 48271) %% 2147483647) %% n; // Park-Miller generator

	// The service's messages by thread, newest first.
	const threads = new Map();
	let version = Date.now();
	const store = (thread, message) => {
		const id = String(++version);
		thread.unshift({ id, version: id, sequenceId: String(thread.length + 1), type: "text", createdOn: "2026-01-02T03:04:05Z", ...message });
		return thread[0];
	};
	const messagesOf = (id) => {
		if (!threads.has(id)) threads.set(id, []), store(threads.get(id), { type: "topicUpdated", content: { topic: "Lunch" } });
		return threads.get(id);
	};
	const answer = (status, body) => new Response(body && JSON.stringify(body), { status });
	const work = (method, [thread, resource, id], body) => {
		const properties = { id: thread ?? "19:new", topic: "Lunch", createdOn: "2026-01-02T03:04:05Z", createdByCommunicationIdentifier: { rawId: "8:acs:x" } };
		if (method === "PATCH" || method === "DELETE" || id === ":remove") return answer(204);
		if (thread === undefined) return method === "POST" ? answer(201, { chatThread: properties }) : answer(200, { value: [properties] });
		if (resource === undefined) return answer(200, properties);
		if (method === "POST" && resource === "messages") {
			const { content, metadata } = JSON.parse(body);
			return answer(201, { id: store(messagesOf(thread), { content: { message: content }, metadata }).id });
		}
		if (resource === "messages") return answer(200, id ? messagesOf(thread)[0] : { value: messagesOf(thread) });
		if (id === ":add") return answer(201, {});
		return answer(200, method === "GET" ? { value: [] } : undefined);
	};
	const broken = (start) => new Response(new ReadableStream({ pull: (c) => start.length ? c.enqueue(start.shift()) : c.error(new TypeError("network error")) }), { status: 200 });
	const wait = (init) => new Promise((_, reject) => init.signal.addEventListener("abort", () => reject(init.signal.reason)));
	const fail = () => { throw new TypeError("Failed to fetch"); };
	const faults = {
		lost: fail,
		unanswered: (_, init) => wait(init),
		400: () => answer(400, { error: { code: "BadRequest", message: "No." } }),
		401: () => answer(401),
		403: () => answer(403, { CommunicationError: { Code: "Forbidden", Message: "No.", Details: [] } }),
		429: () => answer(429, { error: { code: "TooManyRequests", message: "Later." } }),
		503: () => new Response("<h1>Later</h1>", { status: 503 }),
		"lost after": (work) => (work(), fail()),
		"unanswered after": (work, init) => (work(), wait(init)),
		"cut after": (work) => (work(), broken([new TextEncoder().encode('{"id":')])),
		"500 after": (work) => (work(), answer(500, { error: { code: "InternalServerError", message: "Oh." } })),
		"408 after": (work) => (work(), answer(408)),
	};
	const faultCounts = {};
	const fetch = async (url, init) => {
		const path = new URL(url).pathname.split("/").slice(3).map(decodeURIComponent);
		const act = () => work(init.method, path, init.body);
		if (random(20) !== 0) return act();
		const kind = Object.keys(faults)[random(12)];
		faultCounts[kind] = (faultCounts[kind] ?? 0) + 1;
		return faults[kind](act, init);
	};
	// The client redacts the token in all texts, so it must not be part of an idempotency token by chance.
	const token = async () => { if (random(20) === 0) throw new Error("no token"); return "user-token"; };
	const client = createClient({ endpoint: "https://x.example", token, fetch, retry: { baseDelayMs: 0 }, timeoutMs: 500, settleMs: 0 });

	const first = async (list) => { for await (const item of list) return item; };
	const calls = {
		createThread: (_, __, o) => client.createThread({ topic: "Lunch" }, o),
		listThreads: (_, __, o) => first(client.listThreads(o)),
		getThread: (id, _, o) => client.getThread(id, o),
		updateThread: (id, _, o) => client.updateThread(id, { topic: "Lunch" }, o),
		deleteThread: (id, _, o) => client.deleteThread(id, o),
		sendMessage: (id, content, o) => client.sendMessage(id, { content }, o),
		"sendMessage once": (id, content, o) => client.sendMessage(id, { content }, { idempotencyToken: true, ...o }),
		listMessages: (id, _, o) => first(client.listMessages(id, o)),
		getMessage: (id, _, o) => client.getMessage(id, "1", o),
		updateMessage: (id, content, o) => client.updateMessage(id, "1", { content }, o),
		deleteMessage: (id, _, o) => client.deleteMessage(id, "1", o),
		watchMessages: (id, _, o) => first(client.watchMessages(id, { sinceMessageId: "0", intervalMs: 300, ...o })),
		addParticipants: (id, _, o) => client.addParticipants(id, { participants: [{ communicationIdentifier: "8:acs:y" }] }, o),
		listParticipants: (id, _, o) => first(client.listParticipants(id, o)),
		removeParticipant: (id, _, o) => client.removeParticipant(id, "8:acs:y", o),
		sendTypingNotification: (id, _, o) => client.sendTypingNotification(id, {}, o),
		sendReadReceipt: (id, _, o) => client.sendReadReceipt(id, { chatMessageId: "1" }, o),
		listReadReceipts: (id, _, o) => first(client.listReadReceipts(id, o)),
	};
	const names = Object.keys(calls), verdicts = {}, wrong = [];
	for (const name of ["error", "unhandledrejection"]) addEventListener(name, (event) => wrong.push(name + ": " + (event.reason ?? event.message)));
	const run = async (i) => {
		const method = names[i %% names.length], id = "19:" + (i >> 5), content = "call " + i;
		const leaving = new AbortController();
		const o = random(2) === 0 ? { signal } : random(20) === 0 ? { signal: leaving.signal } : {};
		const pending = calls[method](id, content, o).then((result) => ["resolves", result], (e) => [e === leaving.signal.reason ? "aborted" : e.code ?? String(e), e]);
		if (o.signal === leaving.signal) leaving.abort();
		const [verdict, result] = await pending;
		verdicts[method] ??= {};
		verdicts[method][verdict] = (verdicts[method][verdict] ?? 0) + 1;
		if (!method.startsWith("sendMessage")) return;
		const there = messagesOf(id).filter((m) => m.content.message === content);
		const right = verdict === "resolves" ? there.length === 1 && there[0].id === result.id : there.length <= Number(verdict === "DeliveryUnknown" || verdict === "aborted");
		if (!right) wrong.push(method + " " + verdict + " " + (result.message ?? "") + ": " + JSON.stringify(there));
	};
	let next = 0;
	const runTo = async (end) => {
		await Promise.all(Array.from({ length: 100 }, async () => { while (next < end) await run(next++); }));
		return { bytes: memory.buffer.byteLength, timers: [...timers.values()].filter((due) => due > performance.now() + 250).length, listeners };
	};
	const half = await runTo(count / 2), end = await runTo(count);
	client.close();
	return { half, end, verdicts, faults: faultCounts, wrong, milliseconds: performance.now() - begun };
`
