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

// offline takes the network away from a tab, or gives it back.
func offline(is bool) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		everything := &network.Conditions{Offline: is, DownloadThroughput: -1, UploadThroughput: -1}
		if _, err := network.EmulateNetworkConditionsByRule([]*network.Conditions{everything}).Do(ctx); err != nil {
			return err
		}
		return network.OverrideNetworkState(is, 0, -1, -1).Do(ctx) // navigator.onLine and the events
	})
}

// A message that is sent while the device is offline is delivered once when it is online again, however often sending failed.
func TestSendBegunOffline(t *testing.T) {
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
		globalThis.sending = told(send(c, token));
		void sending.then(() => resolve(token));
	})`, &token)
	var got told
	tab.run(offline(false))
	tab.evaluate(`sending`, &got)
	p.requireOnce(t, []string{token}, []told{got})
	tab.requireQuiet()
}

// Attempts wait for the network, but not for ever, and not where the browser is wrong about it.
func TestAttemptsWaitOffline(t *testing.T) {
	p := programOf(t, newSite(t), "")
	tab := p.open(t)
	tab.evaluate(`{
		globalThis.attempts = 0; // and isDown: fetch fails, and calls it the eighth time
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
		{"until it is back", `
			const sending = send(remote({ maxDelayMs: 60_000 }), true);
			const before = [await state(sending), attempts];
			online();
			return [...before, (await sending).id, attempts]`, []any{"waits", 0., "1", 1.}},
		{"at most for maxDelayMs", `
			const begun = performance.now();
			const { id } = await send(remote({ maxDelayMs: 300 }), true);
			return [id, attempts, performance.now() - begun >= 299]`, []any{"1", 1., true}},
		{"until the time is up", `
			const { code, attempts: made, message } = await told(send(remote({ maxDelayMs: 60_000 }), true, { totalTimeoutMs: 100 }));
			return [code, made, message.includes("nothing was sent"), attempts]`, []any{"NetworkError", 0., true, 0.}},
		{"also without a token", `
			const { code, attempts: made, message } = await told(send(remote({ maxDelayMs: 60_000 }), undefined, { totalTimeoutMs: 100 }));
			return [code, made, message.includes("nothing was sent"), attempts]`, []any{"NetworkError", 0., true, 0.}},
		{"and what was handed to fetch may have been sent", `
			globalThis.isDown = () => {};
			const { code, attempts: made } = await told(send(remote({ maxDelayMs: 20 }), true, { totalTimeoutMs: 200 }));
			globalThis.isDown = undefined;
			return [code, made === attempts, made > 0]`, []any{"DeliveryUnknown", true, true}},
		{"not after an answer", `
			const c = remote({ maxDelayMs: 300 });
			await send(c, true);
			const sending = send(c, true, { retry: { maxDelayMs: 60_000 } });
			return [(await sending).id, attempts]`, []any{"1", 2.}},
		{"and failures use up no retry", `
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
