//go:build !js

package e2e

import (
	"fmt"
	"net/http"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/emulator"
)

// foreignTokens returns tokens that no page has made.
func foreignTokens(n int) (tokens []string) {
	for range n {
		tokens = append(tokens, uuid.Must(uuid.NewV7()).String())
	}
	return tokens
}

// TestTwoTabsSendOnce checks that two tabs that send with the same tokens at the same time store each message once.
func TestTwoTabsSendOnce(t *testing.T) {
	site := newSite(t)
	p := programOf(t, site, "")
	tokens := foreignTokens(12)
	var got [2][]sendResult
	var senders sync.WaitGroup
	tabs := [2]*tab{p.open(t), p.open(t)}
	// The first tab passes a token to the second, sends with it at the same time, and waits for both sends.
	tabs[1].evaluate(`{
		globalThis.turns = new BroadcastChannel("turns");
		const outcomes = [];
		globalThis.all = new Promise((resolve) => (turns.onmessage = async ({ data: token }) => {
			if (!token) return resolve(outcomes);
			outcomes.push(await resultOf(send(client, token)));
			turns.postMessage("done");
		}));
		undefined;
	}`, nil)
	senders.Go(func() { tabs[1].evaluate(`all`, &got[1]) })
	tabs[0].evaluate(fmt.Sprintf(`(async (tokens) => {
		await new Promise((resolve) => setTimeout(resolve, %d));
		const turns = new BroadcastChannel("turns"), outcomes = [];
		for (const token of tokens) {
			const done = new Promise((resolve) => (turns.onmessage = resolve));
			turns.postMessage(token);
			outcomes.push(await resultOf(send(client, token)));
			await done;
		}
		turns.postMessage("");
		return outcomes;
	})(%s)`, settledMs, list(tokens)), &got[0])
	senders.Wait()
	for i, tab := range tabs {
		p.requireOnce(t, tokens, got[i])
		tab.requireQuiet()
	}
}

// TestTwoClientsSendOnce checks the same for two clients of one page: with Web Locks, without them, and where the browser refuses them.
func TestTwoClientsSendOnce(t *testing.T) {
	for _, row := range []struct{ name, query, first, refused string }{
		{"with Web Locks", "", "", ""},
		{"without Web Locks", "", `delete Navigator.prototype.locks`, "TypeError"},
		{"with a request that throws", "", `LockManager.prototype.request = () => { throw new DOMException("planted", "SecurityError"); }`, "SecurityError"},
		{"in an opaque origin", "?opaque", "", "SecurityError"},
	} {
		t.Run(row.name, func(t *testing.T) {
			p := programOf(t, newSite(t), row.first)
			p.url += row.query
			tab, tokens := p.open(t), foreignTokens(12)
			var got [2][]sendResult
			var refused string
			tab.evaluate(`(async () => navigator.locks.request("x", () => ""))().catch(({ name }) => name)`, &refused)
			require.Equal(t, row.refused, refused)
			tab.evaluate(fmt.Sprintf(`(async (tokens, clients) => {
				const outcomes = [[], []];
				for (const token of tokens) {
					const both = await Promise.all(clients.map((c) => resultOf(send(c, token))));
					both.forEach((outcome, i) => outcomes[i].push(outcome));
				}
				return outcomes;
			})(%s, [client, make()])`, list(tokens)), &got)
			p.requireOnce(t, tokens, got[0])
			p.requireOnce(t, tokens, got[1])
			tab.requireQuiet()
		})
	}
}

// TestWebLock checks that a send with a token of the page holds a Web Lock until it ends, however it ends, and that abort and timeout end the wait
// for the lock.
func TestWebLock(t *testing.T) {
	site := newSite(t)
	p := programOf(t, site, "")
	site.emulator.Fail(emulator.Rule{Operation: "deleteIdentity", Status: 500}) // see newCell
	tab := p.open(t)
	name := func(token string) string { return "acschat:" + site.endpoint + p.threadID + token }
	// held sends a message. It returns the locks that are held during the request, and the result.
	tab.evaluate(`{
		const locks = async () => (await navigator.locks.query()).held.map(({ name }) => name);
		globalThis.held = async (act, options) => {
			let begun, isBegun = new Promise((resolve) => (begun = resolve));
			const client = make({ fetch: async (...args) => { begun(); return options?.response?.(...args) ?? fetch(...args); }, ...options?.client });
			const ended = resultOf(send(client, options.token, options.call));
			await isBegun;
			const names = await locks();
			act?.(client);
			return { names, ended: await ended };
		};
		globalThis.isFree = (name) => navigator.locks.request(name, { signal: AbortSignal.timeout(5000) }, () => true);
	}`, nil)
	for _, row := range []struct {
		name, act, options string
		code               string
	}{
		{"success", ``, ``, ""},
		{"failure", ``, `response: () => new Response("", { status: 403 })`, "DeliveryUnknown"},
		{"abort", `() => stop.abort("enough")`, `call: { signal: (globalThis.stop = new AbortController()).signal }, response: () => new Promise(() => {})`, ""},
		{"close", `(client) => client.close()`, `response: () => new Promise(() => {})`, "DeliveryUnknown"},
	} {
		t.Run(row.name, func(t *testing.T) {
			token := foreignTokens(1)[0]
			var got struct {
				Names []string
				Ended sendResult
				Free  bool
			}
			act := row.act
			if act == "" {
				act = "undefined"
			}
			tab.evaluate(fmt.Sprintf(`held(%s, { token: %q, %s }).then(async (got) => ({ ...got, free: await isFree(%q) }))`, act, token, row.options, name(token)), &got)
			assert.Equal(t, []string{name(token)}, got.Names)
			assert.True(t, got.Free)
			assert.Equal(t, row.code, got.Ended.Code, got.Ended.Message)
		})
	}

	t.Run("waiting for the lock", func(t *testing.T) {
		token := foreignTokens(1)[0]
		var got struct{ Aborted, Late, First sendResult }
		tab.evaluate(fmt.Sprintf(`navigator.locks.request(%q, async () => {
			const stop = new AbortController();
			const aborted = resultOf(send(client, %[2]q, { signal: stop.signal }));
			const late = await resultOf(send(client, %[2]q, { totalTimeoutMs: 100 }));
			stop.abort("enough");
			return { aborted: await aborted, late };
		}).then(async (got) => ({ ...got, first: await resultOf(send(client, %[2]q)) }))`, name(token), token), &got)
		assert.Equal(t, "enough", got.Aborted.Reason)
		assert.Equal(t, "DeliveryUnknown", got.Late.Code)
		assert.Equal(t, token, got.Late.IdempotencyToken)
		p.requireOnce(t, []string{token}, []sendResult{got.First})
	})

	t.Run("a token that the client makes", func(t *testing.T) {
		var got struct{ Names []string }
		tab.evaluate(`held(undefined, { token: true })`, &got)
		assert.Empty(t, got.Names)
	})

	t.Run("the program ends", func(t *testing.T) {
		token := foreignTokens(1)[0]
		var got struct {
			Names []string
			Ended sendResult
			Free  bool
		}
		tab.evaluate(fmt.Sprintf(`held((client) => {
			const recurse = (...large) => { client.createThread({ topic: "x" }).catch(() => {}); recurse(...large); };
			try { recurse(...Array(1000)); } catch {}
		}, { token: %q, response: () => new Promise(() => {}) }).then(async (got) => ({ ...got, free: await isFree(%q) }))`, token, name(token)), &got)
		assert.Equal(t, []string{name(token)}, got.Names)
		assert.NotEmpty(t, got.Ended.Code)
		assert.True(t, got.Free)
	})
}

// TestFirstSendIsFast checks that a message with a token that the page made just now is sent without a lookup.
func TestFirstSendIsFast(t *testing.T) {
	p := programOf(t, newSite(t), `{
		const { now } = Date;
		globalThis.later = 0;
		Date.now = () => now.call(Date) + later;
	}`)
	for _, row := range []struct {
		name, between string
		want          []string
	}{
		{"at once", ``, []string{http.MethodPost}},
		{"later", `later = 2000`, []string{http.MethodGet, http.MethodPost}},
	} {
		t.Run(row.name, func(t *testing.T) {
			tab := p.open(t)
			var got struct {
				Token  string
				Result sendResult
			}
			before := len(tab.serviceRequests())
			tab.evaluate(`(async () => {
				const token = newIdempotencyToken();
				`+row.between+`;
				return { token, result: await resultOf(send(make({ settleMs: 60_000 }), token, { totalTimeoutMs: 20_000 })) };
			})()`, &got)
			var methods []string
			for _, request := range tab.serviceRequests()[before:] {
				methods = append(methods, request.Method)
			}
			require.Equal(t, row.want, methods)
			p.requireOnce(t, []string{got.Token}, []sendResult{got.Result})
			tab.requireQuiet()
		})
	}
}

// TestSentAgainByAnotherClient ends a call while its request is in flight. The next call with the token, by another client or after a restart of the
// program, must find the message.
func TestSentAgainByAnotherClient(t *testing.T) {
	for name, end := range map[string]string{
		"abort":            `stop.abort()`,
		"close":            `first.close()`,
		"the program ends": `try { recurse(...Array(1000)); } catch {} await resultOf(first.createThread({ topic: "x" })); await initialize()`,
	} {
		t.Run(name, func(t *testing.T) {
			site := newSite(t)
			counts := lateUntilLookedFor(t, site)
			p := programOf(t, site, "")
			tab := p.open(t)
			var token string
			tab.evaluate(fmt.Sprintf(`(async () => {
				const { promise: answered, resolve: answer } = Promise.withResolvers();
				const first = make({ fetch: (...args) => fetch(...args).catch(() => (answer(), new Promise(() => {}))) });
				const recurse = (...large) => { first.createThread({ topic: "x" }).catch(() => {}); recurse(...large); };
				await new Promise((resolve) => setTimeout(resolve, %d));
				const token = newIdempotencyToken(), stop = new AbortController();
				const ended = resultOf(send(first, token, { signal: stop.signal }));
				await answered;
				%s;
				await ended;
				return token;
			})()`, settledMs, end), &token)
			counts.Store(true)
			var got sendResult
			tab.evaluate(fmt.Sprintf(`resultOf(send(make(), %q))`, token), &got)
			p.requireOnce(t, []string{token}, []sendResult{got})
		})
	}
}
