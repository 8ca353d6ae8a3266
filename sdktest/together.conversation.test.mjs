// Sends a message whose answer is slow or lost, with the official UI library's stateful client and with a conversation of ours, and reads the
// thread meanwhile. run.mjs prints how often each shows the message at most, and in the end. Ours must show it once.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import { AzureCommunicationTokenCredential } from "@azure/communication-common";

import { clientOf } from "./both.mjs";
import { all, chatOptions, clearFaults, endpoint, isDropIn, newUser, plant } from "./emulator.mjs";
import { toDiagnostic } from "./showntable.mjs";
import { createStatefulChatClient } from "./stateful.mjs";

const text = "Shall we meet at noon?";
const pollMs = 500; // from the beginning of the call

const faults = {
  "the answer takes 2.5 s": { trickleMs: 500 },
  "the answer is lost": { drop: true, after: true },
};

for (const [name, fault] of Object.entries(faults)) {
  test(`sendMessage, listMessages: how often a message is shown if ${name}`, async (t) => {
    t.after(clearFaults);
    const [theirs, ours] = [await countTheirs(fault), await countOurs(fault)];
    t.diagnostic(toDiagnostic({ name: `at most, if ${name}`, theirs: theirs.most, ours: ours.most }));
    t.diagnostic(toDiagnostic({ name: `in the end, if ${name}`, theirs: theirs.last, ours: ours.last }));
    assert.deepEqual(ours, { most: 1, last: 1 });
    if (isDropIn) assert.equal(theirs.last, 1);
  });
}

/** Returns a new user's thread, of which the next send fails. */
async function prepare(fault) {
  const user = await newUser();
  const { chatThread } = await user.chat.createChatThread({ topic: "Lunch" });
  await plant({ operation: "sendMessage", call: 1, ...fault });
  return { ...user, threadId: chatThread.id };
}

async function countTheirs(fault) {
  const { user, token, threadId } = await prepare(fault);
  const client = createStatefulChatClient({ userId: user, displayName: "Jane", endpoint, credential: new AzureCommunicationTokenCredential(token) }, { chatClientOptions: chatOptions });
  const counts = countsOf(() => Object.values(client.getState().threads[threadId]?.chatMessages ?? {}));
  client.onStateChange(counts.take);
  const thread = client.getChatThreadClient(threadId);
  const sent = thread.sendMessage({ content: text });
  await pause(pollMs);
  await all(thread.listMessages());
  await sent.catch(() => {}); // what is shown counts, also after a failure
  await all(thread.listMessages());
  return counts.result();
}

async function countOurs(fault) {
  const { token, threadId } = await prepare(fault);
  const client = clientOf(token);
  const conversation = client.openConversation(threadId, { senderDisplayName: "Jane", intervalMs: 300 });
  const counts = countsOf(() => conversation.getSnapshot().messages);
  conversation.subscribe(counts.take);
  const { done } = conversation.send({ content: text });
  counts.take();
  const { id } = await done;
  await new Promise((resolve) => {
    const check = () => conversation.getSnapshot().messages.some((message) => message.id === id && message.version) && resolve();
    conversation.subscribe(check);
    check();
  });
  client.close();
  return counts.result();
}

/** Returns take, which counts the message in what is shown, and result. */
function countsOf(shown) {
  const counts = [];
  const take = () => counts.push(shown().filter(({ content }) => content?.message === text).length);
  return { take, result: () => ({ most: Math.max(...counts), last: counts.at(-1) }) };
}
