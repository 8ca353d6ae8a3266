//go:build !js

package e2e

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/cmd/chatdev/page"
)

const liveEndpoint = "https://contoso.communication.azure.com"

// openLive opens the demo page with users of a real resource. Its requests are answered by the site's emulator, inside the browser.
func (s *site) openLive(t *testing.T) *tab {
	t.Helper()
	site := page.New(web, s.users)
	site.Endpoint = func(string, string) string { return liveEndpoint }
	server := httptest.NewServer(site)
	t.Cleanup(server.Close)
	tab := openTab(t, "about:blank")
	chromedp.ListenTarget(tab.ctx, func(event any) {
		if paused, ok := event.(*fetch.EventRequestPaused); ok {
			go func() { _ = chromedp.Run(tab.ctx, s.answer(paused)) }() // an error says that the tab is closed
		}
	})
	tab.run(fetch.Enable().WithPatterns([]*fetch.RequestPattern{{URLPattern: liveEndpoint + "/*"}}), chromedp.EmulateViewport(1440, 900), chromedp.Navigate(server.URL),
		emulation.SetFocusEmulationEnabled(true))
	return tab
}

// answer answers a request of the browser with the emulator.
func (s *site) answer(paused *fetch.EventRequestPaused) chromedp.Action {
	var body strings.Builder
	for _, entry := range paused.Request.PostDataEntries {
		part, _ := base64.StdEncoding.DecodeString(entry.Bytes) // the browser has encoded it
		body.Write(part)
	}
	request := httptest.NewRequest(paused.Request.Method, paused.Request.URL, strings.NewReader(body.String()))
	for name, value := range paused.Request.Headers {
		request.Header.Set(name, value.(string))
	}
	recorder := httptest.NewRecorder()
	s.emulator.ServeHTTP(recorder, request)
	var headers []*fetch.HeaderEntry
	for name, values := range recorder.Header() {
		for _, value := range values {
			headers = append(headers, &fetch.HeaderEntry{Name: name, Value: value})
		}
	}
	return fetch.FulfillRequest(paused.RequestID, int64(recorder.Code)).WithResponseHeaders(headers).WithBody(base64.StdEncoding.EncodeToString(recorder.Body.Bytes()))
}

// TestLiveResource checks the page on a real resource: a clear mark, nothing is created by itself, and it asks before it deletes.
func TestLiveResource(t *testing.T) {
	site := newSite(t)
	tab := site.openLive(t)
	tab.waitText("#service", "Live contoso.communication.azure.com")
	tab.waitText(janes, "Open a thread, or start one.")
	tab.waitText(janes+" .inbox", "Jane is in no thread yet.")
	assert.Empty(t, site.emulator.Threads())
	for _, r := range tab.serviceRequests() {
		assert.Equal(t, http.MethodGet, r.Method)
	}
	tab.clickIn("#tools", "Faults and time")
	tab.waitText("#panel-faults", "this page is on a real resource")

	tab.clickIn(janes, "New thread")
	tab.clickIn("dialog", "Create thread")
	tab.run(chromedp.WaitNotPresent("dialog", chromedp.ByQuery))
	tab.waitText(alexs+" .topic", "Lunch")
	tab.say(janes, "Is this real?")
	tab.waitLast(alexs, "JaneIs this real?")
	require.Equal(t, "Is this real?", site.lastMessage().Content.Message)

	tab.clickIn(janes+lastItem, "Delete")
	tab.waitText("dialog", "on a real resource")
	tab.clickIn("dialog", "Cancel")
	tab.run(chromedp.WaitNotPresent("dialog", chromedp.ByQuery))
	assert.Zero(t, site.lastMessage().DeletedOn)
	tab.clickIn(janes+lastItem, "Delete")
	tab.clickIn("dialog", "Delete")
	tab.waitLast(alexs, "JaneDeleted")
	tab.requireQuiet()
}
