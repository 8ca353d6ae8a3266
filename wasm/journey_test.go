//go:build js && wasm

package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

func TestCreateAddSend(t *testing.T) {
	em, values := emulated(t)
	values["alex"], values["bob"] = em.NewUser().ID, em.NewUser().ID
	got := page[struct {
		Created struct {
			ChatThread          struct{ ID, Topic, CreatedOn string }
			InvalidParticipants []struct{ Code, Message, Target string }
		}
		Added struct{ InvalidParticipants []any }
		Sent  struct{ ID string }
	}](t, values, `
		const client = createClient({ endpoint, token, fetch });
		const created = await client.createThread({
			topic: "Lunch",
			participants: [{ communicationIdentifier: { communicationUser: { id: alex } }, displayName: "Alex" }, { communicationIdentifier: "8:acs:nobody" }],
		});
		const { createThread, addParticipants, sendMessage } = client; // methods need no this
		const added = await addParticipants(created.chatThread.id, { participants: [{ communicationIdentifier: bob, shareHistoryTime: new Date(0) }] });
		const sent = await sendMessage(created.chatThread.id, { content: "Hi \ud83d\udc4b", senderDisplayName: "Jane", type: "html", metadata: { a: "1" } });
		return { created, added, sent };
	`)
	threads := em.Threads()
	require.Len(t, threads, 1)
	assert.Equal(t, threads[0].ID, got.Created.ChatThread.ID)
	assert.Len(t, threads[0].Participants, 3)
	require.Len(t, got.Created.InvalidParticipants, 1)
	assert.Equal(t, "8:acs:nobody", got.Created.InvalidParticipants[0].Target)
	assert.NotNil(t, got.Added.InvalidParticipants, "always an array")
	assert.Equal(t, "Lunch", got.Created.ChatThread.Topic)
	message := threads[0].Messages[len(threads[0].Messages)-1]
	assert.Equal(t, message.ID, got.Sent.ID)
	assert.Equal(t, "Hi 👋", message.Content.Message)
	assert.Equal(t, map[string]string{"a": "1"}, message.Metadata)
}

func TestArgumentsOfFetch(t *testing.T) {
	got := page[struct {
		URL  string
		This bool
		Init struct {
			Method, Body, Credentials, Redirect string
			Headers                             map[string]string
		}
		Signal bool
	}](t, nil, `
		let given;
		async function fetch(url, init) {
			given = { url, init, this: this === undefined, signal: init.signal instanceof AbortSignal };
			return new Response('{"chatThread":{"id":"19:x@thread.v2"}}', { status: 201 });
		}
		"use strict";
		await createClient({ endpoint: "https://contoso.communication.azure.com/", token: "abc", fetch }).createThread({ topic: "é\"\n" });
		return given;
	`)
	assert.Equal(t, "https://contoso.communication.azure.com/chat/threads?api-version=2024-03-07", got.URL)
	assert.Equal(t, "POST", got.Init.Method)
	assert.JSONEq(t, `{"topic": "é\"\n"}`, got.Init.Body)
	assert.Equal(t, "omit", got.Init.Credentials)
	assert.Equal(t, "error", got.Init.Redirect)
	assert.Equal(t, "Bearer abc", got.Init.Headers["Authorization"])
	assert.Regexp(t, `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`, got.Init.Headers["repeatability-request-id"])
	assert.True(t, got.Signal)
}

func TestReadsBypassTheCache(t *testing.T) {
	got := page[[]string](t, nil, `
		const modes = [];
		const fetch = async (url, { method, cache = "default" }) => {
			modes.push(method + " " + cache);
			return new Response(method === "GET" ? '{"id":"19:x"}' : null, { status: method === "GET" ? 200 : 204 });
		};
		const client = createClient({ endpoint: "https://x.example", token: "abc", fetch });
		await client.getThread("19:x");
		await client.deleteThread("19:x");
		return modes;
	`)
	assert.Equal(t, []string{"GET no-store", "DELETE default"}, got)
}

func TestConcurrentCallsKeepApart(t *testing.T) {
	bodies := page[[]string](t, nil, `
		const fetch = async (url, init) => {
			await new Promise((resolve) => setTimeout(resolve, Math.random() * 5)); // a wrapper that reads late
			return new Response(JSON.stringify({ id: JSON.parse(init.body).content }), { status: 201 });
		};
		const client = createClient({ endpoint: "https://x.example", token: "abc", fetch });
		const sent = await Promise.all(Array.from({ length: 200 }, (_, i) => client.sendMessage("19:x", { content: "m" + i })));
		return sent.map(({ id }) => id);
	`)
	for i, body := range bodies {
		require.Equal(t, "m"+itoa(i), body)
	}
	require.Len(t, bodies, 200)
}

func TestSynchronousReentry(t *testing.T) {
	got := page[int](t, nil, `
		let depth = 0, deepest = 0;
		const fetch = (url, init) => {
			deepest = Math.max(deepest, ++depth);
			const answer = Promise.resolve(new Response('{"id":"1"}', { status: 201 }));
			if (left-- > 0) calls.push(client.sendMessage("19:x", { content: "again" }));
			depth--;
			return answer;
		};
		let left = 2000;
		const calls = [];
		const client = createClient({ endpoint: "https://x.example", token: "abc", fetch });
		await client.sendMessage("19:x", { content: "first" });
		for (const call of calls) await call;
		return deepest;
	`)
	assert.Equal(t, 1, got, "fetch runs from a microtask, never inside a call")
}

func TestAbortedBeforeStartReportsNoExchange(t *testing.T) {
	got := page[[]int](t, nil, `
		let fetched = 0, told = 0;
		const client = createClient({ endpoint: "https://x.example", token: "abc", fetch: async () => { fetched++ }, onExchange: () => told++ });
		await client.createThread({ topic: "x" }, { signal: AbortSignal.abort() }).catch(() => {});
		await new Promise((resolve) => setTimeout(resolve));
		return [fetched, told];
	`)
	assert.Equal(t, []int{0, 0}, got)
}

func TestOnExchange(t *testing.T) {
	em, values := emulated(t)
	got := page[[]map[string]any](t, values, `
		const events = [];
		const client = createClient({ endpoint, token, fetch, onExchange: (e) => events.push(e) });
		const { chatThread } = await client.createThread({ topic: "Lunch" });
		await client.sendMessage("19:none@thread.v2", { content: "x" }).catch(() => {});
		await client.sendMessage(chatThread.id, { content: "x" }, { onExchange: () => events.push({ operation: "own" }) });
		if (JSON.stringify(events).includes(token)) throw new Error("the token is in an event");
		return events;
	`)
	require.Len(t, got, 3)
	assert.Equal(t, "createThread", got[0]["operation"])
	assert.Equal(t, "success", got[0]["outcome"])
	assert.Equal(t, "Bearer [redacted]", got[0]["requestHeaders"].(map[string]any)["Authorization"])
	assert.Equal(t, float64(201), got[0]["status"])
	assert.Contains(t, got[0]["responseBody"], em.Threads()[0].ID)
	assert.Equal(t, string(chatcore.NotFound), got[1]["outcome"])
	assert.Equal(t, "failed", got[1]["next"])
	assert.Equal(t, "own", got[2]["operation"])
}
