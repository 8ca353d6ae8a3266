onmessage = async ({ data: content }) => {
  const { initialize, createClient } = await import("./acschat/chat.js");
  await initialize();
  const response = await fetch("/token", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ user: "jane" }),
  });
  if (!response.ok) throw new Error(`no token: HTTP ${response.status}`);
  const { endpoint, token } = await response.json();
  const client = createClient({ endpoint, token });
  const { chatThread } = await client.createThread({ topic: "A classic worker" });
  const { id } = await client.sendMessage(chatThread.id, { content, senderDisplayName: "Jane" });
  postMessage(`Message ${id} is in thread ${chatThread.id}.`);
};
