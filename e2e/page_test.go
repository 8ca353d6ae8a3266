//go:build !js

package e2e

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/emulator"
)

// The columns of the first two people of the page.
const (
	janes = "#person-0"
	alexs = "#person-1"
)

// lastItem selects the last message of a column. It may be followed by who has read it.
const lastItem = " .message:not(:has(~ .message))"

// setField sets the value of a field of the open dialog.
func (tab *tab) setField(name, value string) {
	tab.t.Helper()
	tab.run(chromedp.Evaluate(fmt.Sprintf(`document.querySelector('dialog [name=%q]').value = %q`, name, value), nil))
}

// say writes a message in the column of a person and sends it, with two clicks.
func (tab *tab) say(column, text string) {
	tab.t.Helper()
	tab.run(chromedp.Click(column+" .composer textarea", chromedp.ByQuery), chromedp.SendKeys(column+" .composer textarea", text, chromedp.ByQuery),
		chromedp.Click(column+" .send", chromedp.ByQuery))
}

// waitLast waits until the last message in the column of a person has this text. The text of its buttons counts, too.
func (tab *tab) waitLast(column, text string) {
	tab.t.Helper()
	tab.waitText(column+lastItem, text)
}

// lastMessage returns the last message of the first thread.
func (s *site) lastMessage() emulator.Message {
	messages := s.emulator.Threads()[0].Messages
	return messages[len(messages)-1]
}

// TestFirstMessage checks that a fresh page has two people in a thread, and that the first message takes two clicks.
func TestFirstMessage(t *testing.T) {
	site := newSite(t)
	tab := site.open(t)
	threads := site.emulator.Threads()
	require.Len(t, threads, 1)
	assert.Equal(t, "Lunch", threads[0].Topic)
	assert.Equal(t, []string{"Jane", "Alex"}, displayNames(threads[0]))

	tab.say(janes, "Shall we meet at noon?")
	tab.waitLast(alexs, "JaneShall we meet at noon?")
	message := site.lastMessage()
	assert.Equal(t, "text", message.Type)
	assert.Equal(t, "Shall we meet at noon?", message.Content.Message)
	assert.Equal(t, threads[0].CreatedBy, message.Sender)
	assert.Equal(t, "Jane", message.SenderDisplayName)
	assert.GreaterOrEqual(t, site.preflights.Load(), int64(1), "the emulator has another origin, so there are preflights")
	tab.requireQuiet()
}

// TestFreshPage checks what a visitor sees first: no raw ids and no errors in the columns. A second load has the same thread.
func TestFreshPage(t *testing.T) {
	site := newSite(t)
	tab := site.open(t)
	text := tab.text("#people")
	assert.NotContains(t, text, "8:acs:")
	assert.NotContains(t, text, "19:")
	assert.NotContains(t, text, "404")
	tab.requireSilent()
	second := site.open(t)
	assert.Len(t, site.emulator.Threads(), 1)
	second.requireSilent()
}

// TestConversation checks that two people in two tabs see each other's messages, edits and deletions.
func TestConversation(t *testing.T) {
	site := newSite(t)
	first, second := site.open(t), site.open(t)
	first.say(janes, "Shall we meet at noon?")
	second.waitLast(alexs, "JaneShall we meet at noon?")
	second.say(alexs, "Rather at one.")
	first.waitLast(janes, "AlexRather at one.")
	var buttons int
	first.run(chromedp.Evaluate(fmt.Sprintf(`document.querySelectorAll("%s button").length`, janes+lastItem), &buttons))
	assert.Zero(t, buttons, "on messages of others")

	second.clickIn(alexs+lastItem, "Edit")
	second.run(chromedp.SetValue(alexs+" .edit textarea", "Rather at two.", chromedp.ByQuery))
	second.clickIn(alexs, "Save")
	first.waitLast(janes, "AlexRather at two.")
	first.waitLast(janes, "edited")
	second.clickIn(alexs+lastItem, "Delete")
	first.waitLast(janes, "AlexDeleted")
	assert.NotZero(t, site.lastMessage().DeletedOn)
	first.requireQuiet()
	second.requireQuiet()
}

// TestEditIsLeft checks that Escape ends an edit and leaves the message as it was.
func TestEditIsLeft(t *testing.T) {
	site := newSite(t)
	tab := site.open(t)
	tab.clickIn(alexs+lastItem, "Edit")
	tab.run(chromedp.SendKeys(alexs+" .edit textarea", "Something else\u001b", chromedp.ByQuery), chromedp.WaitNotPresent(alexs+" .edit", chromedp.ByQuery))
	tab.waitLast(alexs, "shall we meet for lunch?")
	assert.Zero(t, site.lastMessage().EditedOn)
	tab.requireQuiet()
}

// TestEditWhileSending checks that a message that is sent while its form is open keeps the form, and is then edited in the thread.
func TestEditWhileSending(t *testing.T) {
	site := newSite(t)
	tab := site.open(t)
	tab.cutJaneOff()
	tab.say(janes, "Shall we meet at noon?")
	tab.say(janes, "Or later?")
	tab.clickIn(janes+lastItem, "Edit")
	tab.run(chromedp.SetValue(janes+" .edit textarea", "Or at one?", chromedp.ByQuery))
	tab.clickIn("#tools", "Reconnect")
	tab.waitLast(alexs, "JaneOr later?")
	tab.run(chromedp.Poll(`document.querySelectorAll("`+janes+` .messages [data-state=queued], `+janes+` .messages [data-state=sending]").length === 0`, nil))
	tab.clickIn(janes, "Save")
	tab.waitLast(alexs, "JaneOr at one?")
	assert.Equal(t, "Or at one?", site.lastMessage().Content.Message)
	tab.requireQuiet()
}

// TestRefusedMessage checks that a refused message stays, with the reason, and can be discarded or sent again.
func TestRefusedMessage(t *testing.T) {
	site := newSite(t)
	tab := site.open(t)
	site.emulator.Fail(emulator.Rule{Operation: "sendMessage", Call: 1, Times: 2, Status: 400})
	tab.say(janes, "Shall we meet at noon?")
	tab.waitLast(janes, "Not sent")
	tab.clickIn(janes, "Discard")
	tab.waitLast(janes, "shall we meet for lunch?")
	tab.say(janes, "Rather at one.")
	tab.waitLast(janes, "Not sent")
	tab.clickIn(janes, "Retry")
	tab.waitLast(alexs, "JaneRather at one.")
	assert.Equal(t, "Rather at one.", site.lastMessage().Content.Message)
	assert.Empty(t, tab.value(janes+" .composer textarea"))
	tab.requireQuiet()
}

// TestReadState checks that using a column marks its conversation as read, and that the other column shows it.
func TestReadState(t *testing.T) {
	site := newSite(t)
	tab := site.open(t)
	tab.waitText(janes+" .inbox", "1 unread")
	tab.run(chromedp.Focus(janes+" .composer textarea", chromedp.ByQuery))
	tab.waitText(alexs+" .messages", "Read by Jane")
	tab.run(chromedp.WaitNotPresent(janes+" .inbox .count", chromedp.ByQuery))
	tab.requireQuiet()
}

// TestTyping checks that a column shows who types in the other one, and that this comes from the page.
func TestTyping(t *testing.T) {
	site := newSite(t)
	tab := site.open(t)
	tab.run(chromedp.SendKeys(janes+" .composer textarea", "Sure", chromedp.ByQuery))
	tab.waitText(alexs+" .typing", "Jane is typingfrom this page")
	tab.clickIn(janes, "Send as Jane")
	tab.waitLast(alexs, "JaneSure")
	tab.run(chromedp.WaitNotVisible(alexs+" .typing", chromedp.ByQuery))
	tab.requireQuiet()
}

// TestNewThread checks the dialog for a new thread: it proposes everybody except the person, and opens the thread for those who are in it.
func TestNewThread(t *testing.T) {
	site := newSite(t)
	tab := site.open(t)
	tab.click("Add a person")
	tab.clickIn("dialog", "Add")
	tab.waitText("#person-2 .messages", "shall we meet for lunch?")
	tab.clickIn(alexs, "New thread as Alex")
	assert.Equal(t, "With\nJane\nBob", tab.text("dialog fieldset"))
	tab.run(chromedp.Click(`dialog [name="with-jane"]`, chromedp.ByQuery))
	tab.setField("topic", "Golf")
	tab.clickIn("dialog", "Create thread")
	tab.waitText(alexs+" .topic", "Golf")
	tab.waitText("#person-2 .topic", "Golf")
	assert.Equal(t, "Lunch", tab.text(janes+" .topic"))
	assert.Equal(t, []string{"Alex", "Bob"}, displayNames(site.emulator.Threads()[1]))
	tab.requireQuiet()
}

// TestStranger checks that the page says why a user cannot be added whom the resource does not have.
func TestStranger(t *testing.T) {
	site := newSite(t)
	tab := site.open(t)
	ours := site.emulator.NewUser().ID
	tab.clickIn(janes, "People in Jane’s conversation")
	for stranger, reason := range map[string]string{
		emulator.New(emulator.Options{AccessKey: "Zm9yZWlnbg=="}).NewUser().ID: "403 Permissions check failed. The user is of another resource.",
		ours[:len(ours)-12] + "000000000000":                                   "404 Not found. The resource has no such user.",
	} {
		tab.setField("id", stranger)
		tab.clickIn("dialog", "Add")
		tab.waitText("dialog .outcome", "1 not added")
		tab.waitText("dialog .outcome", reason)
		tab.waitText("dialog .outcome", stranger)
	}
	assert.Len(t, site.emulator.Threads()[0].Participants, 2)
	tab.requireQuiet()
}

// TestErrorsAreShown checks that dialogs show what is wrong with what was entered.
func TestErrorsAreShown(t *testing.T) {
	site := newSite(t)
	foreign := emulator.New(emulator.Options{AccessKey: "Zm9yZWlnbg=="}).NewUser().Token
	for _, row := range []struct {
		name, button string
		fields       map[string]string
		action       string
		where        string
		want         []string
	}{
		{"an argument", "New thread as Jane", map[string]string{"topic": ""}, "Create thread", "dialog", []string{"InvalidArgument", "createThread: topic is required"}},
		{"no user", "People in Jane’s conversation", map[string]string{"id": " "}, "Add", "dialog", []string{"InvalidArgument", "participants[0].communicationIdentifier"}},
		{"an endpoint that would leak the token", "Use a resource", map[string]string{"endpoint": "http://example.com", "jane": "eyJ.eyJ.x"}, "Connect", "dialog", []string{"InvalidArgument", "endpoint must be https"}},
		{"no server", "Use a resource", map[string]string{"endpoint": "http://localhost:1", "jane": foreign}, "Connect", "dialog", []string{"NetworkError", "Failed to fetch"}},
		{"a foreign token", "Use a resource", map[string]string{"endpoint": site.endpoint, "jane": foreign}, "Connect", "dialog", []string{"Unauthorized", "HTTP 401"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			tab := site.open(t)
			tab.clickIn("body", row.button)
			for name, value := range row.fields {
				tab.setField(name, value)
			}
			tab.clickIn("dialog", row.action)
			for _, want := range row.want {
				tab.waitText(row.where, want)
			}
			tab.clickIn("dialog", "Close")
			tab.say(janes, "Still here")
			tab.waitLast(alexs, "JaneStill here")
		})
	}
}

// TestPastedTokens checks that the page works with an endpoint and tokens that somebody pastes, and keeps them to itself.
func TestPastedTokens(t *testing.T) {
	site := newSite(t)
	tab := site.open(t)
	jane, alex := site.emulator.NewUser(), site.emulator.NewUser()
	tab.click("Use a resource")
	for name, value := range map[string]string{"endpoint": site.endpoint, "jane": jane.Token, "alex": alex.Token} {
		tab.setField(name, value)
	}
	tab.clickIn("dialog", "Connect")
	tab.run(chromedp.WaitNotPresent("dialog", chromedp.ByQuery))
	tab.waitText(alexs+" .messages", "shall we meet for lunch?")
	tab.say(janes, "Here?")
	tab.waitLast(alexs, "JaneHere?")
	threads := site.emulator.Threads()
	require.Len(t, threads, 2)
	assert.Equal(t, jane.ID, threads[1].CreatedBy)
	for _, token := range []string{jane.Token, alex.Token} {
		assert.NotContains(t, tab.everything(), token)
	}
	tab.requireQuiet()
}

// everything returns what the page shows and stores.
func (tab *tab) everything() (text string) {
	tab.t.Helper()
	tab.run(chromedp.Evaluate(`document.documentElement.outerHTML + JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, location.href])`, &text))
	return text
}

// TestNothingLeaks checks that chat.js leaves no global except fs, and that the tokens are only in Authorization headers to the endpoint.
func TestNothingLeaks(t *testing.T) {
	site := newSite(t)
	tab := site.open(t)
	tab.say(janes, "Hi")
	tab.waitLast(alexs, "JaneHi")

	var left []string
	tab.run(chromedp.Evaluate(`["Go", "process", "path", "acsChat"].filter((name) => name in globalThis)`, &left))
	assert.Empty(t, left)

	tokens := map[string]bool{}
	for _, r := range tab.requests() {
		if bearer, ok := strings.CutPrefix(fmt.Sprint(r.Headers["Authorization"]), "Bearer "); ok {
			tokens[bearer] = true
			assert.True(t, strings.HasPrefix(r.URL, site.endpoint+"/chat/"), "%s was sent the token", r.URL)
		}
	}
	require.Len(t, tokens, 2, "one for each person")
	shown := tab.everything()
	for token := range tokens {
		assert.False(t, strings.Contains(shown, token), "the page shows the token")
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

// TestWidths checks that nothing has to be scrolled sideways, from a narrow phone to a wide screen.
func TestWidths(t *testing.T) {
	tab := newSite(t).open(t)
	tab.say(janes, strings.Repeat("Longword", 60))
	tab.waitLast(alexs, "Longword")
	for _, width := range []int64{320, 360, 640, 768, 1024, 1440, 2560} {
		tab.run(chromedp.EmulateViewport(width, 640))
		for _, panel := range []string{"Requests", "Faults and time"} {
			tab.run(chromedp.Evaluate(fmt.Sprintf(`[...document.querySelectorAll("[role=tab]")].find(({ textContent }) => textContent === %q).click()`, panel), nil))
			var wide []string
			tab.run(chromedp.Evaluate(`[document.documentElement, ...document.querySelectorAll(".scroll, .inbox, .panel, .column")]
				.filter((e) => e.checkVisibility() && e.scrollWidth > e.clientWidth + 1).map((e) => e.id + "." + e.className + " " + e.scrollWidth + " > " + e.clientWidth)`, &wide))
			assert.Empty(t, wide, "%d px, %s", width, panel)
		}
	}
}

func displayNames(thread emulator.Thread) []string {
	var names []string
	for _, p := range thread.Participants {
		names = append(names, p.DisplayName)
	}
	return names
}
