//go:build !js

package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/emulator"
)

// openClient opens an empty page with two globals: client, and wasmBytes, which returns the size of the program's memory.
func (s *site) openClient(t *testing.T, user emulator.User) *tab {
	tab := s.openSample(t, "<!doctype html><title>Client</title>")
	tab.evaluate(fmt.Sprintf(`(async () => {
		const { instantiate } = WebAssembly;
		WebAssembly.instantiate = async (module, imports) => {
			const instance = await instantiate.call(WebAssembly, module, imports);
			if (imports.gojs) globalThis.wasmBytes = () => instance.exports.mem.buffer.byteLength;
			return instance;
		};
		const { initialize, createClient } = await import("./chat.js");
		await initialize();
		globalThis.client = createClient({ endpoint: %q, token: %q });
	})()`, s.endpoint, user.Token), nil)
	return tab
}

// evaluate runs a script, awaits its promise, and stores the value in result.
func (tab *tab) evaluate(script string, result any) {
	tab.t.Helper()
	tab.run(chromedp.Evaluate(script, result, awaitPromise))
}

// TestStack checks that the stack of an error shows the page's function and not the program's.
func TestStack(t *testing.T) {
	site := newSite(t)
	tab := site.openClient(t, site.emulator.NewUser())
	for name, script := range map[string]string{
		"createClient": `import("./chat.js").then(function ofThePage({ createClient }) { createClient({}); })`,
		"a method":     `(async function ofThePage() { await client.getThread(""); })()`,
		"a function":   `(async function ofThePage() { await client.getThread(() => {}); })()`,
	} {
		var stack string
		tab.evaluate(script+`.catch(({ stack }) => stack)`, &stack)
		assert.Contains(t, stack, "ofThePage", name)
		assert.NotContains(t, stack, "wasm-function", name)
		assert.Contains(t, stack, "ChatError: ", name)
	}
	tab.requireQuiet()
}

// post sends a request to the emulator without a browser.
func (s *site) post(t *testing.T, path string, user emulator.User, body string) {
	request, err := http.NewRequest(http.MethodPost, s.endpoint+path+"?api-version=2025-03-15", bytes.NewBufferString(body))
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer "+user.Token)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, http.StatusCreated, response.StatusCode)
}

// TestTenThousandMessages lists ten thousand messages while others are sent. It checks that each comes once and in order, and that the second half
// takes no more memory.
func TestTenThousandMessages(t *testing.T) {
	const count = 10_000
	site := newSite(t)
	jane := site.emulator.NewUser()
	site.post(t, "/chat/threads", jane, `{"topic":"Lunch"}`)
	threadID := site.emulator.Threads()[0].ID
	for i := range count {
		site.post(t, "/chat/threads/"+threadID+"/messages", jane, fmt.Sprintf(`{"content":"%d"}`, i))
	}

	tab := site.openClient(t, jane)
	var got struct {
		Seen         int
		Wrong        string
		Half, Bytes  int
		Milliseconds float64
	}
	tab.evaluate(fmt.Sprintf(`(async (id, count) => {
		const begun = performance.now();
		let seen = 0, half, wrong = "";
		for await (const message of client.listMessages(id, { maxPageSize: 200 })) {
			const want = seen < count ? String(count - 1 - seen) : ["topicUpdated", "participantAdded"][seen - count];
			if ((message.content.message ?? message.type) !== want) wrong ||= seen + " is " + JSON.stringify(message);
			if (++seen %% 1000 === 0) await client.sendMessage(id, { content: "meanwhile" });
			if (seen === count / 2) half = wasmBytes();
		}
		return { seen, wrong, half, bytes: wasmBytes(), milliseconds: performance.now() - begun };
	})(%q, %d)`, threadID, count), &got)
	assert.Equal(t, count+2, got.Seen)
	assert.Empty(t, got.Wrong)
	assert.Len(t, site.emulator.Threads()[0].Messages, count+12)
	t.Logf("WebAssembly memory: %d bytes at half, %d at the end; %.0f ms in all", got.Half, got.Bytes, got.Milliseconds)
	assert.LessOrEqual(t, got.Bytes, got.Half+2_000_000, "400 bytes a message: when memory is collected is not the same each time")
}

// TestTwoPagesWatch checks that two pages that watch a thread see every message, edit and deletion once and in order.
func TestTwoPagesWatch(t *testing.T) {
	site := newSite(t)
	jane, alex := site.emulator.NewUser(), site.emulator.NewUser()
	site.post(t, "/chat/threads", jane, fmt.Sprintf(`{"topic":"Lunch","participants":[{"communicationIdentifier":{"rawId":%q}}]}`, alex.ID))
	threadID := site.emulator.Threads()[0].ID

	tabs := []*tab{site.openClient(t, jane), site.openClient(t, alex)}
	for _, tab := range tabs {
		tab.evaluate(fmt.Sprintf(`{
			globalThis.seen = [];
			let check = () => {};
			globalThis.until = (count) => new Promise((resolve) => (check = () => seen.length >= count && resolve(seen))());
			void (async () => {
				for await (const m of client.watchMessages(%q, { sinceMessageId: "0", intervalMs: 300 })) {
					const state = m.deletedOn ? "deleted" : m.editedOn ? "edited" : "sent";
					seen.push(state + " " + m.id + " " + (m.content.message ?? m.type));
					check();
				}
			})();
		}`, threadID), nil)
	}

	// The pages wait for each other between rounds: a watch shows only the last of two changes between two polls.
	want := []string{}
	for i, message := range site.emulator.Threads()[0].Messages {
		want = append(want, "sent "+message.ID+" "+[]string{"participantAdded", "topicUpdated"}[i])
	}
	seeAll := func() {
		for i, tab := range tabs {
			var seen []string
			tab.evaluate(fmt.Sprintf(`until(%d)`, len(want)), &seen)
			require.Equal(t, want, seen, "tab %d", i)
		}
	}
	var ids [2][]string
	for i, tab := range tabs {
		tab.evaluate(fmt.Sprintf(`(async () => {
			const ids = [];
			for (let i = 0; i < 250; i++) ids.push((await client.sendMessage(%q, { content: "m" + i })).id);
			return ids;
		})()`, threadID), &ids[i])
		for n, id := range ids[i] {
			want = append(want, fmt.Sprintf("sent %s m%d", id, n))
		}
	}
	seeAll()
	for i, tab := range tabs {
		tab.evaluate(fmt.Sprintf(`(async (ids) => {
			for (const id of ids.slice(0, 150)) await client.updateMessage(%[1]q, id, { content: "new" });
			for (const id of ids.slice(150)) await client.deleteMessage(%[1]q, id);
		})(%[2]s)`, threadID, list(ids[i])), nil)
		for n, id := range ids[i] {
			if n < 150 {
				want = append(want, "edited "+id+" new")
			} else {
				want = append(want, "deleted "+id+" ")
			}
		}
	}
	seeAll()
	for _, tab := range tabs {
		tab.requireQuiet()
	}
}

// list returns texts as a JavaScript array.
func list(texts []string) string {
	text, _ := json.Marshal(texts) // strings cannot fail
	return string(text)
}
