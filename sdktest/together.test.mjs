// Tests the official client and ours in one thread: each sees what the other does. Alex has the official client, Bob has ours. Each test continues
// where the test before ended.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { assertFailAlike, clientOf, translated } from "./both.mjs";
import { advance, all, chatOf, hour, isDropIn, newUser, plant, shown } from "./emulator.mjs";

let alex, bob, carol; // Carol makes no calls
let ours; // Bob's client
let threadId, theirs; // the thread, and Alex's client for it
const ids = {}; // of messages, by their role in the tests

const nobody = "8:acs:0e2dd5ba-4c2e-4ea4-9d25-d62b4bda1fa5_0e2dd5ba-4c2e-4ea4-9d25-d62b4bda1fa5";

before(async () => {
  [alex, bob, carol] = await Promise.all([newUser(), newUser(), newUser()]);
  ours = clientOf(bob.token, { apiVersion: "2025-03-15" });
});

after(() => ours.close());

/** Checks that both clients list the same items, also by page. Returns the items. */
async function assertSameList(ofTheirs, ofOurs) {
  const seen = await all(ofTheirs());
  assert.deepEqual(translated(await all(ofOurs())), seen);
  const pages = await all(ofOurs({ maxPageSize: 2 }).byPage());
  const theirPages = await all(ofTheirs({ maxPageSize: 2 }).byPage());
  assert.deepEqual(pages.map((page) => translated(page.value)), theirPages);
  assert.deepEqual(theirPages.flat(), seen);
  return seen;
}

const assertSameMessages = () => assertSameList((options) => theirs.listMessages(options), (options) => ours.listMessages(threadId, options));
const assertSameParticipants = () => assertSameList((options) => theirs.listParticipants(options), (options) => ours.listParticipants(threadId, options));
const assertSameReceipts = () => assertSameList((options) => theirs.listReadReceipts(options), (options) => ours.listReadReceipts(threadId, options));

async function assertSameThread() {
  const seen = await theirs.getProperties();
  assert.deepEqual(translated(await ours.getThread(threadId)), seen);
  return seen;
}

async function assertSameMessage(id) {
  const seen = await theirs.getMessage(id);
  assert.deepEqual(translated(await ours.getMessage(threadId, id)), seen);
  return seen;
}

test("createThread, getThread: our client creates a thread with Alex", async () => {
  const { chatThread, invalidParticipants } = await ours.createThread({
    topic: "Ours",
    participants: [
      { communicationIdentifier: alex.id, displayName: "Alex", shareHistoryTime: "2026-01-02T03:04:05Z", metadata: { seat: "2" } },
      { communicationIdentifier: nobody },
    ],
    metadata: { room: "7" },
    retentionPolicy: { kind: "threadCreationDate", deleteThreadAfterDays: 60 },
  });
  assert.deepEqual(invalidParticipants.map(({ target, code }) => [target, code]), [[nobody, "403"]]);
  threadId = chatThread.id;
  theirs = alex.chat.getChatThreadClient(threadId);
  const seen = await assertSameThread();
  assert.deepEqual(translated(chatThread), seen);
  assert.deepEqual(seen.createdBy, shown(bob));
  const participants = await assertSameParticipants();
  assert.deepEqual(participants.map(({ id }) => id), [shown(bob), shown(alex)]);
  assert.deepEqual(participants[1], { id: shown(alex), displayName: "Alex", shareHistoryTime: new Date("2026-01-02T03:04:05Z"), metadata: { seat: "2" } });
});

test("createThread, listThreads: the official client creates a thread with Bob", async () => {
  const { chatThread } = await alex.chat.createChatThread({ topic: "Theirs" }, { participants: [{ id: bob.user }] });
  const seen = await assertSameList((options) => alex.chat.listChatThreads(options), (options) => ours.listThreads(options));
  assert.deepEqual(seen.map(({ id, topic }) => [id, topic]), [[chatThread.id, "Theirs"], [threadId, "Ours"]]);
});

test("createThread: an idempotency token works across both clients", async () => {
  const idempotencyToken = "9a2f1b7e-3f7a-4e3a-8f39-0d7c1e9b6a55";
  const again = chatOf(bob.token);
  const { chatThread } = await ours.createThread({ topic: "Once" }, { idempotencyToken });
  const { chatThread: repeated } = await again.createChatThread({ topic: "Once" }, { idempotencyToken });
  assert.deepEqual(translated(chatThread), repeated);
  await again.deleteChatThread(chatThread.id);
});

test("updateThread: each changes what the other sees", async () => {
  await ours.updateThread(threadId, { topic: "Bob's", metadata: { room: "8", floor: "2" } });
  await theirs.updateProperties({ metadata: { floor: "", wing: "B" }, retentionPolicy: { kind: "none" } });
  const seen = await assertSameThread();
  assert.deepEqual([seen.topic, seen.metadata, seen.retentionPolicy], ["Bob's", { room: "8", wing: "B" }, { kind: "none" }]);
  await theirs.updateTopic("Alex's");
  await ours.updateThread(threadId, { retentionPolicy: { kind: "threadCreationDate", deleteThreadAfterDays: 90 } });
  const later = await assertSameThread();
  assert.deepEqual([later.topic, later.metadata, later.retentionPolicy], ["Alex's", { room: "8", wing: "B" }, { kind: "threadCreationDate", deleteThreadAfterDays: 90 }]);
});

test("sendMessage, getMessage: both send", async () => {
  ids.bob = (await ours.sendMessage(threadId, { content: "Hi, Alex 👋", senderDisplayName: "Bob", metadata: { a: "1" } })).id;
  ids.alex = (await theirs.sendMessage({ content: "<b>Hi</b>" }, { senderDisplayName: "Alex", type: "html", metadata: { b: "2", empty: "" } })).id;
  const ofBob = await assertSameMessage(ids.bob);
  assert.deepEqual([ofBob.sender, ofBob.content, ofBob.senderDisplayName, ofBob.metadata, ofBob.type], [shown(bob), { message: "Hi, Alex 👋" }, "Bob", { a: "1" }, "text"]);
  const ofAlex = await assertSameMessage(ids.alex);
  assert.deepEqual([ofAlex.sender, ofAlex.content, ofAlex.senderDisplayName, ofAlex.metadata, ofAlex.type], [shown(alex), { message: "<b>Hi</b>" }, "Alex", { b: "2", empty: "" }, "html"]);
});

test("updateMessage: both edit", async () => {
  await ours.updateMessage(threadId, ids.bob, { content: "Hello, Alex", metadata: { a: "", c: "3" } });
  await theirs.updateMessage(ids.alex, { content: "<i>Hello</i>" });
  const ofBob = await assertSameMessage(ids.bob);
  assert.deepEqual([ofBob.content, ofBob.metadata], [{ message: "Hello, Alex" }, { c: "3" }]);
  const ofAlex = await assertSameMessage(ids.alex);
  assert.deepEqual([ofAlex.content, ofAlex.metadata], [{ message: "<i>Hello</i>" }, { b: "2", empty: "" }]);
  for (const { version, id, editedOn } of [ofBob, ofAlex]) {
    assert.ok(Number(version) > Number(id));
    assert.ok(editedOn instanceof Date);
  }
});

test("deleteMessage: both delete", async () => {
  const [{ id: ofBob }, { id: ofAlex }] = [await ours.sendMessage(threadId, { content: "Oops" }), await theirs.sendMessage({ content: "Oops" })];
  await ours.deleteMessage(threadId, ofBob);
  await theirs.deleteMessage(ofAlex);
  for (const id of [ofBob, ofAlex]) {
    const seen = await assertSameMessage(id);
    assert.equal(seen.content.message, "");
    assert.ok(seen.deletedOn instanceof Date);
  }
  Object.assign(ids, { ofBob, ofAlex });
});

test("listMessages: both see the same messages in the same order", async () => {
  const seen = await assertSameMessages();
  assert.deepEqual(seen.slice(0, 4).map(({ id }) => id), [ids.ofAlex, ids.ofBob, ids.alex, ids.bob]);
  assert.deepEqual(seen.slice(4).map(({ type }) => type), ["topicUpdated", "topicUpdated", "topicUpdated", "participantAdded"]);
  assert.deepEqual(seen.slice(4, 6).map(({ content }) => [content.topic, content.initiator]), [["Alex's", shown(alex)], ["Bob's", shown(bob)]]);
});

test("listMessages: both list from startTime on", async () => {
  await advance(hour);
  const { id } = await theirs.sendMessage({ content: "An hour later" });
  const startTime = (await theirs.getMessage(id)).createdOn;
  const seen = await assertSameList((options) => theirs.listMessages({ startTime, ...options }), (options) => ours.listMessages(threadId, { startTime: startTime.toISOString(), ...options }));
  assert.deepEqual(seen.map((message) => message.id), [id]);
  ids.last = id;
});

test("listMessages: each continues where the other stopped", async () => {
  const everything = await all(theirs.listMessages());
  const settings = {};
  await theirs.listMessages({ maxPageSize: 3 }).byPage(settings).next();
  const byPage = ours.listMessages(threadId, { maxPageSize: 3 }).byPage();
  const { value: page } = await byPage[Symbol.asyncIterator]().next();
  // A nextLink works only for its user.
  const another = clientOf(alex.token);
  const rest = await all(another.listMessages(threadId).byPage({ nextLink: settings.continuationToken }));
  assert.deepEqual(translated(rest.flatMap(({ value }) => value)), everything.slice(3));
  another.close();
  const theirRest = await all(chatOf(bob.token).getChatThreadClient(threadId).listMessages().byPage({ continuationToken: page.nextLink }));
  assert.deepEqual(theirRest.flat(), everything.slice(3));
});

test("addParticipants, listParticipants, removeParticipant: each adds a participant whom the other removes", async () => {
  const { invalidParticipants } = await ours.addParticipants(threadId, { participants: [{ communicationIdentifier: carol.id, displayName: "Carol" }, { communicationIdentifier: nobody }] });
  assert.deepEqual(invalidParticipants.map(({ target, code }) => [target, code]), [[nobody, "403"]]);
  assert.deepEqual((await assertSameParticipants()).map(({ id, displayName }) => [id, displayName]).slice(2), [[shown(carol), "Carol"]]);
  await theirs.removeParticipant(carol.user);
  assert.equal((await assertSameParticipants()).length, 2);

  const again = await theirs.addParticipants({ participants: [{ id: carol.user, displayName: "Carol again" }, { id: { communicationUserId: nobody } }] });
  assert.deepEqual(translated(invalidParticipants), again.invalidParticipants);
  assert.deepEqual((await assertSameParticipants()).map(({ id, displayName }) => [id, displayName]).slice(2), [[shown(carol), "Carol again"]]);
  await ours.removeParticipant(threadId, carol.id);
  assert.equal((await assertSameParticipants()).length, 2);

  const systemMessages = (await assertSameMessages()).slice(0, 4).map(({ type, content }) => [type, content.initiator]);
  assert.deepEqual(systemMessages, [["participantRemoved", shown(bob)], ["participantAdded", shown(alex)], ["participantRemoved", shown(alex)], ["participantAdded", shown(bob)]]);
});

test("sendTypingNotification: both type", async () => {
  assert.equal(await ours.sendTypingNotification(threadId, { senderDisplayName: "Bob" }), undefined);
  assert.equal(await ours.sendTypingNotification(threadId), undefined);
  assert.equal(await theirs.sendTypingNotification({ senderDisplayName: "Alex" }), true);
});

test("sendReadReceipt, listReadReceipts: both read", async () => {
  await ours.sendReadReceipt(threadId, { chatMessageId: ids.alex });
  await theirs.sendReadReceipt({ chatMessageId: ids.bob });
  const seen = (await assertSameReceipts()).map(({ sender, chatMessageId }) => [sender, chatMessageId]);
  assert.deepEqual(seen, [[shown(bob), ids.alex], [shown(alex), ids.bob]]);
  await theirs.sendReadReceipt({ chatMessageId: ids.last });
  assert.deepEqual((await assertSameReceipts()).map(({ chatMessageId }) => chatMessageId), [ids.alex, ids.last]);
});

test("updateMessage, deleteMessage, getMessage, removeParticipant: both are refused in the same way", async () => {
  const own = clientOf(alex.token);
  await assertFailAlike(() => theirs.updateMessage(ids.bob, { content: "Mine" }), () => own.updateMessage(threadId, ids.bob, { content: "Mine" }), 403, "Forbidden");
  await assertFailAlike(() => theirs.deleteMessage(ids.bob), () => own.deleteMessage(threadId, ids.bob), 403, "Forbidden");
  await assertFailAlike(() => theirs.getMessage("1600000000000"), () => own.getMessage(threadId, "1600000000000"), 404, "NotFound");
  await assertFailAlike(() => theirs.removeParticipant(carol.user), () => own.removeParticipant(threadId, carol.id), 404, "NotFound");
  own.close();
});

test("getThread: a 429 without Retry-After is the same error in both", async () => {
  await plant({ operation: "getThread", times: isDropIn ? 5 : 2, status: 429 }); // acschat/sdk repeats the call three times
  await assertFailAlike(() => theirs.getProperties(), () => ours.getThread(threadId, { retry: false }), 429, "TooManyRequests");
  await assertSameThread();
});

test("listMessages: our watch sees each change that the official client makes, once and in order", { timeout: 20_000 }, async () => {
  const { id: since } = await theirs.sendMessage({ content: "From here on" });
  const watch = ours.watchMessages(threadId, { intervalMs: 300, sinceMessageId: since })[Symbol.asyncIterator]();
  const next = async () => (await watch.next()).value;
  /** Checks that the next change is the message as the official client gets it now. */
  const assertNext = async (id) => {
    const message = await next();
    assert.deepEqual(translated(message), await theirs.getMessage(id));
    return message;
  };

  const sent = [];
  for (const content of ["one", "two", "three"]) sent.push((await theirs.sendMessage({ content })).id);
  const versions = [];
  for (const id of sent) versions.push((await assertNext(id)).version);

  await theirs.updateMessage(sent[1], { content: "two!" });
  const edited = await assertNext(sent[1]);
  assert.equal(edited.content.message, "two!");
  await theirs.deleteMessage(sent[0]);
  const deleted = await assertNext(sent[0]);
  assert.ok(deleted.deletedOn);
  versions.push(edited.version, deleted.version);

  // The watch delivers only the last of two changes between two polls.
  const pending = next(); // the watch polls only while next is pending
  const { id: brief } = await theirs.sendMessage({ content: "brief" });
  const first = await pending;
  assert.equal(first.id, brief);
  await theirs.updateMessage(sent[2], { content: "three?" });
  await theirs.updateTopic("Watched");
  await theirs.updateMessage(sent[2], { content: "three!" });
  const topicUpdated = await next();
  assert.deepEqual([topicUpdated.type, topicUpdated.content.topic], ["topicUpdated", "Watched"]);
  const last = await assertNext(sent[2]);
  assert.equal(last.content.message, "three!");
  versions.push(first.version, topicUpdated.version, last.version);
  assert.deepEqual(versions, versions.toSorted((a, b) => a - b));
  assert.equal(new Set(versions).size, versions.length);
  assert.deepEqual(await watch.return(), { value: undefined, done: true });
});

test("deleteThread: a thread that one client deletes is gone for the other", async () => {
  await alex.chat.deleteChatThread(threadId);
  await assertFailAlike(() => theirs.getProperties(), () => ours.getThread(threadId), 404, "NotFound");
  const [{ id }] = await all(alex.chat.listChatThreads());
  const stranger = clientOf(carol.token);
  await assertFailAlike(() => carol.chat.deleteChatThread(id), () => stranger.deleteThread(id), 403, "Forbidden");
  stranger.close();
  await ours.deleteThread(id);
  await assert.rejects(alex.chat.getChatThreadClient(id).getProperties(), { statusCode: 404, code: "NotFound" });
  assert.deepEqual(await assertSameList((options) => alex.chat.listChatThreads(options), (options) => ours.listThreads(options)), []);
});
