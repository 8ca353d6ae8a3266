import { initialize, createClient } from "acschat";
import wasmURL from "acschat/chat.wasm?url";
import conversations from "acschat/chat.conversation.wasm?url";

async function issueToken() {
  const response = await fetch("/token", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ user: "jane" }),
  });
  if (!response.ok) throw new Error(`no token: HTTP ${response.status}`);
  return response.json();
}

await initialize({ wasmURL, conversations });
const { endpoint } = await issueToken();
const client = createClient({ endpoint, token: async () => (await issueToken()).token });
const { chatThread } = await client.createThread({ topic: "Vite 7" });
const { id } = await client.sendMessage(chatThread.id, { content: "Hi", senderDisplayName: "Jane" });
document.body.append(`Message ${id} is in thread ${chatThread.id}.`);
