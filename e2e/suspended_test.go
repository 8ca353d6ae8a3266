//go:build unix

package e2e

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/systeminfo"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// suspension describes how long a page's renderer is stopped. During that time answers arrive, after answersAfter, and then timers are due, after
// timeout.
type suspension struct{ answersAfter, timeout, stopped time.Duration }

// TestSuspendedRenderer checks that a send succeeds if its answer arrives while the renderer is stopped, although the attempt's timer is due
// before the page reads the answer. Without an answer, the send fails a second after the renderer continues, and its error names timeoutMs.
func TestSuspendedRenderer(t *testing.T) {
	s := suspension{300 * time.Millisecond, time.Second, 1600 * time.Millisecond}
	if *long {
		s = suspension{1500 * time.Millisecond, 5 * time.Second, 8 * time.Second}
	}
	site := newSite(t)
	user := site.emulator.NewUser()
	site.post(t, "/chat/threads", user, `{"topic":"Lunch"}`)
	threadID := site.emulator.Threads()[0].ID
	arrived := make(chan struct{}, 10)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			site.emulator.ServeHTTP(w, r)
			return
		}
		body, err := io.ReadAll(r.Body)
		assert.NoError(t, err)
		arrived <- struct{}{}
		if bytes.Contains(body, []byte(`"never answered"`)) {
			<-r.Context().Done()
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		time.Sleep(s.answersAfter)
		site.emulator.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)

	tab := openOwnBrowser(t, blank(t, "").URL+"/blank")
	var got struct {
		Outcomes     []outcome
		Milliseconds float64 // of the last
	}
	tab.evaluate(fmt.Sprintf(`import("./chat.js").then(async ({ initialize, createClient, newIdempotencyToken }) => {
		await initialize();
		const client = createClient({ endpoint: %q, token: %q, timeoutMs: %d, retry: false });
		const idempotencyToken = newIdempotencyToken();
		const sends = [
			["without a token"], ["with a token", { idempotencyToken: true }], ["with its own token", { idempotencyToken }], ["never answered"],
		].map(([content, options]) => client.sendMessage(%q, { content }, options).then(
			({ id }) => ({ resolved: true, id }),
			({ message, cause, ...error }) => ({ error: { message: cause?.message ?? message, ...error } })));
		const began = performance.now();
		globalThis.sent = Promise.all(sends).then((outcomes) => ({ outcomes, milliseconds: performance.now() - began }));
	})`, server.URL, user.Token, s.timeout.Milliseconds(), threadID), nil)
	for range 4 {
		<-arrived
	}
	stopRenderers(t, tab.ctx, s.stopped)
	tab.evaluate(`sent`, &got)
	t.Logf("%+v: %+v", s, got)

	messages := site.emulator.Threads()[0].Messages[2:]
	require.Len(t, messages, 3)
	for i, name := range []string{"without a token", "with a token", "with its own token"} {
		require.True(t, got.Outcomes[i].Resolved, "%s: %+v", name, got.Outcomes[i])
		for _, message := range messages {
			if message.Content.Message == name {
				assert.Equal(t, message.ID, got.Outcomes[i].ID)
			}
		}
	}
	unanswered := got.Outcomes[3].Error
	assert.Equal(t, "DeliveryUnknown", unanswered.Code)
	assert.Contains(t, unanswered.Message, fmt.Sprintf("within %d ms", s.timeout.Milliseconds()))
	assert.GreaterOrEqual(t, got.Milliseconds, float64((s.stopped + time.Second - 100*time.Millisecond).Milliseconds()))
	tab.requireQuiet()
}

// openOwnBrowser opens a page in a new Chromium.
func openOwnBrowser(t *testing.T, url string) *tab {
	ctx, closeBrowser := chromedp.NewContext(context.Background())
	t.Cleanup(closeBrowser)
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	t.Cleanup(cancel)
	tab := &tab{t: t, ctx: ctx}
	tab.run(network.Enable(), chromedp.Navigate(url))
	return tab
}

// stopRenderers stops the renderer processes of a browser for a time. The browser's network process continues, and receives the answers.
func stopRenderers(t *testing.T, ctx context.Context, stopped time.Duration) {
	t.Helper()
	processes, err := systeminfo.GetProcessInfo().Do(cdp.WithExecutor(ctx, chromedp.FromContext(ctx).Browser))
	require.NoError(t, err)
	var renderers []int
	for _, process := range processes {
		if process.Type == "renderer" {
			renderers = append(renderers, int(process.ID))
		}
	}
	require.NotEmpty(t, renderers)
	resume := func() {
		for _, id := range renderers {
			_ = syscall.Kill(id, syscall.SIGCONT)
		}
	}
	defer resume()
	for _, id := range renderers {
		require.NoError(t, syscall.Kill(id, syscall.SIGSTOP))
	}
	time.Sleep(stopped)
}
