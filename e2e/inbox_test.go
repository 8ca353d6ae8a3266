//go:build !js

package e2e

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"

	"acschat/emulator"
)

// inboxes is a script for programOf. Its function openInbox opens an inbox, durable by default. until waits until lines returns this text: the
// topic of each thread, its last message and the number of unread messages.
const inboxes = `
	globalThis.openInbox = (clientOptions, options) => {
		globalThis.ours = make(clientOptions);
		globalThis.inbox = ours.openInbox({ durable: true, intervalMs: 300, ...options });
	};
	globalThis.lines = () => inbox.getSnapshot().threads.map(({ topic, lastMessage, unreadCount, unreadIsCapped, left }) =>
		topic + " " + (lastMessage?.content?.message ?? lastMessage?.type) + " " + unreadCount + (unreadIsCapped ? "+" : "") + (left ? " left" : "")).join();
	globalThis.until = (wanted) => new Promise((resolve, reject) => {
		const check = () => lines() === wanted && (stop(), resolve(true));
		const stop = inbox.subscribe(check);
		setTimeout(() => reject(new Error("the inbox shows " + lines() + " instead of " + wanted)), 20000);
		queueMicrotask(check);
	});
`

func (tab *tab) untilInbox(lines string) {
	tab.t.Helper()
	tab.evaluate(fmt.Sprintf(`until(%q)`, lines), nil)
}

// write sends a message without a browser.
func (s *site) write(t *testing.T, threadID string, from emulator.User, content string) {
	t.Helper()
	s.post(t, "/chat/threads/"+threadID+"/messages", from, fmt.Sprintf(`{"content":%q}`, content))
}

// TestInbox checks the inboxes of two users with three threads, in two tabs of one of them: order, unread counts, marks and a removal.
func TestInbox(t *testing.T) {
	site := newSite(t)
	jane, alex := site.emulator.NewUser(), site.emulator.NewUser()
	create := func(topic string) string {
		site.post(t, "/chat/threads", alex, fmt.Sprintf(`{"topic":%q,"participants":[{"communicationIdentifier":{"rawId":%q}}]}`, topic, jane.ID))
		threads := site.emulator.Threads()
		id := threads[len(threads)-1].ID
		site.write(t, id, alex, "Hi from "+topic)
		time.Sleep(1100 * time.Millisecond) // the list of threads has times in seconds
		return id
	}
	lunch, _, work := create("Lunch"), create("Golf"), create("Work")
	p := &program{site: site, user: jane, threadID: lunch}
	p.serve(t, inboxes)
	first, second, alexs := p.open(t), p.open(t), p.open(t)
	for _, tab := range []*tab{first, second} {
		tab.evaluate(`openInbox()`, nil)
		tab.untilInbox("Work Hi from Work 1,Golf Hi from Golf 1,Lunch Hi from Lunch 1")
	}
	alexs.evaluate(fmt.Sprintf(`openInbox({ token: %q })`, alex.Token), nil)
	alexs.untilInbox("Work Hi from Work 0,Golf Hi from Golf 0,Lunch Hi from Lunch 0")

	first.evaluate(fmt.Sprintf(`inbox.markRead(%q)`, lunch), nil)
	var durability string
	first.evaluate(`inbox.getSnapshot().durability`, &durability)
	assert.Equal(t, "disk", durability)
	first.untilInbox("Work Hi from Work 1,Golf Hi from Golf 1,Lunch Hi from Lunch 0")
	second.untilInbox("Work Hi from Work 1,Golf Hi from Golf 1,Lunch Hi from Lunch 0")
	site.write(t, lunch, alex, "Pizza?")
	for _, tab := range []*tab{first, second} {
		tab.untilInbox("Lunch Pizza? 1,Work Hi from Work 1,Golf Hi from Golf 1")
	}
	var isAtOnce bool
	first.evaluate(fmt.Sprintf(`(() => { const done = inbox.markRead(%q); const isAtOnce = lines().startsWith("Lunch Pizza? 0"); return done.then(() => isAtOnce); })()`, lunch), &isAtOnce)
	assert.True(t, isAtOnce, "the mark does not wait for the service")
	second.untilInbox("Lunch Pizza? 0,Work Hi from Work 1,Golf Hi from Golf 1")
	alexs.untilInbox("Lunch Pizza? 0,Work Hi from Work 0,Golf Hi from Golf 0")

	alexs.evaluate(fmt.Sprintf(`ours.removeParticipant(%q, %q)`, work, jane.ID), nil)
	for _, tab := range []*tab{first, second} {
		tab.evaluate(fmt.Sprintf(`new Promise((resolve) => {
			const check = () => inbox.getSnapshot().threads.some(({ id, left }) => id === %q && left) && (stop(), resolve(true));
			const stop = inbox.subscribe(check);
			queueMicrotask(check);
		})`, work), nil)
		tab.requireQuiet()
	}
}

// TestMarksOfLargeThreads checks that marks are shared by tabs and survive a reload in a thread for which the service lists no read receipts,
// that a conversation of another tab marks for the inbox, and that forget erases the marks.
func TestMarksOfLargeThreads(t *testing.T) {
	site := newSite(t)
	jane, alex := site.emulator.NewUser(), site.emulator.NewUser()
	others := fmt.Sprintf(`{"communicationIdentifier":{"rawId":%q}}`, jane.ID)
	for range 21 {
		others += fmt.Sprintf(`,{"communicationIdentifier":{"rawId":%q}}`, site.emulator.NewUser().ID)
	}
	site.post(t, "/chat/threads", alex, `{"topic":"Large","participants":[`+others+`]}`)
	threadID := site.emulator.Threads()[0].ID
	site.write(t, threadID, alex, "Hi")
	p := &program{site: site, user: jane, threadID: threadID}
	p.serve(t, inboxes)
	first, second := p.open(t), p.open(t)
	first.evaluate(`openInbox()`, nil)
	second.evaluate(`openInbox()`, nil)
	first.untilInbox("Large Hi 1")
	second.untilInbox("Large Hi 1")
	first.evaluate(fmt.Sprintf(`inbox.markRead(%q)`, threadID), nil)
	second.untilInbox("Large Hi 0")
	first.reload()
	first.evaluate(`openInbox()`, nil)
	first.untilInbox("Large Hi 0")

	time.Sleep(1100 * time.Millisecond)
	site.write(t, threadID, alex, "Ho")
	first.untilInbox("Large Ho 1")
	second.evaluate(fmt.Sprintf(`(async () => {
		const conversation = make().openConversation(%q, { durable: true, intervalMs: 300 });
		await new Promise((resolve) => conversation.subscribe(() => conversation.getSnapshot().unreadCount === 1 && conversation.getSnapshot().durability === "disk" && resolve()));
		await conversation.markRead();
	})()`, threadID), nil)
	first.untilInbox("Large Ho 0")
	second.untilInbox("Large Ho 0")

	first.evaluate(`ours.forget().then(() => ours.close())`, nil)
	var stored int
	first.evaluate(`new Promise((resolve, reject) => {
		const request = indexedDB.open("acschat");
		request.onerror = () => reject(request.error);
		request.onsuccess = () => {
			const count = request.result.transaction("records").objectStore("records").count();
			count.onsuccess = () => (request.result.close(), resolve(count.result));
		};
	})`, &stored)
	assert.Zero(t, stored)
	first.requireQuiet()
	second.requireQuiet()
}

// TestInboxOfPage checks the lists of threads of the demo page: they show unread messages, and a click opens the thread.
func TestInboxOfPage(t *testing.T) {
	site := newSite(t)
	tab := site.open(t)
	tab.clickIn(janes, "New thread as Jane")
	tab.setField("topic", "Golf")
	tab.clickIn("dialog", "Create thread")
	tab.waitText(alexs+" .topic", "Golf")
	tab.run(chromedp.Click(alexs+" .inbox li:last-child button", chromedp.ByQuery))
	tab.waitText(alexs+" .topic", "Lunch")
	tab.say(janes, "At nine?")
	tab.waitText(alexs+" .inbox li:first-child", "Golf1 unreadJane: At nine?")
	tab.run(chromedp.Click(alexs+" .inbox li:first-child button", chromedp.ByQuery))
	tab.waitLast(alexs, "JaneAt nine?")
	tab.run(chromedp.WaitNotPresent(alexs+" .inbox .count", chromedp.ByQuery))
	var open string
	tab.run(chromedp.Text(alexs+` .inbox [aria-current="true"] strong`, &open, chromedp.ByQuery))
	assert.Equal(t, "Golf", open)
	tab.requireQuiet()
}
