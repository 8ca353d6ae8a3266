// The journeys that run in a page. A journey takes the emulator's endpoint and users, and throws if a result is wrong.

import { ChatError, createClient, initialize, newIdempotencyToken } from "./chat.js";

export async function mainJob({ endpoint, users }) {
  const client = await connect(endpoint, users.jane);
  const nobody = users.jane.id.replace(/_.*/, "_00000000-0000-0000-0000-000000000000");
  const { chatThread, invalidParticipants } = await client.createThread({ topic: "Lunch", participants: [participant(users.alex)] });
  same(invalidParticipants, [], "invalidParticipants of createThread");
  const added = await client.addParticipants(chatThread.id, { participants: [participant(users.bob), { communicationIdentifier: nobody }] });
  same(added.invalidParticipants.map(({ target }) => target), [nobody], "participants that were not added");
  const content = "Käse, 🍕 or "; // two, four and three bytes of UTF-8
  const { id } = await client.sendMessage(chatThread.id, { content, senderDisplayName: "Jane" });
  const message = await (await connect(endpoint, users.bob)).getMessage(chatThread.id, id);
  same([message.content.message, message.senderDisplayName], [content, "Jane"], "the message");
}

export async function lists({ endpoint, users }) {
  const { client, threadId } = await newThread(endpoint, users);
  const sent = [];
  for (const content of ["1", "2", "3", "4", "5"]) sent.unshift((await client.sendMessage(threadId, { content })).id);
  const ids = (messages) => messages.filter(({ type }) => type === "text").map(({ id }) => id);
  const items = [];
  for await (const message of client.listMessages(threadId, { maxPageSize: 2 })) items.push(message);
  same(ids(items), sent, "items");
  const pages = [];
  let resumeHere;
  for await (const { value, nextLink } of client.listMessages(threadId, { maxPageSize: 2 }).byPage()) {
    pages.push(...value);
    resumeHere = nextLink;
    break;
  }
  for await (const { value } of client.listMessages(threadId, { maxPageSize: 2 }).byPage({ nextLink: resumeHere })) pages.push(...value);
  same(ids(pages), sent, "items of pages");
}

export async function watch({ endpoint, users }) {
  const { client, threadId } = await newThread(endpoint, users);
  const alex = await connect(endpoint, users.alex);
  const seen = [];
  let id;
  for await (const message of client.watchMessages(threadId, { sinceMessageId: "0" })) {
    if (message.type !== "text") {
      id ??= (await alex.sendMessage(threadId, { content: "At noon?" })).id;
      continue;
    }
    same(message.id, id, "id of the message");
    seen.push(message.deletedOn ? "deleted" : message.content.message);
    if (seen.length === 1) await alex.updateMessage(threadId, id, { content: "At one?" });
    if (seen.length === 2) await alex.deleteMessage(threadId, id);
    if (seen.length === 3) break;
  }
  same(seen, ["At noon?", "At one?", "deleted"], "changes");
}

export async function abort({ endpoint, users }) {
  const { client, threadId } = await newThread(endpoint, users);
  for (const [reason, isRight] of [[undefined, (error) => error instanceof DOMException && error.name === "AbortError"], ["enough", (error) => error === "enough"]]) {
    const controller = new AbortController();
    const hanging = failing({ hang: true }, () => setTimeout(() => controller.abort(reason))); // once fetch was called
    const error = await rejection(client.getThread(threadId, { signal: controller.signal, fetch: hanging }));
    check(isRight(error), `aborted with ${reason} it rejects with ${error}`);
  }
  const controller = new AbortController();
  const watching = rejection(client.watchMessages(threadId, { signal: controller.signal })[Symbol.asyncIterator]().next());
  controller.abort("left");
  same(await watching, "left", "reason of the watch");
}

export async function errors({ endpoint, users }) {
  const { client, threadId } = await newThread(endpoint, users);
  const stranger = createClient({ endpoint, token: users.alex.token.replace(/.$/, (last) => (last === "A" ? "B" : "A")) });
  const dropped = failing({ drop: true });
  for (const [promise, wanted] of [
    [client.getThread("19:none@thread.v2"), { code: "NotFound", status: 404, operation: "getThread" }],
    [client.createThread({ topic: "" }), { code: "InvalidArgument", target: "topic", attempts: 0 }],
    [stranger.getThread(threadId), { code: "Unauthorized", status: 401 }],
    [client.getThread(threadId, { fetch: dropped, retry: false }), { code: "NetworkError", attempts: 1 }],
    [client.sendMessage(threadId, { content: "Hi" }, { fetch: dropped }), { code: "DeliveryUnknown", attempts: 1 }],
  ]) {
    const error = await rejection(promise);
    check(error instanceof ChatError && error instanceof Error, `${wanted.code}: ${error} is not a ChatError`);
    same(Object.fromEntries(Object.keys(wanted).map((name) => [name, error[name]])), wanted, `fields of ${wanted.code}`);
    check(error.message && error.stack, `${wanted.code}: no message or no stack`);
    if (wanted.code === "NetworkError") check(error.cause instanceof TypeError, `the cause ${error.cause} is not the error of fetch`);
  }
}

/** Sends a message whose answer is lost. A fault of the emulator, set before, drops the answer. */
export async function exactlyOnce({ endpoint, users }) {
  const { client, threadId } = await newThread(endpoint, users);
  // Browsers repeat a POST if a connection breaks that they have used before. They keep up to six connections. These requests use them up.
  for (let i = 0; i < 6; i++) await client.getThread(threadId);
  let posts = 0;
  const counting = (url, init) => {
    if (init.method === "POST") posts++;
    return fetch(url, init);
  };
  const { id } = await client.sendMessage(threadId, { content: "Once" }, { idempotencyToken: true, fetch: counting });
  same(await textsOf(client, threadId), [[id, "Once"]], "messages");
  same(posts, 1, "POST requests");
}

/** Returns the thread and the idempotency token that two tabs will send with. */
export async function prepareDraft({ endpoint, users }) {
  const { threadId } = await newThread(endpoint, users);
  return { threadId, token: newIdempotencyToken() };
}

/**
 * Sends the draft from this tab when startTabs is called in any tab. The POST takes longer than settleMs, so that only the lock keeps two tabs
 * from sending.
 */
export async function awaitStart({ endpoint, users }, draft) {
  const client = await connect(endpoint, users.jane, { settleMs: 100 });
  const start = new BroadcastChannel("start");
  globalThis.sending = new Promise((resolve, reject) => {
    start.onmessage = () => sendDraft(client, draft).then(resolve, reject);
  });
}

/** Makes all tabs send the draft. */
export function startTabs() {
  new BroadcastChannel("start").postMessage("now");
}

/** Sends the draft. Returns the message's id, the number of POSTs from this tab, and the times of start and end. */
async function sendDraft(client, { threadId, token }) {
  let posts = 0;
  const slow = async (url, init) => {
    if (init.method === "POST") {
      posts++;
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
    return fetch(url, init);
  };
  const from = Date.now();
  const { id } = await client.sendMessage(threadId, { content: "From two tabs" }, { idempotencyToken: token, fetch: slow });
  return { id, posts, from, to: Date.now() };
}

export const sent = () => globalThis.sending;

export async function listTexts({ endpoint, users }, threadId) {
  return textsOf(await connect(endpoint, users.jane), threadId);
}

export const hasWebLocks = () => "locks" in navigator;

async function connect(endpoint, { token }, options) {
  await initialize();
  return createClient({ endpoint, token, ...options });
}

async function newThread(endpoint, users) {
  const client = await connect(endpoint, users.jane);
  const { chatThread } = await client.createThread({ topic: "Lunch", participants: [participant(users.alex)] });
  return { client, threadId: chatThread.id };
}

const participant = ({ id }) => ({ communicationIdentifier: id });

/** Returns a fetch whose requests fail as a rule of the emulator says. onFetch is called for each. */
function failing(rule, onFetch = () => {}) {
  return (url, init) => {
    onFetch();
    return fetch(url, { ...init, headers: { ...init.headers, "x-emulator-fault": JSON.stringify(rule) } });
  };
}

async function textsOf(client, threadId) {
  const texts = [];
  for await (const { type, id, content } of client.listMessages(threadId)) if (type === "text") texts.push([id, content.message]);
  return texts;
}

async function rejection(promise) {
  try {
    await promise;
  } catch (reason) {
    return reason;
  }
  throw new Error("the promise did not reject");
}

function check(condition, what) {
  if (!condition) throw new Error(what);
}

function same(actual, expected, what) {
  check(JSON.stringify(actual) === JSON.stringify(expected), `${what}: ${JSON.stringify(actual)}, and not ${JSON.stringify(expected)}`);
}
