import { initialize, createClient } from "acschat";

async function issueToken() {
  const response = await fetch("/token", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ user: "jane" }),
  });
  if (!response.ok) throw new Error(`no token: HTTP ${response.status}`);
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
