//go:build !js

package e2e

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/emulator"
)

// TestThreeClicks creates a thread, adds participants and sends a message, with one click each.
func TestThreeClicks(t *testing.T) {
	site := newSite(t)
	tab := site.open(t)

	tab.click("Create thread")
	tab.waitText("#create-result", "Thread 19:")
	tab.click("Add participants")
	tab.waitText("#add-result", "1 not added:")
	tab.click("Send message")
	tab.waitText("#send-result", "Message ")

	threads := site.emulator.Threads()
	require.Len(t, threads, 1)
	thread := threads[0]
	assert.Equal(t, "Lunch", thread.Topic)
	assert.Contains(t, tab.text("#create-result"), thread.ID)
	assert.Equal(t, []string{"", "Alex", "Bob"}, displayNames(thread))
	assert.Contains(t, tab.text("#add-result"), "404 Not found", "the participant who does not exist")

	message := thread.Messages[len(thread.Messages)-1]
	assert.Equal(t, "text", message.Type)
	assert.Equal(t, tab.value("#send-content"), message.Content.Message)
	assert.Contains(t, tab.text("#send-result"), message.ID)
	assert.Equal(t, thread.CreatedBy, message.Sender)

	assert.GreaterOrEqual(t, site.preflights.Load(), int64(1), "the emulator has another origin, so there are preflights")
	tab.requireQuiet()
}

// TestConversation checks that two users in two tabs see each other's messages, edits and deletions.
func TestConversation(t *testing.T) {
	site := newSite(t)
	jane := site.open(t)
	jane.click("Create thread")
	jane.waitText("#messages", "Added: ")
	threadID := site.emulator.Threads()[0].ID
	alex := openTab(t, site.url+"?user=alex&thread="+url.QueryEscape(threadID))
	alex.waitText("#messages", "Added: ")

	jane.click("Send message")
	alex.waitText("#messages li:last-child", "Jane"+jane.value("#send-content"))
	alex.fill("#send-content", "Rather at one.")
	alex.click("Send message")
	jane.waitText("#messages li:last-child", "AlexRather at one.")
	var buttons int
	jane.run(chromedp.Evaluate(`document.querySelectorAll("#messages li:last-child button").length`, &buttons))
	assert.Zero(t, buttons, "on messages of others")

	alex.run(chromedp.Evaluate(`globalThis.prompt = (_, text) => text.replace("one", "two")`, nil))
	alex.click("Edit")
	jane.waitText("#messages li:last-child", "AlexRather at two.edited")
	jane.click("Delete")
	alex.waitText("#messages", "Janedeleted")
	messages := site.emulator.Threads()[0].Messages
	assert.Equal(t, "Rather at two.", messages[len(messages)-1].Content.Message)
	jane.requireQuiet()
	alex.requireQuiet()
}

// TestConversationForm checks that a message that is sent from the conversation is shown at once, and that a refused one can be sent again.
func TestConversationForm(t *testing.T) {
	site := newSite(t)
	tab := site.open(t)
	tab.click("Create thread")
	tab.waitText("#conversation-status", "Live. 2 participants.")
	send := func(text string) {
		tab.fill("#compose-content", text)
		tab.click("Send")
	}

	site.emulator.Fail(emulator.Rule{Operation: "sendMessage", Call: 1, Times: 2, Status: 400})
	send("Shall we meet at noon?")
	tab.waitText("#messages li:last-child", "JaneShall we meet at noon?failed")
	tab.click("Discard")
	send("Rather at one.")
	tab.waitText("#messages li:last-child", "JaneRather at one.failed")
	tab.click("Retry")
	tab.waitText("#messages li:last-child", "JaneRather at one.EditDelete")
	messages := site.emulator.Threads()[0].Messages
	assert.Equal(t, "Rather at one.", messages[len(messages)-1].Content.Message)
	assert.Empty(t, tab.value("#compose-content"))
	tab.requireQuiet()
}

// TestUserIsNotAmongParticipants checks that the page proposes two other users as participants, whoever its user is.
func TestUserIsNotAmongParticipants(t *testing.T) {
	site := newSite(t)
	for _, row := range []struct{ user, create, add string }{
		{"jane", ", Alex", ", Bob"},
		{"Jane", ", Alex", ", Bob"}, // the same user
		{"alex", ", Bob", ", Jane"},
		{"bob", ", Alex", ", Jane"},
		{"carol", ", Alex", ", Bob"},
	} {
		t.Run(row.user, func(t *testing.T) {
			tab := openTab(t, site.url+"?user="+row.user)
			tab.waitText("#connection-status", "Ready.")
			self, err := site.users.Grant(t.Context(), row.user)
			require.NoError(t, err)
			for selector, name := range map[string]string{"#create-participants": row.create, "#add-participants": row.add} {
				first, _, _ := strings.Cut(tab.value(selector), "\n")
				other, err := site.users.Grant(t.Context(), strings.ToLower(name[2:]))
				require.NoError(t, err)
				assert.Equal(t, other.ID+name, first)
				assert.NotContains(t, tab.value(selector), self.ID)
			}
			tab.requireQuiet()
		})
	}
}

// TestClickAfterTyping checks a click on a button directly after typing a thread ID. The change event shows another thread, which must not move
// the button away from the pointer.
func TestClickAfterTyping(t *testing.T) {
	site := newSite(t)
	jane := site.open(t)
	jane.click("Create thread")
	jane.waitText("#messages", "Added: ")
	alex := openTab(t, site.url+"?user=alex")
	alex.waitText("#connection-status", "Ready.")
	alex.run(chromedp.EmulateViewport(1280, 720), chromedp.SendKeys("#send-thread", site.emulator.Threads()[0].ID, chromedp.ByQuery),
		chromedp.Evaluate(`scrollTo(0, document.body.scrollHeight)`, nil))
	alex.click("Send message")
	alex.waitText("#send-result", "Message ")
	alex.requireQuiet()
}

func TestErrorsAreShown(t *testing.T) {
	site := newSite(t)
	tab := site.open(t)
	for _, row := range []struct {
		name   string
		act    func()
		button string
		where  string
		want   []string
	}{
		{"an argument", func() { tab.fill("#create-topic", "") }, "Create thread", "#create-error",
			[]string{"InvalidArgument", "createThread: topic is required"}},
		{"an unknown thread", func() { tab.fill("#add-thread", "19:none@thread.v2") }, "Add participants", "#add-error",
			[]string{"NotFound", "HTTP 404"}},
		{"an invalid token", func() { tab.fill("#token", "eyJ.eyJ.x") }, "Send message", "#send-error",
			[]string{"InvalidArgument", "threadId is required"}},
		{"no server", func() { tab.fill("#endpoint", "http://localhost:1"); tab.fill("#send-thread", "19:x@thread.v2") }, "Send message", "#send-error",
			[]string{"DeliveryUnknown", "Failed to fetch"}},
		{"an endpoint that would leak the token", func() { tab.fill("#endpoint", "http://example.com") }, "Send message", "#connection-error",
			[]string{"InvalidArgument", "endpoint must be https"}},
	} {
		t.Log(row.name)
		row.act()
		tab.click(row.button)
		for _, want := range row.want {
			tab.waitText(row.where, want)
		}
	}
	assert.Empty(t, site.emulator.Threads())
}

func TestTokenIsRefused(t *testing.T) {
	site := newSite(t)
	tab := site.open(t)
	tab.fill("#token", emulator.New(emulator.Options{AccessKey: "Zm9yZWlnbg=="}).NewUser().Token)
	tab.click("Create thread")
	tab.waitText("#create-error", "Unauthorized")
	tab.waitText("#create-error", "HTTP 401")
}

// TestNothingLeaks checks that chat.js leaves no global except fs, and that the token is only in Authorization headers to the endpoint.
func TestNothingLeaks(t *testing.T) {
	site := newSite(t)
	tab := site.open(t)
	tab.click("Create thread")
	tab.waitText("#create-result", "Thread 19:")

	var left []string
	tab.run(chromedp.Evaluate(`["Go", "process", "path", "acsChat"].filter((name) => name in globalThis)`, &left))
	assert.Empty(t, left)

	// The token from the client's callback, and the one in the field.
	tokens := map[string]bool{tab.value("#token"): true}
	for _, r := range tab.requests() {
		if bearer, ok := strings.CutPrefix(fmt.Sprint(r.Headers["Authorization"]), "Bearer "); ok {
			tokens[bearer] = true
			assert.True(t, strings.HasPrefix(r.URL, site.endpoint+"/chat/"), "%s was sent the token", r.URL)
		}
	}
	require.NotEmpty(t, tab.requests())
	var page string
	tab.run(chromedp.Evaluate(`document.documentElement.outerHTML + JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, location.href])`, &page))
	for token := range tokens {
		require.NotEmpty(t, token)
		assert.False(t, strings.Contains(page, token), "the page shows the token")
		for _, r := range tab.requests() {
			delete(r.Headers, "Authorization")
			assert.NotContains(t, fmt.Sprint(r.URL, r.Headers), token)
			for _, entry := range r.PostDataEntries {
				body, err := base64.StdEncoding.DecodeString(entry.Bytes)
				require.NoError(t, err)
				assert.NotContains(t, string(body), token)
			}
		}
	}
	tab.requireQuiet()
}

func TestNarrowPage(t *testing.T) {
	tab := newSite(t).open(t)
	tab.run(chromedp.EmulateViewport(320, 640))
	var overflow int
	tab.run(chromedp.Evaluate(`document.documentElement.scrollWidth - document.documentElement.clientWidth`, &overflow))
	assert.Zero(t, overflow, "pixels to scroll sideways")
}

func displayNames(thread emulator.Thread) []string {
	var names []string
	for _, p := range thread.Participants {
		names = append(names, p.DisplayName)
	}
	return names
}
