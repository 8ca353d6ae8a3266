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

// program is a page with the client of one user. Any number of tabs can open it.
type program struct {
	site     *site
	user     emulator.User
	threadID string
	url      string
}

// settledMs is the settleMs of the clients in the page.
const settledMs = 500

// programOf serves such a page, and creates a thread. The script first runs before chat.js is loaded. The page has the globals createClient,
// newIdempotencyToken, make (creates a client), client, send (sends a message whose content is its token), and resultOf (returns the outcome of a
// promise as data).
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
			const resultOf = (promise) => promise.then(({ id }) => ({ id }), (e) => e instanceof Error ? { message: e.message, ...e } : { reason: e });
			await initialize();
			Object.assign(globalThis, { initialize, createClient, newIdempotencyToken, make, send, resultOf, client: make() });
			isLoaded();
		</script>`, first, p.site.endpoint, p.user.Token, settledMs, p.threadID)
	mux := http.NewServeMux()
	files := http.FileServer(http.Dir(web))
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		files.ServeHTTP(w, r)
	})
	mux.HandleFunc("/program", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.RawQuery == "opaque" { // gives the page an opaque origin
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

// reload reloads the page of a program.
func (tab *tab) reload() {
	tab.t.Helper()
	tab.run(chromedp.Reload())
	tab.evaluate(`loading`, nil)
}

// sendResult is the outcome of a send in the page.
type sendResult struct {
	ID                              string
	Code, Message, IdempotencyToken string
	Attempts                        int
	Reason                          any
}

// sent returns the ids of the stored messages with this content.
func (p *program) sent(content string) (ids []string) {
	for _, message := range p.site.emulator.Threads()[0].Messages {
		if message.Content.Message == content {
			ids = append(ids, message.ID)
		}
	}
	return ids
}

// requireOnce fails the test unless each message is stored once, with the id that its send returned.
func (p *program) requireOnce(t *testing.T, tokens []string, got []sendResult) {
	t.Helper()
	require.Len(t, got, len(tokens))
	for i, token := range tokens {
		require.Equal(t, []string{got[i].ID}, p.sent(token), "message %d: %+v", i, got[i])
	}
}

// through makes the clients send their requests to a handler instead of the emulator.
func (s *site) through(t *testing.T, handler func(w http.ResponseWriter, r *http.Request)) {
	server := httptest.NewServer(http.HandlerFunc(handler))
	t.Cleanup(server.Close)
	s.endpoint = server.URL
}
