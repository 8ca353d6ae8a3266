import assert from "node:assert/strict";
import { test } from "node:test";

import { check, checkAborted } from "./check.mjs";
import { endpoint, token, work } from "./page/work.js";

/** Returns the expected exchange of an operation, with the changes of a test. */
function exchange(operation, change = {}) {
  const { path, query, body, answer } = work[operation];
  return {
    method: query ? "GET" : "POST",
    url: `${endpoint}${path}?${new URLSearchParams({ ...query, "api-version": "2025-03-15" })}`,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json", "repeatability-request-id": "3f0c2b1a-9d8e-4c7b-a6f5-e4d3c2b1a098", ...change.headers },
    body: change.body ?? (query ? "" : JSON.stringify(body)),
    result: "result" in change ? change.result : query ? answer.value : answer,
    ...("url" in change && { url: change.url }),
    ...("method" in change && { method: change.method }),
  };
}

/** Returns the body of an operation as JSON, after a change. */
function changed(operation, change) {
  const body = structuredClone(work[operation].body);
  change(body);
  return JSON.stringify(body);
}

/** Returns the listed messages after a change. */
function listed(change) {
  const messages = work.listMessages.answer.value;
  change(messages);
  return messages;
}

const listURL = (query) => `${endpoint}${work.listMessages.path}?${query}`;

for (const operation of Object.keys(work)) {
  test(`${operation}: the expected exchange is accepted`, () => check(operation, exchange(operation)));
}

test("times and identifiers may have other forms", () => {
  const body = changed("addParticipants", ({ participants }) => {
    for (const participant of participants) {
      delete participant.communicationIdentifier.rawId;
      participant.shareHistoryTime = new Date(participant.shareHistoryTime).toISOString();
    }
  });
  check("addParticipants", exchange("addParticipants", { body }));
});

test("messages may have the official SDK's names", () => {
  const result = work.listMessages.answer.value.map(({ senderCommunicationIdentifier, createdOn, ...message }) => ({
    ...message,
    createdOn: new Date(createdOn),
    sender: { kind: "communicationUser", communicationUserId: senderCommunicationIdentifier.communicationUser.id },
  }));
  check("listMessages", exchange("listMessages", { result }));
});

test("the answer of listMessages is a page of 200 different text messages, some with metadata", () => {
  const { value, nextLink } = work.listMessages.answer;
  assert.equal(value.length, 200);
  assert.equal(nextLink, undefined);
  assert.equal(new Set(value.map(({ id }) => id)).size, 200);
  assert.ok(value.every(({ type, content }) => type === "text" && content.message.length >= 70 && content.message.length <= 90));
  assert.equal(value.filter(({ metadata }) => metadata).length, 66);
});

test("a call whose signal is aborted is rejected and sends nothing", () => {
  checkAborted({ error: "AbortError", sent: false });
  assert.throws(() => checkAborted({ error: undefined, sent: true }), assert.AssertionError);
  assert.throws(() => checkAborted({ error: "AbortError", sent: true }), assert.AssertionError);
  assert.throws(() => checkAborted({ error: "TypeError", sent: false }), assert.AssertionError);
});

for (const [what, operation, change] of [
  ["another method", "sendMessage", { method: "PUT" }],
  ["another path", "sendMessage", { url: `${endpoint}/chat/threads/19%3Ax/messages?api-version=2025-03-15` }],
  ["no api-version", "sendMessage", { url: endpoint + work.sendMessage.path }],
  ["no token", "sendMessage", { headers: { authorization: "" } }],
  ["another content type", "sendMessage", { headers: { "content-type": "text/plain" } }],
  ["no repeatability-request-id", "createThread", { headers: { "repeatability-request-id": undefined } }],
  ["a repeatability-request-id of another UUID version", "createThread", { headers: { "repeatability-request-id": "3f0c2b1a-9d8e-7c7b-a6f5-e4d3c2b1a098" } }],
  ["another content", "sendMessage", { body: changed("sendMessage", (body) => (body.content += "!")) }],
  ["no metadata", "sendMessage", { body: changed("sendMessage", (body) => delete body.metadata.draft) }],
  ["a missing participant", "createThread", { body: changed("createThread", (body) => body.participants.pop()) }],
  ["another participant", "createThread", { body: changed("createThread", (body) => (body.participants[3].communicationIdentifier.communicationUser.id += "0")) }],
  ["another time", "addParticipants", { body: changed("addParticipants", (body) => (body.participants[0].shareHistoryTime = "2026-03-01T08:30:01Z")) }],
  ["another id", "sendMessage", { result: { id: "1" } }],
  ["no invalidParticipants", "addParticipants", { result: { invalidParticipants: [] } }],
  ["another method", "listMessages", { method: "POST" }],
  ["no maxPageSize", "listMessages", { url: listURL("api-version=2025-03-15") }],
  ["another maxPageSize", "listMessages", { url: listURL("maxPageSize=20&api-version=2025-03-15") }],
  ["no api-version", "listMessages", { url: listURL("maxPageSize=200") }],
  ["a body", "listMessages", { body: "{}" }],
  ["a missing message", "listMessages", { result: listed((messages) => messages.pop()) }],
  ["another order", "listMessages", { result: listed((messages) => messages.reverse()) }],
  ["another content", "listMessages", { result: listed((messages) => (messages[7].content.message += "!")) }],
  ["another sender", "listMessages", { result: listed((messages) => delete messages[7].senderCommunicationIdentifier) }],
  ["no metadata", "listMessages", { result: listed((messages) => messages.forEach((message) => delete message.metadata)) }],
  ["no thread", "createThread", { result: { invalidParticipants: work.createThread.answer.invalidParticipants } }],
]) {
  test(`${operation}: ${what} is refused`, () => assert.throws(() => check(operation, exchange(operation, change)), assert.AssertionError));
}
