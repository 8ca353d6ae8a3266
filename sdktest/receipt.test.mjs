// Tests the read receipts and typing notifications of ChatThreadClient.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { advance, all, clearFaults, newUser, plant, shown } from "./emulator.mjs";

let jane, alex;

before(async () => {
  [jane, alex] = await Promise.all([newUser(), newUser()]);
});

after(clearFaults);

beforeEach(async () => {
  const { chatThread } = await jane.chat.createChatThread({ topic: "Lunch" }, { participants: [{ id: alex.user }] });
  for (const user of [jane, alex]) user.thread = user.chat.getChatThreadClient(chatThread.id);
});

const notify = { statusCode: 403, code: "Forbidden", message: /20/ };

async function growBeyondTwenty(thread) {
  const others = await Promise.all(Array.from({ length: 19 }, () => newUser()));
  await thread.addParticipants({ participants: others.map(({ user }) => ({ id: user })) });
}

test("sendReadReceipt, listReadReceipts: the latest of each user, their own too", async () => {
  assert.deepEqual(await all(jane.thread.listReadReceipts()), []);
  const { id: first } = await jane.thread.sendMessage({ content: "one" });
  const { id: second } = await jane.thread.sendMessage({ content: "two" });
  const now = await advance(0);
  assert.equal(await alex.thread.sendReadReceipt({ chatMessageId: first }), undefined);
  await jane.thread.sendReadReceipt({ chatMessageId: second });
  const [ofAlex, ofJane] = await all(jane.thread.listReadReceipts());
  assert.ok(ofAlex.readOn instanceof Date);
  assert.ok(Math.abs(ofAlex.readOn - now) < 10_000);
  assert.deepEqual(ofAlex, { sender: shown(alex), chatMessageId: first, readOn: ofAlex.readOn });
  assert.deepEqual(ofJane, { sender: shown(jane), chatMessageId: second, readOn: ofJane.readOn });

  await advance(5_000);
  await alex.thread.sendReadReceipt({ chatMessageId: second });
  const [later, ...others] = await all(alex.thread.listReadReceipts());
  assert.deepEqual(others, [ofJane]);
  assert.deepEqual([later.sender, later.chatMessageId], [shown(alex), second]);
  assert.ok(later.readOn > ofAlex.readOn);

  await alex.thread.sendReadReceipt({ chatMessageId: first });
  assert.deepEqual(await all(jane.thread.listReadReceipts()), [later, ofJane]);
});

test("listReadReceipts: by page, and from skip on", async () => {
  const others = await Promise.all([newUser(), newUser(), newUser()]);
  await jane.thread.addParticipants({ participants: others.map(({ user }) => ({ id: user })) });
  const { id } = await jane.thread.sendMessage({ content: "Hi" });
  const readers = [alex, ...others, jane];
  for (const { chat } of readers) await chat.getChatThreadClient(jane.thread.threadId).sendReadReceipt({ chatMessageId: id });
  const expected = readers.map(shown);
  const list = async (options) => (await all(jane.thread.listReadReceipts(options))).map(({ sender }) => sender);
  assert.deepEqual(await list(), expected);
  assert.deepEqual(await list({ maxPageSize: 2 }), expected);
  assert.deepEqual(await list({ skip: 3 }), expected.slice(3));
  assert.deepEqual(await list({ skip: 1, maxPageSize: 3 }), expected.slice(1));

  const settings = {};
  const pages = jane.thread.listReadReceipts({ maxPageSize: 2 }).byPage(settings);
  assert.deepEqual((await pages.next()).value.map(({ sender }) => sender), expected.slice(0, 2));
  const rest = await all(jane.thread.listReadReceipts().byPage({ continuationToken: settings.continuationToken }));
  assert.deepEqual(rest.map((page) => page.map(({ sender }) => sender)), [expected.slice(2, 4), expected.slice(4)]);
});

test("sendReadReceipt: an unknown message id is a 404", async () => {
  await assert.rejects(alex.thread.sendReadReceipt({ chatMessageId: "1600000000000" }), { statusCode: 404, code: "NotFound" });
});

test("sendReadReceipt, listReadReceipts, sendTypingNotification: refused in a thread with more than 20 participants", async () => {
  const { id } = await jane.thread.sendMessage({ content: "Hi" });
  await growBeyondTwenty(jane.thread);
  await alex.thread.sendReadReceipt({ chatMessageId: id });
  assert.deepEqual(await all(jane.thread.listReadReceipts()), []);
  await assert.rejects(alex.thread.sendTypingNotification(), notify);
});

test("sendTypingNotification: with and without a name", async () => {
  assert.equal(await alex.thread.sendTypingNotification(), true);
  assert.equal(await jane.thread.sendTypingNotification({ senderDisplayName: "Jane" }), true);
});

test("sendTypingNotification: the official client suppresses the next one until a message is sent", async () => {
  assert.equal(await jane.thread.sendTypingNotification(), true);
  await plant({ operation: "sendTypingNotification", call: 1, status: 403 });
  assert.equal(await jane.thread.sendTypingNotification(), false);
  await jane.thread.sendMessage({ content: "Hi" });
  await assert.rejects(jane.thread.sendTypingNotification(), { statusCode: 403, message: "This is a planted fault." });
});
