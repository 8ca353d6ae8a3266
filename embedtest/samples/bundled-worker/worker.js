import { initialize, createClient } from "acschat";

async function issueToken() {
  const response = await fetch("/token", { method: "POST", body: JSON.stringify({ user: "jane" }) });
  return response.json();
}

onmessage = async ({ data: content }) => {
  await initialize();
  const { endpoint } = await issueToken();
  const client = createClient({ endpoint, token: async () => (await issueToken()).token });
  const { chatThread } = await client.createThread({ topic: "A worker, bundled" });
  const { id } = await client.sendMessage(chatThread.id, { content, senderDisplayName: "Jane" });
  postMessage(`Message ${id} is in thread ${chatThread.id}.`);
};
