//go:build !js

package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/emulator"
)

// cachedFor60s returns an endpoint whose answers to GET may be cached for a minute.
func (s *site) cachedFor60s(t *testing.T) (endpoint string) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			w.Header().Set("Cache-Control", "max-age=60")
		}
		s.emulator.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// TestLookupIsNotCached checks that the second lookup does not read the cached list of the first: the message would not be found, and sent twice.
func TestLookupIsNotCached(t *testing.T) {
	site := newSite(t)
	jane := site.emulator.NewUser()
	site.post(t, "/chat/threads", jane, `{"topic":"Lunch"}`)
	threadID := site.emulator.Threads()[0].ID
	site.endpoint = site.cachedFor60s(t)
	site.emulator.Fail(emulator.Rule{Operation: "sendMessage", Call: 1, Drop: true})
	site.emulator.Fail(emulator.Rule{Operation: "sendMessage", Call: 2, Drop: true, After: true})
	site.emulator.Fail(emulator.Rule{Operation: "deleteIdentity", Status: 500}) // see newCell

	tab := site.openClient(t, jane)
	var sent struct{ ID string }
	tab.evaluate(fmt.Sprintf(`import("./chat.js").then(({ newIdempotencyToken }) =>
		client.sendMessage(%q, { content: "Hi" }, { idempotencyToken: newIdempotencyToken(), retry: { baseDelayMs: 0 }, settleMs: 300 }))`,
		threadID), &sent)
	messages := site.emulator.Threads()[0].Messages[2:]
	require.Len(t, messages, 1)
	assert.Equal(t, messages[0].ID, sent.ID)
	tab.requireQuiet()
}

// TestWatchIsNotCached checks that the polls of a watch do not read cached answers.
func TestWatchIsNotCached(t *testing.T) {
	site := newSite(t)
	jane := site.emulator.NewUser()
	site.post(t, "/chat/threads", jane, `{"topic":"Lunch"}`)
	threadID := site.emulator.Threads()[0].ID
	site.endpoint = site.cachedFor60s(t)

	tab := site.openClient(t, jane)
	var seen []string
	tab.evaluate(fmt.Sprintf(`(async (threadId) => {
		const seen = [], signal = AbortSignal.timeout(10_000);
		const send = () => client.sendMessage(threadId, { content: String(seen.length) });
		await send();
		try {
			for await (const { content } of client.watchMessages(threadId, { sinceMessageId: "0", intervalMs: 100, signal })) {
				if (!content.message) continue;
				if (seen.push(content.message) === 4) break;
				await send();
			}
		} catch (error) {
			if (error !== signal.reason) throw error;
		}
		return seen;
	})(%q)`, threadID), &seen)
	assert.Equal(t, []string{"0", "1", "2", "3"}, seen)
	tab.requireQuiet()
}

// TestReadIsNotCached checks that lists do not read cached answers.
func TestReadIsNotCached(t *testing.T) {
	site := newSite(t)
	jane := site.emulator.NewUser()
	site.post(t, "/chat/threads", jane, `{"topic":"Lunch"}`)
	threadID := site.emulator.Threads()[0].ID
	direct := site.endpoint
	site.endpoint = site.cachedFor60s(t)
	tab := site.openClient(t, jane)
	site.endpoint = direct
	for _, want := range []int{2, 3} {
		var count int
		tab.evaluate(fmt.Sprintf(`(async () => {
			let count = 0;
			for await (const message of client.listMessages(%q)) count++;
			return count;
		})()`, threadID), &count)
		assert.Equal(t, want, count)
		site.post(t, "/chat/threads/"+threadID+"/messages", jane, `{"content":"Hi"}`)
	}
	tab.requireQuiet()
}

// TestSendsShareAPreflight checks that Chromium sends one CORS preflight for all messages of a thread.
func TestSendsShareAPreflight(t *testing.T) {
	site := newSite(t)
	jane := site.emulator.NewUser()
	site.post(t, "/chat/threads", jane, `{"topic":"Lunch"}`)
	tab := site.openClient(t, jane)
	tab.evaluate(fmt.Sprintf(`(async () => {
		for (let i = 0; i < 5; i++) await client.sendMessage(%q, { content: "Hi" });
	})()`, site.emulator.Threads()[0].ID), nil)
	assert.EqualValues(t, 1, site.preflights.Load())
	tab.requireQuiet()
}
