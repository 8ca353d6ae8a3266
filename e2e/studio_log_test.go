//go:build !js

package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// openLog opens the panel of requests alone, with count entries: every seventh is a failure, every second a poll.
func openLog(t *testing.T, count int) *tab {
	tab := openTab(t, blank(t, "").URL+"/blank")
	tab.run(page.BringToFront(), chromedp.EmulateViewport(700, 800), chromedp.Evaluate(fmt.Sprintf(`(async () => {
		const [{ mountLog }, { ExchangeList }] = await Promise.all([import("/studio/log.js"), import("/studio/exchanges.js")]);
		for (const name of ["style", "studio/frame", "studio/log"]) {
			const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: "/" + name + ".css" });
			document.head.append(link);
			await new Promise((resolve) => { link.onload = resolve; });
		}
		document.body.style = "display: block; height: 800px";
		const root = document.createElement("div"), studio = new EventTarget();
		root.className = "panel";
		root.style.height = "760px";
		document.body.append(root, Object.assign(document.createElement("div"), { id: "announcer" }));
		const person = { name: "jane", displayName: "Jane", id: "8:acs:a_b", index: 0, client: {} };
		Object.assign(studio, { service: { kind: "live", endpoint: "https://x.example" }, people: [person], exchanges: new ExchangeList() });
		globalThis.add = (i, extra) => studio.exchanges.add({
			operation: i %% 2 ? "sendMessage" : "listMessages", callId: String(i), attempt: 1, method: i %% 2 ? "POST" : "GET",
			url: "https://x.example/chat/threads/19%%3At/messages?api-version=2025-03-15", requestHeaders: { Authorization: "Bearer [redacted]" },
			requestBody: i %% 2 ? JSON.stringify({ content: "<img src=x onerror=alert(1)> " + i, type: "html" }) : undefined,
			status: i %% 7 ? 201 : 400, responseBody: JSON.stringify({ id: String(i) }), durationMs: 5, outcome: i %% 7 ? "success" : "BadRequest", next: i %% 7 ? "done" : "failed",
			person, startedAt: 1_800_000_000_000 + i, responseHeaders: {}, bytes: 10, ...extra,
		});
		mountLog(root, studio);
		const begun = performance.now();
		for (let i = 1; i <= %d; i++) add(i);
		globalThis.addedIn = performance.now() - begun;
	})()`, count), nil, awaitPromise))
	tab.waitText(".attempt", "Copy as cURL")
	return tab
}

// rows returns the texts of the rows in the page from top to bottom, once they are drawn.
func (tab *tab) rows() (rows []string) {
	tab.t.Helper()
	tab.run(chromedp.Evaluate(`new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(
		[...document.querySelectorAll(".log-row")].sort((a, b) => a.ariaPosInSet - b.ariaPosInSet).map((row) => [...row.children].map((cell) => cell.textContent).join(" "))))))`, &rows, awaitPromise))
	return rows
}

func (tab *tab) choose(selector, value string) {
	tab.t.Helper()
	tab.run(chromedp.Evaluate(fmt.Sprintf(`{ const field = document.querySelector(%q); field.value = %q; field.dispatchEvent(new Event(field.tagName === "SELECT" ? "change" : "input", { bubbles: true })) }`, selector, value), nil))
}

// TestLogHasFewRows checks that a log of 5,000 entries has up to 200 rows in the page, wherever the user scrolls to, and that the keyboard reaches
// all of them.
func TestLogHasFewRows(t *testing.T) {
	tab := openLog(t, 5000)
	tab.choose(".log-bar select", "all")
	tab.waitText(".log-bar", "5000")
	requireFew := func() []string {
		t.Helper()
		rows := tab.rows()
		require.NotEmpty(t, rows)
		require.LessOrEqual(t, len(rows), 200)
		return rows
	}
	first := requireFew()
	for _, at := range []float64{0.1, 0.5, 1, 0} {
		tab.run(chromedp.Evaluate(fmt.Sprintf(`{ const list = document.querySelector(".log-rows"); list.scrollTop = list.scrollHeight * %f }`, at), nil))
		requireFew()
	}
	var position string
	chosen := func() string {
		tab.rows()
		tab.run(chromedp.Evaluate(`(() => { const list = document.querySelector(".log-rows"), row = document.getElementById(list.getAttribute("aria-activedescendant"));
			const [l, r] = [list, row].map((each) => each.getBoundingClientRect());
			return row.getAttribute("aria-selected") + " " + row.getAttribute("aria-posinset") + " " + (r.top >= l.top - 1 && r.bottom <= l.bottom + 1) })()`, &position))
		return position
	}
	tab.run(chromedp.Focus(".log-rows"))
	for _, row := range []struct{ key, want string }{
		{kb.Home, "true 1 true"}, {kb.ArrowDown, "true 2 true"}, {kb.End, "true 5000 true"}, {kb.ArrowUp, "true 4999 true"}, {kb.ArrowDown, "true 5000 true"}, {kb.ArrowDown, "true 5000 true"}, {kb.Home, "true 1 true"},
	} {
		tab.run(chromedp.KeyEvent(row.key))
		require.Equal(t, row.want, chosen())
	}
	assert.Equal(t, first, requireFew())
	var addedIn float64
	tab.run(chromedp.Evaluate(`addedIn`, &addedIn))
	assert.Less(t, addedIn, 2000.0, "milliseconds for 5,000 entries, of which none is drawn")
	tab.requireQuiet()
}

// TestLogFilter checks what the log shows of its entries.
func TestLogFilter(t *testing.T) {
	tab := openLog(t, 100)
	tab.waitText(".log-bar", "57 of 100") // the messages, and the lists that have failed
	for _, row := range []struct{ kind, query, want string }{
		{"all", "", "100"},
		{"failures", "", "14 of 100"},
		{"failures", "sendmessage", "7 of 100"},
		{"all", "jane POST 400", "7 of 100"},
		{"all", "onerror 99", "1 of 100"},
		{"all", "nobody", "0 of 100"},
	} {
		tab.choose(".log-bar select", row.kind)
		tab.choose(".log-bar input", row.query)
		tab.waitText(".log-bar span", row.want)
	}
	tab.waitText(".log-list", "Nothing here")
	tab.click("Clear")
	tab.waitText(".log-detail", "Every request of the people in this page appears here")
	tab.requireQuiet()
}

// TestLogFollows checks that the newest entry is open until the user chooses another one, and that new entries do not move that one away.
func TestLogFollows(t *testing.T) {
	tab := openLog(t, 99)
	tab.waitText(".attempt", "onerror=alert(1)> 99")
	tab.run(chromedp.Evaluate(`add(101)`, nil))
	tab.waitText(".attempt", "onerror=alert(1)> 101")
	var images int
	tab.run(chromedp.Evaluate(`document.querySelectorAll("img").length`, &images))
	assert.Zero(t, images, "an html message is shown as text")

	require.Contains(t, tab.rows()[0], "sendMessage Jane")
	tab.run(chromedp.Evaluate(`document.querySelector('.log-row[aria-posinset="4"]').click()`, nil))
	tab.waitText(".attempt", "onerror=alert(1)> 97")
	tab.run(chromedp.Evaluate(`document.querySelector(".log-rows").scrollTop = 500`, nil))
	before := tab.rows()
	tab.run(chromedp.Evaluate(`{ const list = document.querySelector(".log-rows"); globalThis.top500 = list.scrollTop; add(103); add(105); }`, nil))
	after := tab.rows()
	assert.Contains(t, strings.Join(after, "\n"), before[len(before)/2])
	var moved float64
	tab.run(chromedp.Evaluate(`document.querySelector(".log-rows").scrollTop - top500`, &moved))
	assert.Equal(t, 64.0, moved, "two rows")
	tab.waitText(".attempt", "onerror=alert(1)> 97")
	tab.click("Follow the newest")
	tab.waitText(".attempt", "onerror=alert(1)> 105")
	tab.requireQuiet()
}

// TestLogSaysWhatCameNext checks the words for what the client did after an attempt.
func TestLogSaysWhatCameNext(t *testing.T) {
	tab := openLog(t, 1)
	for _, script := range []string{
		`add(201, { callId: "a", outcome: "ServiceUnavailable", status: 503, next: "wait", startedAt: 1000, durationMs: 10 })`,
		`add(201, { callId: "a", outcome: "Unauthorized", status: 401, next: "token", attempt: 2, startedAt: 1810, durationMs: 5 })`,
		`add(201, { callId: "a", outcome: "NetworkError", status: undefined, responseBody: undefined, next: "failed", attempt: 3, startedAt: 1900 })`,
		`add(203, { callId: "b", outcome: "NetworkError", status: undefined, next: "wait" })`,
		`add(205, { callId: "c", outcome: "aborted", status: undefined, next: "failed" })`,
		`add(209, { callId: "e", outcome: "NetworkError", status: undefined, next: "wait", requestBody: '{"metadata":{"acschat.idempotencyToken":"0123456789abcdef"}}' })`,
		`add(211, { callId: "e", operation: "sendMessage", method: "GET", attempt: 2, next: "wait", requestBody: undefined })`,
		`add(213, { callId: "f", outcome: "NetworkError", status: undefined, next: "wait", requestBody: '{"metadata":{"acschat.idempotencyToken":"abcdef0123456789"}}' })`,
		`add(2, { responseBody: '{"value":[{"metadata":{"acschat.idempotencyToken":"abcdef0123456789"}}]}' })`,
		`add(207, { callId: "d", outcome: "NotFound", status: 404, next: "done" })`,
	} {
		tab.run(chromedp.Evaluate(script, nil))
	}
	assert.Equal(t, []string{
		"404 sendMessage Jane #1 settled 10 B 5 ms",
		"– sendMessage Jane #1 a poll found it: not sent again 10 B 5 ms",
		"201 sendMessage Jane #2 not found: sends again 10 B 5 ms",
		"– sendMessage Jane #1 looked for it after 0 ms 10 B 5 ms",
		"– sendMessage Jane #1 aborted 10 B 5 ms",
		"– sendMessage Jane #1 waits to retry 10 B 5 ms",
		"– sendMessage Jane #3 gave up after 3 attempts 10 B 5 ms",
		"401 sendMessage Jane #2 retried with a new token after 85 ms 10 B 5 ms",
		"503 sendMessage Jane #1 retried after 800 ms 10 B 10 ms",
		"201 sendMessage Jane #1 answered 10 B 5 ms",
	}, tab.rows())
	tab.requireQuiet()
}
