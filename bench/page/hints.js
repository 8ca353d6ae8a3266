// A page of one user, which hints.mjs measures. contestant.mjs defines client and wasm.

import { createClient, initialize } from "client";

import { connectHints } from "../../samples/hintrelay/page.js";

const shown = new Map(); // promises with their resolvers for the time at which each text appears
let client;
let requests = 0; // to the service

const now = () => performance.timeOrigin + performance.now(); // comparable across pages

function entryOf(text) {
  if (!shown.has(text)) shown.set(text, Promise.withResolvers());
  return shown.get(text);
}

globalThis.screens = {
  /** Connects the page's user. */
  async connect({ endpoint, token }) {
    if (document.visibilityState !== "visible") throw new Error("the page is hidden, so it would poll less often");
    await initialize({ wasmURL: wasm });
    client = createClient({
      endpoint,
      token,
      fetch: (...args) => {
        requests++;
        return fetch(...args);
      },
    });
  },

  /** Shows threads, with hints from a URL if there is one. Resolves when all are live, and the hints are connected. */
  async show(threadIds, hintsURL) {
    await Promise.all(threadIds.map((threadId) => new Promise((resolve) => follow(client.openConversation(threadId), resolve))));
    if (hintsURL === undefined) return;
    const hints = connectHints(client, hintsURL, threadIds);
    await new Promise((resolve) => hints.addEventListener("open", resolve));
  },

  /** Creates a thread. Returns its id. */
  async create(rawIds) {
    const participants = rawIds.map((rawId) => ({ communicationIdentifier: { rawId } }));
    return (await client.createThread({ topic: "Release on Friday", participants })).chatThread.id;
  },

  /** Sends a message. Returns when it was sent, and when the service had answered. */
  async send(threadId, content) {
    const sentAt = now();
    await client.sendMessage(threadId, { content });
    return { sentAt, storedAt: now() };
  },

  /** Returns when a text appeared. */
  appeared: (text) => entryOf(text).promise,

  requests: () => requests,
};

/** Shows a conversation in an element of its own. */
function follow({ subscribe, getSnapshot }, onLive) {
  const list = document.body.appendChild(document.createElement("ol"));
  subscribe(() => {
    const { status, messages } = getSnapshot();
    if (status === "live") onLive();
    const texts = messages.filter(({ type }) => type === "text").map(({ content }) => content.message);
    list.replaceChildren(...texts.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
    for (const text of texts) entryOf(text).resolve(now());
  });
}
tellStarted(""); // chromium.mjs waits for this
