// The page with conversations, which conversation.mjs measures. contestant.mjs defines client and wasm.

import { createClient, initialize } from "client";

import { Thread } from "./thread.js";
import { endpoint, threadId, token } from "./work.js";

const never = 3_600_000; // the interval of a conversation that must not poll meanwhile, in milliseconds

await initialize({ wasmURL: wasm });

/** Opens a conversation of a thread with count messages, and waits for the first page. */
async function open(count, options) {
  const thread = new Thread(count);
  const client = createClient({ endpoint, token, fetch: thread.fetch });
  const begun = performance.now();
  const conversation = client.openConversation(threadId, { intervalMs: never, ...options });
  await until(conversation, ({ messages }) => messages.length > 0);
  const firstPageMs = performance.now() - begun;
  return { thread, client, conversation, firstPageMs };
}

/** Waits until a snapshot fulfils a condition. Returns when it did. */
function until({ subscribe, getSnapshot }, isFulfilled) {
  return new Promise((resolve) => {
    const stop = subscribe(check);
    check();
    function check() {
      if (!isFulfilled(getSnapshot())) return;
      resolve(performance.now());
      stop?.();
    }
  });
}

/** Opens a conversation with so many messages loaded. */
async function load(loaded, options) {
  const opened = await open(10_000, { pageSize: Math.min(loaded, 100), ...options });
  while (opened.conversation.getSnapshot().messages.length < loaded) await opened.conversation.loadOlder();
  const { length } = opened.conversation.getSnapshot().messages;
  if (length !== loaded) throw new Error(`${length} messages are loaded, wanted ${loaded}`);
  return opened;
}

let scrolled; // the conversation that scroll moves through

globalThis.conversations = {
  exists: typeof createClient({ endpoint, token }).openConversation === "function",

  /** Returns the time until the first page is shown, in milliseconds. */
  async firstPage(count) {
    const { client, firstPageMs, thread } = await open(count);
    const { requests } = thread;
    client.close();
    if (requests > 2) throw new Error(`the first page took ${requests} requests`); // one of them may be the first poll
    return firstPageMs;
  },

  /** Returns the time per message, in microseconds, from send to its confirmation, with the snapshots between. */
  async send(loaded, n) {
    const { client, conversation } = await load(loaded);
    const begun = performance.now();
    for (let i = 0; i < n; i++) {
      const { key, done } = conversation.send({ content: "The build is green." });
      if (conversation.getSnapshot().messages.at(-1).key !== key) throw new Error("a pending message is not the last one");
      await done;
      if (conversation.getSnapshot().messages.at(-1).state !== "sent") throw new Error("a sent message is not the last one");
    }
    const microseconds = ((performance.now() - begun) * 1000) / n;
    client.close();
    return microseconds;
  },

  /** Returns the median time from the answer of a poll with a new message until it is in the snapshot, in microseconds. */
  async receive(loaded, n) {
    const { client, conversation, thread } = await load(loaded, { intervalMs: 300 });
    const times = [];
    for (let i = 0; i < n; i++) {
      const id = thread.add();
      const shownAt = await until(conversation, ({ messages }) => messages.at(-1).id === id);
      times.push((shownAt - thread.answeredAt) * 1000);
    }
    client.close();
    return times.sort((a, b) => a - b)[Math.floor(n / 2)];
  },

  /** Scrolls from the newest message to the first one and back, through all messages. */
  async scroll(count) {
    scrolled ??= await open(count, { pageSize: 200 });
    const { conversation } = scrolled;
    const seen = new Set();
    const look = () => conversation.getSnapshot().messages.forEach(({ id }) => seen.add(id));
    for (look(); conversation.getSnapshot().hasOlder; look()) await conversation.loadOlder();
    while (conversation.getSnapshot().hasNewer) await conversation.loadNewer();
    if (seen.size !== count) throw new Error(`${seen.size} messages were shown, wanted ${count}`);
  },
};
tellStarted(""); // chromium.mjs waits for this
