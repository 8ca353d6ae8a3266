// Checks that the clients really send the requests and return the results that are timed.

import assert from "node:assert/strict";

import { token, work } from "./page/work.js";

const version4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Throws unless the request and the result of an operation, as page/runner.js returns them, are as expected. */
export function check(operation, { method, url, headers, body, result }) {
  const { path, query, body: expectedBody, answer, isRepeatable } = work[operation];
  const { pathname, searchParams } = new URL(url);
  assert.equal(method, query ? "GET" : "POST", "the method");
  assert.equal(decodeURIComponent(pathname), decodeURIComponent(path), "the path");
  assert.match(searchParams.get("api-version") ?? "", /^\d{4}-\d{2}-\d{2}/, "api-version");
  assert.equal(headers.authorization, `Bearer ${token}`, "authorization");
  if (query) {
    for (const [name, value] of Object.entries(query)) assert.deepEqual(searchParams.getAll(name), [value], name);
    assert.equal(body, "", "the body");
    assert.deepEqual(result.map(message), answer.value.map(message), "the messages");
    return;
  }
  assert.match(headers["content-type"] ?? "", /^application\/json\b/, "content-type");
  if (isRepeatable) assert.match(headers["repeatability-request-id"] ?? "", version4, "repeatability-request-id");
  assert.deepEqual(normalized(JSON.parse(body)), normalized(expectedBody), "the body");
  assert.deepEqual(outcome(result), outcome(answer), "the result");
}

/** Returns a request's body in one form: clients may write times in several ways, and identifiers with or without a rawId. */
function normalized(value, name) {
  if (name === "shareHistoryTime") return Date.parse(value);
  if (name === "communicationIdentifier") return value.communicationUser.id;
  if (Array.isArray(value)) return value.map((item) => normalized(item));
  if (typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, normalized(item, key)]));
}

/** Returns the parts of a result that both clients have. */
function outcome({ id, chatThread, invalidParticipants }) {
  return {
    id,
    thread: chatThread && [chatThread.id, chatThread.topic, Date.parse(chatThread.createdOn)],
    refused: invalidParticipants?.map(({ target, code, message }) => [target, code, message]),
  };
}

/** Returns the parts of a message that both clients have. Their names differ between the clients. */
function message({ id, type, sequenceId, version, content, senderDisplayName, createdOn, sender, senderCommunicationIdentifier, metadata }) {
  const from = sender?.communicationUserId ?? senderCommunicationIdentifier?.communicationUser.id;
  return { id, type, sequenceId, version, text: content?.message, senderDisplayName, createdOn: new Date(createdOn).getTime(), from, metadata: { ...metadata } };
}

/** Throws unless a call with an aborted signal rejected with an AbortError and sent no request. */
export function checkAborted({ error, sent }) {
  assert.equal(error, "AbortError", "the error after its signal was aborted");
  assert.equal(sent, false, "a request after its signal was aborted");
}
