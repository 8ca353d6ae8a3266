// The emulator that run.mjs has started: its endpoint, its users, and their messages.

export const endpoint = process.env.EMBED_ENDPOINT;

/** By name: { id, token }. */
export const users = JSON.parse(process.env.EMBED_USERS);

/** Returns a message from the emulator. */
export const getMessage = (threadId, messageId) => get(`/chat/threads/${encodeURIComponent(threadId)}/messages/${messageId}`);

/** Returns Jane's threads, newest first. */
export const listThreads = async () => (await get("/chat/threads")).value;

/** Creates a thread of Jane and Alex, with messages of Alex. Returns its id. */
export async function createThread(topic, contents) {
  const participants = [{ communicationIdentifier: { rawId: users.alex.id }, displayName: "Alex" }];
  const { chatThread } = await request("POST", "/chat/threads", { body: { topic, participants } });
  for (const content of contents) await sendAsAlex(chatThread.id, content);
  return chatThread.id;
}

export const sendAsAlex = (threadId, content) =>
  request("POST", `${pathOf(threadId)}/messages`, { user: users.alex, body: { content, senderDisplayName: "Alex" } });

/** Returns the contents of the thread's text messages, newest first. */
export async function listTexts(threadId) {
  const { value } = await get(`${pathOf(threadId)}/messages`, { maxPageSize: "200" });
  return value.filter(({ type }) => type === "text").map(({ content }) => content.message);
}

/** Returns the id of the newest message that Jane has read. */
export async function lastReadByJane(threadId) {
  const { value } = await get(`${pathOf(threadId)}/readReceipts`);
  return value.find(({ senderCommunicationIdentifier }) => senderCommunicationIdentifier.rawId === users.jane.id)?.chatMessageId;
}

const pathOf = (threadId) => `/chat/threads/${encodeURIComponent(threadId)}`;

const get = (path, query) => request("GET", path, { query });

async function request(method, path, { user = users.jane, query, body }) {
  const url = new URL(path, endpoint);
  url.search = new URLSearchParams({ "api-version": "2025-03-15", ...query });
  const headers = { Authorization: `Bearer ${user.token}`, "Content-Type": "application/json" };
  const answer = await fetch(url, { method, headers, body: JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: HTTP ${answer.status} ${text}`);
  return text === "" ? undefined : JSON.parse(text);
}
