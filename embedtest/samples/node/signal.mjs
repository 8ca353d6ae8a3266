// Makes twenty concurrent calls with one AbortSignal.
import { initialize, createClient } from "acschat";

const { ENDPOINT: endpoint, TOKEN: token } = process.env;
const { signal } = new AbortController();

await initialize();
const client = createClient({ endpoint, token });
const { chatThread } = await client.createThread({ topic: "Node" });
await Promise.all(Array.from({ length: 20 }, () => client.getThread(chatThread.id, { signal })));
console.log("done");
