// Tests the official client after temporary failures: 429, 503 and no answer. Each test adds faults for another operation, so that all tests can
// run at the same time.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { all, clearFaults, differs, newUser, plant, shown } from "./emulator.mjs";

const planted = "This is a planted fault.";

describe("retries", { concurrency: true }, () => {
  let jane, alex, thread, messageId;

  before(async () => {
    [jane, alex] = await Promise.all([newUser(), newUser()]);
    const { chatThread } = await jane.chat.createChatThread({ topic: "Lunch" });
    thread = jane.chat.getChatThreadClient(chatThread.id);
    ({ id: messageId } = await thread.sendMessage({ content: "Hi" }));
  });

  after(clearFaults);

  test("updateThread: a 429 without Retry-After is an error at once", async (t) => {
    await plant({ operation: "updateThread", call: 1, status: 429 });
    if (differs(t, "A 429 without Retry-After is repeated, because pages cannot read that header of another origin")) return thread.updateTopic("Dinner");
    await assert.rejects(thread.updateTopic("Dinner"), { name: "RestError", statusCode: 429, code: "TooManyRequests", message: planted });
  });

  test("listThreads: a 429 with Retry-After is retried, but not earlier", async () => {
    await plant({ operation: "listThreads", call: 1, status: 429, retryAfter: 1, exposeRetryAfter: true });
    const start = performance.now();
    assert.deepEqual((await all(jane.chat.listChatThreads())).map(({ id }) => id), [thread.threadId]);
    assert.ok(performance.now() - start >= 990);
  });

  test("getThread: a 429 with Retry-After at each of four attempts is an error", async () => {
    await plant({ operation: "getThread", times: 4, status: 429, retryAfter: 1, exposeRetryAfter: true });
    await assert.rejects(thread.getProperties(), { statusCode: 429, code: "TooManyRequests", message: planted });
    assert.equal((await thread.getProperties()).id, thread.threadId);
  });

  test("listParticipants: a 503 is retried", async () => {
    await plant({ operation: "listParticipants", call: 1, status: 503 });
    assert.deepEqual((await all(thread.listParticipants())).map(({ id }) => id), [shown(jane)]);
  });

  test("getMessage: a 503 at each of four attempts is an error", async () => {
    await plant({ operation: "getMessage", times: 4, status: 503 });
    await assert.rejects(thread.getMessage(messageId), { statusCode: 503, code: "ServiceUnavailable", message: planted });
    assert.equal((await thread.getMessage(messageId)).id, messageId);
  });

  test("createThread: a 503 after the work leaves one thread", async () => {
    await plant({ operation: "createThread", call: 1, status: 503, after: true });
    const { chatThread } = await alex.chat.createChatThread({ topic: "Once" });
    const { chatThread: next } = await alex.chat.createChatThread({ topic: "Next" });
    assert.notEqual(next.id, chatThread.id);
    const ids = await alex.chat.listChatThreads({ maxPageSize: 10 }).byPage().next();
    assert.deepEqual(ids.value.map(({ id }) => id), [next.id, chatThread.id]);
  });

  test("sendMessage, listMessages: a 503 after the work leaves the message twice", async (t) => {
    await plant({ operation: "sendMessage", call: 1, status: 503, after: true });
    if (differs(t, "After a 503 a message is not sent twice: it is looked up by its idempotency token, or without one the call rejects with DeliveryUnknown")) {
      const withToken = { idempotencyToken: true };
      const { id } = await thread.sendMessage({ content: "Once" }, withToken);
      assert.deepEqual((await all(thread.listMessages())).filter(({ content }) => content.message === "Once").map((message) => message.id), [id]);
      await plant({ operation: "sendMessage", call: 1, status: 503 });
      return assert.rejects(thread.sendMessage({ content: "Perhaps" }), { name: "RestError", statusCode: 503, code: "DeliveryUnknown" });
    }
    const { id } = await thread.sendMessage({ content: "Twice" });
    const twice = (await all(thread.listMessages())).filter(({ content }) => content.message === "Twice");
    assert.equal(twice.length, 2);
    assert.equal(twice[0].id, id);
  });

  test("listReadReceipts: a connection that closes without an answer is retried", async () => {
    await plant({ operation: "listReadReceipts", call: 1, drop: true });
    assert.deepEqual(await all(thread.listReadReceipts()), []);
  });

  test("sendReadReceipt: the error of an answer without a body has only the status", async () => {
    await plant({ operation: "sendReadReceipt", times: 2, status: 401, empty: true }); // acschat/sdk asks for another token, and repeats the call once
    await assert.rejects(thread.sendReadReceipt({ chatMessageId: messageId }), { statusCode: 401, code: undefined });
  });
});
