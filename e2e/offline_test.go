//go:build !js

package e2e

import (
	"context"
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// offline sets whether a tab is offline.
func offline(isOffline bool) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		everything := &network.Conditions{Offline: isOffline, DownloadThroughput: -1, UploadThroughput: -1}
		if _, err := network.EmulateNetworkConditionsByRule([]*network.Conditions{everything}).Do(ctx); err != nil {
			return err
		}
		return network.OverrideNetworkState(isOffline, 0, -1, -1).Do(ctx) // sets navigator.onLine, and dispatches the events
	})
}

// TestSendStartedOffline checks that a message that is sent while the device is offline is delivered once when it is online again.
func TestSendStartedOffline(t *testing.T) {
	p := programOf(t, newSite(t), "")
	tab := p.open(t)
	tab.run(offline(true))
	var state string
	tab.evaluate(fmt.Sprintf(`fetch(%q).then(() => "online", () => String(navigator.onLine))`, p.site.endpoint), &state)
	require.Equal(t, "false", state)
	var token string
	tab.evaluate(`new Promise((resolve) => {
		const token = newIdempotencyToken();
		let failures = 0;
		const c = make({ fetch: async (...args) => {
			try {
				return await fetch(...args);
			} catch (error) {
				if (++failures === 8) resolve(token);
				throw error;
			}
		} });
		globalThis.sending = resultOf(send(c, token));
		void sending.then(() => resolve(token));
	})`, &token)
	var got sendResult
	tab.run(offline(false))
	tab.evaluate(`sending`, &got)
	p.requireOnce(t, []string{token}, []sendResult{got})
	tab.requireQuiet()
}

// TestAttemptsWaitOffline checks how attempts wait while the browser says that it is offline.
func TestAttemptsWaitOffline(t *testing.T) {
	p := programOf(t, newSite(t), "")
	tab := p.open(t)
	tab.evaluate(`{
		globalThis.attempts = 0; // while isDown is set, fetch fails, and the eighth attempt calls it
		globalThis.remote = (retry, options) => make({
			endpoint: "https://contoso.example",
			retry: { baseDelayMs: 0, ...retry },
			fetch: async (url, { method }) => {
				attempts++;
				if (globalThis.isDown && attempts === 8) isDown();
				if (globalThis.isDown) throw new TypeError("Failed to fetch");
				return method === "POST" ? new Response('{"id":"1"}', { status: 201 }) : new Response('{"value":[{"id":"1","sequenceId":"1","version":"1"}]}');
			},
			...options,
		});
		globalThis.state = (promise) => Promise.race([promise.then(() => "settled"), new Promise((resolve) => setTimeout(resolve, 0, "waits"))]);
	}`, nil)
	for _, row := range []struct {
		name, script string
		want         any
	}{
		{"attempts wait until the browser is online", `
			const sending = send(remote({ maxDelayMs: 60_000 }), true);
			const before = [await state(sending), attempts];
			online();
			return [...before, (await sending).id, attempts]`, []any{"waits", 0., "1", 1.}},
		{"attempts wait at most maxDelayMs", `
			const begun = performance.now();
			const { id } = await send(remote({ maxDelayMs: 300 }), true);
			return [id, attempts, performance.now() - begun >= 299]`, []any{"1", 1., true}},
		{"the call ends after totalTimeoutMs", `
			const { code, attempts: made, message } = await resultOf(send(remote({ maxDelayMs: 60_000 }), true, { totalTimeoutMs: 100 }));
			return [code, made, message.includes("nothing was sent"), attempts]`, []any{"NetworkError", 0., true, 0.}},
		{"the call ends after totalTimeoutMs, without an idempotency token", `
			const { code, attempts: made, message } = await resultOf(send(remote({ maxDelayMs: 60_000 }), undefined, { totalTimeoutMs: 100 }));
			return [code, made, message.includes("nothing was sent"), attempts]`, []any{"NetworkError", 0., true, 0.}},
		{"a message that was given to fetch is DeliveryUnknown", `
			globalThis.isDown = () => {};
			const { code, attempts: made } = await resultOf(send(remote({ maxDelayMs: 20 }), true, { totalTimeoutMs: 200 }));
			globalThis.isDown = undefined;
			return [code, made === attempts, made > 0]`, []any{"DeliveryUnknown", true, true}},
		{"attempts do not wait after an answer: the browser is wrong", `
			const c = remote({ maxDelayMs: 300 });
			await send(c, true);
			const sending = send(c, true, { retry: { maxDelayMs: 60_000 } });
			return [(await sending).id, attempts]`, []any{"1", 2.}},
		{"failures while offline do not count as retries", `
			const failed = new Promise((resolve) => (globalThis.isDown = resolve)), sending = send(remote({ maxDelayMs: 5 }), true);
			await Promise.race([failed, sending]);
			globalThis.isDown = undefined;
			online();
			return [(await sending).id, attempts >= 8]`, []any{"1", true}},
	} {
		t.Run(row.name, func(t *testing.T) {
			tab.run(offline(true))
			var got any
			tab.evaluate(fmt.Sprintf(`(async () => {
				attempts = 0;
				const online = () => {
					Object.defineProperty(navigator, "onLine", { configurable: true, value: true });
					dispatchEvent(new Event("online"));
				};
				try {
					%s
				} catch (error) {
					return String(error);
				} finally {
					delete navigator.onLine;
				}
			})()`, row.script), &got)
			assert.Equal(t, row.want, got)
			tab.run(offline(false))
		})
	}
	tab.requireQuiet()
}
