//go:build !js

package e2e

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/emulator"
)

// lateUntilLookedFor drops the answer to the first message, and hides the message. After the test has set counts, the first lookup makes the message
// visible for the next one.
func lateUntilLookedFor(t *testing.T, s *site) (counts *atomic.Bool) {
	counts = new(atomic.Bool)
	s.emulator.Fail(emulator.Rule{Operation: "sendMessage", Call: 1, Drop: true, After: true, VisibleAfterMs: 3_600_000})
	s.through(t, func(w http.ResponseWriter, r *http.Request) {
		s.emulator.ServeHTTP(w, r)
		if r.Method == http.MethodGet && counts.CompareAndSwap(true, false) {
			s.emulator.Advance(time.Hour)
		}
	})
	return counts
}

// retries is a script. It sends a draft again in the page's own listener for an event.
const retries = `globalThis.retried = new Promise((resolve) => %s.addEventListener(%q, (event) => {
	if (event.type === "resume" || event.persisted) resolve(resultOf(send(client, draft)));
}));`

// TestRetryByRestoredPage checks that a page from the back/forward cache does not send a message again that the next page has sent and that is not
// visible yet.
func TestRetryByRestoredPage(t *testing.T) {
	site := newSite(t)
	counts := lateUntilLookedFor(t, site)
	p := programOf(t, site, fmt.Sprintf(retries, "globalThis", "pageshow"))
	tab := p.open(t)
	var draft string
	tab.evaluate(fmt.Sprintf(`new Promise((resolve) => setTimeout(resolve, %d)).then(() => (globalThis.draft = newIdempotencyToken()))`, settledMs), &draft)
	tab.run(chromedp.Navigate(p.url + "?next"))
	tab.evaluate(`loading`, nil)
	var next, got sendResult
	tab.evaluate(fmt.Sprintf(`resultOf(send(client, %q, { retry: false, settleMs: 0 }))`, draft), &next)
	assert.Equal(t, "DeliveryUnknown", next.Code)

	restored := make(chan page.NavigationType, 1)
	chromedp.ListenTarget(tab.ctx, func(event any) {
		if e, ok := event.(*page.EventFrameNavigated); ok {
			restored <- e.Type
		}
	})
	counts.Store(true)
	tab.evaluate(`history.back()`, nil)
	require.Equal(t, page.NavigationTypeBackForwardCacheRestore, <-restored)
	tab.evaluate(`retried`, &got)
	p.requireOnce(t, []string{draft}, []sendResult{got})
	tab.requireQuiet()
}

// TestRetryByResumedPage checks the same for a page that was frozen while another tab sent its draft.
func TestRetryByResumedPage(t *testing.T) {
	site := newSite(t)
	counts := lateUntilLookedFor(t, site)
	p := programOf(t, site, fmt.Sprintf(retries, "document", "resume"))
	frozen, next := p.open(t), p.open(t)
	var draft string
	frozen.evaluate(fmt.Sprintf(`new Promise((resolve) => setTimeout(resolve, %d)).then(() => (globalThis.draft = newIdempotencyToken()))`, settledMs), &draft)
	frozen.run(emulation.SetFocusEmulationEnabled(false)) // a visible page does not freeze
	frozen.run(page.SetWebLifecycleState(page.SetWebLifecycleStateStateFrozen))
	var sent, got sendResult
	next.evaluate(fmt.Sprintf(`resultOf(send(client, %q, { retry: false, settleMs: 0 }))`, draft), &sent)
	assert.Equal(t, "DeliveryUnknown", sent.Code)

	counts.Store(true)
	frozen.run(page.SetWebLifecycleState(page.SetWebLifecycleStateStateActive))
	frozen.evaluate(`retried`, &got)
	p.requireOnce(t, []string{draft}, []sendResult{got})
	frozen.requireQuiet()
}
