import { initialize, createClient } from "./acschat/chat.js";
import { issueToken } from "./token.js";

await initialize();
const { endpoint } = await issueToken("jane");
const client = createClient({ endpoint, token: async () => (await issueToken("jane")).token });
const { chatThread } = await client.createThread({ topic: "A module script" });
const { id } = await client.sendMessage(chatThread.id, { content: "Hi", senderDisplayName: "Jane" });
document.body.append(`Message ${id} is in thread ${chatThread.id}.`);
