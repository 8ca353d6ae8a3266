import { initialize, createClient } from "acschat";

const { ENDPOINT: endpoint = "http://localhost:8081", TOKEN: token = "" } = process.env;

await initialize();
const client = createClient({ endpoint, token });
const { chatThread } = await client.createThread({ topic: "Node" });
const { id } = await client.sendMessage(chatThread.id, { content: "Hi", senderDisplayName: "Jane" });
console.log(`Message ${id} is in thread ${chatThread.id}.`);
