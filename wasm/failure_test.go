//go:build js && wasm

package main

import (
	"strconv"
	"syscall/js"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

func itoa(i int) string { return strconv.Itoa(i) }

// outcome describes the rejection of a promise.
type outcome struct {
	IsError, IsChatError    bool
	Name, Code, Message     string
	Hint, Operation, Target string
	Status, Attempts        int
	ServiceCode             string
	IdempotencyToken        string
	Cause                   *outcome
	Value                   any
}

// describe is script text. It defines describe, which turns an error into an outcome, and fails, which does so for a promise.
const describe = `
	const describe = (e) => e instanceof Error
		? { ...e, isError: true, isChatError: e instanceof ChatError, name: e.name, message: e.message, cause: e.cause === undefined ? undefined : describe(e.cause) }
		: { value: String(e) };
	const fails = (promise) => promise.then((v) => ({ value: "fulfilled: " + JSON.stringify(v) }), describe);
`

func TestRejectionsAreChatErrors(t *testing.T) {
	_, values := emulated(t)
	got := page[outcome](t, values, describe+`
		return fails(createClient({ endpoint, token, fetch }).sendMessage("19:none@thread.v2", { content: "Hi" }));
	`)
	assert.True(t, got.IsError)
	assert.True(t, got.IsChatError)
	assert.Equal(t, "ChatError", got.Name)
	assert.Equal(t, "NotFound", got.Code)
	assert.Equal(t, "sendMessage", got.Operation)
	assert.Equal(t, 404, got.Status)
	assert.Equal(t, 1, got.Attempts)
	assert.Contains(t, got.Message, "sendMessage: HTTP 404 NotFound")
	assert.NotEmpty(t, got.Hint)
}

func TestFailures(t *testing.T) {
	for _, row := range []struct {
		name, script string
		code         chatcore.Code
		message      string
		cause        string
	}{
		{"fetch rejects", `return fails(client({ fetch: async () => { throw new TypeError("Failed to fetch") } }).createThread({ topic: "x" }))`,
			chatcore.NetworkError, "Failed to fetch", "Failed to fetch"},
		{"fetch throws", `return fails(client({ fetch: () => { throw "a string" } }).createThread({ topic: "x" }))`,
			chatcore.NetworkError, "a string", ""},
		{"fetch returns a number", `return fails(client({ fetch: () => 42 }).createThread({ topic: "x" }))`,
			chatcore.NetworkError, "", ""},
		{"a message whose answer is lost", `return fails(client({ fetch: async () => { throw new TypeError("Failed to fetch") } }).sendMessage("19:x", { content: "x" }))`,
			chatcore.DeliveryUnknown, "may or may not", "Failed to fetch"},
		{"a body that ends early", `return fails(client({ fetch: async () => new Response(new ReadableStream({ start(c) { c.error(new Error("cut")) } }), { status: 201 }) }).createThread({ topic: "x" }))`,
			chatcore.NetworkError, "", ""},
		{"no answer in time", `return fails(client({ fetch: () => new Promise(() => {}) }).createThread({ topic: "x" }, { timeoutMs: 5 }))`,
			chatcore.Timeout, "no answer", ""},
		{"no token in time", `return fails(client({ token: () => new Promise(() => {}) }).createThread({ topic: "x" }, { timeoutMs: 5 }))`,
			chatcore.Timeout, "no token", ""},
		{"a token callback that throws", `return fails(client({ token: () => { throw new Error("sign in first") } }).createThread({ topic: "x" }))`,
			chatcore.TokenError, "sign in first", "sign in first"},
		{"a token callback that throws a string", `return fails(client({ token: () => { throw "sign in first" } }).createThread({ topic: "x" }))`,
			chatcore.TokenError, "sign in first", ""},
		{"a token callback that rejects with nothing", `return fails(client({ token: () => Promise.reject() }).createThread({ topic: "x" }))`,
			chatcore.TokenError, "undefined", ""},
		{"a token that is an object", `return fails(client({ token: async () => ({ token: "abc" }) }).createThread({ topic: "x" }))`,
			chatcore.TokenError, "the access token must be a string, not object", ""},
		{"a token callback that gives JSON", `return fails(client({ token: async () => JSON.stringify({ token: "abc" }) }).createThread({ topic: "x" }))`,
			chatcore.TokenError, "the text of a JSON answer, not the token in it", ""},
		{"no request", `return fails(client().sendMessage("19:x"))`, chatcore.InvalidArgument, "request must be an object, not undefined", ""},
		{"a request that is text", `return fails(client().sendMessage("19:x", "Hi"))`, chatcore.InvalidArgument, "request must be an object, not a string", ""},
		{"a symbol", `return fails(client().sendMessage("19:x", Symbol("x")))`, chatcore.InvalidArgument, "request must be an object, not symbol", ""},
		{"a BigInt", `return fails(client().sendMessage("19:x", { content: 1n }))`, chatcore.InvalidArgument, "content must not be a bigint", ""},
		{"a circular structure", `const r = { content: "x" }; r.self = r; return fails(client().sendMessage("19:x", r))`, chatcore.InvalidArgument, "request cannot be read", "circular"},
		{"a getter that throws", `return fails(client().sendMessage("19:x", { get content() { throw null } }))`, chatcore.InvalidArgument, "request cannot be read: null", ""},
		{"no thread id", `return fails(client().sendMessage(undefined, { content: "x" }))`, chatcore.InvalidArgument, "threadId must be a string, not undefined", ""},
		{"a thread id that changes the path", `return fails(client().sendMessage("..", { content: "x" }))`, chatcore.InvalidArgument, "threadId must not be a dot segment", ""},
		{"an unknown field", `return fails(client().createThread({ topic: "x", participants: [{ communicationIdentifier: "8:acs:x", nickname: "y" }] }))`, chatcore.InvalidArgument, "participants[0].nickname is not a known field", ""},
		{"an unknown option", `return fails(client().createThread({ topic: "x" }, { timeout: 5 }))`, chatcore.InvalidArgument, "options.timeout is not a known field", ""},
		{"options that are null", `return fails(client().createThread({ topic: "x" }, null))`, chatcore.InvalidArgument, "options must be an object, not null", ""},
		{"a signal that is not an AbortSignal", `return fails(client().createThread({ topic: "x" }, { signal: {} }))`, chatcore.InvalidArgument, "options.signal must be an AbortSignal", ""},
		{"a signal that throws", `return fails(client().createThread({ topic: "x" }, { signal: { get aborted() { throw new Error("planted") }, addEventListener() {} } }))`, chatcore.InvalidArgument, "options cannot be read", "planted"},
		{"a fetch that is a number", `return fails(client({ fetch: 5 }).createThread({ topic: "x" }))`, chatcore.InvalidArgument, "createClient: fetch must be a function, not number", ""},
		{"no endpoint", `return fails(createClient({ token: "abc" }).createThread({ topic: "x" }))`, chatcore.InvalidArgument, "endpoint is required", ""},
		{"no token", `return fails(createClient({ endpoint: "https://x.example" }).createThread({ topic: "x" }))`, chatcore.InvalidArgument, "token is required", ""},
		{"no options", `return fails(createClient().createThread({ topic: "x" }))`, chatcore.InvalidArgument, "options must be an object, not undefined", ""},
		{"a closed client", `const c = client(); c.close(); c.close(); return fails(c.createThread({ topic: "x" }))`, chatcore.Closed, "closed", ""},
		{"a client that is closed during the call", `const c = client({ fetch: () => new Promise(() => {}) }); const p = fails(c.createThread({ topic: "x" })); c.close(); return p`, chatcore.Closed, "closed", ""},
		{"an HTML answer", `return fails(client({ fetch: async () => new Response("<!doctype html>", { status: 201 }) }).createThread({ topic: "x" }))`, chatcore.ParseError, "HTTP 201", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := page[outcome](t, nil, describe+`
				const fetch = async () => new Response('{"id":"1","chatThread":{"id":"19:x"}}', { status: 201 });
				const client = (options) => createClient({ endpoint: "https://x.example", token: "abc", fetch, retry: false, ...options });
				`+row.script)
			require.True(t, got.IsChatError, "%+v", got)
			assert.Equal(t, string(row.code), got.Code, got.Message)
			assert.Contains(t, got.Message, row.message)
			if row.cause != "" {
				cause := got.Cause
				for require.NotNil(t, cause); cause.IsChatError; cause = cause.Cause {
				}
				assert.Contains(t, cause.Message, row.cause)
			}
			assert.Equal(t, "1", page[string](t, nil, `
				const fetch = async () => new Response('{"id":"1"}', { status: 201 });
				return (await createClient({ endpoint: "https://x.example", token: "abc", fetch }).sendMessage("19:x", { content: "x" })).id;
			`), "the next call works")
			assert.Empty(t, calls)
			assert.LessOrEqual(t, timer.due, now()+reuseMs, "the timer fires soon")
		})
	}
}

func TestAbort(t *testing.T) {
	for _, row := range []struct{ name, script, want string }{
		{"before the call", `const p = call({ signal: AbortSignal.abort() }); return fails(p)`, "AbortError"},
		{"with a reason", `const p = call({ signal: AbortSignal.abort("enough") }); return fails(p)`, "enough"},
		{"during the exchange", `const c = new AbortController(); const p = call({ signal: c.signal }); await fetching; c.abort(new RangeError("changed my mind")); return fails(p)`, "changed my mind"},
		{"during the wait for a token", `const c = new AbortController(); const p = call({ signal: c.signal }, { token: () => new Promise(() => {}) }); c.abort("enough"); return fails(p)`, "enough"},
		{"after the end", `const c = new AbortController(); const p = createClient({ endpoint: "https://x.example", token: "abc", fetch: async () => new Response('{"chatThread":{"id":"19:x"}}', { status: 201 }) }).createThread({ topic: "x" }, { signal: c.signal }); await p; c.abort("late"); return fails(p)`, "fulfilled"},
		{"by AbortSignal.timeout", `return fails(call({ signal: AbortSignal.timeout(5) }))`, "TimeoutError"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := page[outcome](t, nil, describe+`
				let fetched, fetching = new Promise((resolve) => { fetched = resolve });
				const fetch = (url, { signal }) => { fetched(); return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))) };
				const call = (o, c) => createClient({ endpoint: "https://x.example", token: "abc", fetch, retry: false, ...c }).createThread({ topic: "x" }, o);
				`+row.script)
			assert.False(t, got.IsChatError, "the signal's own reason, unchanged")
			assert.Contains(t, got.Name+got.Message+toString(got.Value), row.want)
			assert.Empty(t, calls)
		})
	}
}

// TestCloseFromAbortListeners checks that abort listeners run outside of Go and one after the other, even if they close the client.
func TestCloseFromAbortListeners(t *testing.T) {
	got := page[struct {
		Codes   []string
		Deepest int
	}](t, nil, `
		let depth = 0, deepest = 0;
		const fetch = (url, { signal }) => new Promise(() => signal.addEventListener("abort", () => {
			deepest = Math.max(deepest, ++depth);
			client.close();
			depth--;
		}));
		const client = createClient({ endpoint: "https://x.example", token: "abc", fetch });
		const calls = Array.from({ length: 2000 }, () => client.createThread({ topic: "x" }));
		await Promise.resolve();
		client.close();
		const codes = (await Promise.allSettled(calls)).map(({ reason }) => reason.code);
		return { codes: [...new Set(codes)], deepest };
	`)
	assert.Equal(t, []string{"Closed"}, got.Codes)
	assert.Equal(t, 1, got.Deepest)
}

func TestSignalWhoseListenersCannotBeRemoved(t *testing.T) {
	assert.Equal(t, "1", page[string](t, nil, `
		const signal = { aborted: false, addEventListener() {}, removeEventListener() { throw new Error("planted") } };
		const fetch = async () => new Response('{"id":"1"}', { status: 201 });
		return (await createClient({ endpoint: "https://x.example", token: "abc", fetch }).sendMessage("19:x", { content: "x" }, { signal })).id;
	`))
	assert.Empty(t, calls)
}

func toString(v any) string { s, _ := v.(string); return s }

func TestFetchIsAborted(t *testing.T) {
	got := page[[]bool](t, nil, `
		const signals = [];
		const fetch = (url, { signal }) => { signals.push(signal); return new Promise(() => {}) };
		const client = createClient({ endpoint: "https://x.example", token: "abc", fetch });
		await client.createThread({ topic: "x" }, { timeoutMs: 5, retry: false }).catch(() => {});
		const c = new AbortController();
		const p = client.createThread({ topic: "x" }, { signal: c.signal });
		await Promise.resolve();
		c.abort();
		await p.catch(() => {});
		const q = client.createThread({ topic: "x" });
		await Promise.resolve();
		client.close();
		await q.catch(() => {});
		return signals.map(({ aborted }) => aborted);
	`)
	assert.Equal(t, []bool{true, true, true}, got)
}

func TestTokenCallback(t *testing.T) {
	em, values := emulated(t)
	got := page[struct {
		Asked   []map[string]any
		Inside  bool
		Aborted bool
		Code    string
	}](t, values, `
		const asked = [];
		let running = false, inside = false;
		const client = createClient({ endpoint, fetch, token: async (o) => {
			inside ||= running;
			asked.push({ forceRefresh: o.forceRefresh, signal: o.signal instanceof AbortSignal });
			return asked.length < 3 ? "refused" + asked.length : token;
		} });
		running = true;
		const calls = [1, 2, 3].map(() => client.createThread({ topic: "x" }));
		running = false;
		const codes = (await Promise.allSettled(calls)).map(({ reason }) => reason.code);
		await client.createThread({ topic: "now it works" });
		let signal;
		const hung = createClient({ endpoint, fetch, token: (o) => { signal = o.signal; return new Promise(() => {}) } });
		const p = hung.createThread({ topic: "x" });
		await Promise.resolve();
		hung.close();
		await p.catch(() => {});
		return { asked, inside, code: codes.join(), aborted: signal.aborted };
	`)
	assert.Equal(t, "Unauthorized,Unauthorized,Unauthorized", got.Code)
	again := map[string]any{"forceRefresh": true, "signal": true}
	assert.Equal(t, []map[string]any{{"forceRefresh": false, "signal": true}, again, again}, got.Asked, "once for three calls, once for their retries, once for the next call")
	assert.False(t, got.Inside, "the callback runs from a microtask")
	assert.True(t, got.Aborted, "close aborts the signal of the callback")
	assert.Len(t, em.Threads(), 1)
}

func TestPanicsAreContained(t *testing.T) {
	for name, planted := range map[string]any{"a string": "planted", "an error": assert.AnError, "a thrown primitive": js.Error{Value: js.ValueOf("planted")}, "nothing known": 42} {
		f := &callback{run: func([]js.Value) { panic(planted) }}
		js.Global().Set("planted", f.function())
		got := page[outcome](t, nil, describe+`return fails(planted())`)
		assert.Equal(t, "InternalError", got.Code, name)
		f.jsFunc.Release()
	}
	js.Global().Delete("planted")

	// A panic during a call rejects that call. The others continue.
	breakSecond := js.FuncOf(func(js.Value, []js.Value) any {
		for _, call := range calls {
			if call.core.ID() == 2 {
				call.core = nil
				break
			}
		}
		return nil
	})
	defer breakSecond.Release()
	got := page[[]outcome](t, map[string]any{"breakSecond": breakSecond}, describe+`
		let answer;
		const gate = new Promise((resolve) => { answer = resolve });
		const fetch = async () => { await gate; return new Response('{"id":"1"}', { status: 201 }) };
		const client = createClient({ endpoint: "https://x.example", token: "abc", fetch });
		const calls = [1, 2, 3].map(() => fails(client.sendMessage("19:x", { content: "x", metadata: { "acschat.idempotencyToken": "0123456789abcdef" } })));
		breakSecond();
		answer();
		return Promise.all(calls);
	`)
	require.Len(t, got, 3)
	assert.Equal(t, `fulfilled: {"id":"1"}`, got[0].Value)
	assert.Equal(t, "DeliveryUnknown", got[1].Code, "fetch had the message")
	assert.Equal(t, "0123456789abcdef", got[1].IdempotencyToken)
	assert.Equal(t, "InternalError", got[1].Cause.Code)
	assert.Contains(t, got[1].Message, "nil pointer")
	assert.Equal(t, `fulfilled: {"id":"1"}`, got[2].Value)
	assert.Empty(t, calls)
}

// TestHostileValues passes values that syscall/js does not know, getters that throw, and objects without an expected member.
func TestHostileValues(t *testing.T) {
	for _, row := range []struct {
		name, script string
		code         string
		message      string
	}{
		{"a BigInt for options", `return fails(createClient(1n).createThread({ topic: "x" }))`, "InvalidArgument", "options must be an object"},
		{"a BigInt for a token", `return fails(client({ token: 1n }).createThread({ topic: "x" }))`, "InvalidArgument", "token must be a string"},
		{"a BigInt for a request", `return fails(client().createThread(1n))`, "InvalidArgument", "request must be an object, not bigint"},
		{"a BigInt thrown", `return fails(client({ fetch: async () => { throw 1n } }).sendMessage("19:x", { content: "x" }))`, "DeliveryUnknown", "no answer"},
		{"a BigInt from the token callback", `const c = client({ token: async () => asked++ ? "abc" : 1n }); let asked = 0; const first = await fails(c.sendMessage("19:x", { content: "x" })); await c.sendMessage("19:x", { content: "x" }); return first`, "TokenError", "must be a string, not bigint"},
		{"a prototype whose getters throw", `const o = {}; Object.defineProperty(o, "__proto__", { value: new Proxy({}, { get() { throw new Error("planted") } }), enumerable: true }); return fails(client().createThread({ topic: "x" }, o))`, "InvalidArgument", "options"},
		{"an unknown option that is a function", `return fails(client().createThread({ topic: "x" }, { onexchange() {} }))`, "InvalidArgument", "options.onexchange must not be a function"},
		{"an unknown option that is a symbol", `return fails(client({ retries: Symbol("x") }).createThread({ topic: "x" }))`, "InvalidArgument", "retries must not be a symbol"},
		{"options whose toJSON returns undefined", `return fails(client().createThread({ topic: "x" }, { toJSON() {} }))`, "InvalidArgument", "options must be an object, not object"},
		{"a field that is a function", `return fails(client().createThread({ topic: "x", participants: [{ communicationIdentifier: "8:acs:a" }, { communicationIdentifier: "8:acs:a", displayName() {} }] }))`, "InvalidArgument", "participants[1].displayName must not be a function"},
		{"a field that is a symbol", `return fails(client().sendMessage("19:x", { content: "x", metadata: { a: Symbol("b") } }))`, "InvalidArgument", "metadata.a must not be a symbol"},
		{"an array with a function as a named member", `return fails(client().addParticipants("19:x", { participants: Object.assign(["8:acs:a"], { extra() {} }) }))`, "InvalidArgument", "participants[extra] must not be a function"},
		{"an array with a number as a named member", `return fails(client().addParticipants("19:x", { participants: Object.assign(["8:acs:a"], { "-1": 5 }) }))`, "InvalidArgument", "participants[-1] must not be a number"},
		{"an array with a hole and a string as a named member", `return fails(client().addParticipants("19:x", { participants: Object.assign([, { communicationIdentifier: "8:acs:a" }], { "": "x" }) }))`, "InvalidArgument", "participants[] must not be a string"},
		{"a subclass of Array with toJSON", `return fails(client().sendMessage("19:x", { content: new (class extends Array { toJSON() { return "x" } })() }))`, "", ""},
		{"a request with an inherited method", `class Message { constructor() { this.content = "x" } format() {} } return fails(client().sendMessage("19:x", new Message()))`, "", ""},
		{"a proxy", `return fails(client().sendMessage("19:x", new Proxy({ content: "x" }, {})))`, "", ""},
		{"a revoked proxy", `const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return fails(client().sendMessage("19:x", proxy))`, "InvalidArgument", "request cannot be read"},
		{"an invalid Date", `return fails(client().createThread({ topic: "x", participants: [{ communicationIdentifier: "8:acs:a", shareHistoryTime: new Date(NaN) }] }))`, "InvalidArgument", "participants[0].shareHistoryTime is an invalid Date"},
		{"an invalid Date in options", `return fails(client().listMessages("19:x", { startTime: new Date("x") })[Symbol.asyncIterator]().next())`, "InvalidArgument", "options.startTime is an invalid Date"},
		{"an invalid Date before a function", `return fails(client().addParticipants("19:x", { participants: [{ shareHistoryTime: new Date("x"), communicationIdentifier() {} }] }))`, "InvalidArgument", "participants[0].shareHistoryTime is an invalid Date"},
		{"an invalid Date from an iframe", `const frame = document.body.appendChild(document.createElement("iframe")); const date = new frame.contentWindow.Date("x"); frame.remove(); return fails(client().listThreads({ startTime: date })[Symbol.asyncIterator]().next())`, "InvalidArgument", "options.startTime is an invalid Date"},
		{"null for a date", `return fails(client().listMessages("19:x", { startTime: null })[Symbol.asyncIterator]().next())`, "InvalidArgument", "options.startTime must be a string, not null"},
		{"NaN", `return fails(client().getThread("19:x", { timeoutMs: NaN }))`, "InvalidArgument", "options.timeoutMs is NaN"},
		{"Infinity in the options of a client", `return fails(client({ retry: { maxRetries: Infinity } }).getThread("19:x"))`, "InvalidArgument", "retry.maxRetries is Infinity"},
		{"headers that throw", `return fails(client({ fetch: async () => Object.defineProperty(new Response("", { status: 429 }), "headers", { value: { get get() { throw new Error("planted") } } }) }).sendMessage("19:x", { content: "x" }))`, "TooManyRequests", "HTTP 429"},
		{"Response.error()", `return fails(client({ fetch: async () => Response.error() }).sendMessage("19:x", { content: "x" }))`, "DeliveryUnknown", "without a status"},
		{"an answer that is too long", `return fails(client({ fetch: async () => new Response("x".repeat(8 * 1024 * 1024 + 1), { status: 403 }) }).createThread({ topic: "x" }))`, "NetworkError", "longer than 8 MiB"},
		{"a page that is too long", `return fails(client({ fetch: async () => new Response("x".repeat(8 * 1024 * 1024 + 1)) }).listThreads()[Symbol.asyncIterator]().next())`, "ParseError", "longer than 8 MiB"},
		{"an answer of the longest length that is allowed", `return fails(client({ fetch: async () => new Response("x".repeat(8 * 1024 * 1024), { status: 403 }) }).createThread({ topic: "x" }))`, "Forbidden", "HTTP 403: xxx"},
		{"a signal without removeEventListener", `return fails(client().sendMessage("19:x", { content: "x" }, { signal: { aborted: false, addEventListener() {} } }))`, "InvalidArgument", "options.signal must be an AbortSignal"},
		{"a signal whose addEventListener throws", `return fails(client().sendMessage("19:x", { content: "x" }, { signal: { aborted: false, addEventListener() { throw new Error("planted") }, removeEventListener() {} } }))`, "InternalError", "planted"},
		{"a signal without a reason", `return fails(client().sendMessage("19:x", { content: "x" }, { signal: { aborted: true, addEventListener() {}, removeEventListener() {} } }))`, "", "aborted"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := page[outcome](t, nil, describe+`
				const fetch = async () => new Response('{"id":"1","chatThread":{"id":"19:x"}}', { status: 201 });
				const client = (options) => createClient({ endpoint: "https://x.example", token: "abc", fetch, retry: false, ...options });
				`+row.script)
			assert.Equal(t, row.code, got.Code, "%+v", got)
			assert.Contains(t, got.Message, row.message)
			assert.Empty(t, calls)
			assert.LessOrEqual(t, timer.due, now()+reuseMs, "the timer fires soon")
		})
	}
}

// TestPanicEndsOneCall checks that a panic in one call affects neither other calls nor the client's token.
func TestPanicEndsOneCall(t *testing.T) {
	got := page[[]outcome](t, nil, describe+`
		let asked = 0;
		const fetch = async () => new Response('{"id":"1"}', { status: 201 });
		const client = createClient({ endpoint: "https://x.example", fetch, token: async () => (asked++, "abc") });
		const signal = { aborted: false, addEventListener() { throw new Error("planted") }, removeEventListener() {} };
		const bad = client.sendMessage("19:x", { content: "x" }, { signal });
		const good = client.sendMessage("19:x", { content: "x" });
		return [await fails(bad), await fails(good), { value: String(asked) }];
	`)
	assert.Equal(t, "InternalError", got[0].Code)
	assert.Equal(t, `fulfilled: {"id":"1"}`, got[1].Value)
	assert.Equal(t, "1", got[2].Value)
}

// TestEveryPromiseIsSettled checks that a failure inside the bridge rejects the call, and that the next call works.
func TestEveryPromiseIsSettled(t *testing.T) {
	js.Global().Call("eval", `globalThis.failing = (f, fails) => (...args) => { if (fails(...args)) throw new Error("planted"); return f(...args); }`)
	defer js.Global().Delete("failing")
	failing := func(f js.Value, fails string) js.Value {
		return js.Global().Call("failing", f, js.Global().Call("eval", fails))
	}
	for _, row := range []struct {
		name    string
		breakIt func() (restore func())
		code    string
	}{
		{"JSON.parse throws for the result", func() func() {
			original := parseJSON
			parseJSON = failing(parseJSON, `(text) => text.includes("19:planted")`)
			return func() { parseJSON = original }
		}, "InternalError"},
		{"JSON.parse throws for the init of fetch", func() func() {
			original := parseJSON
			parseJSON = failing(parseJSON, `(text) => text.includes("method")`)
			return func() { parseJSON = original }
		}, "NetworkError"},
		{"AbortController throws", func() func() {
			original := abortController
			abortController = js.Global().Call("eval", `(class { constructor() { throw new Error("planted"); } })`)
			return func() { abortController = original }
		}, "NetworkError"},
		{"no fetch", func() func() {
			original := js.Global().Get("fetch")
			js.Global().Set("fetch", js.Undefined())
			return func() { js.Global().Set("fetch", original) }
		}, "NetworkError"},
		{"Object throws for the answer", func() func() {
			original := jsObject
			jsObject = js.Global().Call("eval", `(function (value) { if (String(value).includes("19:planted")) throw new Error("planted"); return new.target ? {} : Object(value) })`)
			return func() { jsObject = original }
		}, "InternalError"},
	} {
		if !isBare && row.name != "no fetch" {
			continue // chat.js has bound its own built-ins
		}
		t.Run(row.name, func(t *testing.T) {
			restore := row.breakIt()
			defer restore()
			got := page[outcome](t, map[string]any{"global": row.name == "no fetch"}, describe+`
				const fetch = async () => new Response('{"chatThread":{"id":"19:planted"}}', { status: 201 });
				const client = createClient({ endpoint: "https://x.example", token: "abc", retry: false, timeoutMs: 2000, ...(!global && { fetch }) });
				return fails(client.createThread({ topic: "x" }));
			`)
			assert.Equal(t, row.code, got.Code, "%+v", got)
			assert.Empty(t, calls)
			restore()
			assert.Equal(t, "1", page[string](t, nil, `
				const fetch = async () => new Response('{"id":"1"}', { status: 201 });
				return (await createClient({ endpoint: "https://x.example", token: "abc", fetch }).sendMessage("19:x", { content: "x" })).id;
			`), "the next call works")
		})
	}
}
