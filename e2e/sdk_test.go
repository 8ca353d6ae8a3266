//go:build !js

package e2e

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
)

// TestSDK lets two users talk with acschat/sdk, on the emulator in a page with a strict policy. The first call loads the client.
func TestSDK(t *testing.T) {
	for name, url := range map[string]string{"in the repository": blank(t, strict).URL, "in the package": packaged(t).URL} {
		t.Run(name, func(t *testing.T) { talkWithSDK(openTab(t, url+"/blank")) })
	}
}

func talkWithSDK(tab *tab) {
	var got string
	tab.run(chromedp.Evaluate(`(async () => {
		const [{ createEmulator }, { ChatClient }] = await Promise.all([import("/emulator.js"), import("/sdk.js")]);
		const { endpoint, users, fetch } = await createEmulator({ users: ["jane", "alex"] });
		const chatOf = ({ token }) => new ChatClient(endpoint, { getToken: async () => ({ token, expiresOnTimestamp: 0 }) }, { fetch });
		const jane = chatOf(users.jane), alex = chatOf(users.alex);
		const told = [];
		await alex.startRealtimeNotifications();
		for (const name of ["chatThreadCreated", "chatMessageReceived", "chatMessageEdited", "chatMessageDeleted", "chatThreadDeleted"]) {
			alex.on(name, ({ message = "" }) => told.push((name + " " + message).trim()));
		}
		const until = async (count) => { while (told.length < count) await new Promise((resolve) => setTimeout(resolve, 20)); };
		const { chatThread } = await jane.createChatThread({ topic: "Lunch" }, { participants: [{ id: { communicationUserId: users.alex.id } }] });
		const thread = jane.getChatThreadClient(chatThread.id);
		const { id } = await thread.sendMessage({ content: "Hi" });
		await until(2);
		await thread.updateMessage(id, { content: "Ho" });
		await until(3);
		await thread.deleteMessage(id);
		await until(4);
		const { sender, deletedOn } = await alex.getChatThreadClient(chatThread.id).getMessage(id);
		await jane.deleteChatThread(chatThread.id);
		await until(5);
		const failure = await thread.getProperties().catch(({ name, statusCode, code }) => [name, statusCode, code].join(" "));
		await alex.stopRealtimeNotifications();
		return [...told, sender.communicationUserId === users.jane.id, deletedOn instanceof Date, failure].join(", ");
	})()`, &got, awaitPromise))
	assert.Equal(tab.t, "chatThreadCreated, chatMessageReceived Hi, chatMessageEdited Ho, chatMessageDeleted, chatThreadDeleted, true, true, RestError 404 NotFound", got)
	tab.requireQuiet()
}
