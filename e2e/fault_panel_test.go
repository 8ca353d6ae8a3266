//go:build !js

package e2e

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// messagesOf returns how often the first thread has a message with this text.
func (s *site) messagesOf(text string) (count int) {
	for _, message := range s.emulator.Threads()[0].Messages {
		if message.Content.Message == text {
			count++
		}
	}
	return count
}

// TestFaultPanel plants each fault for Jane's next message, and checks what the page says about it: the message is there once, or not sent.
func TestFaultPanel(t *testing.T) {
	for _, row := range []struct {
		fault string
		posts int // requests that reach the service
		state string
	}{
		{"Lose the answer", 1, "Sent"},
		{"Lose the request", 1, "Sent"},
		{"429 Too many requests", 2, "Sent"},
		{"503 Unavailable", 2, "Sent"},
		{"Refuse the message", 1, "Not sent"},
		{"Refuse the token", 2, "Sent"},
		{"Slow answer", 1, "Sent"},
	} {
		t.Run(row.fault, func(t *testing.T) {
			t.Parallel() // the client waits in most of them
			site := newSite(t)
			tab := site.open(t)
			tab.clickIn("#tools", "Faults and time")
			tab.clickIn("#tools", "Plant: "+row.fault)
			tab.waitText(".planted", row.fault+": Jane’s next")
			tab.waitText(".cards", "Planted for Jane’s next") // beside the button, as the list may be out of view
			tab.say(janes, row.fault)
			tab.waitLast(janes, row.fault)
			tab.run(chromedp.Poll(`document.querySelector("`+janes+lastItem+` .state").textContent === "`+row.state+`"`, nil), chromedp.WaitNotPresent(".planted li", chromedp.ByQuery))
			posts := 0
			for _, r := range tab.serviceRequests() {
				if r.Method == http.MethodPost && strings.Contains(r.URL, "/messages?") {
					posts++
				}
			}
			assert.Equal(t, row.posts+1, posts, "with the first message, which Alex has sent")
			want := 1
			if row.state != "Sent" {
				want = 0
			}
			assert.Equal(t, want, site.messagesOf(row.fault))
			tab.requireQuiet()
		})
	}
}

// cutJaneOff takes Jane off the network with the panel of faults, which stays open.
func (tab *tab) cutJaneOff() {
	tab.t.Helper()
	tab.clickIn("#tools", "Faults and time")
	tab.clickIn("#tools", "Cut off")
	tab.waitText(janes+" .status", "Offline, by a fault")
}

// TestOfflinePerson checks that messages of a person who is cut off wait, and are sent once and in order later. The other one goes on.
func TestOfflinePerson(t *testing.T) {
	site := newSite(t)
	tab := site.open(t)
	tab.cutJaneOff()
	tab.say(janes, "First")
	tab.say(janes, "Second")
	tab.say(alexs, "Where are you?")
	require.Zero(t, site.messagesOf("First"))
	tab.clickIn("#tools", "Reconnect")
	tab.waitLast(alexs, "JaneSecond")
	tab.waitText(janes+" .messages", "Where are you?")
	var sent []string
	for _, message := range site.emulator.Threads()[0].Messages {
		if message.SenderDisplayName == "Jane" {
			sent = append(sent, message.Content.Message)
		}
	}
	assert.Equal(t, []string{"First", "Second"}, sent)
	tab.requireQuiet()
}

// TestGuidedRun checks the guided run: the message is there once, and with a plain retry twice.
func TestGuidedRun(t *testing.T) {
	site := newSite(t)
	tab := site.open(t)
	tab.clickIn("#tools", "Faults and time")
	tab.clickIn(".guide", "Lose the answer of the next message")
	tab.waitText(".guide", "The message is in the thread once, after one POST")
	var text string
	tab.run(chromedp.Evaluate(`document.querySelector("`+alexs+lastItem+` .text").textContent`, &text))
	assert.Equal(t, 1, site.messagesOf(text))
	tab.clickIn(".guide", "The same with a plain retry")
	tab.waitText(".guide", "DeliveryUnknown")
	tab.waitText(".guide", "The message is in the thread twice")
	tab.waitLast(alexs, "Is this here twice?")
	tab.run(chromedp.Evaluate(`document.querySelector("`+alexs+lastItem+` .text").textContent`, &text))
	assert.Equal(t, 2, site.messagesOf(text))
	tab.requireQuiet()
}

// TestClockOfPage checks that the page moves the emulator's clock, and that people go on with new tokens.
func TestClockOfPage(t *testing.T) {
	site := newSite(t)
	tab := site.open(t)
	tab.clickIn("#tools", "Faults and time")
	tab.clickIn("#tools", "Advance by 25 hours")
	tab.waitText("#tools", "25 h ahead")
	tab.say(janes, "Still here?")
	tab.waitLast(alexs, "JaneStill here?")
	tab.requireQuiet()
}
