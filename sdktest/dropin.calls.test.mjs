// Tests what acschat/sdk does beside the calls: identifiers, errors, options, and how it starts.

import assert from "node:assert/strict";
import { before, test } from "node:test";

import { ChatClient, ChatThreadClient } from "@azure/communication-chat";
import { AzureCommunicationTokenCredential, deserializeCommunicationIdentifier, serializeCommunicationIdentifier } from "@azure/communication-common";
import { isRestError } from "@azure/core-rest-pipeline";

import { identifierOf, modelOf } from "../web/sdk/identifier.js";
import { all, chatOptions, clearFaults, endpoint, fetch, newUser, plant } from "./emulator.mjs";

let jane, threadId;

before(async () => {
  jane = await newUser();
  threadId = (await jane.chat.createChatThread({ topic: "Lunch" })).chatThread.id;
});

const credentialOf = ({ token }) => new AzureCommunicationTokenCredential(token);
const threadWith = (options, credential = credentialOf(jane)) => new ChatThreadClient(endpoint, threadId, credential, { ...chatOptions, ...options });

const identifiers = {
  "a user": { communicationUserId: "8:acs:1_2" },
  "a phone number": { phoneNumber: "+14255550123" },
  "a phone number with an asserted id": { phoneNumber: "+14255550123", assertedId: "123", rawId: "4:+14255550123_123" },
  "an anonymous phone number": { phoneNumber: "anonymous", isAnonymous: true },
  "a Teams user": { microsoftTeamsUserId: "1" },
  "a Teams user of another cloud": { microsoftTeamsUserId: "1", cloud: "gcch" },
  "an anonymous Teams user": { microsoftTeamsUserId: "1", isAnonymous: true },
  "a Teams app": { teamsAppId: "1" },
  "a Teams app of another cloud": { teamsAppId: "1", cloud: "dod" },
  "a Teams extension user": { userId: "1", tenantId: "2", resourceId: "3" },
  "a Teams extension user of another cloud": { userId: "1", tenantId: "2", resourceId: "3", cloud: "gcch" },
  "an unknown kind": { id: "28:something" },
};

for (const [name, identifier] of Object.entries(identifiers)) {
  test(`the identifier of ${name} is written and read as the SDK does`, () => {
    const model = serializeCommunicationIdentifier(identifier);
    assert.deepEqual(modelOf(identifier), model);
    assert.deepEqual(identifierOf(model), deserializeCommunicationIdentifier(model));
  });
}

test("an identifier without a known member is an error that names the participant", async () => {
  const error = await threadWith().addParticipants({ participants: [{ id: {} }] }).catch((reason) => reason);
  assert.deepEqual([error.name, error.statusCode, error.code], ["RestError", 400, "BadRequest"]);
  assert.match(error.message, /participants\[0\]/);
});

test("an abort is the SDK's AbortError", async () => {
  const controller = new AbortController();
  await plant({ operation: "getThread", call: 1, hang: true });
  const pending = threadWith().getProperties({ abortSignal: controller.signal });
  setTimeout(() => controller.abort(), 100);
  await assert.rejects(pending, { name: "AbortError" });
  await assert.rejects(threadWith().sendMessage({ content: "Hi" }, { abortSignal: controller.signal }), { name: "AbortError" });
  await assert.rejects(all(threadWith().listMessages({ abortSignal: controller.signal })), { name: "AbortError" });
  await clearFaults();
});

test("an error of the service has what RestError has, and the hint and cause of ours", async () => {
  const error = await threadWith().getMessage("1600000000000").catch((reason) => reason);
  assert.ok(isRestError(error));
  assert.equal(error.request.method, "GET");
  assert.equal(new URL(error.request.url).origin, new URL(endpoint).origin);
  assert.match(error.request.url, /\/messages\/1600000000000\?/);
  assert.equal(error.response.status, 404);
  assert.equal(JSON.parse(error.response.bodyAsText).error.message, error.message);
  assert.equal(error.hint, error.cause.hint);
  assert.ok(error.hint.length > 0);
  assert.deepEqual([error.cause.name, error.cause.code], ["ChatError", "NotFound"]);
});

test("the error of a proxy's page has its status and no code", async () => {
  const fetch = async () => new Response("<h1>Bad gateway</h1>", { status: 502 });
  const error = await threadWith({ fetch, retryOptions: { maxRetries: 0 } }).getProperties().catch((reason) => reason);
  assert.deepEqual([error.name, error.statusCode, error.code, error.response.bodyAsText], ["RestError", 502, undefined, "<h1>Bad gateway</h1>"]);
});

test("a network failure has the SDK's code, after as many retries as retryOptions allows", async () => {
  let attempts = 0;
  const fetch = async () => {
    attempts++;
    throw new TypeError("Failed to fetch");
  };
  const thread = threadWith({ fetch, retryOptions: { maxRetries: 2, retryDelayInMs: 1, maxRetryDelayInMs: 5 } });
  await assert.rejects(thread.getProperties(), { name: "RestError", code: "REQUEST_SEND_ERROR", statusCode: undefined });
  assert.equal(attempts, 3);
});

test("an answer that cannot be read has the SDK's code", async () => {
  const fetch = async () => new Response("{", { status: 200 });
  await assert.rejects(threadWith({ fetch }).getProperties(), { name: "RestError", code: "PARSE_ERROR" });
});

test("requestOptions.timeout limits an attempt", async () => {
  const fetch = (_, { signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  await assert.rejects(threadWith({ fetch, retryOptions: { maxRetries: 0 } }).getProperties({ requestOptions: { timeout: 50 } }), { name: "RestError", code: "Timeout" });
});

test("what the credential throws comes back unchanged", async () => {
  const reason = new Error("signed out");
  const thread = threadWith({}, { getToken: () => Promise.reject(reason) });
  await assert.rejects(thread.getProperties(), (error) => error === reason);
  await assert.rejects(all(thread.listMessages()), (error) => error === reason);
});

test("any object with getToken is a credential", async () => {
  const signals = [];
  const thread = threadWith({}, { getToken: async ({ abortSignal }) => (signals.push(abortSignal), { token: jane.token, expiresOnTimestamp: 0 }) });
  assert.equal((await thread.getProperties()).id, threadId);
  assert.ok(signals[0] instanceof AbortSignal);
});

test("a message has an idempotency token, unless the client or the call has switched it off", async () => {
  const tokenOf = async (thread, options) => {
    const { id } = await thread.sendMessage({ content: "Hi" }, { metadata: { a: "1" }, ...options });
    const { a, "acschat.idempotencyToken": token } = (await thread.getMessage(id)).metadata;
    assert.equal(a, "1");
    return token;
  };
  assert.match(await tokenOf(threadWith()), /^[\da-f-]{36}$/);
  assert.equal(await tokenOf(threadWith(), { idempotencyToken: false }), undefined);
  assert.equal(await tokenOf(threadWith({ idempotencyToken: false })), undefined);
  const idempotencyToken = crypto.randomUUID();
  assert.equal(await tokenOf(threadWith({ idempotencyToken: false }), { idempotencyToken }), idempotencyToken);
});

test("the clients of one ChatClient share its client", async () => {
  let tokens = 0;
  const chat = new ChatClient(endpoint, { getToken: async () => (tokens++, { token: jane.token, expiresOnTimestamp: 0 }) }, chatOptions);
  for (let i = 0; i < 3; i++) await chat.getChatThreadClient(threadId).getProperties();
  await all(chat.listChatThreads());
  assert.equal(tokens, 1);
});

test("a bad endpoint rejects calls, and names the option", async () => {
  const chat = new ChatClient("ftp://nowhere.example", credentialOf(jane), { fetch });
  await assert.rejects(chat.createChatThread({ topic: "Lunch" }), { name: "RestError", code: "InvalidArgument", message: /endpoint/ });
  await assert.rejects(all(chat.listChatThreads()), { name: "RestError", code: "InvalidArgument", message: /endpoint/ });
});

test("arguments that are missing reject", async () => {
  await assert.rejects(jane.chat.createChatThread());
  await assert.rejects(threadWith().sendReadReceipt());
  await assert.rejects(threadWith().addParticipants());
  await assert.rejects(threadWith().removeParticipant(), { statusCode: 400 });
  await assert.rejects(threadWith().sendMessage({}), { statusCode: 400, message: /content/ });
});
