//go:build js && wasm

package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// withWatch makes a page that watches an empty thread, and counts its polls. They are answered at once.
const withWatch = `
	let polls = 0;
	const answer = (value) => Promise.resolve(new Response(JSON.stringify({ value }), { headers: { "Content-Type": "application/json" } }));
	const own = createClient({ endpoint: "https://own.example", token: "a.token", fetch: (url) => {
		if (url.includes("/participants?")) return answer([{ communicationIdentifier: { rawId: "a" } }, { communicationIdentifier: { rawId: "b" } }]);
		polls++;
		return answer([]);
	} });
	const settle = async () => { for (let i = 0; i < 20; i++) await new Promise((resolve) => setTimeout(resolve)); };
	own.watchMessages("19:t@thread.v2", { intervalMs: 60000 })[Symbol.asyncIterator]().next().catch(() => {});
	await settle();
`

// TestWake checks that each kind of hint makes the watch poll, and that only hints for the thread do.
func TestWake(t *testing.T) {
	for _, arguments := range []string{
		`"19:t@thread.v2"`, `"19:t@thread.v2", {}`, `"19:t@thread.v2", { version: 1700000000000 }`, `"19:t@thread.v2", { version: "1700000000000" }`,
		`"19:t@thread.v2", { version: 1700000000000n }`, `"19:t@thread.v2", { version: "1\n2" }`, `"19:t@thread.v2", { get version() { throw new Error("no"); } }`,
		`"19:t@thread.v2", { version: Symbol() }`, `"19:t@thread.v2", { version: NaN }`, `"19:t@thread.v2", { version: -1.5e300 }`, `"19:t@thread.v2", null`,
	} {
		polls := page[[]int](t, nil, withWatch+`
			const before = polls;
			const result = own.wake(`+arguments+`);
			await settle();
			own.close();
			return [before, polls - before, result == null ? 0 : 1];
		`)
		want := []int{1, 1, 0}
		if arguments == `"19:t@thread.v2", { version: "1\n2" }` {
			want[1] = polls[1] // ignored, or a poll
		}
		assert.Equal(t, want, polls, arguments)
	}
	assert.Equal(t, []int{1, 0}, page[[]int](t, nil, withWatch+`
		const before = polls, { wake } = own;
		const circle = {};
		circle.version = circle;
		for (const id of [undefined, null, 1, 1n, Symbol(), {}, [], circle, { toString() { throw new Error("no"); } }, new Proxy({}, { get() { throw 1; } }), "", "19:other@thread.v2", "x".repeat(1100000), () => {}]) {
			for (const options of [undefined, null, 1, circle, { version: circle }, { version: "9".repeat(1100000) }, { version: () => {} }, new Proxy({}, { get() { throw 1; } })]) {
				wake(id, options);
				wake(id);
			}
		}
		wake();
		await settle();
		own.close();
		own.wake("19:t@thread.v2");
		return [before, polls - before];
	`))
}

// TestWakeFlood checks that 10,000 hints are answered by few polls, and take a fraction of a second.
func TestWakeFlood(t *testing.T) {
	got := page[map[string]float64](t, nil, withWatch+`
		const before = polls, start = performance.now();
		for (let i = 0; i < 10000; i++) own.wake("19:t@thread.v2", { version: 1700000000000 + i });
		const ms = performance.now() - start;
		await settle();
		own.close();
		return { polls: polls - before, ms };
	`)
	assert.LessOrEqual(t, got["polls"], 10.0)
	assert.Positive(t, got["polls"])
	t.Logf("10,000 hints took %.0f ms", got["ms"])
}
