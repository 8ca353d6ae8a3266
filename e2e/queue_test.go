//go:build !js

package e2e

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/emulator"
)

// conversing is a script for programOf. Its function converse opens a durable conversation of the program's thread. until waits until a condition
// on the snapshot holds, texts returns the messages of users with their states, and records what is in IndexedDB.
const conversing = `
	globalThis.converse = (threadID, options, clientOptions) => {
		globalThis.ours = make(clientOptions);
		globalThis.conversation = ours.openConversation(threadID, { durable: true, intervalMs: 300, ...options });
	};
	globalThis.until = (holds) => new Promise((resolve) => {
		const check = () => holds(conversation.getSnapshot()) && (stop(), resolve(true));
		const stop = conversation.subscribe(check);
		queueMicrotask(check);
	});
	globalThis.texts = () => conversation.getSnapshot().messages.filter(({ type }) => type === "text").map(({ content, state }) => content.message + " " + state);
	globalThis.records = () => new Promise((resolve, reject) => {
		const request = indexedDB.open("acschat");
		request.onerror = () => reject(request.error);
		request.onsuccess = () => {
			const all = request.result.transaction("records").objectStore("records").getAll();
			all.onsuccess = () => (request.result.close(), resolve(all.result));
		};
	});
`

// converse opens a conversation in a tab, and waits until it is live.
func (p *program) converse(tab *tab, options string) {
	tab.t.Helper()
	tab.evaluate(fmt.Sprintf(`converse(%q, %s)`, p.threadID, options), nil)
	tab.evaluate(`until(({ status }) => status === "live")`, nil)
}

func (p *program) contents() (contents []string) {
	for _, m := range p.site.emulator.Threads()[0].Messages {
		if m.Type == "text" {
			contents = append(contents, m.Content.Message)
		}
	}
	return contents
}

// TestTwoUsersConverse checks that two users see each other's messages, edits, deletions, receipts and unread counts.
func TestTwoUsersConverse(t *testing.T) {
	site := newSite(t)
	p := programOf(t, site, conversing)
	alex := site.emulator.NewUser()
	site.post(t, "/chat/threads/"+p.threadID+"/participants/:add", p.user, fmt.Sprintf(`{"participants":[{"communicationIdentifier":{"rawId":%q},"displayName":"Alex"}]}`, alex.ID))
	jane, other := p.open(t), p.open(t)
	p.converse(jane, `{ senderDisplayName: "Jane" }`)
	other.evaluate(fmt.Sprintf(`converse(%q, {}, { token: %q })`, p.threadID, alex.Token), nil)
	other.evaluate(`until(({ status }) => status === "live")`, nil)

	var got []any
	jane.evaluate(`(async () => {
		const { key, done } = conversation.send({ content: "Lunch?" });
		const shown = conversation.getSnapshot().messages.at(-1);
		const { id } = await done;
		const sent = conversation.getSnapshot().messages.find((message) => message.key === key);
		globalThis.sentID = id;
		return [shown.key === key, shown.mine, ["queued", "sending"].includes(shown.state), sent.id === id, sent.state, ours.userId === sent.senderCommunicationIdentifier.rawId];
	})()`, &got)
	assert.Equal(t, []any{true, true, true, true, "sent", true}, got)
	other.evaluate(`until(({ unreadCount, messages }) => unreadCount === 1 && messages.at(-1).senderDisplayName === "Jane" && !messages.at(-1).mine)`, nil)
	other.evaluate(`conversation.markRead().then(() => until(({ unreadCount }) => unreadCount === 0))`, nil)
	jane.evaluate(`ours.updateMessage(`+fmt.Sprintf("%q", p.threadID)+`, sentID, { content: "Dinner?" })`, nil)
	other.evaluate(`until(() => texts().join() === "Dinner? sent")`, nil)
	jane.evaluate(`ours.deleteMessage(`+fmt.Sprintf("%q", p.threadID)+`, sentID)`, nil)
	other.evaluate(`until(({ messages, unreadCount }) => messages.some((m) => m.deletedOn) && unreadCount === 0)`, nil)
	jane.requireQuiet()
	other.requireQuiet()
}

// TestQueueSurvivesReload checks that messages that could not be sent are sent after a reload, once and in order, and that nothing is left in the storage.
func TestQueueSurvivesReload(t *testing.T) {
	site := newSite(t)
	p := programOf(t, site, conversing)
	tab := p.open(t)
	p.converse(tab, `{}`)
	site.emulator.Fail(emulator.Rule{Operation: "sendMessage", Hang: true, After: true})
	tab.evaluate(`for (const content of ["one", "two", "three"]) conversation.send({ content })`, nil)
	require.Eventually(t, func() bool { return len(p.contents()) == 1 }, 10*time.Second, 10*time.Millisecond)
	var records []struct{ Queue, Text string }
	tab.evaluate(`records()`, &records)
	require.Len(t, records, 3)
	assert.Equal(t, site.endpoint+" "+p.user.ID+" "+p.threadID, records[0].Queue)
	assert.NotContains(t, fmt.Sprint(records), p.user.Token)

	site.emulator.ClearFaults()
	tab.reload()
	tab.evaluate(fmt.Sprintf(`converse(%q)`, p.threadID), nil)
	tab.evaluate(`until(() => texts().join() === "one sent,two sent,three sent")`, nil)
	assert.Equal(t, []string{"one", "two", "three"}, p.contents())
	tab.evaluate(`records()`, &records)
	assert.Empty(t, records)
	tab.requireQuiet()
}

// TestQueueWaitsOffline checks that nothing is attempted while the browser is offline, and that the page is told so.
func TestQueueWaitsOffline(t *testing.T) {
	p := programOf(t, newSite(t), conversing)
	tab := p.open(t)
	p.converse(tab, `{}`)
	tab.run(offline(true))
	tab.evaluate(`conversation.send({ content: "one" }); until(({ paused, status }) => paused === "offline" && status === "waiting")`, nil)
	other := p.open(t) // only the first tab is offline
	other.evaluate(fmt.Sprintf(`converse(%q); until(() => texts().join() === "one sent")`, p.threadID), nil)
	tab.evaluate(`until(() => texts().join() === "one sent")`, nil)
	tab.evaluate(`conversation.send({ content: "two" })`, nil)
	tab.run(offline(false))
	tab.evaluate(`until(({ paused, status }) => paused === undefined && status === "live" && texts().join() === "one sent,two sent")`, nil)
	assert.Equal(t, []string{"one", "two"}, p.contents())
	tab.requireQuiet()
}

// TestTabsShareQueue checks that two tabs send each message once, show those of each other, and keep their order.
func TestTabsShareQueue(t *testing.T) {
	site := newSite(t)
	p := programOf(t, site, conversing)
	tabs := []*tab{p.open(t), p.open(t)}
	for _, tab := range tabs {
		p.converse(tab, `{}`)
	}
	site.emulator.Fail(emulator.Rule{Operation: "sendMessage", Call: 3, Times: 4, Drop: true, After: true})
	for i, tab := range tabs {
		tab.evaluate(fmt.Sprintf(`for (let i = 1; i <= 10; i++) conversation.send({ content: %q + i })`, []string{"a", "b"}[i]), nil)
	}
	for _, tab := range tabs {
		tab.evaluate(`until(({ messages }) => messages.filter(({ type, state }) => type === "text" && state === "sent").length === 20)`, nil)
	}
	counts := map[byte]int{}
	contents := p.contents()
	require.Len(t, contents, 20)
	for _, content := range contents {
		counts[content[0]]++
		assert.Equal(t, fmt.Sprintf("%c%d", content[0], counts[content[0]]), content)
	}
	var first, second []string
	tabs[0].evaluate(`conversation.getSnapshot().messages.map(({ key }) => key)`, &first)
	tabs[1].evaluate(`conversation.getSnapshot().messages.map(({ key }) => key)`, &second)
	assert.Equal(t, first, second, "keys are the same in all tabs")
	tabs[0].requireQuiet()
	tabs[1].requireQuiet()
}

// TestQueueOfAnotherUser checks that a message is not sent with another user's token, not even after a reload.
func TestQueueOfAnotherUser(t *testing.T) {
	site := newSite(t)
	p := programOf(t, site, conversing)
	alex := site.emulator.NewUser()
	site.post(t, "/chat/threads/"+p.threadID+"/participants/:add", p.user, fmt.Sprintf(`{"participants":[{"communicationIdentifier":{"rawId":%q}}]}`, alex.ID))
	tab := p.open(t)
	tab.evaluate(fmt.Sprintf(`globalThis.current = %q; converse(%q, {}, { token: async () => current })`, p.user.Token, p.threadID), nil)
	tab.evaluate(`until(({ status }) => status === "live")`, nil)
	site.emulator.Fail(emulator.Rule{Operation: "sendMessage", Call: 1, Status: 401})
	tab.evaluate(fmt.Sprintf(`current = %q; conversation.send({ content: "from Jane" }); until(({ paused }) => paused === "token")`, alex.Token), nil)
	tab.reload()
	tab.evaluate(fmt.Sprintf(`converse(%q, {}, { token: %q })`, p.threadID, alex.Token), nil)
	tab.evaluate(`until(({ status }) => status === "live").then(() => conversation.send({ content: "from Alex" }).done)`, nil)
	assert.Equal(t, []string{"from Alex"}, p.contents())
	tab.evaluate(fmt.Sprintf(`converse(%q); until(() => texts().join() === "from Alex sent,from Jane sent")`, p.threadID), nil)
	for _, m := range site.emulator.Threads()[0].Messages {
		if m.Type == "text" {
			assert.Equal(t, m.Content.Message == "from Alex", m.Sender == alex.ID)
		}
	}
	tab.requireQuiet()
}

// TestForget checks that forget discards what is queued in all tabs, and leaves nothing of the user in the storage, but what others have there.
func TestForget(t *testing.T) {
	site := newSite(t)
	p := programOf(t, site, conversing)
	alex := site.emulator.NewUser()
	site.post(t, "/chat/threads/"+p.threadID+"/participants/:add", p.user, fmt.Sprintf(`{"participants":[{"communicationIdentifier":{"rawId":%q}}]}`, alex.ID))
	tabs := []*tab{p.open(t), p.open(t), p.open(t)}
	p.converse(tabs[0], `{}`)
	p.converse(tabs[1], `{}`)
	tabs[2].evaluate(fmt.Sprintf(`converse(%q, {}, { token: %q }); until(({ status }) => status === "live")`, p.threadID, alex.Token), nil)
	site.emulator.Fail(emulator.Rule{Operation: "sendMessage", Status: 429})
	for i, tab := range tabs {
		tab.evaluate(fmt.Sprintf(`conversation.send({ content: "%d" }).done.catch(({ code }) => (globalThis.ended = code)); until(({ messages }) => messages.at(-1).state !== "sent")`, i), nil)
		tab.evaluate(`conversation.markRead().catch(() => {})`, nil)
	}
	tabs[0].evaluate(`until(() => texts().length === 2)`, nil) // it knows the message of the other tab
	tabs[0].evaluate(`ours.forget()`, nil)
	for _, tab := range tabs[:2] {
		tab.evaluate(`until(() => texts().length === 0)`, nil)
		var code string
		tab.evaluate(`ended`, &code)
		assert.Equal(t, "Cancelled", code)
	}
	var records []struct{ Queue string }
	tabs[0].evaluate(`records()`, &records)
	require.NotEmpty(t, records, "Alex's")
	for _, record := range records {
		assert.Contains(t, record.Queue, alex.ID)
	}
	site.emulator.ClearFaults()
	tabs[2].evaluate(`until(() => texts().join() === "2 sent")`, nil)
	assert.Equal(t, []string{"2"}, p.contents())

	// A client that has not made a call yet learns the user from its token callback.
	tabs[2].evaluate(fmt.Sprintf(`make({ token: async () => %q }).forget().then(records)`, alex.Token), &records)
	assert.Empty(t, records)
	for _, tab := range tabs {
		tab.requireQuiet()
	}
}

// TestStorageThatFails checks that a conversation goes on in memory, and says so, if the storage is missing, refuses, is newer, or goes away.
func TestStorageThatFails(t *testing.T) {
	for _, row := range []struct{ name, first, later string }{
		{"none", `Object.defineProperty(globalThis, "indexedDB", { value: undefined });`, ""},
		{"not allowed", `Object.defineProperty(globalThis, "indexedDB", { get() { throw new DOMException("no", "SecurityError"); } });`, ""},
		{"refused", `indexedDB.open = () => { throw new DOMException("no", "UnknownError"); };`, ""},
		{"full", `IDBObjectStore.prototype.add = IDBObjectStore.prototype.put = function () { this.transaction.abort(); return {}; };`, ""},
		{"newer", `globalThis.newer = new Promise((resolve) => (indexedDB.open("acschat", 9).onsuccess = ({ target }) => (target.result.close(), resolve())));`, ""},
		{"deleted while open", "", `new Promise((resolve) => (indexedDB.deleteDatabase("acschat").onsuccess = () => resolve()))`},
	} {
		t.Run(row.name, func(t *testing.T) {
			p := programOf(t, newSite(t), row.first+conversing)
			tab := p.open(t)
			tab.evaluate(`globalThis.newer`, nil)
			p.converse(tab, `{}`)
			if row.later != "" {
				tab.evaluate(`conversation.send({ content: "zero" }).done.then(() => until(({ durability }) => durability === "disk"))`, nil)
				tab.evaluate(row.later, nil)
			} else {
				tab.evaluate(`conversation.send({ content: "zero" }).done`, nil)
			}
			tab.evaluate(`until(({ durability }) => durability === "memory")`, nil)
			tab.evaluate(`conversation.send({ content: "one" }).done`, nil)
			assert.Equal(t, []string{"zero", "one"}, p.contents())
			tab.requireQuiet()
		})
	}
}

// TestStorageThatDoesNotOpen checks that a conversation goes on in memory, and forget says so, if another tab holds back the storage.
func TestStorageThatDoesNotOpen(t *testing.T) {
	p := programOf(t, newSite(t), conversing)
	holder, tab := p.open(t), p.open(t)
	holder.evaluate(`new Promise((resolve) => (indexedDB.open("acschat", 1).onsuccess = (event) => (globalThis.held = event.target.result, resolve())))`, nil)
	holder.evaluate(`void indexedDB.deleteDatabase("acschat")`, nil)
	p.converse(tab, `{}`)
	var code string
	tab.evaluate(`ours.forget().catch((error) => error.code)`, &code)
	assert.Equal(t, "StorageError", code)
	tab.evaluate(`conversation.send({ content: "one" }).done.then(() => until(({ durability }) => durability === "memory"))`, nil)
	assert.Equal(t, []string{"one"}, p.contents())
	tab.requireQuiet()
}

// TestQueueWithoutWebLocks checks that a queue works where there are no Web Locks and no channels.
func TestQueueWithoutWebLocks(t *testing.T) {
	p := programOf(t, newSite(t), `Object.defineProperty(navigator, "locks", { value: undefined }); globalThis.BroadcastChannel = undefined;`+conversing)
	tab := p.open(t)
	p.converse(tab, `{}`)
	tab.evaluate(`conversation.send({ content: "one" }); conversation.send({ content: "two" }).done`, nil)
	assert.Equal(t, []string{"one", "two"}, p.contents())
	tab.requireQuiet()
}

// TestFrozenTabReleasesQueue checks that a tab that is frozen while it sends does not keep another tab from sending.
func TestFrozenTabReleasesQueue(t *testing.T) {
	site := newSite(t)
	p := programOf(t, site, conversing)
	frozen, other := p.open(t), p.open(t)
	p.converse(frozen, `{}`)
	p.converse(other, `{}`)
	site.emulator.Fail(emulator.Rule{Operation: "sendMessage", Call: 1, Hang: true, After: true})
	frozen.evaluate(`conversation.send({ content: "one" })`, nil)
	require.Eventually(t, func() bool { return len(p.contents()) == 1 }, 10*time.Second, 10*time.Millisecond)
	frozen.freeze()
	other.evaluate(`until(() => texts().join() === "one sent")`, nil)
	other.evaluate(`conversation.send({ content: "two" }).done`, nil)
	frozen.thaw()
	frozen.evaluate(`until(() => texts().join() === "one sent,two sent")`, nil)
	assert.Equal(t, []string{"one", "two"}, p.contents())
	frozen.requireQuiet()
	other.requireQuiet()
}

func (tab *tab) freeze() {
	tab.t.Helper()
	tab.run(emulation.SetFocusEmulationEnabled(false)) // a visible page does not freeze
	tab.run(page.SetWebLifecycleState(page.SetWebLifecycleStateStateFrozen))
}

func (tab *tab) thaw() {
	tab.t.Helper()
	tab.run(page.SetWebLifecycleState(page.SetWebLifecycleStateStateActive), emulation.SetFocusEmulationEnabled(true))
}
