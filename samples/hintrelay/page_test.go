//go:build !js

package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
	"acschat/chathttp"
	"acschat/emulator"
	"acschat/emulator/webhook"
	"acschat/identity"
)

// TestPage runs page.js in Chromium, on another origin than the relay, with a cookie for the login. A recorder stands for the
// client. The relay ends the connection once, so that the page connects again.
func TestPage(t *testing.T) {
	if testing.Short() {
		t.Skip("needs Chromium")
	}
	pages := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/page.js" {
			http.ServeFile(w, r, "page.js")
			return
		}
		fmt.Fprint(w, "<!doctype html><title>Hints</title>")
	}))
	defer pages.Close()

	r := &relay{secretHash: sha256.Sum256([]byte(secret)), origin: pages.URL}
	relayServer := httptest.NewServer(r.handler())
	defer relayServer.Close()
	hook, err := webhook.New(relayServer.URL+"/events?secret="+url.QueryEscape(secret), webhook.Options{Logf: t.Logf})
	require.NoError(t, err)
	defer hook.Close()
	em := emulator.New(emulator.Options{Events: hook.Deliver})
	acs := httptest.NewServer(em)
	defer acs.Close()
	r.members.http = http.DefaultClient
	r.members.acs, err = identity.New(em.ConnectionString(acs.URL), nil)
	require.NoError(t, err)
	jane, alex := em.NewUser(), em.NewUser()
	r.user = signedIn("j1=" + jane.ID + ",a1=" + alex.ID)
	sender, err := chathttp.New(chathttp.Options{Endpoint: acs.URL, Token: jane.Token})
	require.NoError(t, err)
	defer sender.Close()
	created, err := sender.CreateThread(t.Context(), chatcore.CreateChatThreadRequest{Topic: "Lunch", Participants: []chatcore.ChatParticipant{
		{CommunicationIdentifier: chatcore.CommunicationIdentifierModel{RawID: alex.ID}},
	}}, nil)
	require.NoError(t, err)
	threadID := created.ChatThread.ID

	ctx, stop := chromedp.NewContext(context.Background())
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	until := func(condition string) {
		t.Helper()
		var done bool
		require.NoError(t, chromedp.Run(ctx, chromedp.Poll(condition, &done)))
	}
	require.NoError(t, chromedp.Run(ctx, chromedp.Navigate(pages.URL), chromedp.Evaluate(fmt.Sprintf(`
		document.cookie = "session=a1";
		woken = [];
		const client = { wake: (threadId, options) => woken.push([threadId, options?.version]) };
		import("./page.js").then(({ connectHints }) => { hints = connectHints(client, %q, [%q]); });
		0`, relayServer.URL+"/hints", threadID), nil)))
	opened := fmt.Sprintf(`woken.some(([id, version]) => id === %q && version === undefined)`, threadID)
	until(opened)

	sent, err := sender.SendMessage(t.Context(), threadID, chatcore.SendChatMessageRequest{Content: "Pizza"}, nil)
	require.NoError(t, err)
	until(fmt.Sprintf(`woken.some(([id, version]) => id === %q && version === %q)`, threadID, sent.ID))

	require.NoError(t, chromedp.Run(ctx, chromedp.Evaluate(`woken = []; 0`, nil)))
	r.listeners.mu.Lock()
	for listener := range r.listeners.byUser[alex.ID] {
		listener.drop()
	}
	r.listeners.mu.Unlock()
	until(opened)

	require.NoError(t, chromedp.Run(ctx, chromedp.Evaluate(`hints.close(); 0`, nil)))
	assert.Eventually(t, func() bool {
		r.listeners.mu.Lock()
		defer r.listeners.mu.Unlock()
		return r.listeners.count == 0
	}, 20*time.Second, 10*time.Millisecond, "the relay notices that the page has left")
}
