// Tests ChatClient, and the thread properties of ChatThreadClient.

import assert from "node:assert/strict";
import { before, test } from "node:test";

import { advance, all, chatOf, hour, identities, newUser, shown } from "./emulator.mjs";

let jane, alex;

before(async () => {
  [jane, alex] = await Promise.all([newUser(), newUser()]);
});

/** Checks that a time belongs to the present step of the test. Tests move the clock by an hour between steps that they must tell apart. */
function assertClose(time, expected) {
  assert.ok(time instanceof Date);
  assert.ok(Math.abs(time - expected) < 10_000, `${time.toISOString()} is not ${expected.toISOString()}`);
}

const idsOf = (items) => items.map((item) => item.id);

test("createThread: with only a topic", async () => {
  const now = await advance(0);
  const { chatThread, invalidParticipants } = await jane.chat.createChatThread({ topic: "Lunch" });
  assert.equal(invalidParticipants, undefined);
  assert.match(chatThread.id, /^19:[\w-]{43}1@thread\.v2$/);
  assert.equal(chatThread.topic, "Lunch");
  assertClose(chatThread.createdOn, now);
  assert.deepEqual(chatThread.createdBy, shown(jane));
  assert.deepEqual([chatThread.deletedOn, chatThread.metadata, chatThread.retentionPolicy], [undefined, undefined, undefined]);
});

test("createThread, listParticipants, listMessages: with all fields", async () => {
  const shareHistoryTime = new Date("2026-01-02T03:04:05Z");
  const { chatThread } = await jane.chat.createChatThread(
    { topic: "Dinner ✨" },
    {
      participants: [{ id: alex.user, displayName: "Alex", shareHistoryTime, metadata: { seat: "2" } }],
      metadata: { room: "7" },
      retentionPolicy: { kind: "threadCreationDate", deleteThreadAfterDays: 60 },
    },
  );
  assert.equal(chatThread.topic, "Dinner ✨");
  assert.deepEqual(chatThread.metadata, { room: "7" });
  assert.deepEqual(chatThread.retentionPolicy, { kind: "threadCreationDate", deleteThreadAfterDays: 60 });

  const creator = { id: shown(jane), shareHistoryTime: new Date(0) };
  const guest = { id: shown(alex), displayName: "Alex", shareHistoryTime, metadata: { seat: "2" } };
  const thread = jane.chat.getChatThreadClient(chatThread.id);
  assert.deepEqual(await all(thread.listParticipants()), [creator, guest]);

  const [topicUpdated, participantAdded, ...others] = await all(thread.listMessages());
  assert.deepEqual(others, []);
  assert.equal(participantAdded.type, "participantAdded");
  assert.equal(participantAdded.sequenceId, "1");
  assert.deepEqual(participantAdded.content, { participants: [creator, guest], initiator: shown(jane) });
  assert.equal(topicUpdated.type, "topicUpdated");
  assert.equal(topicUpdated.sequenceId, "2");
  assert.deepEqual(topicUpdated.content, { topic: "Dinner ✨", initiator: shown(jane) });
  for (const message of [topicUpdated, participantAdded]) {
    assert.equal(message.version, message.id);
    assertClose(message.createdOn, chatThread.createdOn);
    assert.deepEqual([message.sender, message.senderDisplayName], [undefined, undefined]);
  }
});

test("createThread: reports participants that could not be added", async () => {
  const unknown = { communicationUserId: alex.id.replace(/.{12}$/, "000000000000") };
  const stranger = { communicationUserId: "8:acs:0e2dd5ba-4c2e-4ea4-9d25-d62b4bda1fa5_0e2dd5ba-4c2e-4ea4-9d25-d62b4bda1fa5" };
  const { chatThread, invalidParticipants } = await jane.chat.createChatThread(
    { topic: "Lunch" },
    { participants: [{ id: unknown }, { id: alex.user }, { id: stranger }] },
  );
  assert.deepEqual(invalidParticipants.map(({ target, code }) => [target, code]), [[unknown.communicationUserId, "404"], [stranger.communicationUserId, "403"]]);
  for (const { message } of invalidParticipants) assert.ok(message.length > 0);
  const participants = await all(jane.chat.getChatThreadClient(chatThread.id).listParticipants());
  assert.deepEqual(participants.map((participant) => participant.id), [shown(jane), shown(alex)]);
});

test("createThread: an idempotencyToken makes one thread per user", async () => {
  const options = { idempotencyToken: "1c4ab4ba-6f3f-4a4b-9a4c-4ab8b6f2e6d0" };
  const { chatThread: first } = await jane.chat.createChatThread({ topic: "Once" }, { ...options });
  await advance(5_000);
  const { chatThread: again } = await jane.chat.createChatThread({ topic: "Once" }, { ...options });
  assert.deepEqual(again, first);
  const { chatThread: other } = await alex.chat.createChatThread({ topic: "Once" }, { ...options });
  assert.notEqual(other.id, first.id);
  const { chatThread: without } = await jane.chat.createChatThread({ topic: "Once" });
  assert.notEqual(without.id, first.id);
});

test("createThread: a thread without expiry, and a bad retention policy", async () => {
  const { chatThread } = await jane.chat.createChatThread({ topic: "Kept" }, { retentionPolicy: { kind: "none" } });
  assert.deepEqual(chatThread.retentionPolicy, { kind: "none" });
  const tooBrief = { kind: "threadCreationDate", deleteThreadAfterDays: 29 };
  await assert.rejects(jane.chat.createChatThread({ topic: "Brief" }, { retentionPolicy: tooBrief }), { statusCode: 400, code: "BadRequest", message: /deleteThreadAfterDays/ });
});

test("getThread: every participant gets what createThread returned", async () => {
  const options = { participants: [{ id: alex.user }], metadata: { room: "7" }, retentionPolicy: { kind: "none" } };
  const { chatThread } = await jane.chat.createChatThread({ topic: "Lunch" }, options);
  for (const { chat } of [jane, alex]) {
    assert.deepEqual(await chat.getChatThreadClient(chatThread.id).getProperties(), chatThread);
  }
});

test("updateThread, getThread, listMessages: everybody sees the change by updateTopic", async () => {
  const { chatThread } = await jane.chat.createChatThread({ topic: "Lunch" }, { participants: [{ id: alex.user }] });
  assert.equal(await alex.chat.getChatThreadClient(chatThread.id).updateTopic("Dinner"), undefined);
  const thread = jane.chat.getChatThreadClient(chatThread.id);
  assert.deepEqual(await thread.getProperties(), { ...chatThread, topic: "Dinner" });
  const { value: newest } = await thread.listMessages().next();
  assert.deepEqual([newest.type, newest.sequenceId, newest.content], ["topicUpdated", "3", { topic: "Dinner", initiator: shown(alex) }]);
});

test("updateThread, getThread: updateProperties changes only the given properties", async () => {
  const { chatThread } = await jane.chat.createChatThread({ topic: "Lunch" }, { metadata: { room: "7", floor: "2", wing: "B" } });
  const thread = jane.chat.getChatThreadClient(chatThread.id);
  assert.equal(await thread.updateProperties({ metadata: { room: "8", wing: "", seats: "4" } }), undefined);
  assert.deepEqual(await thread.getProperties(), { ...chatThread, metadata: { room: "8", floor: "2", seats: "4" } });

  const retentionPolicy = { kind: "threadCreationDate", deleteThreadAfterDays: 90 };
  await thread.updateProperties({ topic: "Dinner", retentionPolicy });
  const updated = await thread.getProperties();
  assert.deepEqual(updated, { ...chatThread, topic: "Dinner", metadata: { room: "8", floor: "2", seats: "4" }, retentionPolicy });

  await thread.updateProperties({ retentionPolicy: { kind: "none" } });
  assert.deepEqual(await thread.getProperties(), { ...updated, retentionPolicy: { kind: "none" } });
});

test("updateThread: metadata above its limit is a 400", async () => {
  const { chatThread } = await jane.chat.createChatThread({ topic: "Lunch" });
  const thread = jane.chat.getChatThreadClient(chatThread.id);
  await assert.rejects(thread.updateProperties({ metadata: { long: "x".repeat(1024) } }), { statusCode: 400, code: "BadRequest", message: /metadata/ });
  assert.deepEqual(await thread.getProperties(), chatThread);
});

test("deleteThread, listThreads, getThread: deletes the thread for all participants", async () => {
  const [jim, ann] = await Promise.all([newUser(), newUser()]);
  const { chatThread } = await jim.chat.createChatThread({ topic: "Lunch" }, { participants: [{ id: ann.user }] });
  assert.deepEqual(idsOf(await all(ann.chat.listChatThreads())), [chatThread.id]);
  assert.equal(await jim.chat.deleteChatThread(chatThread.id), undefined);
  for (const { chat } of [jim, ann]) {
    assert.deepEqual(await all(chat.listChatThreads()), []);
    const thread = chat.getChatThreadClient(chatThread.id);
    const notFound = { statusCode: 404, code: "NotFound" };
    await assert.rejects(thread.getProperties(), notFound);
    await assert.rejects(thread.sendMessage({ content: "Hi" }), notFound);
    await assert.rejects(all(thread.listMessages()), notFound);
    await assert.rejects(chat.deleteChatThread(chatThread.id), notFound);
  }
});

test("listThreads: newest message first, by item and by page", async () => {
  const jim = await newUser();
  const created = [];
  for (let i = 0; i < 5; i++) {
    created.push((await jim.chat.createChatThread({ topic: `Topic ${i}` })).chatThread);
    await advance(hour);
  }
  await jim.chat.getChatThreadClient(created[1].id).sendMessage({ content: "Up" });
  const now = await advance(0);
  const expected = [1, 4, 3, 2, 0].map((i) => created[i]);

  const items = await all(jim.chat.listChatThreads({ maxPageSize: 2 }));
  assert.deepEqual(items.map(({ id, topic }) => ({ id, topic })), expected.map(({ id, topic }) => ({ id, topic })));
  for (const [i, { lastMessageReceivedOn, deletedOn }] of items.entries()) {
    assertClose(lastMessageReceivedOn, i === 0 ? now : expected[i].createdOn);
    assert.equal(deletedOn, undefined);
  }

  const pages = await all(jim.chat.listChatThreads({ maxPageSize: 2 }).byPage());
  assert.deepEqual(pages.map(idsOf), [idsOf(expected.slice(0, 2)), idsOf(expected.slice(2, 4)), idsOf(expected.slice(4))]);

  const since = await all(jim.chat.listChatThreads({ startTime: created[3].createdOn }));
  assert.deepEqual(idsOf(since), idsOf(expected.slice(0, 3)));
});

test("listThreads: a page's continuationToken continues there", async () => {
  const jim = await newUser();
  const created = [];
  for (let i = 0; i < 3; i++) created.unshift((await jim.chat.createChatThread({ topic: `Topic ${i}` })).chatThread.id);
  const settings = {};
  const { value: page } = await jim.chat.listChatThreads({ maxPageSize: 2 }).byPage(settings).next();
  assert.deepEqual(idsOf(page), created.slice(0, 2));
  const rest = await all(jim.chat.listChatThreads().byPage({ continuationToken: settings.continuationToken }));
  assert.deepEqual(rest.map(idsOf), [created.slice(2)]);
});

// The last test in this file, because the tokens of all users expire when the clock moves by a month.
test("getThread, listThreads: the retention policy deletes the thread after its days", async () => {
  const jim = await newUser();
  const { chatThread } = await jim.chat.createChatThread({ topic: "Brief" }, { retentionPolicy: { kind: "threadCreationDate", deleteThreadAfterDays: 30 } });
  await advance(30 * 24 * hour);
  const chat = chatOf((await identities.getToken(jim.user, ["chat"])).token);
  await assert.rejects(chat.getChatThreadClient(chatThread.id).getProperties(), { statusCode: 404, code: "NotFound" });
  assert.deepEqual(await all(chat.listChatThreads()), []);
});
