// Tests the realtime notifications of acschat/sdk: every change is told once, in the SDK's form.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import { advance, newUser, shown } from "./emulator.mjs";

const names = [
  "chatMessageReceived", "chatMessageEdited", "chatMessageDeleted", "readReceiptReceived", "chatThreadCreated", "chatThreadDeleted",
  "chatThreadPropertiesUpdated", "participantsAdded", "participantsRemoved",
];

let jane, alex, bob;
let threadId;
let events; // of Alex
const listeners = names.map((name) => [name, (event) => events.push([name, event])]);

before(async () => {
  [jane, alex, bob] = await Promise.all([newUser(), newUser(), newUser()]);
  threadId = await newThread({ participants: [{ id: alex.user, displayName: "Alex" }] });
  await jane.chat.getChatThreadClient(threadId).sendMessage({ content: "before" });
  await listen();
});

after(() => alex.chat.stopRealtimeNotifications());

beforeEach(() => (events = []));

async function newThread(options) {
  return (await jane.chat.createChatThread({ topic: "Lunch" }, options)).chatThread.id;
}

async function listen() {
  await alex.chat.startRealtimeNotifications();
  for (const [name, listener] of listeners) alex.chat.on(name, listener);
}

const ofJane = (id = threadId) => jane.chat.getChatThreadClient(id);
const ofAlex = (id = threadId) => alex.chat.getChatThreadClient(id);

/** Waits until there are so many events. Checks that no more follow. Returns them as pairs of name and event. */
async function told(count, patienceMs = 15_000) {
  for (const end = Date.now() + patienceMs; events.length < count && Date.now() < end; ) await pause(50);
  await pause(300);
  assert.equal(events.length, count, JSON.stringify(events));
  return events.splice(0);
}

const withoutId = { displayName: "", metadata: {} };

test("chatMessageReceived has what the SDK's event has, and comes to the sender, too", async () => {
  const { id } = await ofJane().sendMessage({ content: "<b>Hi</b>" }, { type: "html", senderDisplayName: "Jane", metadata: { a: "1" } });
  const [[name, event]] = await told(1);
  assert.equal(name, "chatMessageReceived");
  const { createdOn, version } = await ofAlex().getMessage(id);
  assert.deepEqual(event, {
    threadId, id, createdOn, version, type: "RichText/Html", message: "<b>Hi</b>", metadata: { a: "1" }, attachments: [],
    sender: shown(jane), senderDisplayName: "Jane", recipient: shown(alex),
  });
  const own = await ofAlex().sendMessage({ content: "Hi" });
  const [[ownName, ownEvent]] = await told(1);
  assert.deepEqual([ownName, ownEvent.id, ownEvent.type, ownEvent.sender], ["chatMessageReceived", own.id, "Text", shown(alex)]);
});

test("chatMessageEdited and chatMessageDeleted follow chatMessageReceived", async () => {
  const { id } = await ofJane().sendMessage({ content: "Hi" }, { senderDisplayName: "Jane" });
  await told(1);
  await ofJane().updateMessage(id, { content: "Hello" });
  const [[name, event]] = await told(1);
  assert.equal(name, "chatMessageEdited");
  const { createdOn, editedOn, version } = await ofAlex().getMessage(id);
  assert.deepEqual(event, {
    threadId, id, createdOn, editedOn, version, type: "Text", message: "Hello", metadata: {}, attachments: [],
    sender: shown(jane), senderDisplayName: "Jane", recipient: shown(alex),
  });
  await ofJane().deleteMessage(id);
  const [[nameOfLast, last]] = await told(1);
  assert.equal(nameOfLast, "chatMessageDeleted");
  const deleted = await ofAlex().getMessage(id);
  assert.deepEqual(last, {
    threadId, id, createdOn, version: deleted.version, deletedOn: deleted.deletedOn, type: "Text",
    sender: shown(jane), senderDisplayName: "Jane", recipient: shown(alex),
  });
});

test("a message that is edited before it is seen is received, and then edited", async () => {
  const { id } = await ofJane().sendMessage({ content: "Hi" });
  await ofJane().updateMessage(id, { content: "Hello" });
  const pairs = await told(2);
  assert.deepEqual(pairs.map(([name, event]) => [name, event.id, event.message]), [["chatMessageReceived", id, "Hello"], ["chatMessageEdited", id, "Hello"]]);
});

test("a message from before is edited without being received", async () => {
  const messages = [];
  for await (const message of ofJane().listMessages()) messages.push(message);
  const { id } = messages.find(({ content }) => content.message === "before");
  await ofJane().updateMessage(id, { content: "before!" });
  const pairs = await told(1);
  assert.deepEqual(pairs.map(([name, event]) => [name, event.message]), [["chatMessageEdited", "before!"]]);
});

test("chatThreadPropertiesUpdated tells of the topic and has the other properties", async () => {
  await ofJane().updateProperties({ metadata: { room: "7" }, retentionPolicy: { kind: "threadCreationDate", deleteThreadAfterDays: 60 } });
  await ofJane().updateTopic("Dinner");
  const [[name, { updatedOn, version, ...event }]] = await told(1);
  assert.equal(name, "chatThreadPropertiesUpdated");
  assert.ok(updatedOn instanceof Date);
  assert.match(version, /^\d{13}$/);
  assert.deepEqual(event, {
    threadId, updatedBy: { id: shown(jane), ...withoutId }, properties: { topic: "Dinner", metadata: { room: "7" } },
    retentionPolicy: { kind: "threadCreationDate", deleteThreadAfterDays: 60 },
  });
});

test("participantsAdded and participantsRemoved name who was added and by whom", async () => {
  await ofJane().addParticipants({ participants: [{ id: bob.user, displayName: "Bob", metadata: { seat: "2" } }] });
  const [[name, { addedOn, version, ...event }]] = await told(1);
  assert.equal(name, "participantsAdded");
  assert.ok(addedOn instanceof Date);
  const participant = { id: shown(bob), displayName: "Bob", shareHistoryTime: new Date(0), metadata: { seat: "2" } };
  assert.deepEqual(event, { threadId, addedBy: { id: shown(jane), ...withoutId }, participantsAdded: [participant] });
  await ofJane().removeParticipant(bob.user);
  const [[nameOfLast, last]] = await told(1);
  assert.equal(nameOfLast, "participantsRemoved");
  assert.ok(last.removedOn instanceof Date);
  assert.ok(Number(last.version) > Number(version));
  assert.deepEqual([last.threadId, last.removedBy.id, last.participantsRemoved.map(({ id }) => id)], [threadId, shown(jane), [shown(bob)]]);
});

test("chatThreadCreated comes before the messages of a new thread", async () => {
  const id = await newThread({ participants: [{ id: alex.user, displayName: "Alex" }], metadata: { room: "7" } });
  const sent = await ofJane(id).sendMessage({ content: "Welcome" });
  const [[name, event], [nameOfNext, next]] = await told(2);
  assert.equal(name, "chatThreadCreated");
  const thread = await ofAlex(id).getProperties();
  assert.deepEqual({ ...event, version: undefined }, {
    threadId: id, version: undefined, createdOn: thread.createdOn, createdBy: { id: shown(jane), shareHistoryTime: new Date(0), ...withoutId },
    participants: [{ id: shown(jane), shareHistoryTime: new Date(0), ...withoutId }, { id: shown(alex), shareHistoryTime: new Date(0), displayName: "Alex", metadata: {} }],
    properties: { topic: "Lunch", metadata: { room: "7" } }, retentionPolicy: { kind: "none" },
  });
  assert.deepEqual([nameOfNext, next.id], ["chatMessageReceived", sent.id]);
});

test("chatThreadDeleted comes once", async () => {
  const id = await newThread({ participants: [{ id: alex.user }] });
  await told(1);
  await jane.chat.deleteChatThread(id);
  const [[name, { deletedOn, ...event }]] = await told(1);
  assert.equal(name, "chatThreadDeleted");
  assert.ok(deletedOn instanceof Date);
  assert.deepEqual(event, { threadId: id, version: `${deletedOn.getTime()}`, deletedBy: { id: { kind: "unknown", id: "" }, ...withoutId }, reason: "" });
});

test("a user who is added later is told of that and of what follows, and after the removal of nothing", async () => {
  const id = await newThread();
  await ofJane(id).sendMessage({ content: "Alone" });
  await ofJane(id).addParticipants({ participants: [{ id: alex.user }] });
  const sent = await ofJane(id).sendMessage({ content: "Hi, Alex" });
  const pairs = await told(2);
  assert.deepEqual(pairs.map(([name, event]) => [name, event.threadId, event.id]), [["participantsAdded", id, undefined], ["chatMessageReceived", id, sent.id]]);
  await ofJane(id).removeParticipant(alex.user);
  const [[name, removed]] = await told(1);
  assert.deepEqual([name, removed.participantsRemoved[0].id], ["participantsRemoved", shown(alex)]);
  await ofJane(id).sendMessage({ content: "Alone again" });
  await pause(3_000);
  await told(0);
  await ofJane(id).addParticipants({ participants: [{ id: alex.user }] });
  const [[again]] = await told(1);
  assert.equal(again, "participantsAdded");
});

test("after a hint the client polls at once", async () => {
  const { id } = await ofJane().sendMessage({ content: "Hi" });
  await told(1);
  await ofJane().updateMessage(id, { content: "Ho" });
  const { version } = await ofJane().getMessage(id);
  alex.chat.wake("19:unknown@thread.v2");
  alex.chat.wake(threadId, { version });
  const [[name]] = await told(1, 1_000);
  assert.equal(name, "chatMessageEdited");
});

test("readReceiptReceived tells of receipts of others", async () => {
  const { id } = await ofAlex().sendMessage({ content: "Read this" });
  await told(1);
  await ofAlex().sendReadReceipt({ chatMessageId: id });
  await ofJane().sendReadReceipt({ chatMessageId: id });
  const [[name, event]] = await told(1, 20_000);
  assert.equal(name, "readReceiptReceived");
  assert.ok(event.readOn instanceof Date);
  assert.deepEqual({ ...event, readOn: undefined }, { threadId, sender: shown(jane), senderDisplayName: "", recipient: shown(alex), chatMessageId: id, readOn: undefined });
});

test("of more threads than are watched, all are told of", async () => {
  const ids = [];
  for (let i = 0; i < 12; i++) {
    ids.push(await newThread({ participants: [{ id: alex.user }] }));
    if (i % 5 === 4) await advance(11_000); // the service allows ten new threads in ten seconds
  }
  await told(12, 30_000);
  const sent = [];
  for (const id of ids) sent.push((await ofJane(id).sendMessage({ content: "Hi" })).id);
  const pairs = await told(12, 30_000);
  assert.deepEqual(new Set(pairs.map(([name, event]) => `${name} ${event.id}`)), new Set(sent.map((id) => `chatMessageReceived ${id}`)));
});
