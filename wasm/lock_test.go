//go:build js && wasm

package main

import (
	"syscall/js"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// TestConcurrentSendsWithOneToken checks that two clients that send with the same tokens at the same time store each message once: with Web
// Locks, without them, and where the browser refuses them.
func TestConcurrentSendsWithOneToken(t *testing.T) {
	original := requestLock
	require.False(t, original.IsUndefined(), "this browser has Web Locks")
	for name, request := range map[string]js.Value{
		"Web Locks": original,
		"none":      js.Undefined(),
		"throwing":  js.Global().Call("eval", `() => { throw new DOMException("planted", "SecurityError"); }`),
		"rejecting": js.Global().Call("eval", `async () => { throw new DOMException("planted", "SecurityError"); }`),
	} {
		t.Run(name, func(t *testing.T) {
			requestLock = request
			t.Cleanup(func() { requestLock = original })
			em, values := emulated(t)
			got := page[struct {
				IDs  [2][]string
				Held []string
			}](t, values, `
				let held;
				const slow = async (...args) => {
					held ??= (await navigator.locks.query()).held.map(({ name }) => name);
					await new Promise((resolve) => setTimeout(resolve));
					return fetch(...args);
				};
				const clients = [1, 2].map(() => createClient({ endpoint, token, fetch: slow, settleMs: 0 }));
				const { chatThread: { id } } = await clients[0].createThread({ topic: "Lunch" });
				held = undefined;
				const tokens = Array.from({ length: 12 }, (_, n) => n % 2 ? acsChat.newIdempotencyToken() : crypto.randomUUID());
				const ids = await Promise.all(clients.map((c) => Promise.all(tokens.map(async (idempotencyToken) =>
					(await c.sendMessage(id, { content: "Hi" }, { idempotencyToken })).id))));
				await navigator.locks.request("acschat:" + endpoint + id + tokens[0], { signal: AbortSignal.timeout(5000) }, () => {});
				return { ids, held: held.map((name) => name.replace(id, "/thread/").replace(/[^/]*$/, "token")) };
			`)
			assert.Equal(t, got.IDs[0], got.IDs[1])
			assert.Equal(t, 12, len(em.Threads()[0].Messages)-2)
			if name == "Web Locks" {
				assert.Contains(t, got.Held, "acschat:"+endpoint+"/thread/token")
			} else {
				assert.Empty(t, got.Held)
			}
			assert.Empty(t, pendingLocks)
			assert.Empty(t, calls)
		})
	}
}

// TestResumedBeforePageListeners checks that after a freeze or the back/forward cache a token that the page made before counts as possibly
// sent, already in the page's own listeners of the same event.
func TestResumedBeforePageListeners(t *testing.T) {
	for name, event := range map[string]string{
		"restored":       `globalThis.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }))`,
		"resumed":        `document.dispatchEvent(new Event("resume"))`,
		"shown at first": `globalThis.dispatchEvent(new PageTransitionEvent("pageshow"))`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Cleanup(func() { sends = chatcore.NewSendMemory() }) // or the next tests' clients would wait, too
			_, values := emulated(t)
			methods := page[[]string](t, values, `
				const methods = [];
				const counting = (url, init) => {
					methods.push(init.method);
					return fetch(url, init);
				};
				const client = createClient({ endpoint, token, fetch: counting, settleMs: 200 });
				const { chatThread: { id } } = await client.createThread({ topic: "Lunch" });
				methods.length = 0;
				const idempotencyToken = acsChat.newIdempotencyToken();
				let sending;
				const send = () => { sending = client.sendMessage(id, { content: "Hi" }, { idempotencyToken }); };
				const targets = [globalThis, document];
				for (const target of targets) for (const type of ["pageshow", "resume"]) target.addEventListener(type, send, { once: true });
				try {
					`+event+`;
				} finally {
					for (const target of targets) for (const type of ["pageshow", "resume"]) target.removeEventListener(type, send);
				}
				await sending;
				return methods;
			`)
			if name == "shown at first" {
				assert.Equal(t, []string{"POST"}, methods)
			} else {
				assert.Equal(t, []string{"GET", "GET", "POST"}, methods, "a second lookup after settleMs")
			}
		})
	}
}

// TestKeptLockWithCoarseClock checks that a kept lock stays held if the timer fires early, as it may with a coarse clock, and that the next
// timer releases it.
func TestKeptLockWithCoarseClock(t *testing.T) {
	original := performanceNow
	t.Cleanup(func() { performanceNow = original })
	clock := js.Global().Call("eval", "({ now: 1000, released: 0 })")
	performanceNow = js.Global().Call("eval", "(clock) => () => clock.now").Invoke(clock)
	release := js.Global().Call("eval", "(clock) => () => clock.released++").Invoke(clock)

	(&webLock{name: "a lock", release: release}).releaseAt(now() + 250)
	clock.Set("now", 1200)
	timerFired()
	require.Zero(t, clock.Get("released").Int())
	require.NotZero(t, timer.due, "the timer is set again")
	clock.Set("now", 1300)
	timerFired()
	assert.Equal(t, 1, clock.Get("released").Int())
	assert.Empty(t, keptLocks)
	currentHost.clearTimer()
	timer.due = 0
}
