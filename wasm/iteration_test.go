//go:build js && wasm

package main

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"acschat/chatcore"
)

// withMessages is script text. It creates a thread, and sends count messages, numbered from 0. A new thread has two messages already.
const withMessages = `
	const client = createClient({ endpoint, token, fetch });
	const { chatThread: { id } } = await client.createThread({ topic: "Lunch" });
	for (let i = 0; i < count; i++) await client.sendMessage(id, { content: String(i) });
`

func TestPages(t *testing.T) {
	_, values := emulated(t)
	values["count"] = 23
	got := page[struct {
		Items, Again []string
		Sizes        []int
		Resumed      []string
		Last         bool
	}](t, values, withMessages+`
		const list = client.listMessages(id, { maxPageSize: 10 });
		const items = [], again = [], sizes = [], resumed = [];
		for await (const message of list) items.push(message.content.message ?? message.type);
		for await (const message of list) again.push(message.content.message ?? message.type);
		let link, last;
		for await (const page of list.byPage()) {
			sizes.push(page.value.length);
			link ??= page.nextLink;
			last = !("nextLink" in page);
		}
		for await (const page of client.listMessages(id).byPage({ nextLink: link })) resumed.push(...page.value.map((m) => m.content.message ?? m.type));
		return { items, again, sizes, resumed, last };
	`)
	want := []string{}
	for i := range 23 {
		want = append(want, itoa(22-i))
	}
	want = append(want, "topicUpdated", "participantAdded")
	assert.Equal(t, want, got.Items)
	assert.Equal(t, want, got.Again, "each iteration starts at the first item")
	assert.Equal(t, []int{10, 10, 5}, got.Sizes)
	assert.Equal(t, want[10:], got.Resumed)
	assert.True(t, got.Last, "no nextLink on the last page")
}

// TestAbandonedIterations checks that iterations end and leave no call and no timer behind, wherever they stop.
func TestAbandonedIterations(t *testing.T) {
	_, values := emulated(t)
	values["count"] = 30
	values["underWay"] = callable(t, func() any { return len(calls) })
	for name, script := range map[string]string{
		"break":         `for await (const m of list) break;`,
		"throw":         `try { for await (const m of list) throw 1; } catch {}`,
		"abandoned":     `await list[Symbol.asyncIterator]().next();`,
		"never started": `list[Symbol.asyncIterator](); list.byPage();`,
		"return during a load": `
			const it = list[Symbol.asyncIterator]();
			const next = it.next(), later = it.next();
			await Promise.resolve();
			if (underWay() !== 1) throw new Error("no call is under way");
			const end = await it.return("x");
			if (end.value !== "x" || !end.done) throw new Error(JSON.stringify(end));
			for (const { value, done } of await Promise.all([next, later, it.next()])) if (value !== undefined || !done) throw new Error("not ended");`,
		"concurrent calls of next": `
			const it = list[Symbol.asyncIterator]();
			const ids = (await Promise.all(Array.from({ length: 34 }, () => it.next()))).map((r) => r.value?.id);
			if (new Set(ids).size !== 33 || ids[32] !== undefined) throw new Error(ids.join());`,
		"an abort": `
			const controller = new AbortController(), reason = new Error("enough");
			const stop = client.listMessages(id, { signal: controller.signal, maxPageSize: 5 });
			let n = 0;
			try { for await (const m of stop) if (++n === 3) controller.abort(reason); } catch (e) { if (e !== reason || n !== 3) throw e; n = -1 }
			if (n !== -1) throw new Error("went on");`,
		"close": `
			const own = createClient({ endpoint, token, fetch });
			let n = 0;
			try { for await (const m of own.listMessages(id, { maxPageSize: 5 })) if (++n === 3) own.close(); } catch (e) { if (e.code !== "Closed" || n !== 5) throw e; n = -1 }
			if (n !== -1) throw new Error("went on");`,
		"an error on the second page": `
			let calls = 0;
			const own = createClient({ endpoint, token, retry: false, fetch: (...args) => ++calls === 2 ? Promise.reject(new TypeError("Failed to fetch")) : fetch(...args) });
			const it = own.listMessages(id, { maxPageSize: 5 })[Symbol.asyncIterator]();
			const results = await Promise.allSettled(Array.from({ length: 8 }, () => it.next()));
			if (results[4].status !== "fulfilled" || results[5].reason?.code !== "NetworkError" || !results[6].value.done || !results[7].value.done) throw new Error(JSON.stringify(results));`,
		"next links that repeat": `
			let calls = 0;
			const links = ["https://own.example/1", "https://own.example/2", "https://own.example/1", "https://own.example/2"];
			const repeating = async () => new Response(JSON.stringify({ value: [{ id: "1" }], nextLink: links[calls++] }));
			const own = createClient({ endpoint: "https://own.example", token, fetch: repeating });
			for (const list of [own.listMessages(id), own.listMessages(id).byPage(), own.listThreads(), own.listParticipants(id), own.listReadReceipts(id)]) {
				let n = calls = 0;
				try { for await (const m of list) n++; } catch (e) { if (e.code !== "ParseError" || !e.message.includes("https://own.example/2") || n !== 4 || calls !== 4) throw e; n = -1 }
				if (n !== -1) throw new Error("went on");
			}`,
		"a foreign next link": `
			let calls = 0;
			const foreign = () => Promise.resolve(new Response(JSON.stringify({ value: [{ id: "1" }], nextLink: "https://evil.example/x" })));
			const own = createClient({ endpoint, token, fetch: (...args) => ++calls === 1 ? foreign() : fetch(...args) });
			let n = 0;
			try { for await (const m of own.listMessages(id)) n++; } catch (e) { if (e.code !== "ParseError" || !e.message.includes("https://evil.example/x") || n !== 1 || calls !== 1) throw e; n = -1 }
			if (n !== -1) throw new Error("went on");`,
	} {
		t.Run(name, func(t *testing.T) {
			page[*int](t, values, withMessages+"const list = client.listMessages(id);"+script+"return null")
			assert.Empty(t, calls)
			assert.LessOrEqual(t, timer.due, now()+reuseMs, "the timer fires soon")
		})
	}
}

// TestWatch checks that two clients that watch one thread see every message, edit and deletion once and in order.
func TestWatch(t *testing.T) {
	em, values := emulated(t)
	alex := em.NewUser()
	values["alex"], values["alexToken"] = alex.ID, alex.Token
	got := page[[][]string](t, values, `
		const janeClient = createClient({ endpoint, token, fetch }), alexClient = createClient({ endpoint, token: alexToken, fetch });
		const { chatThread: { id } } = await janeClient.createThread({ topic: "Lunch", participants: [{ communicationIdentifier: alex }] });
		const seen = [[], []], stop = new AbortController();
		let told = () => {};
		const watching = [janeClient, alexClient].map(async (client, i) => {
			try {
				for await (const m of client.watchMessages(id, { sinceMessageId: "0", intervalMs: 300, signal: stop.signal })) {
					seen[i].push(m.deletedOn ? "deleted " + m.id : m.editedOn ? m.content.message : m.content.message ?? m.type);
					told();
				}
			} catch (e) {
				if (e !== stop.signal.reason) throw e;
			}
		});
		const both = (count) => new Promise((resolve) => (told = () => seen.every((s) => s.length >= count) && resolve())(told()));
		const ids = [];
		for (let i = 0; i < 300; i++) ids.push((await [janeClient, alexClient][i % 2].sendMessage(id, { content: "sent " + i })).id);
		await both(302);
		for (let i = 0; i < 150; i++) await [janeClient, alexClient][i % 2].updateMessage(id, ids[i], { content: "edited " + i });
		await both(452);
		for (let i = 100; i < 150; i++) await [janeClient, alexClient][i % 2].deleteMessage(id, ids[i]);
		await both(502);
		stop.abort();
		await Promise.all(watching);
		return [...seen, ids];
	`)
	want := []string{"participantAdded", "topicUpdated"}
	for i := range 300 {
		want = append(want, fmt.Sprint("sent ", i))
	}
	for i := range 150 {
		want = append(want, fmt.Sprint("edited ", i))
	}
	for i := 100; i < 150; i++ {
		want = append(want, "deleted "+got[2][i])
	}
	assert.Equal(t, want, got[0])
	assert.Equal(t, want, got[1])
	assert.Empty(t, calls)
	assert.LessOrEqual(t, timer.due, now()+reuseMs)
}

// TestWatchOfAHiddenPage checks that a watch polls rarely while the page is hidden, and at once when it is visible again.
func TestWatchOfAHiddenPage(t *testing.T) {
	_, values := emulated(t)
	values["waitMs"] = callable(t, func() any {
		for _, call := range calls {
			if step := call.core.Step(); step.Kind == chatcore.Wait {
				return int(step.Deadline - now())
			}
		}
		return 0
	})
	got := page[[]int](t, values, `
		const hide = (hidden) => {
			Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
			document.dispatchEvent(new Event("visibilitychange"));
		};
		const wait = async () => {
			while (waitMs() === 0) await new Promise((resolve) => setTimeout(resolve));
			return waitMs();
		};
		try {
			const client = createClient({ endpoint, token, fetch });
			const { chatThread: { id } } = await client.createThread({ topic: "Lunch" });
			hide(true);
			const stop = new AbortController();
			const next = client.watchMessages(id, { intervalMs: 300, signal: stop.signal })[Symbol.asyncIterator]().next();
			const waits = [await wait()];
			hide(false);
			waits.push(await wait());
			await client.sendMessage(id, { content: "Hi" });
			const { value } = await next;
			return [...waits, value.content.message.length];
		} finally {
			delete document.hidden;
			document.dispatchEvent(new Event("visibilitychange"));
		}
	`)
	assert.InDelta(t, 60_000, got[0], 2000, "milliseconds")
	assert.Less(t, got[1], 1000)
	assert.Equal(t, 2, got[2])
}

// TestInheritedProperties checks that properties of Object.prototype do not count as options or change an iteration.
func TestInheritedProperties(t *testing.T) {
	_, values := emulated(t)
	assert.Equal(t, "two+one,4,NotFound", page[string](t, values, `
		const names = ["done", "items", "index", "last", "loading", "failure", "signal", "nextLink", "byPage", "call", "body", "token", "retry", "onExchange", "metadata", "cause"];
		const client = createClient({ endpoint, token, fetch, retry: false });
		const { chatThread: { id } } = await client.createThread({ topic: "x" });
		await client.sendMessage(id, { content: "one" });
		await client.sendMessage(id, { content: "two" });
		for (const value of [true, "https://elsewhere.example/", 7]) {
			for (const name of names) Object.prototype[name] = value;
			try {
				const found = [];
				let pages = 0;
				for await (const { type, content } of client.listMessages(id)) if (type === "text") found.push(content.message);
				for await (const page of client.listMessages(id).byPage({})) pages += page.value.length;
				const code = await createClient({ endpoint, token, fetch }).getThread("19:none@thread.v2", {}).catch((e) => e.code);
				if (value === 7) return [found.join("+"), pages, code].join();
			} finally {
				for (const name of names) delete Object.prototype[name];
			}
		}
	`))
}
