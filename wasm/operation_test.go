//go:build js && wasm

package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestEveryOperation uses every operation in one conversation.
func TestEveryOperation(t *testing.T) {
	em, values := emulated(t)
	alex := em.NewUser()
	values["alex"], values["alexToken"] = alex.ID, alex.Token
	got := page[map[string]any](t, values, `
		const client = createClient({ endpoint, token, fetch, apiVersion: "2025-03-15" });
		const alexClient = createClient({ endpoint, token: alexToken, fetch });
		const all = async (list) => { const items = []; for await (const item of list) items.push(item); return items; };
		const done = {};
		const { chatThread: { id } } = await client.createThread({ topic: "Lunch", metadata: { a: "1" }, retentionPolicy: { kind: "threadCreationDate", deleteThreadAfterDays: 30 } });
		done.createThread = id;
		done.addParticipants = await client.addParticipants(id, { participants: [{ communicationIdentifier: alex, displayName: "Alex" }] });
		done.updateThread = String(await client.updateThread(id, { topic: "Dinner", metadata: { b: "2" }, retentionPolicy: { kind: "none" } }));
		done.getThread = await client.getThread(id);
		done.listThreads = await all(client.listThreads());
		const { id: messageId } = await client.sendMessage(id, { content: "Pizza?", senderDisplayName: "Jane", metadata: { c: "3", d: "4" } });
		done.sendMessage = messageId;
		done.sendTypingNotification = [String(await alexClient.sendTypingNotification(id)), String(await alexClient.sendTypingNotification(id, { senderDisplayName: "Alex" }, {}))];
		done.sendReadReceipt = String(await alexClient.sendReadReceipt(id, { chatMessageId: messageId }));
		done.listReadReceipts = await all(client.listReadReceipts(id));
		done.updateMessage = String(await client.updateMessage(id, messageId, { content: "Pasta?", metadata: { c: "" } }));
		done.getMessage = await alexClient.getMessage(id, messageId);
		done.deleteMessage = String(await client.deleteMessage(id, messageId));
		done.listMessages = await all(alexClient.listMessages(id, { maxPageSize: 2 }));
		done.listParticipants = await all(client.listParticipants(id, { skip: 1 }));
		done.removeParticipant = [String(await client.removeParticipant(id, alex)), (await all(client.listParticipants(id))).length];
		done.deleteThread = [String(await client.deleteThread(id)), (await client.getThread(id).catch((e) => e.code)), (await all(client.listThreads())).length];
		return done;
	`)
	id, messageID := got["createThread"], got["sendMessage"]
	assert.Equal(t, map[string]any{"invalidParticipants": []any{}}, got["addParticipants"])
	for _, operation := range []string{"updateThread", "sendReadReceipt", "updateMessage", "deleteMessage"} {
		assert.Equal(t, "undefined", got[operation], operation)
	}
	thread := got["getThread"].(map[string]any)
	assert.Equal(t, id, thread["id"])
	assert.Equal(t, "Dinner", thread["topic"])
	assert.Equal(t, map[string]any{"a": "1", "b": "2"}, thread["metadata"])
	assert.Equal(t, map[string]any{"kind": "none"}, thread["retentionPolicy"])
	threads := got["listThreads"].([]any)
	require.Len(t, threads, 1)
	assert.Equal(t, "Dinner", threads[0].(map[string]any)["topic"])
	assert.Equal(t, []any{"undefined", "undefined"}, got["sendTypingNotification"])

	receipts := got["listReadReceipts"].([]any)
	require.Len(t, receipts, 1)
	receipt := receipts[0].(map[string]any)
	assert.Equal(t, messageID, receipt["chatMessageId"])
	assert.Equal(t, alex.ID, receipt["senderCommunicationIdentifier"].(map[string]any)["rawId"])

	message := got["getMessage"].(map[string]any)
	assert.Equal(t, map[string]any{"message": "Pasta?"}, message["content"])
	assert.Equal(t, map[string]any{"d": "4"}, message["metadata"])
	assert.NotEmpty(t, message["editedOn"])

	kinds := []any{}
	for _, message := range got["listMessages"].([]any) {
		kinds = append(kinds, message.(map[string]any)["type"])
	}
	assert.Equal(t, []any{"text", "topicUpdated", "participantAdded", "topicUpdated", "participantAdded"}, kinds, "the newest first")
	deleted := got["listMessages"].([]any)[0].(map[string]any)
	assert.Equal(t, map[string]any{"message": ""}, deleted["content"])
	assert.NotEmpty(t, deleted["deletedOn"])

	assert.Len(t, got["listParticipants"], 1)
	assert.Equal(t, []any{"undefined", 1.0}, got["removeParticipant"])
	assert.Equal(t, []any{"undefined", "NotFound", 0.0}, got["deleteThread"])
}

// TestBadArguments checks that bad arguments are refused before a request is sent.
func TestBadArguments(t *testing.T) {
	for _, row := range []struct{ script, target string }{
		{`c.getThread()`, "threadId"},
		{`c.getThread("")`, "threadId"},
		{`c.getThread("..")`, "threadId"},
		{`c.getThread("19:x", 1)`, "options"},
		{`c.getThread("19:x", { signal: 1 })`, "options.signal"},
		{`c.getThread("19:x", { topic: "x" })`, "options.topic"},
		{`c.updateThread("19:x")`, "request"},
		{`c.updateThread("19:x", { topic: "" })`, "topic"},
		{`c.updateThread("19:x", { topic: null })`, "topic"},
		{`c.updateThread("19:x", { metadata: { a: "x".repeat(1025) } })`, "metadata"},
		{`c.updateThread("19:x", { retentionPolicy: { kind: "threadCreationDate", deleteThreadAfterDays: 29 } })`, "retentionPolicy.deleteThreadAfterDays"},
		{`c.updateThread("19:x", { retentionPolicy: { kind: "none" } }, { apiVersion: "2024-03-15-preview" })`, "retentionPolicy.kind"},
		{`c.deleteThread(["19:x"])`, "threadId"},
		{`c.getMessage("19:x")`, "messageId"},
		{`c.getMessage("19:x", 1)`, "messageId"},
		{`c.getMessage("19:x", ".")`, "messageId"},
		{`c.updateMessage("19:x", "1", { content: "" })`, "content"},
		{`c.updateMessage("19:x", "1", { content: "x".repeat(28 * 1024 + 1) })`, "content"},
		{`c.updateMessage("19:x", "1", { type: "html" })`, "type"},
		{`c.deleteMessage("19:x", "")`, "messageId"},
		{`c.removeParticipant("19:x")`, "identifier"},
		{`c.removeParticipant("19:x", "")`, "identifier"},
		{`c.removeParticipant("19:x", {})`, "identifier"},
		{`c.removeParticipant("19:x", { communicationUser: {} })`, "communicationUser.id"},
		{`c.sendTypingNotification("19:x", null)`, "request"},
		{`c.sendTypingNotification("19:x", { name: "x" })`, "name"},
		{`c.sendReadReceipt("19:x", {})`, "chatMessageId"},
		{`c.sendReadReceipt("19:x", { chatMessageId: 1 })`, "chatMessageId"},
		{`first(c.listThreads({ maxPageSize: 0 }))`, "options.maxPageSize"},
		{`first(c.listThreads({ startTime: "yesterday" }))`, "options.startTime"},
		{`first(c.listThreads({ skip: 1 }))`, "options.skip"},
		{`first(c.listMessages())`, "threadId"},
		{`first(c.listMessages("19:x", { maxPageSize: 201 }))`, "options.maxPageSize"},
		{`first(c.listMessages("19:x", { nextLink: "https://x.example/" }))`, "options.nextLink"},
		{`first(c.listMessages("19:x").byPage({ nextLink: "https://x.example.evil/a" }))`, "nextLink"},
		{`first(c.listMessages("19:x").byPage({ nextLink: 1 }))`, "nextLink"},
		{`first(c.listMessages("19:x").byPage({ maxPageSize: 1 }))`, "byPage.maxPageSize"},
		{`first(c.listMessages("19:x").byPage("x"))`, "byPage"},
		{`first(c.listParticipants("19:x", { skip: -1 }))`, "options.skip"},
		{`first(c.listReadReceipts("19:x", { skip: "1" }))`, "options.skip"},
		{`first(c.watchMessages("19:x", { sinceMessageId: "x" }))`, "options.sinceMessageId"},
		{`first(c.watchMessages("19:x", { sinceMessageId: "1", sinceVersion: "1" }))`, "options"},
		{`first(c.watchMessages("19:x", { intervalMs: 0 }))`, "options.intervalMs"},
		{`first(c.watchMessages(""))`, "threadId"},
	} {
		got := page[outcome](t, nil, describe+`
			const fetch = async () => { throw new Error("sent") };
			const c = createClient({ endpoint: "https://x.example", token: "abc", fetch });
			const first = (list) => list[Symbol.asyncIterator]().next();
			return fails(`+row.script+`);
		`)
		assert.Equal(t, "InvalidArgument", got.Code, "%s: %+v", row.script, got)
		assert.Equal(t, row.target, got.Target, "%s: %s", row.script, got.Message)
		assert.Contains(t, got.Message, row.target+" ", row.script)
		assert.Zero(t, got.Attempts)
	}
}
