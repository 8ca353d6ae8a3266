// The emulator that run.mjs has started: its endpoint, its users, and their messages.

export const endpoint = process.env.EMBED_ENDPOINT;

/** By name: { id, token }. */
export const users = JSON.parse(process.env.EMBED_USERS);

/** Returns a message from the emulator. */
export const getMessage = (threadId, messageId) => get(`/chat/threads/${encodeURIComponent(threadId)}/messages/${messageId}`);

/** Returns Jane's threads, newest first. */
export const listThreads = async () => (await get("/chat/threads")).value;

async function get(path) {
  const url = new URL(path, endpoint);
  url.searchParams.set("api-version", "2025-03-15");
  const answer = await fetch(url, { headers: { Authorization: `Bearer ${users.jane.token}` } });
  if (!answer.ok) throw new Error(`GET ${path}: HTTP ${answer.status} ${await answer.text()}`);
  return answer.json();
}
