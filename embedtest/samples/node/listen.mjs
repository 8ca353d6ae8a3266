import { createEmulator } from "acschat/emulator";
import { listen } from "acschat/emulator/node";
import { initialize, createClient } from "acschat/slim";

const [emulator] = await Promise.all([listen({ users: ["jane"] }), initialize()]);
const client = createClient({ endpoint: emulator.endpoint, token: emulator.users.jane.token });
const { chatThread } = await client.createThread({ topic: "Lunch" });
const { id } = await client.sendMessage(chatThread.id, { content: "Hi" });
const { content } = await client.getMessage(chatThread.id, id);
console.log(content.message);
client.close();
await emulator.close();
(await createEmulator()).close();
