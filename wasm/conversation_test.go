//go:build js && wasm && !withoutconversations

package main

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"acschat/chatcore"
	"acschat/emulator"
)

// conversationScript defines what the tests of conversations use: until waits until a condition on the snapshot holds, and texts returns the
// contents of the messages of users with their states.
const conversationScript = `
	const client = acsChat.createClient({ endpoint, token, fetch });
	const { chatThread: { id: thread } } = await client.createThread({ topic: "Lunch" });
	const until = (conversation, holds) => new Promise((resolve) => {
		const check = () => holds(conversation.getSnapshot()) && (stop(), resolve(conversation.getSnapshot()));
		const stop = conversation.subscribe(check);
		queueMicrotask(check);
	});
	const texts = ({ messages }) => messages.filter(({ type }) => type === "text").map(({ content, state }) => content.message + " " + state).join();
`

// onLoader skips a test on the host that has no conversations.
func onLoader(t *testing.T) {
	t.Helper()
	if isBare {
		t.Skip("conversations need chat.js")
	}
}

// TestConversationSend checks that a message is shown at once, keeps its key and object, and is sent.
func TestConversationSend(t *testing.T) {
	onLoader(t)
	em, values := emulated(t)
	got := page[[]any](t, values, conversationScript+`
		const conversation = client.openConversation(thread, { senderDisplayName: "Jane" });
		const first = conversation.getSnapshot();
		const { getSnapshot, send, close } = conversation;
		let notified = 0;
		conversation.subscribe(() => notified++);
		const before = await until(conversation, ({ status }) => status === "live");
		notified = 0;
		const { key, done } = send({ content: "Hi" });
		const shown = getSnapshot(), early = notified;
		send({ content: "Ho" });
		await undefined;
		await undefined;
		const later = notified;
		const { id } = await done;
		const sent = await until(conversation, (s) => texts(s) === "Hi sent,Ho sent");
		const again = getSnapshot() === sent;
		const message = sent.messages.find((m) => m.key === key);
		close();
		return [first.status, first.messages.length, before.topic, texts(shown), shown.messages.at(-1).key === key, shown.messages.at(-1).mine, early, later, message.id === id, again,
			before.messages.every((m, i) => m === sent.messages[i]), message.senderDisplayName, client.userId === message.senderCommunicationIdentifier.rawId];
	`)
	assert.Equal(t, []any{"loading", 0.0, "Lunch", "Hi sending", true, true, 0.0, 1.0, true, true, true, "Jane", true}, got)
	messages := em.Threads()[0].Messages
	assert.Equal(t, "Hi", messages[len(messages)-2].Content.Message)
}

// TestConversationShares checks that opening a thread twice shares the state until the last close.
func TestConversationShares(t *testing.T) {
	onLoader(t)
	_, values := emulated(t)
	assert.Equal(t, "true true Closed sent live Closed", page[string](t, values, conversationScript+`
		const code = (f) => { try { f(); return "sent"; } catch ({ code }) { return code; } };
		const a = client.openConversation(thread), b = client.openConversation(thread, {});
		const isSame = a.getSnapshot() === b.getSnapshot();
		const { key } = a.send({ content: "Hi" });
		const isShown = b.getSnapshot().messages.at(-1).key === key;
		a.close();
		a.close();
		const results = [isSame, isShown, code(() => a.send({ content: "Ho" })), code(() => b.send({ content: "Ho" }))];
		results.push((await until(b, ({ status }) => status === "live")).status);
		client.close();
		results.push(code(() => b.send({ content: "Ho" })));
		return results.join(" ");
	`))
}

// TestConversationArguments checks what is refused.
func TestConversationArguments(t *testing.T) {
	onLoader(t)
	_, values := emulated(t)
	for _, row := range []struct{ script, target string }{
		{`client.openConversation()`, "threadId"},
		{`client.openConversation("")`, "threadId"},
		{`client.openConversation(".")`, "threadId"},
		{`client.openConversation(thread, null)`, "options"},
		{`client.openConversation(thread, { pageSize: 0 })`, "options.pageSize"},
		{`client.openConversation(thread, { pageSize: 201 })`, "options.pageSize"},
		{`client.openConversation(thread, { durable: "yes" })`, "options.durable"},
		{`client.openConversation(thread, { signal: new AbortController().signal })`, "options.signal"},
		{`conversation.send()`, "request"},
		{`conversation.send({})`, "content"},
		{`conversation.send({ content: () => {} })`, "content"},
		{`conversation.send({ content: "x", extra: 1 })`, "extra"},
		{`conversation.send({ content: "x".repeat(28 * 1024 + 1) })`, "content"},
		{`conversation.edit("none", {})`, "content"},
		{`conversation.markRead({})`, "messageId"},
		{`conversation.markRead("x")`, "messageId"},
	} {
		assert.Equal(t, "InvalidArgument "+row.target+" 0", page[string](t, values, conversationScript+`
			const conversation = client.openConversation(thread);
			try {
				await `+row.script+`;
				return "nothing thrown";
			} catch (error) {
				return error.code + " " + error.target + " " + conversation.getSnapshot().messages.length;
			} finally {
				client.close();
			}
		`), row.script)
	}
}

// TestConversationTakesBack checks edit, cancel and discard of messages that wait, and of those that do not exist.
func TestConversationTakesBack(t *testing.T) {
	onLoader(t)
	em := emulator.New(emulator.Options{})
	values := map[string]any{"endpoint": endpoint, "token": em.NewUser().Token, "fetch": fetchFrom(t, em)}
	assert.Equal(t, []any{true, true, false, false, false, false, "Cancelled", "one sent,two! sent"}, page[[]any](t, values, conversationScript+`
		const conversation = client.openConversation(thread);
		await until(conversation, ({ status }) => status === "live");
		conversation.send({ content: "one" });
		const two = conversation.send({ content: "two" }), three = conversation.send({ content: "three" });
		const results = [await conversation.edit(two.key, { content: "two!" }), await conversation.cancel(three.key), await conversation.cancel("none"),
			await conversation.edit("none", { content: "x" }), conversation.retry("none"), conversation.discard("none")];
		results.push(await three.done.catch(({ code }) => code));
		results.push(texts(await until(conversation, (s) => texts(s).endsWith("two! sent"))));
		client.close();
		return results;
	`))
}

// TestConversationSubscribers checks that a subscriber that throws or leaves does not keep the others from being called.
func TestConversationSubscribers(t *testing.T) {
	onLoader(t)
	_, values := emulated(t)
	assert.Equal(t, []any{"planted", 1.0, 0.0, "Closed"}, page[[]any](t, values, conversationScript+`
		const conversation = client.openConversation(thread);
		await until(conversation, ({ status }) => status === "live");
		const reported = new Promise((resolve) => addEventListener("error", (event) => (event.preventDefault(), resolve(event.error.message)), { once: true }));
		let called = 0, left = 0;
		const stops = [conversation.subscribe(() => { throw new Error("planted"); }), conversation.subscribe(() => called++)];
		conversation.subscribe(() => left++)();
		const { done } = conversation.send({ content: "Hi" });
		await undefined;
		await undefined;
		stops.forEach((stop) => stop());
		const results = [await reported, called, left];
		conversation.close();
		await Promise.allSettled([done]);
		results.push(await conversation.loadOlder().catch(({ code }) => code));
		client.close();
		return results;
	`))
}

// TestConversationAfterPanic checks that a panic ends the conversation alone: the thread can be opened again.
func TestConversationAfterPanic(t *testing.T) {
	onLoader(t)
	_, values := emulated(t)
	values["panics"] = callable(t, func() any {
		for id := range pageListeners {
			findConversation(id).driver.run(func(chatcore.Instant) { panic("planted") })
		}
		return nil
	})
	assert.Equal(t, "ended InternalError InternalError Closed live", page[string](t, values, conversationScript+`
		const conversation = client.openConversation(thread);
		await until(conversation, ({ status }) => status === "live");
		const { done } = conversation.send({ content: "Hi" });
		panics();
		const { status, error } = conversation.getSnapshot();
		const results = [status, error.code, await done.catch(({ code }) => code)];
		try {
			conversation.send({ content: "Ho" });
		} catch ({ code }) {
			results.push(code);
		}
		results.push((await until(client.openConversation(thread), ({ status }) => status === "live")).status);
		client.close();
		return results.join(" ");
	`))
}

// TestConversationLeavesNothing checks that conversations that were closed leave nothing behind.
func TestConversationLeavesNothing(t *testing.T) {
	onLoader(t)
	_, values := emulated(t)
	page[any](t, values, conversationScript+`
		for (let i = 0; i < 20; i++) {
			const conversation = client.openConversation(thread, { durable: i % 2 === 0 });
			conversation.send({ content: "Hi" });
			if (i % 4 < 2) await until(conversation, ({ status }) => status === "live");
			conversation.close();
		}
		client.close();
		return null;
	`)
	assert.Empty(t, pageListeners)
	assert.Empty(t, calls)
}
