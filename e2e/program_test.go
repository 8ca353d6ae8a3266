//go:build !js

package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"acschat/emulator"
)

// program is a page of one user's with the client in it, which any number of tabs can open.
type program struct {
	site     *site
	user     emulator.User
	threadID string
	url      string
}

// settledMs is the settleMs of a program's clients.
const settledMs = 500

// programOf serves such a page, of a new thread. A script comes before the client is loaded. Other scripts have createClient,
// newIdempotencyToken, make, which makes a client, and client, which is one; send, which sends a message whose content is its
// token; and told, which makes data of how a promise ends.
func programOf(t *testing.T, s *site, first string) *program {
	return programOfUser(t, s, s.emulator.NewUser(), first)
}

func programOfUser(t *testing.T, s *site, user emulator.User, first string) *program {
	p := &program{site: s, user: user}
	s.post(t, "/chat/threads", p.user, `{"topic":"Lunch"}`)
	p.threadID = s.emulator.Threads()[0].ID
	p.serve(t, first)
	return p
}

func (p *program) serve(t *testing.T, first string) {
	html := fmt.Sprintf(`<!doctype html><title>Program</title>
		<script>
			globalThis.loading = new Promise((resolve) => (globalThis.isLoaded = resolve));
			%s
		</script>
		<script type="module">
			import { initialize, createClient, newIdempotencyToken } from "./chat.js";
			const make = (options) => createClient({ endpoint: %q, token: %q, retry: { baseDelayMs: 0 }, settleMs: %d, ...options });
			const send = (client, idempotencyToken, options) =>
				client.sendMessage(%q, { content: String(idempotencyToken) }, { idempotencyToken, ...options });
			const told = (promise) => promise.then(({ id }) => ({ id }), (e) => e instanceof Error ? { message: e.message, ...e } : { reason: e });
			await initialize();
			Object.assign(globalThis, { initialize, createClient, newIdempotencyToken, make, send, told, client: make() });
			isLoaded();
		</script>`, first, p.site.endpoint, p.user.Token, settledMs, p.threadID)
	mux := http.NewServeMux()
	files := http.FileServer(http.Dir(web))
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		files.ServeHTTP(w, r)
	})
	mux.HandleFunc("/program", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.RawQuery == "opaque" { // the page's origin then is
			w.Header().Set("Content-Security-Policy", "sandbox allow-scripts")
		}
		_, _ = w.Write([]byte(html))
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	p.url = server.URL + "/program"
}

func (p *program) open(t *testing.T) *tab {
	tab := openTab(t, p.url)
	tab.evaluate(`loading`, nil)
	return tab
}

// reload reloads a program's page.
func (tab *tab) reload() {
	tab.t.Helper()
	tab.run(chromedp.Reload())
	tab.evaluate(`loading`, nil)
}

// told is how a send ended, as its page tells.
type told struct {
	ID                              string
	Code, Message, IdempotencyToken string
	Attempts                        int
	Reason                          any
}

// sent returns the ids of the messages with a content.
func (p *program) sent(content string) (ids []string) {
	for _, message := range p.site.emulator.Threads()[0].Messages {
		if message.Content.Message == content {
			ids = append(ids, message.ID)
		}
	}
	return ids
}

// requireOnce fails the test unless the messages are there once each, with these ids.
func (p *program) requireOnce(t *testing.T, tokens []string, got []told) {
	t.Helper()
	require.Len(t, got, len(tokens))
	for i, token := range tokens {
		require.Equal(t, []string{got[i].ID}, p.sent(token), "message %d: %+v", i, got[i])
	}
}

// through puts a handler between the clients and the emulator.
func (s *site) through(t *testing.T, handler func(w http.ResponseWriter, r *http.Request)) {
	server := httptest.NewServer(http.HandlerFunc(handler))
	t.Cleanup(server.Close)
	s.endpoint = server.URL
}
