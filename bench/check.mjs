// Whether a client does what it is timed for: a fast one that does something else would be no comparison.

import assert from "node:assert/strict";

import { token, work } from "./page/work.js";

const version4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Throws where an operation's exchange, as the page's runner gives it, is not the right one. */
export function check(operation, { method, url, headers, body, result }) {
  const { path, query, body: wantedBody, answer, isRepeatable } = work[operation];
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
  assert.deepEqual(meaning(JSON.parse(body)), meaning(wantedBody), "the body");
  assert.deepEqual(outcome(result), outcome(answer), "the result");
}

/** Gives a request's body without what may be said in several ways: moments, and identifiers with or without a rawId. */
function meaning(value, name) {
  if (name === "shareHistoryTime") return Date.parse(value);
  if (name === "communicationIdentifier") return value.communicationUser.id;
  if (Array.isArray(value)) return value.map((item) => meaning(item));
  if (typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, meaning(item, key)]));
}

/** Gives what matters of a result, whose names differ from client to client. */
function outcome({ id, chatThread, invalidParticipants }) {
  return {
    id,
    thread: chatThread && [chatThread.id, chatThread.topic, Date.parse(chatThread.createdOn)],
    refused: invalidParticipants?.map(({ target, code, message }) => [target, code, message]),
  };
}

/** Returns the parts of a message that both clients give, under one name each. */
function message({ id, type, sequenceId, version, content, senderDisplayName, createdOn, sender, senderCommunicationIdentifier, metadata }) {
  const from = sender?.communicationUserId ?? senderCommunicationIdentifier?.communicationUser.id;
  return { id, type, sequenceId, version, text: content?.message, senderDisplayName, createdOn: new Date(createdOn).getTime(), from, metadata: { ...metadata } };
}

/** Throws unless a call that got an aborted signal was rejected for it, without a request. */
export function checkAborted({ error, sent }) {
  assert.equal(error, "AbortError", "the error after its signal was aborted");
  assert.equal(sent, false, "a request after its signal was aborted");
}
