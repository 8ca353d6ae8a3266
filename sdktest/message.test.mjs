// Tests the messages of ChatThreadClient.

import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";

import { advance, all, hour, newUser, shown } from "./emulator.mjs";

let jane, alex; // { …, thread }: each with a client of the test's thread

before(async () => {
  [jane, alex] = await Promise.all([newUser(), newUser()]);
});

beforeEach(async () => {
  const { chatThread } = await jane.chat.createChatThread({ topic: "Lunch" }, { participants: [{ id: alex.user, displayName: "Alex" }] });
  for (const user of [jane, alex]) user.thread = user.chat.getChatThreadClient(chatThread.id);
});

const idsOf = (items) => items.map((item) => item.id);

/** Sends messages. Returns their ids, newest first, as lists have them. */
async function send(...contents) {
  const ids = [];
  for (const content of contents) ids.unshift((await jane.thread.sendMessage({ content })).id);
  return ids;
}

test("sendMessage, getMessage: with only a content", async () => {
  const now = await advance(0);
  const { id } = await jane.thread.sendMessage({ content: "Hi <b>there</b> 👋\n" });
  assert.match(id, /^\d{13}$/);
  const message = await alex.thread.getMessage(id);
  assert.ok(message.createdOn instanceof Date);
  assert.ok(Math.abs(message.createdOn - now) < 10_000);
  assert.deepEqual(message, {
    id,
    type: "text",
    sequenceId: "3",
    version: id,
    content: { message: "Hi <b>there</b> 👋\n" },
    senderDisplayName: "",
    createdOn: message.createdOn,
    sender: shown(jane),
  });
});

test("sendMessage, getMessage: with all fields", async () => {
  const options = { senderDisplayName: "Jane", type: "html", metadata: { fileId: "7", empty: "" } };
  const { id } = await jane.thread.sendMessage({ content: "<p>Hi</p>" }, options);
  const message = await alex.thread.getMessage(id);
  assert.deepEqual(message, {
    id,
    type: "html",
    sequenceId: "3",
    version: id,
    content: { message: "<p>Hi</p>" },
    senderDisplayName: "Jane",
    createdOn: message.createdOn,
    sender: shown(jane),
    metadata: { fileId: "7", empty: "" },
  });
});

test("sendMessage: the service's own types and a content above the limit are 400s", async () => {
  await assert.rejects(jane.thread.sendMessage({ content: "Mine" }, { type: "topicUpdated" }), { statusCode: 400, code: "BadRequest", message: /type/ });
  await assert.rejects(jane.thread.sendMessage({ content: "x".repeat(28 * 1024 + 1) }), { statusCode: 400, code: "BadRequest", message: /content/ });
  const { id } = await jane.thread.sendMessage({ content: "x".repeat(28 * 1024) });
  assert.equal((await alex.thread.getMessage(id)).content.message.length, 28 * 1024);
});

test("listMessages: newest first, system messages included", async () => {
  const ids = await send("one", "two", "three");
  const messages = await all(alex.thread.listMessages());
  assert.deepEqual(messages.map((message) => message.type), ["text", "text", "text", "topicUpdated", "participantAdded"]);
  assert.deepEqual(messages.map((message) => message.sequenceId), ["5", "4", "3", "2", "1"]);
  assert.deepEqual(idsOf(messages.slice(0, 3)), ids);
  assert.deepEqual(messages.slice(0, 3).map((message) => message.content.message), ["three", "two", "one"]);
  assert.deepEqual(messages[0], await alex.thread.getMessage(ids[0]));
});

test("listMessages: by page and by item", async () => {
  const ids = await send("one", "two", "three");
  const pages = await all(alex.thread.listMessages({ maxPageSize: 2 }).byPage());
  assert.deepEqual(pages.map((page) => page.length), [2, 2, 1]);
  assert.deepEqual(idsOf(pages.flat()).slice(0, 3), ids);
  assert.deepEqual(await all(alex.thread.listMessages({ maxPageSize: 1 })), pages.flat());
  assert.equal((await all(alex.thread.listMessages({ maxPageSize: 5 }).byPage())).length, 1);
  assert.equal((await all(alex.thread.listMessages({ maxPageSize: 1000 }).byPage())).length, 1);
});

test("listMessages: ten per page by default", async () => {
  await send(..."abcdefghi");
  const pages = await all(alex.thread.listMessages().byPage());
  assert.deepEqual(pages.map((page) => page.length), [10, 1]);
});

test("listMessages: a page's continuationToken continues there, whatever was sent and edited since", async () => {
  const ids = await send("one", "two", "three", "four");
  const settings = {};
  const { value: first } = await alex.thread.listMessages({ maxPageSize: 2 }).byPage(settings).next();
  assert.deepEqual(idsOf(first), ids.slice(0, 2));
  await send("five");
  await jane.thread.updateMessage(ids[3], { content: "one!" });
  const rest = await all(alex.thread.listMessages().byPage({ continuationToken: settings.continuationToken }));
  assert.deepEqual(idsOf(rest.flat()).slice(0, 2), ids.slice(2));
  assert.deepEqual(rest.map((page) => page.length), [2, 2]);
});

test("listMessages: from startTime on", async () => {
  await send("before");
  await advance(hour);
  const ids = await send("after", "and after");
  const { createdOn } = await jane.thread.getMessage(ids[1]);
  for (const maxPageSize of [undefined, 1]) {
    assert.deepEqual(idsOf(await all(alex.thread.listMessages({ startTime: createdOn, maxPageSize }))), ids);
  }
  assert.deepEqual(await all(alex.thread.listMessages({ startTime: await advance(hour) })), []);
  assert.equal((await all(alex.thread.listMessages({ startTime: new Date(0) }))).length, 5);
});

test("updateMessage, getMessage, listMessages: the message keeps its id and comes first", async () => {
  const { id } = await jane.thread.sendMessage({ content: "Hi" }, { senderDisplayName: "Jane", metadata: { kept: "1", changed: "1", removed: "1" } });
  await send("later");
  const before = await alex.thread.getMessage(id);
  await advance(5_000);
  assert.equal(await jane.thread.updateMessage(id, { content: "Hello", metadata: { changed: "2", removed: "", added: "2" } }), undefined);
  const after = await alex.thread.getMessage(id);
  assert.ok(after.editedOn instanceof Date);
  assert.ok(after.editedOn > after.createdOn);
  assert.ok(Number(after.version) > Number(before.version));
  assert.deepEqual(after, {
    ...before,
    content: { message: "Hello" },
    metadata: { kept: "1", changed: "2", added: "2" },
    sequenceId: "5",
    version: after.version,
    editedOn: after.editedOn,
  });
  const messages = await all(alex.thread.listMessages());
  assert.equal(messages.length, 4);
  assert.deepEqual(messages[0], after);
});

test("updateMessage, getMessage: content and metadata, each alone", async () => {
  const { id } = await jane.thread.sendMessage({ content: "Hi" }, { metadata: { a: "1" } });
  await jane.thread.updateMessage(id, { content: "Hello" });
  await jane.thread.updateMessage(id, { metadata: { b: "2" } });
  const message = await alex.thread.getMessage(id);
  assert.deepEqual([message.content, message.metadata], [{ message: "Hello" }, { a: "1", b: "2" }]);
});

test("deleteMessage, getMessage, listMessages: the message stays without its content and comes first", async () => {
  const { id } = await jane.thread.sendMessage({ content: "Hi" }, { senderDisplayName: "Jane", type: "html", metadata: { a: "1" } });
  await jane.thread.updateMessage(id, { content: "Hello" });
  await send("later");
  const before = await alex.thread.getMessage(id);
  await advance(5_000);
  assert.equal(await jane.thread.deleteMessage(id), undefined);
  const after = await alex.thread.getMessage(id);
  assert.ok(after.deletedOn instanceof Date);
  assert.ok(after.deletedOn > after.createdOn);
  assert.ok(Number(after.version) > Number(before.version));
  assert.deepEqual(after, {
    id,
    type: "html",
    sequenceId: "6",
    version: after.version,
    content: { message: "" },
    senderDisplayName: "Jane",
    createdOn: before.createdOn,
    deletedOn: after.deletedOn,
    sender: shown(jane),
  });
  const messages = await all(alex.thread.listMessages());
  assert.equal(messages.length, 4);
  assert.deepEqual(messages[0], after);
});

test("updateMessage, deleteMessage: a deleted message cannot be edited, but deleted again", async () => {
  const [id] = await send("Hi");
  await jane.thread.deleteMessage(id);
  const deleted = await jane.thread.getMessage(id);
  await assert.rejects(jane.thread.updateMessage(id, { content: "Hello" }), { statusCode: 404, code: "NotFound" });
  await jane.thread.deleteMessage(id);
  assert.deepEqual(await jane.thread.getMessage(id), deleted);
});

test("updateMessage, deleteMessage, getMessage: only the sender may change a message, and nobody a system message", async () => {
  const [id] = await send("Hi");
  const before = await jane.thread.getMessage(id);
  const [, system] = await all(jane.thread.listMessages());
  assert.equal(system.type, "topicUpdated");
  const forbidden = { name: "RestError", statusCode: 403, code: "Forbidden" };
  await assert.rejects(alex.thread.updateMessage(id, { content: "Mine" }), forbidden);
  await assert.rejects(alex.thread.deleteMessage(id), forbidden);
  await assert.rejects(jane.thread.updateMessage(system.id, { content: "Mine" }), forbidden);
  await assert.rejects(jane.thread.deleteMessage(system.id), forbidden);
  assert.deepEqual(await jane.thread.getMessage(id), before);
});

test("getMessage, updateMessage, deleteMessage: an unknown message id is a 404", async () => {
  const notFound = { statusCode: 404, code: "NotFound" };
  await assert.rejects(jane.thread.getMessage("1600000000000"), notFound);
  await assert.rejects(jane.thread.updateMessage("1600000000000", { content: "Hi" }), notFound);
  await assert.rejects(jane.thread.deleteMessage("1600000000000"), notFound);
});
