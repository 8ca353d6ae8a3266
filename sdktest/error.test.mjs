// Tests the official client's errors for 400, 401, 403 and 404.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";

import { advance, all, chatOf, hour, identities, newUser } from "./emulator.mjs";

let jane, guest;
let threadId, messageId; // Jane's thread with the guest as a participant, and a message of the guest

before(async () => {
  [jane, guest] = await Promise.all([newUser(), newUser()]);
  const { chatThread } = await jane.chat.createChatThread({ topic: "Lunch" }, { participants: [{ id: guest.user }] });
  threadId = chatThread.id;
  ({ id: messageId } = await guest.chat.getChatThreadClient(threadId).sendMessage({ content: "Hi" }));
});

/** All chat operations, with the official client. An operation may be called several times. */
const operations = {
  createThread: (chat) => chat.createChatThread({ topic: "Another" }),
  listThreads: (chat) => all(chat.listChatThreads()),
  getThread: (_, thread) => thread.getProperties(),
  updateThread: (_, thread) => thread.updateTopic("Dinner"),
  sendMessage: (_, thread) => thread.sendMessage({ content: "Hi" }),
  listMessages: (_, thread) => all(thread.listMessages()),
  getMessage: (_, thread) => thread.getMessage(messageId),
  updateMessage: (_, thread) => thread.updateMessage(messageId, { content: "Hello" }),
  addParticipants: (_, thread) => thread.addParticipants({ participants: [{ id: jane.user }] }),
  listParticipants: (_, thread) => all(thread.listParticipants()),
  sendTypingNotification: (_, thread) => thread.sendTypingNotification(),
  sendReadReceipt: (_, thread) => thread.sendReadReceipt({ chatMessageId: messageId }),
  listReadReceipts: (_, thread) => all(thread.listReadReceipts()),
  deleteMessage: (_, thread) => thread.deleteMessage(messageId),
  removeParticipant: (_, thread) => thread.removeParticipant(jane.user),
  deleteThread: (chat, thread) => chat.deleteChatThread(thread.threadId),
};

const call = (operation, chat, id = threadId) => operations[operation](chat, chat.getChatThreadClient(id));

/** Reports whether the REST documentation lists a status. If so, the official client parses the body. */
const isDocumented = (statusCode) => [401, 403, 429, 503].includes(statusCode);

/** Checks that a call fails, and that its error and details contain what the answer says. */
async function assertRefused(promise, statusCode, code, message) {
  await assert.rejects(promise, (error) => {
    assert.equal(error.name, "RestError");
    assert.equal(error.statusCode, statusCode);
    assert.equal(error.code, code);
    assert.match(error.message, message);
    const { error: body } = isDocumented(statusCode) ? error.details : error.details.body;
    assert.deepEqual([body.code, body.message], [code, error.message]);
    return true;
  });
}

describe("without a valid token", () => {
  let expired, revoked;

  before(async () => {
    const { user, token } = await identities.createUserAndToken(["chat"], { tokenExpiresInMinutes: 60 });
    expired = chatOf(token);
    assert.deepEqual(await all(expired.listChatThreads()), []);
    await advance(hour);
    const { token: fresh } = await identities.getToken(user, ["chat"]);
    revoked = chatOf(fresh);
    assert.deepEqual(await all(revoked.listChatThreads()), []);
    await identities.revokeTokens(user);
  });

  for (const operation of Object.keys(operations)) {
    test(`${operation}: an expired, a revoked and a forged token are 401s`, async () => {
      const forged = chatOf(jane.token.replace(/\.(.)([^.]+)$/, (_, first, rest) => `.${first === "A" ? "B" : "A"}${rest}`));
      await assertRefused(call(operation, expired), 401, "Unauthorized", /expired/);
      await assertRefused(call(operation, revoked), 401, "Unauthorized", /revoked/);
      await assertRefused(call(operation, forged), 401, "Unauthorized", /signature/);
    });
  }
});

describe("without access", () => {
  let stranger;

  before(async () => {
    stranger = await newUser();
  });

  for (const operation of Object.keys(operations).filter((name) => !["createThread", "listThreads"].includes(name))) {
    test(`${operation}: a user who is not in the thread gets a 403`, async () => {
      await assertRefused(call(operation, stranger.chat), 403, "Forbidden", /not a participant/);
    });

    test(`${operation}: an unknown thread is a 404`, async () => {
      await assertRefused(call(operation, jane.chat, "19:nowhere@thread.v2"), 404, "NotFound", /no chat thread/);
    });
  }
});

describe("without the scope", () => {
  const managesThreads = ["createThread", "updateThread", "deleteThread"];
  const managesParticipants = ["addParticipants", "removeParticipant"];
  const refused = { "chat.join": managesThreads, "chat.join.limited": [...managesThreads, ...managesParticipants] };

  for (const [scope, operationsRefused] of Object.entries(refused)) {
    for (const operation of Object.keys(operations)) {
      const isRefused = operationsRefused.includes(operation);
      test(`${operation}: with ${scope} ${isRefused ? "is a 403" : "works"}`, async () => {
        const { chatThread } = await jane.chat.createChatThread({ topic: "Lunch" }, { participants: [{ id: guest.user }] });
        const { token } = await identities.getToken(guest.user, [scope]);
        const chat = chatOf(token);
        const thread = chat.getChatThreadClient(chatThread.id);
        ({ id: messageId } = await thread.sendMessage({ content: "Hi" }));
        const called = operations[operation](chat, thread);
        await (isRefused ? assertRefused(called, 403, "Forbidden", /scope/) : called);
      });
    }
  }
});

test("listThreads, listMessages, listParticipants, listReadReceipts: a maxPageSize of 0 is a 400 that names the parameter", async () => {
  const thread = jane.chat.getChatThreadClient(threadId);
  for (const list of [jane.chat.listChatThreads({ maxPageSize: 0 }), thread.listMessages({ maxPageSize: 0 }), thread.listParticipants({ maxPageSize: 0 }), thread.listReadReceipts({ maxPageSize: 0 })]) {
    await assertRefused(all(list), 400, "BadRequest", /maxPageSize/);
  }
});

test("createThread, addParticipants: more than 200 participants at once are a 400 that names the field", async () => {
  const participants = Array.from({ length: 201 }, () => ({ id: guest.user }));
  await assertRefused(jane.chat.createChatThread({ topic: "Crowd" }, { participants }), 400, "BadRequest", /participants/);
  await assertRefused(jane.chat.getChatThreadClient(threadId).addParticipants({ participants }), 400, "BadRequest", /participants/);
});
