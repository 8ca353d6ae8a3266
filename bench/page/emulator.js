// The page with an emulator, which emulator.mjs measures. contestant.mjs defines client.

import { createEmulator } from "client";

const users = ["jane", "alex"];
let emulator;

/** Sends a request of Jane. Returns the answer. */
async function send(method, path, body) {
  const { endpoint, fetch, users } = emulator;
  const headers = { Authorization: `Bearer ${users.jane.token}`, "Content-Type": "application/json" };
  const response = await fetch(`${endpoint}/chat/threads${path}?api-version=2025-03-15`, { method, headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${method} ${path}: HTTP ${response.status} ${await response.text()}`);
  return response.json();
}

async function newThread() {
  const participants = [{ communicationIdentifier: { rawId: emulator.users.alex.id }, displayName: "Alex" }];
  const { chatThread } = await send("POST", "", { topic: "Release on Friday", participants });
  return `/${encodeURIComponent(chatThread.id)}`;
}

const requests = {
  getThread: (path) => send("GET", path),
  sendMessage: (path) => send("POST", `${path}/messages`, { content: "The build is green, shall we ship it before lunch?", senderDisplayName: "Jane" }),
};

globalThis.emulators = {
  /** Returns the time from createEmulator to the first answer, in milliseconds. */
  async firstAnswer(options) {
    const begun = performance.now();
    emulator = await createEmulator({ users, ...options });
    await send("GET", "");
    return performance.now() - begun;
  },

  /** Creates the emulator that the functions below use. */
  async create(options) {
    emulator = await createEmulator({ users, ...options });
  },

  /** Returns the time per request, in microseconds, of n requests in a new thread. */
  async oneByOne(kind, n) {
    await emulator.reset();
    const path = await newThread();
    const begun = performance.now();
    for (let i = 0; i < n; i++) await requests[kind](path);
    return ((performance.now() - begun) * 1000) / n;
  },

  /** Empties the emulator, and sends so many messages to so many threads. */
  async fill(threads, messages) {
    await emulator.reset();
    const paths = [];
    for (let i = 0; i < threads; i++) paths.push(await newThread());
    for (let i = 0; i < messages; i++) await requests.sendMessage(paths[i % threads]);
  },
};
tellStarted(""); // chromium.mjs waits for this
