//go:build js && wasm && !withoutconversations

package main

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"acschat/chatcore"
	"acschat/emulator"
)

// inboxScript defines what the tests of inboxes use: the clients of Jane and Joe, create, which creates a thread of both, until as in
// conversationScript, and lines, which returns each thread as a text.
const inboxScript = `
	const client = acsChat.createClient({ endpoint, token, fetch }), joe = acsChat.createClient({ endpoint, token: joesToken, fetch });
	const create = async (topic) => (await joe.createThread({ topic, participants: [{ communicationIdentifier: jane }] })).chatThread.id;
	const until = (state, holds) => new Promise((resolve) => {
		const check = () => holds(state.getSnapshot()) && (stop(), resolve(state.getSnapshot()));
		const stop = state.subscribe(check);
		queueMicrotask(check);
	});
	const line = ({ topic, lastMessage, unreadCount, left }) => topic + " " + (lastMessage?.content?.message ?? lastMessage?.type) + " " + unreadCount + (left ? " left" : "");
	const lines = ({ threads }) => threads.map(line).join();
`

func inboxValues(t *testing.T) map[string]any {
	em := emulator.New(emulator.Options{})
	jane := em.NewUser()
	return map[string]any{"endpoint": endpoint, "token": jane.Token, "jane": jane.ID, "joesToken": em.NewUser().Token, "fetch": fetchFrom(t, em)}
}

// TestInbox checks the order, unread counts, marks, identity of what has not changed, and how often subscribers are called.
func TestInbox(t *testing.T) {
	onLoader(t)
	assert.Equal(t, []any{"loading", 0.0, "memory", "B Hi 1,A topicUpdated 0", "A Ho 1,B Hi 1", true, true, true, 1.0, "A Ho 0,B Hi 1", "Ho", true, "A Ho 0,B participantRemoved 1 left"},
		page[[]any](t, inboxValues(t), inboxScript+`
		const a = await create("A");
		await new Promise((resolve) => setTimeout(resolve, 1000)); // the list of threads has times in seconds
		const b = await create("B");
		await joe.sendMessage(b, { content: "Hi" });
		const inbox = client.openInbox({ intervalMs: 200 });
		const { getSnapshot, markRead, close } = inbox, first = getSnapshot();
		const results = [first.status, first.threads.length, first.durability];
		const before = await until(inbox, ({ status, threads }) => status === "live" && threads.every(({ lastMessage, unreadIsCapped }) => lastMessage && !unreadIsCapped));
		results.push(lines(before));
		await joe.sendMessage(a, { content: "Ho" });
		const after = await until(inbox, ({ threads }) => threads[0].id === a && threads[0].unreadCount === 1);
		results.push(lines(after), after.threads[1] === before.threads[0], getSnapshot() === after, Object.isFrozen(after.threads) && Object.isFrozen(after.threads[0]) && Object.isFrozen(after.threads[0].lastMessage));
		let notified = 0;
		const stop = inbox.subscribe(() => notified++);
		await markRead(a);
		await undefined;
		results.push(notified, lines(getSnapshot()), getSnapshot().threads[0].lastMessage.content.message);
		stop();
		for await (const { chatMessageId } of joe.listReadReceipts(a)) results.push(chatMessageId === getSnapshot().threads[0].lastMessage.id);
		await joe.removeParticipant(b, jane);
		results.push(lines(await until(inbox, ({ threads }) => threads.some(({ left, lastMessage }) => left && lastMessage.type === "participantRemoved"))).split(",").sort().join());
		close();
		client.close();
		joe.close();
		return results;
	`))
	assert.Empty(t, pageListeners)
	assert.Empty(t, calls)
}

// TestInboxWithConversation checks that an inbox shows at once what a conversation of its client shows, and that both share the mark.
func TestInboxWithConversation(t *testing.T) {
	onLoader(t)
	for name, opening := range map[string]string{
		"the inbox first":        `inbox = client.openInbox(); await until(inbox, ({ threads }) => threads[0]?.unreadCount === 1); conversation = client.openConversation(a);`,
		"the conversation first": `conversation = client.openConversation(a); await until(conversation, ({ unreadCount }) => unreadCount === 1); inbox = client.openInbox();`,
	} {
		assert.Equal(t, []any{"A Hi 1", true, "sending A Yes 1", 0.0, 0.0, "A Yes 0", "A Why? 1", 0.0, 0.0}, page[[]any](t, inboxValues(t), inboxScript+`
			const a = await create("A");
			await joe.sendMessage(a, { content: "Hi" });
			let inbox, conversation;
			`+opening+`
			await until(conversation, ({ status }) => status === "live");
			const results = [lines(await until(inbox, ({ status, threads }) => status === "live" && threads[0].unreadCount === 1 && !threads[0].unreadIsCapped))];
			const { key, done } = conversation.send({ content: "Yes" });
			const { lastMessage } = inbox.getSnapshot().threads[0];
			results.push(lastMessage.key === key, lastMessage.state + " " + lines(inbox.getSnapshot()));
			const marked = inbox.markRead(a);
			results.push(inbox.getSnapshot().threads[0].unreadCount, conversation.getSnapshot().unreadCount);
			await Promise.all([marked, done]);
			results.push(lines(inbox.getSnapshot()));
			await joe.sendMessage(a, { content: "Why?" });
			await until(conversation, ({ unreadCount }) => unreadCount === 1);
			results.push(lines(inbox.getSnapshot()));
			await conversation.markRead();
			results.push(inbox.getSnapshot().threads[0].unreadCount);
			conversation.close();
			results.push(inbox.getSnapshot().threads[0].unreadCount);
			client.close();
			joe.close();
			return results;
		`), name)
		assert.Empty(t, pageListeners)
	}
}

// TestInboxShares checks that opening the inbox twice shares the state until the last close, and what closed ones and closed clients do.
func TestInboxShares(t *testing.T) {
	onLoader(t)
	assert.Equal(t, "true true openInbox: the inbox was closed Closed Closed Closed A Hi 1", page[string](t, inboxValues(t), inboxScript+`
		const a = await create("A");
		await joe.sendMessage(a, { content: "Hi" });
		const code = ({ code }) => code;
		const one = client.openInbox(), two = client.openInbox({ durable: true });
		const results = [one.getSnapshot() === two.getSnapshot()];
		one.close();
		one.close();
		const last = await until(two, ({ threads }) => threads[0]?.unreadCount === 1);
		results.push(one.getSnapshot() === last, (await one.markRead(a).catch((error) => error)).message);
		const pending = two.markRead(a).catch(code);
		client.close();
		results.push(await pending, await two.markRead(a).catch(code));
		try {
			client.openInbox();
		} catch (error) {
			results.push(code(error));
		}
		joe.close();
		return results.concat(lines(last)).join(" ");
	`))
	assert.Empty(t, pageListeners)
	assert.Empty(t, calls)
}

// TestInboxArguments checks what is refused.
func TestInboxArguments(t *testing.T) {
	onLoader(t)
	for _, row := range []struct{ script, target string }{
		{`client.openInbox(null)`, "options"},
		{`client.openInbox({ intervalMs: 0 })`, "options.intervalMs"},
		{`client.openInbox({ durable: 1 })`, "options.durable"},
		{`client.openInbox({ pageSize: 5 })`, "options.pageSize"},
		{`client.openInbox({ signal: new AbortController().signal })`, "options.signal"},
		{`client.openInbox(() => {})`, "options"},
		{`inbox.markRead()`, "threadId"},
		{`inbox.markRead("unknown")`, "threadId"},
		{`inbox.markRead({})`, "threadId"},
		{`inbox.markRead("x".repeat(3e6))`, "threadId"},
	} {
		assert.Equal(t, "InvalidArgument "+row.target, page[string](t, inboxValues(t), inboxScript+`
			const inbox = client.openInbox({});
			try {
				await `+row.script+`;
				return "nothing thrown";
			} catch (error) {
				return error.code + " " + error.target;
			} finally {
				client.close();
				joe.close();
			}
		`), row.script)
	}
}

// TestInboxAfterPanic checks that a panic ends the inbox alone: conversations go on, and the inbox can be opened again.
func TestInboxAfterPanic(t *testing.T) {
	onLoader(t)
	values := inboxValues(t)
	values["panics"] = callable(t, func() any {
		for _, c := range clients {
			c.tellInbox(func(*inbox, chatcore.Instant) { panic("planted") })
		}
		return nil
	})
	assert.Equal(t, "ended InternalError live live", page[string](t, values, inboxScript+`
		const inbox = client.openInbox(), conversation = client.openConversation(await create("A"));
		await until(inbox, ({ status }) => status === "live");
		panics();
		const { status, error } = inbox.getSnapshot();
		const results = [status, error.code];
		results.push((await until(client.openInbox(), ({ status }) => status === "live")).status);
		results.push((await until(conversation, ({ status }) => status === "live")).status);
		client.close();
		joe.close();
		return results.join(" ");
	`))
}

// TestWakeTellsTheInbox checks that a hint makes the inbox read a thread before its list of threads is due.
func TestWakeTellsTheInbox(t *testing.T) {
	onLoader(t)
	assert.Equal(t, "A Ho 2", page[string](t, inboxValues(t), inboxScript+`
		const a = await create("A");
		await joe.sendMessage(a, { content: "Hi" });
		const inbox = client.openInbox({ intervalMs: 600000 });
		await until(inbox, ({ status, threads }) => status === "live" && threads[0].unreadCount === 1);
		const { id: version } = await joe.sendMessage(a, { content: "Ho" });
		client.wake("19:other@thread.v2");
		client.wake(a, { version });
		const shown = lines(await until(inbox, ({ threads }) => threads[0].unreadCount === 2));
		inbox.close();
		client.close();
		joe.close();
		return shown;
	`))
}
