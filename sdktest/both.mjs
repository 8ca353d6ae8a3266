// Our client, web/chat.js as pages use it, and comparisons of its results with the official client's.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

import { ChatError, createClient, initialize } from "../web/chat.js";
import { endpoint, fetch, shown } from "./emulator.mjs";

await initialize({ wasmModule: await WebAssembly.compile(await readFile(new URL("../web/chat.wasm", import.meta.url))) });

/** Returns our client for the user of a token. */
export function clientOf(token, options) {
  return createClient({ endpoint, token, fetch, ...options });
}

/** Translates a result of our client to the official client's form, which has other names for identifiers, and Dates. */
export function translated(value, name = "") {
  if (/(On|Time)$/.test(name)) return new Date(value);
  if (Array.isArray(value)) return value.map((item) => translated(item));
  if (typeof value !== "object") return value;
  if ("rawId" in value) return shown({ id: value.rawId });
  const shape = Object.fromEntries(Object.entries(value).map(([key, item]) => [names[key] ?? key, translated(item, key)]));
  // The official client returns an empty senderDisplayName, our client omits it.
  return isUsersMessage(value) ? { senderDisplayName: "", ...shape } : shape;
}

const isUsersMessage = ({ sequenceId, senderCommunicationIdentifier }) => sequenceId !== undefined && senderCommunicationIdentifier !== undefined;

const names = {
  communicationIdentifier: "id",
  createdByCommunicationIdentifier: "createdBy",
  initiatorCommunicationIdentifier: "initiator",
  senderCommunicationIdentifier: "sender",
};

/** Checks that a call of the official client and one of ours fail in the same way. */
export async function assertFailAlike(theirCall, ourCall, status, code) {
  const error = await theirCall().then(() => assert.fail("did not fail"), (reason) => reason);
  assert.deepEqual([error.statusCode, error.code], [status, code]);
  await assert.rejects(ourCall(), (reason) => {
    assert.ok(reason instanceof ChatError);
    assert.deepEqual([reason.status, reason.code, reason.serviceCode], [status, code, error.code]);
    assert.ok(reason.message.includes(error.message));
    return true;
  });
}
